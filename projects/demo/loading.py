"""Sixty invented projects over three years, drawn once and for all from a fixed seed."""

import datetime
import random
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from axes.models import Framework, Orientation
from projects.catalogue.models import Contribution, Need, Offer, OfferSite, Place, Project, ReferenceDocument, Scheme
from projects.choices import DocumentStatus, OfferKind, OrganizationKind, ProjectKind, ProjectStatus, PstStage
from projects.demo import invented
from projects.demo.calendar import DAY, Calendar
from projects.demo.rings import draw_quarters
from projects.members.models import Organization
from projects.territory.loading import load_territories
from projects.territory.models import Territory

SEED = 27
SCHEMES = {
    "ASV": "Atelier santé ville",
    "AVSL": "Ateliers de vie sociaux linguistiques",
    "FSIH": "Fonds de soutien aux initiatives des habitants",
    "PRH": "",
    "REP": "Réseau d’éducation prioritaire",
}
# Which scheme an action belongs to, by the orientation that it mainly serves.
SCHEME_OF = {"7.1.1-a": "ASV", "2.1.3-a": "AVSL", "2.1.2-b": "FSIH", "5.2.1-a": "REP"}
OFFER_OF = {"2.1.3-a": OfferKind.LANGUAGE, "5.2.1-b": OfferKind.TUTORING, "5.3.1-a": OfferKind.EARLY_CHILDHOOD}
# What becomes of an action, by its year, this one last: most of what is past is closed, some was refused.
STATUSES = (
    (ProjectStatus.CLOSED, ProjectStatus.CLOSED, ProjectStatus.REFUSED),
    (ProjectStatus.CLOSED, ProjectStatus.REPORT_RECEIVED, ProjectStatus.REPORT_DUE, ProjectStatus.ABANDONED),
    (ProjectStatus.RUNNING, ProjectStatus.RUNNING, ProjectStatus.RETAINED, ProjectStatus.PARTLY_RETAINED,
     ProjectStatus.IN_REVIEW, ProjectStatus.DRAFT),
)  # fmt: skip
UNPAID = {ProjectStatus.DRAFT, ProjectStatus.IN_REVIEW, ProjectStatus.REFUSED}


@transaction.atomic
def load_demo_projects(framework: Framework, calendar: Calendar | None = None) -> int:
    """Invent the programme that serves ``framework``; returns the number of projects created.

    Its dates are told from ``calendar``, today's by default.
    """
    load_territories()
    draw_quarters()
    return _Programme(framework, calendar or Calendar(timezone.localdate())).load()


class _Programme:
    """One drawing: the same seed and the same day of reference give the same rows."""

    def __init__(self, framework: Framework, calendar: Calendar) -> None:
        self.calendar = calendar
        self.draw = random.Random(SEED)  # noqa: S311
        self.orientations = {node.code: node for node in Orientation.objects.filter(framework=framework)}
        self.territories = {territory.code: territory for territory in Territory.objects.all()}
        self.schemes = {code: Scheme.objects.create(code=code, name=name) for code, name in SCHEMES.items()}
        self.leads = [Organization.objects.create(name=name, kind=kind) for name, kind in invented.ORGANIZATIONS]

    def load(self) -> int:
        psts = [self._pst(rank, *row) for rank, row in enumerate(invented.PSTS, 1)]
        prhs = [self._prh(rank, *row, psts=psts) for rank, row in enumerate(invented.PRHS, 1)]
        actions = [self._action(rank, *row, psts=psts) for rank, row in enumerate(invented.ACTIONS, 1)]
        self._needs([*psts, *prhs])
        self._documents()
        for rank, kind, name, others in invented.OFFERS:
            host = prhs[rank - 1]
            self._offer(host, kind, name, *host.territories.all(), *(self.territories[code] for code in others))
        return len(psts) + len(prhs) + len(actions)

    def _project(self, communes: tuple[str, ...], served: tuple[str, ...], **values: Any) -> Project:
        project = Project(**values)
        if project.status in UNPAID:
            project.granted = None
        project.full_clean()
        project.save()
        for code in (*communes, *invented.IN_QUARTERS.get(project.title, ())):
            Place.objects.create(project=project, territory=self.territories[code])
        for rank, code in enumerate(served):
            why = "" if rank == 0 else "L’action y contribue aussi, sans que ce soit son premier but."
            Contribution.objects.create(
                project=project, orientation=self.orientations[code], is_main=rank == 0, rationale=why
            )
        return project

    def _pst(
        self, rank: int, title: str, lead: int, communes: tuple[str, ...], main: str, secondary: tuple[str, ...]
    ) -> Project:
        start = self.calendar.years[rank % 3]
        return self._project(
            communes,
            (main, *secondary),
            kind=ProjectKind.PST,
            code=f"PST-{rank:02}",
            title=title,
            summary="Un diagnostic partagé, des groupes de travail et des actions décidées avec les habitants.",
            organization=self.leads[lead],
            status=ProjectStatus.RUNNING if rank < 8 else ProjectStatus.DRAFT,
            stage=list(PstStage)[rank % len(PstStage)],
            starts_on=datetime.date(start, 1, 1),
            ends_on=datetime.date(start + 2, 12, 31),
            audience="Tous les habitants du secteur",
            **self._money(ProjectStatus.RUNNING, 60_000, 120_000),
        )

    def _prh(self, rank: int, title: str, pst: int, commune: str, psts: list[Project]) -> Project:
        host = psts[pst]
        served = self.draw.choice([("1.1.3-a",), ("1.1.3-a", "2.1.2-a"), ("2.1.2-a", "1.1.3")])
        project = self._project(
            (commune,),
            served,
            kind=ProjectKind.PRH,
            code=f"PRH-{rank:02}",
            title=title,
            summary="Accueillir, informer, orienter et accompagner les habitants, et porter leurs projets collectifs.",
            organization=host.organization,
            host=host,
            status=ProjectStatus.RUNNING,
            starts_on=host.starts_on,
            ends_on=host.ends_on,
            audience="Tous les habitants",
            **self._money(ProjectStatus.RUNNING, 15_000, 40_000),
        )
        project.schemes.add(self.schemes["PRH"])
        self._offer(project, OfferKind.RECEPTION, "Accueil des habitants", *project.territories.all())
        return project

    def _action(self, rank: int, title: str, summary: str, served: tuple[str, ...], psts: list[Project]) -> Project:
        year = self.calendar.years[rank % 3]
        status = self.draw.choice(STATUSES[rank % 3])
        communes = tuple(self.draw.sample(invented.COMMUNES, self.draw.choice([1, 1, 2, 3])))
        host = self.draw.choice(psts) if self.draw.random() < 0.6 else None
        project = self._project(
            communes,
            served,
            kind=ProjectKind.ACTION,
            code=f"{year}-{rank:03}",
            title=title,
            summary=summary,
            organization=host.organization if host else self.draw.choice(self.leads[5:]),
            host=host,
            status=status,
            starts_on=datetime.date(year, self.draw.choice([1, 3, 9]), 1),
            ends_on=datetime.date(year, 12, 31),
            audience=self.draw.choice(
                ["Enfants et familles", "Jeunes de 16 à 25 ans", "Adultes", "Tous les habitants"]
            ),
            **self._money(status, 6_000, 45_000),
        )
        if scheme := SCHEME_OF.get(served[0]):
            project.schemes.add(self.schemes[scheme])
        if kind := OFFER_OF.get(served[0]):
            self._offer(project, kind, title, *(self.territories[code] for code in communes))
        project.partners.add(*self.draw.sample([lead for lead in self.leads if lead != project.organization], 2))
        return project

    def _money(self, status: str, least: int, most: int) -> dict[str, Decimal | None]:
        cost = self.draw.randrange(least, most, 500)
        requested = round(cost * self.draw.uniform(0.3, 0.6) / 100) * 100
        granted = None if status in UNPAID else round(requested * self.draw.choice([1, 1, 0.8]) / 100) * 100
        return {
            "total_cost": Decimal(cost),
            "requested": Decimal(requested),
            "granted": None if granted is None else Decimal(granted),
        }

    def _offer(self, project: Project, kind: str, name: str, *sites: Territory) -> None:
        offer = Offer.objects.create(
            project=project,
            kind=kind,
            name=name,
            places=self.draw.choice([12, 15, 20, 30]),
            weekly_hours=self.draw.choice([4, 6, 12, 20]),
            opening=self.draw.choice(
                ["lundi et jeudi, 14 h à 18 h", "du mardi au vendredi, 9 h à 12 h", "mercredi, 10 h à 17 h"]
            ),
            starts_on=project.starts_on,
            ends_on=project.ends_on,
        )
        for site in sites:
            OfferSite.objects.create(offer=offer, territory=site)

    def _needs(self, heard_by: list[Project]) -> None:
        for wording, code, is_published in invented.NEEDS:
            place = self.draw.choice([project for project in heard_by if project.is_public])
            Need.objects.create(
                wording=wording,
                heard_on=self.calendar.today - self.draw.randint(30, 330) * DAY,
                heard_by=place,
                territory=place.territories.order_by("code")[0],
                times=self.draw.randint(1, 18),
                orientation=self.orientations[code] if code else None,
                is_published=is_published,
            )

    def _documents(self) -> None:
        owner = Organization.objects.create(name="Service habitat (démonstration)", kind=OrganizationKind.PUBLIC_BODY)
        spring, summer = self.calendar.documents_reviewed_on
        documents = (
            ("Programme local de l’habitat", "PLH", "4.1-a", summer),
            ("Programme de l’atelier santé ville", "ASV", "7.1.1-a", spring),
        )
        for title, acronym, code, review_on in documents:
            document = ReferenceDocument.objects.create(
                title=title, acronym=acronym, status=DocumentStatus.IN_PROGRESS, owner=owner, review_on=review_on
            )
            document.orientations.add(self.orientations[code])
