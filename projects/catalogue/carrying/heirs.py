"""The heir of the links of projects.

The links to the former framework stay as they were: its pages keep their counts. A link that goes somewhere is repeated
in the framework that comes; one that goes nowhere, or waits for an officer, is noted (:class:`UncarriedLink`).
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby, islice

from django.db.models import QuerySet, Sum
from django.urls import reverse
from django.utils import timezone

from axes.adoption import Fate, Hanging, Say, Succession, Weight
from axes.models import Framework
from cohesion.lib.people import Person
from cohesion.lib.text import count_phrase, euros, number_fr
from projects.catalogue import recording
from projects.catalogue.carrying.deciding import undo
from projects.catalogue.carrying.planning import Destination, FormerLink, LinksPlan, Ways, planned
from projects.catalogue.granting import paid
from projects.catalogue.hanging import named_link
from projects.catalogue.models import Contribution, Grant, LinkDecision, Project, UncarriedLink
from projects.choices import PUBLIC_STATUSES

BATCH = 500  # projects
SHOWN = 100  # links of one orientation, on the page that announces


class ProjectLinks:
    """The heir of the links of projects."""

    def hold(self, former: Framework) -> None:
        """Whoever links a project to the former framework ends first, or waits until it is archived."""
        linked = Contribution.objects.of(former).values("project")
        list(Project.objects.select_for_update(no_key=True).filter(pk__in=linked).order_by("pk").values_list("pk"))

    def foresee(self, succession: Succession) -> Fate:
        count = LinkCount()
        shown: dict[int, list[FormerLink]] = {}
        for plan in plans(succession):
            count.add(plan)
            for link in [*plan.waiting, *(link for link, _ in plan.let_go)]:
                of_node = shown.setdefault(link.orientation, [])
                if len(of_node) < SHOWN:
                    of_node.append(link)
        public = _public(count.waiting_projects)
        return Fate(count.sentences(public), _hanging(shown), count.digest.hexdigest(), count.everything)

    def weigh(self, succession: Succession) -> dict[int, Weight]:
        """How many projects are linked to each and, of those of which it is the main one, what is granted and paid, and
        their conventions."""
        links = _links(succession.former).order_by()
        said_once = Project.objects.exclude(Project.objects.all().said_by_parts("granted"))
        main = links.filter(is_main=True, project__in=said_once.values("pk")).values("orientation_id")
        granted = dict(main.annotate(total=Sum("project__granted")).values_list("orientation_id", "total"))
        money = _money_of(links)
        waiting = self._waiting(succession)
        weights = {}
        for pk, number in Counter(links.values_list("orientation_id", flat=True)).items():
            phrases = [count_phrase(number, "projet")]
            if granted.get(pk):
                phrases.append(f"{euros(granted[pk])} accordés")
            phrases += money.get(pk, [])
            address = reverse("admin:projects_uncarriedlink_links", args=[succession.framework.pk, pk])
            weights[pk] = Weight(phrases, waiting[pk], address)
        return weights

    def _waiting(self, succession: Succession) -> Counter[int]:
        """How many links of each orientation wait for an officer: would wait, before the adoption; do, after it."""
        if succession.framework.is_draft:
            return Counter(link.orientation for plan in plans(succession) for link in plan.waiting)
        noted = UncarriedLink.objects.open().filter(link__orientation__framework=succession.former).order_by()
        return Counter(noted.values_list("link__orientation_id", flat=True))

    def forget(self, framework: Framework, by: Person) -> int:
        return undo(framework=framework, links=None, by=by)

    def carry(self, succession: Succession, by: Person | None, say: Say) -> dict[str, int]:
        numbers: Counter[str] = Counter()
        everything = _links(succession.former).count()
        all_plans = plans(succession)
        while batch := list(islice(all_plans, BATCH)):
            _write(batch, succession, by)
            for plan in batch:
                numbers["repris"] += len(plan.carried)
                numbers["à refaire"] += len(plan.waiting)
                numbers["non repris"] += len(plan.let_go)
            say(f"{number_fr(numbers.total())} rattachements sur {number_fr(everything)}.")
        kept = {name: numbers[name] for name in ("à refaire", "non repris")}
        return {"rattachements": numbers.total(), **kept}


# --- what is planned ------------------------------------------------------------------------------------------


def plans(succession: Succession) -> Iterator[LinksPlan]:
    """What becomes of the links of each project, in the order of their keys, a batch in memory at a time."""
    rows = _links(succession.former).values_list("pk", "project_id", "orientation_id", "is_main", "rationale")
    links = map(FormerLink._make, rows.iterator(2_000))
    by_project = ((project, list(own)) for project, own in groupby(links, key=lambda link: link.project))
    while batch := list(islice(by_project, BATCH)):
        first, last = batch[0][0], batch[-1][0]
        ways = Ways(succession.lineage, succession.dropped, _decided(succession, first, last))
        present = _present(succession.framework, first, last)
        for project, own in batch:
            yield planned(project, own, ways, present.get(project, {}))


def _money_of(links: QuerySet[Contribution]) -> dict[int, list[str]]:
    """What is paid of the grants of the projects of which each orientation is the main one, and their conventions, in
    phrases: they follow the project, and the page tells what hangs on each orientation."""
    main = links.filter(is_main=True).order_by()
    orientation_of = dict(main.values_list("project_id", "orientation_id"))
    grants = Grant.objects.filter(project__in=main.values("project_id"))
    totals: defaultdict[int, Decimal] = defaultdict(Decimal)
    for project, total in paid(Project.objects.filter(pk__in=grants.values("project_id"))).items():
        totals[orientation_of[project]] += total
    agreements: defaultdict[int, set[int]] = defaultdict(set)
    under = grants.exclude(agreement=None).values_list("project_id", "agreement_id")
    for project, agreement in under:
        agreements[orientation_of[project]].add(agreement)
    phrases: dict[int, list[str]] = {}
    for pk in totals.keys() | agreements.keys():
        parts = [f"dont {euros(totals[pk])} versés"] if totals[pk] else []
        parts += [count_phrase(len(agreements[pk]), "convention")] if agreements[pk] else []
        phrases[pk] = parts
    return phrases


def _links(framework: Framework) -> QuerySet[Contribution]:
    return Contribution.objects.of(framework).order_by("project_id", "-is_main", "orientation__lft", "pk")


def _decided(succession: Succession, first: int, last: int) -> dict[int, Destination]:
    """Where the links of the projects from the one key to the other were decided to go, by their keys."""
    rows = LinkDecision.objects.filter(
        framework=succession.framework,
        link__orientation__framework=succession.former,
        link__project__gte=first,
        link__project__lte=last,
    )
    decided: dict[int, Destination] = {}
    for link, orientation, reason in rows.order_by("pk").values_list("link_id", "orientation_id", "reason"):
        before = decided.get(link, Destination()).orientations
        decided[link] = Destination((*before, orientation)) if orientation else Destination(reason=reason)
    return decided


def _present(framework: Framework, first: int, last: int) -> dict[int, dict[int, bool]]:
    """The links to the framework that comes which stand already: by project, then by orientation."""
    links = Contribution.objects.of(framework).filter(project__gte=first, project__lte=last)
    present: dict[int, dict[int, bool]] = {}
    for project, orientation, is_main in links.values_list("project_id", "orientation_id", "is_main"):
        present.setdefault(project, {})[orientation] = is_main
    return present


class LinkCount:
    """What plans come to, added up one by one."""

    def __init__(self) -> None:
        self.digest = hashlib.sha256()
        self.numbers: Counter[str] = Counter()
        self.waiting_projects: set[int] = set()

    def add(self, plan: LinksPlan) -> None:
        self.digest.update(repr(plan).encode())
        numbers = self.numbers
        numbers["carried"] += len(plan.carried)
        numbers["projects"] += bool(plan.carried)
        numbers["let go"] += len(plan.let_go)
        numbers["let go projects"] += bool(plan.let_go)
        numbers["waiting"] += len(plan.waiting)
        numbers["new"] += len(plan.new)
        numbers["cut"] += sum(link.is_cut for link in plan.new)
        if plan.waiting:
            self.waiting_projects.add(plan.project)

    @property
    def everything(self) -> int:
        return self.numbers["carried"] + self.numbers["let go"] + self.numbers["waiting"]

    def sentences(self, public: int) -> list[str]:
        """What an officer reads before the adoption; ``public``: how many of the projects that wait are."""
        numbers = self.numbers
        if not self.everything:
            return ["Aucun projet n’est rattaché au cadre en vigueur."]
        carried = count_phrase(numbers["carried"], "rattachement est repris", "rattachements sont repris")
        dropped = count_phrase(numbers["let go"], "rattachement n’est pas repris", "rattachements ne sont pas repris")
        sentences = [
            f"{carried} ({count_phrase(numbers['projects'], 'projet')}) : leur orientation est gardée ou reprise par "
            "une autre, ou vous avez décidé où ils vont."
        ]
        if numbers["waiting"]:
            sentences.append(self._waiting_sentence(public))
        if numbers["let go"]:
            projects = count_phrase(numbers["let go projects"], "projet")
            sentences.append(f"{dropped} ({projects}), pour le motif qui en a été donné.")
        if numbers["new"] != numbers["carried"]:
            sentences.append(
                f"Dans ce cadre, ils font {count_phrase(numbers['new'], 'rattachement')} : ceux qui s’y rejoignent "
                "n’en font qu’un, ceux qui se partagent en font plusieurs."
            )
        if numbers["cut"]:
            sentences.append(
                f"{count_phrase(numbers['cut'], 'raison réunie', 'raisons réunies')} dépassent la place et seront "
                "coupées ; le texte entier reste dans le cadre archivé."
            )
        return [
            *sentences,
            f"Cela fait {count_phrase(self.everything, 'rattachement')} en tout : aucun n’est perdu. Les projets "
            "gardent aussi leurs rattachements au cadre archivé, dont les pages restent lisibles.",
        ]

    def _waiting_sentence(self, public: int) -> str:
        number, projects = self.numbers["waiting"], len(self.waiting_projects)
        return (
            f"{count_phrase(number, 'rattachement reste', 'rattachements restent')} à refaire "
            f"({count_phrase(projects, 'projet')}, dont {count_phrase(public, 'public')}) : leur orientation disparaît "
            "ou se partage, et rien n’est décidé. Ils vous attendront dans « Rattachements à refaire » ; les pages "
            "publiques diront le nombre des projets publics."
        )


def _public(projects: set[int]) -> int:
    """How many of these projects are public."""
    return len(projects & set(Project.objects.filter(status__in=PUBLIC_STATUSES).values_list("pk", flat=True)))


def _hanging(shown: dict[int, list[FormerLink]]) -> dict[int, list[Hanging]]:
    keys = {link.project for links in shown.values() for link in links}
    projects = Project.objects.only("code", "title", "kind").in_bulk(keys)
    hanging: dict[int, list[Hanging]] = {}
    for pk, links in shown.items():
        hanging[pk] = [named_link(projects[link.project], is_main=link.is_main) for link in links]
    return hanging


# --- what is written ------------------------------------------------------------------------------------------


def _write(batch: list[LinksPlan], succession: Succession, by: Person | None) -> None:
    """Write what some plans say: the new links, then what waits and what goes nowhere."""
    new = []
    noted = []
    for plan in batch:
        for link in plan.new:
            new.append(
                Contribution(
                    project_id=link.project,
                    orientation_id=link.orientation,
                    framework_id=succession.framework.pk,
                    is_main=link.is_main,
                    rationale=link.rationale,
                )
            )
        noted += [UncarriedLink(link_id=link.pk) for link in plan.waiting]
        noted += [
            UncarriedLink(link_id=link.pk, settled_at=timezone.now(), settled_by=by, outcome=f"Non repris : {reason}")
            for link, reason in plan.let_go
        ]
    if new:
        reason = f"Repris du cadre « {succession.former.slug} »"[:100]
        Contribution.objects.bulk_create(new)  # not the tree
        recording.record(Contribution, [link.pk for link in new], recording.CREATED, by=by, reason=reason)
    if noted:
        UncarriedLink.objects.bulk_create(noted)  # not the tree
