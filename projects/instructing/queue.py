"""The officers' queue: what the address asks for, its figures, its choices and its parts."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Any

from django.db.models import Count, F, Prefetch, Q, Sum
from django.http import QueryDict
from django.utils import timezone
from django.utils.http import urlencode

from axes.models import Framework, Orientation
from cohesion.lib.french import rounded, significant
from cohesion.lib.people import Person
from cohesion.lib.states import holds
from cohesion.lib.text import hidden_character, squeeze
from cohesion.models import User
from projects.browsing.filters import FilterChoice
from projects.browsing.question import QUERY_LENGTH
from projects.catalogue.models import Contribution, Project
from projects.catalogue.models.project import ProjectQuerySet
from projects.catalogue.workflow import TO_BE_DECIDED, TURNED_DOWN
from projects.choices import PUBLIC_STATUSES, ProjectStatus
from projects.declaring.models import Campaign, Remark
from projects.figures.facets import PST_CHOICES
from projects.instructing.envelope import granted_in
from projects.instructing.models import Committee, Review
from projects.instructing.turns import BY_NAME, TURNS, QueueLine, QueueTurn, is_late, noted, placed, title
from projects.search import mentions

MINE, NOBODYS = "moi", "personne"
ASSIGNED = {MINE: "Moi", NOBODYS: "Personne"}
SORTS = {"attente": "Attente", "montant": "Montant", "axe": "Axe"}
LABELS = {
    "q": "Mots",
    "appel": "Appel à projets",
    "qui": "Affectées à",
    "etat": "État",
    "axe": "Axe",
    "pst": "PST",
    "tour": "À qui de jouer",
    "retard": "En retard",
    "decision": "Décision",
    "enveloppe": "Accordé sur l’enveloppe de",
}
# What the figures at the top ask themselves; they follow every other filter.
OWN = ("tour", "retard", "decision", "enveloppe")
ASKING_STATE = ("etat", *OWN)
EVERY_TURN = "tous"  # in the place of one of them: those that wait for nobody here too
WAITING = TURNS[:3]  # what the queue shows unless its address asks for more
FRAME = tuple(name for name in LABELS if name not in OWN)
# Amounts asked in one of these say nothing added to those of another.
OUTCOMES = {"open": TO_BE_DECIDED, "decided": tuple(PUBLIC_STATUSES), "refused": TURNED_DOWN}
OUTCOME_LABELS = {"open": "À décider", "decided": "Décidés", "refused": "Refusés, irrecevables ou abandonnés"}
STATUSES = {status.value: status.label for status in ProjectStatus if status != ProjectStatus.DRAFT}


@dataclass(frozen=True)
class Part:
    """Some lines of one page of the queue, under one title; ``number``: how many there are on all pages."""

    title: str
    number: int
    committee: Committee | None
    lines: list[QueueLine] = field(default_factory=list)


class Queue:
    """What the address asks for. A value that means nothing is set aside and said in ``ignored``."""

    def __init__(self, query: QueryDict, user: Person) -> None:
        self.user = user
        self.framework = Framework.objects.in_force().first()
        self.campaigns = list(Campaign.objects.all())
        self.axes = list(Orientation.objects.filter(framework=self.framework, parent=None).in_order())
        self.ignored: list[str] = []
        self.values: dict[str, str] = {}
        self.shown: dict[str, str] = {}
        sort = query.get("tri", "")
        self.sort = sort if sort in SORTS else "attente"
        for name in LABELS:
            raw = squeeze(query.get(name, ""))[:QUERY_LENGTH]
            if not raw:
                continue
            words = None if hidden_character(raw) else self._words(name, raw)
            if words is None:
                self.ignored.append(f"{LABELS[name]} : cette valeur ne désigne rien, ce filtre est laissé de côté.")
            else:
                self.values[name], self.shown[name] = raw, words

    @property
    def is_mine(self) -> bool:
        """Whether only what is assigned to who asks is shown."""
        return self.values.get("qui") == "moi"

    is_by_wait = holds("sort", "attente")

    @property
    def asks_state(self) -> bool:
        """Whether the address says whose turn it is, or in which state: what is shown is all of that."""
        return any(name in self.values for name in ASKING_STATE)

    def _words(self, name: str, raw: str) -> str | None:
        """A value in words; None when it means nothing."""
        if name == "q":
            return f"« {raw} »" if significant(raw) else None
        if name == "retard":
            return "oui" if raw == "1" else None
        if name == "tour":
            return "tous les états" if raw == EVERY_TURN else _turn_title(raw)
        if name == "decision":
            return OUTCOME_LABELS.get(raw)
        calls = {str(campaign.pk): campaign.name for campaign in self.campaigns}
        known: dict[str, str] = {
            "appel": calls,
            "enveloppe": calls,
            "qui": ASSIGNED | self.colleagues,
            "etat": STATUSES,
            "axe": {axis.code: f"{axis.code}. {axis.name}" for axis in self.axes},
            "pst": PST_CHOICES,
        }[name]
        return known.get(raw)

    # --- filtering ----------------------------------------------------------------------------------------

    @cached_property
    def handed_in(self) -> ProjectQuerySet:
        return placed(Project.objects.exclude(status=ProjectStatus.DRAFT))

    def filter(
        self, *, only: Iterable[str] = LABELS, without: str = "", among: ProjectQuerySet | None = None
    ) -> ProjectQuerySet:
        """The projects asked for, by some of the filters."""
        projects = self.handed_in if among is None else among
        for name, value in self.values.items():
            if name in only and name != without:
                projects = self._apply(projects, name, value)
        return projects

    def _apply(self, projects: ProjectQuerySet, name: str, value: str) -> ProjectQuerySet:
        if name == "q":
            return projects.filter(self._mentioned)
        if name == "axe":
            return projects.serving(next(axis for axis in self.axes if axis.code == value))
        if name == "pst":
            return projects.hors_pst() if value == "hors" else projects.filter(host__isnull=False)
        if name == "qui":
            return projects.filter(self._assigned(value))
        if name == "tour":
            return projects if value == EVERY_TURN else projects.filter(status__in=BY_NAME[value].statuses)
        if name == "retard":
            return projects.filter(is_late(self.campaigns))
        if name == "decision":
            return projects.filter(status__in=OUTCOMES[value])
        if name == "enveloppe":
            return projects.filter(granted_in(int(value)))
        return projects.filter(**{{"appel": "declaration__campaign", "etat": "status"}[name]: value})

    @cached_property
    def _mentioned(self) -> Q:
        return mentions(self.values["q"], is_public=False)

    @cached_property
    def colleagues(self) -> dict[str, str]:
        """Who else has a file, by name."""
        holders = User.objects.filter(pk__in=Review.objects.values("assigned_to")).exclude(pk=self.user.pk)
        return {str(person.pk): person.display_name for person in holders.order_by("last_name", "first_name", "pk")}

    def _assigned(self, value: str) -> Q:
        holder: str | int | None = {MINE: self.user.pk, NOBODYS: None}.get(value, value)
        return Q(review__assigned_to=holder)

    @cached_property
    def projects(self) -> ProjectQuerySet:
        """What the address asks for, in its order: whose turn it is, then as it is sorted."""
        orders: dict[str, list[Any]] = {
            "attente": [F("since").asc(nulls_last=True)],
            "montant": [F("requested").desc(nulls_last=True)],
            "axe": [F("main_tree").asc(nulls_last=True), F("main_place").asc(nulls_last=True)],
        }
        in_turn: list[Any] = ["turn", F("meets_on").asc(nulls_last=True), F("meeting").asc(nulls_last=True)]
        links = Contribution.objects.in_force().filter(is_main=True).select_related("orientation__framework")
        return (
            noted(self.filter())
            .select_related("organization", "declaration__campaign", "review__assigned_to", "review__committee")
            .prefetch_related(
                Prefetch("contributions", links, to_attr="main_links"),
                Prefetch("remarks", Remark.objects.filter(closed_at=None), to_attr="open_remarks"),
            )
            .order_by(*in_turn, *orders[self.sort], "code_key", "code")
        )

    @property
    def listed(self) -> ProjectQuerySet:
        """What the page shows: all that the address asks for, where it asks for states or words; else what waits."""
        if self.asks_state or "q" in self.values:
            return self.projects
        projects: Any = self.projects
        return projects.filter(turn__lt=len(WAITING))

    def rest(self, figures: dict[str, Any]) -> list[tuple[QueueTurn, int, str]]:
        """The turns that the page leaves out: how many files each has, and where they are listed."""
        if self.asks_state or "q" in self.values:
            return []
        others = [(turn, figures[turn.name]) for turn in TURNS[len(WAITING) :]]
        return [(turn, number, self.figure_address(tour=turn.name)) for turn, number in others if number]

    def parts(self, projects: Iterable[Any]) -> list[Part]:
        """The projects of a page, cut where the turn changes, or the committee."""
        placed_there: Any = self.filter().order_by()
        rows = placed_there.values_list("turn", "meeting").annotate(number=Count("pk"))
        counts = {(turn, meeting): number for turn, meeting, number in rows}
        today = timezone.localdate()
        parts = []
        for place, own in groupby(projects, lambda project: (project.turn, project.meeting)):
            first, *others = own
            name = title(TURNS[place[0]], first, is_mine=self.values.get("qui") == MINE)
            committee = first.review.committee if first.meeting is not None else None
            lines = [QueueLine.of(project, today) for project in (first, *others)]
            parts.append(Part(name, counts[place], committee, lines))
        return parts

    # --- what the page shows ------------------------------------------------------------------------------

    @property
    def campaign(self) -> Campaign | None:
        return next((campaign for campaign in self.campaigns if str(campaign.pk) == self.values.get("appel")), None)

    def figures(self) -> dict[str, Any]:
        """How many are in each turn, and what is asked (whole euros) by those to be decided, decided, and refused: they
        do not add up to anything. One query.

        What a PST asks is not added to what its actions ask, where they are in the same sum.
        """
        counted = {turn.name: Count("pk", filter=Q(turn=rank)) for rank, turn in enumerate(TURNS)}
        sums = {
            outcome: Sum("requested", filter=Q(status__in=states) & ~self._said_by_parts(states))
            for outcome, states in OUTCOMES.items()
        }
        figures = self.filter(only=FRAME).aggregate(
            total=Count("pk"), late=Count("pk", filter=is_late(self.campaigns)), **counted, **sums
        )
        return figures | {outcome: int(rounded(figures[outcome] or 0)) for outcome in OUTCOMES}

    def _said_by_parts(self, states: Iterable[str]) -> Q:
        """The PST of which a part asks something in the same sum."""
        same_sum = self.filter(only=FRAME, among=Project.objects.filter(status__in=states))
        return same_sum.said_by_parts("requested")

    def choices(self) -> dict[str, list[FilterChoice]]:
        """Each filter's choices with how many files it would show, the others staying as they are."""
        calls = {campaign.pk: campaign.name for campaign in self.campaigns}
        counted = {
            "appel": self._grouped("appel", "declaration__campaign", calls),
            "qui": self._who(),
            "etat": self._grouped("etat", "status", STATUSES),
            "axe": self._by_axis(),
            "pst": self._by_pst(),
        }
        return {name: self._offered(name, choices) for name, choices in counted.items()}

    def _offered(self, name: str, choices: Iterable[tuple[str, str, int]]) -> list[FilterChoice]:
        """Those that would show something, and the one that is chosen."""
        chosen = self.values.get(name)
        return [
            FilterChoice(value, label, number, value == chosen)
            for value, label, number in choices
            if number or value == chosen
        ]

    def _grouped(self, name: str, column: str, labels: dict[Any, str]) -> list[tuple[str, str, int]]:
        rows = self.filter(without=name).order_by().values_list(column).annotate(number=Count("pk"))
        counts = dict(rows)
        return [(str(value), label, counts.get(value, 0)) for value, label in labels.items()]

    def _who(self) -> list[tuple[str, str, int]]:
        rows = self.filter(without="qui").order_by().values_list("review__assigned_to").annotate(number=Count("pk"))
        counts = {MINE if holder == self.user.pk else str(holder or NOBODYS): number for holder, number in rows}
        return [(value, label, counts.get(value, 0)) for value, label in (ASSIGNED | self.colleagues).items()]

    def _by_pst(self) -> list[tuple[str, str, int]]:
        projects = self.filter(without="pst")
        hors = projects.hors_pst().order_by().values("pk")
        counts = projects.aggregate(
            avec=Count("pk", filter=Q(host__isnull=False)), hors=Count("pk", filter=Q(pk__in=hors))
        )
        return [(value, label, counts[value]) for value, label in PST_CHOICES.items()]

    def _by_axis(self) -> list[tuple[str, str, int]]:
        links = Contribution.objects.filter(project__in=self.filter(without="axe").order_by().values("pk"))
        counts = dict(
            links.filter(orientation__framework=self.framework)
            .values_list("orientation__tree_id")
            .annotate(number=Count("project", distinct=True))
        )
        return [(axis.code, f"{axis.code}. {axis.name}", counts.get(axis.tree_id, 0)) for axis in self.axes]

    def address(self, **changes: str | None) -> str:
        """The parameters of this list with some changed (None: taken out); without a page, its first."""
        return self._address(LABELS, changes)

    def figure_address(self, **changes: str | None) -> str:
        """What a figure counts: what it asks itself, and every filter that it follows."""
        return self._address(FRAME, changes)

    def _address(self, keep: Iterable[str], changes: dict[str, str | None]) -> str:
        parameters: dict[str, str | None] = {name: value for name, value in self.values.items() if name in keep}
        parameters |= {"tri": self.sort} if self.sort != "attente" else {}
        given = {name: value for name, value in (parameters | changes).items() if value}
        return "?" + urlencode(given) if given else ""

    def chips(self) -> list[tuple[str, str, str]]:
        """Each active filter: its name, its value in words, the address without it."""
        return [(LABELS[name], words, self.address(**{name: None})) for name, words in self.shown.items()]


def _turn_title(name: str) -> str | None:
    return BY_NAME[name].title if name in BY_NAME else None
