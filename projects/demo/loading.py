"""The invented programme: eighty projects over three years, brought by the import of projects as any file is, then what
a file of projects does not carry. All of it is data, in ``fixtures/demo/``.
"""

import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from axes.models import Framework, Orientation
from cohesion.imports.applying import origin
from cohesion.lib.people import Person
from cohesion.models import User
from projects.catalogue.actions import set_contributions
from projects.catalogue.models import Need, Offer, OfferSite, Perimeter, Project, ReferenceDocument, Scheme
from projects.catalogue.signing import sign
from projects.choices import DocumentStatus, OfferKind, OrganizationKind, PstStage
from projects.demo.calendar import DAY, Calendar
from projects.demo.files import DemoFiles, choice, items
from projects.demo.planned import load_plans
from projects.exchange.applying import ProjectImporter
from projects.members.models import Organization
from projects.territory.loading import load_territories
from projects.territory.models import Territory
from projects.vocabulary.models import VocabularyLine

PROJECTS, COMPLEMENTS = "projets.csv", "complements.csv"


class DemoRefused(ValueError):
    """The import of projects refuses the file of the demonstration; the message says why, in French."""


@transaction.atomic
def load_demo_projects(framework: Framework, calendar: Calendar | None = None, *, by: User | None = None) -> int:
    """Load the invented programme that serves ``framework``, the one in force; returns the number of its projects.

    Its dates are told from ``calendar``, today's by default. ``by`` signs it.

    Raises:
        DemoRefused: the file of projects does not go with this framework; nothing is written.
    """
    load_territories()
    return _DemoProgramme(framework, DemoFiles(calendar or Calendar(timezone.localdate())), by).load()


def import_projects(files: DemoFiles, by: Person | None, name: str = PROJECTS) -> int:
    """Bring a file of projects to the product's own import, whole or not at all; returns the number written.

    Raises:
        DemoRefused: the import refuses it.
    """
    plan, written = ProjectImporter().apply_file(files.text(name).encode(), name, by=by)
    if not plan.is_good:
        raise DemoRefused(" ".join(map(str, plan.refusals())))
    return written


class _DemoProgramme:
    """The files of the demonstration, one after another: the same day of reference gives the same rows."""

    def __init__(self, framework: Framework, files: DemoFiles, by: User | None) -> None:
        self.files, self.by = files, by
        self.orientations = {node.code: node for node in Orientation.objects.filter(framework=framework)}
        self.territories = {place.code: place for place in Territory.objects.all()}
        self.territories |= {place.name: place for place in Territory.objects.communes()}

    def load(self) -> int:
        self._outline_quarters()
        for row in self.files.rows("structures.csv"):
            Organization.objects.create(name=row["nom"], kind=choice(OrganizationKind, row["nature"]))
        for row in self.files.rows("dispositifs.csv"):
            Scheme.objects.create(code=row["sigle"], name=row["nom"])
        written = import_projects(self.files, self.by)
        projects = {project.code: project for project in Project.objects.all()}
        for row in self.files.rows(COMPLEMENTS):
            self._complete(projects[row["projet"]], row)
        load_plans(self.files, projects)
        for row in self.files.rows("offres.csv"):
            self._offer(projects[row["projet"]], row)
        for row in self.files.rows("besoins.csv"):
            self._need(projects[row["entendu_par"]], row)
        for row in self.files.rows("perimetres.csv"):
            self._perimeter(row)
        for row in self.files.rows("documents.csv"):
            self._document(row)
        for row in self.files.rows("mots.csv"):
            line = VocabularyLine(typed=row["ecrit"], meaning=row["dit"])
            line.full_clean()
            line.save()
        return written

    def _outline_quarters(self) -> None:
        """Draw each quarter that has no outline as a ring about where it lies."""
        for feature in self.files.document("quartiers.geojson")["features"]:
            about = feature["properties"]
            quarter = self.territories[about["code"]]
            if quarter.outline is None:
                quarter.outline, quarter.source = feature["geometry"], about["source"]
                quarter.full_clean()
                quarter.save()

    def _complete(self, project: Project, row: dict[str, str]) -> None:
        """What a file of projects does not say of one: its stage, its public, what it was granted before this site,
        and why it serves its secondary orientations."""
        project.stage, project.audience = choice(PstStage, row["etape"]), row["publics"]
        project.granted = Decimal(row["accorde"]) if row["accorde"] else None
        project.full_clean(validate_unique=False, validate_constraints=False)  # the database does
        reason = origin(COMPLEMENTS, "")
        sign(project, self.by, reason).save()
        if why := row["raison_des_secondaires"]:
            links = project.contributions.select_related("orientation")
            main = links.get(is_main=True).orientation
            secondary = [(link.orientation, why) for link in links.filter(is_main=False)]
            set_contributions(project=project, main=main, secondary=secondary, by=self.by, reason=reason)

    def _offer(self, project: Project, row: dict[str, str]) -> None:
        offer = Offer.objects.create(
            project=project,
            kind=choice(OfferKind, row["nature"]),
            name=row["nom"],
            places=int(row["places"]),
            weekly_hours=Decimal(row["heures_par_semaine"]),
            opening=row["ouverture"],
            starts_on=_day(row["debut"]) or project.starts_on,
            ends_on=_day(row["fin"]) or project.ends_on,
        )
        for place in items(row["lieux"]):
            OfferSite.objects.create(offer=offer, territory=self.territories[place])

    def _need(self, project: Project, row: dict[str, str]) -> None:
        Need.objects.create(
            wording=row["besoin"],
            heard_on=self.files.calendar.today - int(row["entendu_il_y_a"]) * DAY,
            heard_by=project,
            territory=self.territories[row["commune"]],
            times=int(row["fois"]),
            orientation=self.orientations[row["orientation"]] if row["orientation"] else None,
            is_published=row["publie"] == "oui",
        )

    def _perimeter(self, row: dict[str, str]) -> None:
        perimeter = Perimeter.objects.create(
            orientation=self.orientations[row["orientation"]],
            valid_from=_day(row["depuis_le"]),
            source=row["texte"],
        )
        perimeter.territories.set([self.territories[code] for code in items(row["territoires"])])

    def _document(self, row: dict[str, str]) -> None:
        document = ReferenceDocument.objects.create(
            title=row["titre"],
            acronym=row["sigle"],
            status=choice(DocumentStatus, row["etat"]),
            owner=Organization.objects.get(name=row["structure"]),
            review_on=_day(row["a_revoir_le"]),
        )
        document.orientations.add(*[self.orientations[code] for code in items(row["orientations"])])


def _day(cell: str) -> datetime.date | None:
    return datetime.date.fromisoformat(cell) if cell else None
