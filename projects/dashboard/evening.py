"""A year as it was known on an evening, beside what is known of it now: the figures, and what differs, in words."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from axes import document
from axes.addresses import framework_address
from axes.as_of import in_force_on
from axes.choices import FrameworkStatus
from axes.http import Versions
from axes.levels import announced_words
from axes.models import Framework, Orientation
from axes.models.programme import REFERENCE
from cohesion.lib.dates import french_date
from cohesion.lib.text import capital
from projects.catalogue.models import Project
from projects.choices import ProjectKind, ProjectStatus
from projects.figures import as_of, figures
from projects.figures.addresses import list_address, projects_as_it_stood, served_communes_address
from projects.figures.as_of import PastFigures, PastProject, PublicState, StateChange
from projects.figures.money import in_words
from projects.figures.periods import Period
from projects.members.models import Organization

WORDS = {
    "code": "code",
    "title": "titre",
    "kind": "nature",
    "host_id": "PST",
    "organization_id": "structure",
    "status": "état",
    "starts_on": "début",
    "ends_on": "fin",
    "granted": "accordé",
    "main": "orientation principale",
    "orientations": "orientations",
    "places": "lieux",
}
NOTHING = "rien"
MOST = 200  # projects that a list names


@dataclass(frozen=True)
class ThenAndNow:
    """A figure of the evening (None: nothing tells it) and the same one now; each opens its list."""

    label: str
    then: int | None
    now: int
    then_address: str
    address: str
    is_money: bool = False

    @property
    def difference(self) -> int | None:
        return None if self.then is None else self.now - self.then


@dataclass(frozen=True)
class Differing:
    """A project, and what differs of it since: each in a few words."""

    project: Project
    words: list[str]


@dataclass(frozen=True)
class EveningReading:
    """The first of what came, left and changed, and how many there are of each. ``left``: those that were public and
    are no more, named to who reads the instruction alone. ``framework``: the one in force that evening, as it was."""

    framework: Framework | None
    figures: list[ThenAndNow]
    came: list[Project]
    left: list[Project]
    changed: list[Differing]
    numbers: tuple[int, int, int]

    @property
    def is_same(self) -> bool:
        return not any(self.numbers)

    @property
    def is_cut(self) -> bool:
        return max(self.numbers) > MOST


def read_evening(versions: Versions, period: Period, evening: date, *, shows_granted: bool) -> EveningReading:
    """The year of ``period`` as it was on that evening, in a constant number of queries: each state counts against the
    framework that was in force then, as it stood."""
    framework, year = versions.in_force, period.year or period.today.year
    past = in_force_on(evening, versions)
    then = as_of.state_of(framework, evening).of_year(year)
    now = as_of.present_state().of_year(year)
    figures = _figures(
        _Side(past.framework if past else None, PastFigures.of(then, past.nodes if past else [], framework)),
        _Side(framework, PastFigures.of(now, document.kept(framework), framework)),
        Period(year, evening),
        shows_granted=shows_granted,
    )
    since = as_of.differences(then, now, _identities(then, now))
    hidden = () if shows_granted else ("granted",)
    changed = [change for change in since.changed if set(change.names) - set(hidden)]
    numbers = len(since.came), len(since.left), len(changed)
    came, left, changed = since.came[:MOST], since.left[:MOST], changed[:MOST]
    keys = {*came, *left, *(change.project for change in changed)}
    projects = Project.objects.select_related("organization").in_bulk(keys)
    names = _Names.of(changed, framework)

    def differing(change: StateChange) -> Differing:
        shown = [name for name in change.names if name not in hidden]
        return Differing(projects[change.project], [names.words(change, name) for name in shown])

    return EveningReading(
        past.framework if past else None,
        list(figures),
        [projects[pk] for pk in came if pk in projects],
        [projects[pk] for pk in left if pk in projects],
        [differing(change) for change in changed if change.project in projects],
        numbers,
    )


def _identities(*states: PublicState) -> dict[int, Hashable]:
    """What each orientation that a project served is through all versions, by its key; nothing, where it is of another
    programme than the reference one, of which this page speaks."""
    keys: set[int] = set()
    for state in states:
        keys.update(*(project.orientations for project in state.projects.values()))
    served = Orientation.objects.filter(pk__in=keys).values_list("pk", "uid", "framework__programme")
    return {pk: uid if programme == REFERENCE else None for pk, uid, programme in served}


@dataclass(frozen=True)
class _Side:
    """What an evening had, or has now, and the framework that it counts against."""

    framework: Framework | None
    figures: PastFigures

    @property
    def announced(self) -> int:
        return len(self.figures.announced_served)

    @property
    def communes(self) -> int:
        return len(self.figures.communes_served)


def _figures(then: _Side, now: _Side, period: Period, *, shows_granted: bool) -> Iterator[ThenAndNow]:
    """``period``: the year, as it is asked of a page of that evening."""
    year = period.year
    past, projects, page = then.framework, "", ""
    if past is not None:
        projects, page = projects_as_it_stood(past, period), f"{framework_address(past)}{period.suffix}"
    here = list_address(annee=year)
    yield ThenAndNow("Projets", len(then.figures.state.projects), len(now.figures.state.projects), projects, here)
    yield ThenAndNow(
        f"{capital(announced_words())} qui ont un projet",
        then.announced if past else None,
        now.announced,
        f"{page}#servies" if past else "",
        f"{reverse('projects:coverage')}?{urlencode({'annee': str(year), 'lignes': 'servis'})}#matrice",
    )
    communes = served_communes_address({}, Period(year, timezone.localdate()))
    yield ThenAndNow(
        "Communes qui ont un projet", then.communes, now.communes, f"{page}#communes" if past else "", communes
    )
    if shows_granted:
        granted = then.figures.state.granted, now.figures.state.granted
        yield ThenAndNow("Accordé par l’agglomération", *granted, projects, here, is_money=True)


@dataclass(frozen=True)
class _Names:
    """How what changed is called, by key."""

    organizations: Mapping[int, str]
    hosts: Mapping[int, str]
    orientations: Mapping[Hashable, str]
    places: Mapping[int, str]

    @classmethod
    def of(cls, changed: Sequence[StateChange], framework: Framework | None) -> "_Names":
        states = [change.before for change in changed] + [change.after for change in changed]
        leads = {state.organization_id for state in states}
        hosts = [state.host_id for state in states if state.host_id is not None]
        linked = frozenset().union(*(state.orientations for state in states))
        return cls(
            dict(Organization.objects.filter(pk__in=leads).values_list("pk", "name")),
            dict(Project.objects.published().filter(pk__in=hosts).values_list("pk", "title")),
            _codes(linked),
            {pk: territory.name for pk, territory in figures.places(framework).territories.items()},
        )

    def words(self, change: StateChange, name: str) -> str:
        """« état : Retenue, puis En cours », « lieux : + Gravigny, − Évreux »."""
        before, after = getattr(change.before, name), getattr(change.after, name)
        if isinstance(before, frozenset):
            known = self.places if name == "places" else self.orientations
            words = [*_named("+", known, after - before), *_named("−", known, before - after)]
            return f"{WORDS[name]} : {', '.join(words)}"
        return f"{WORDS[name]} : {self._value(change.before, name)}, puis {self._value(change.after, name)}"

    def _value(self, state: PastProject, name: str) -> str:
        value = getattr(state, name)
        if value is None or value == "":
            return NOTHING
        if isinstance(value, date):
            return french_date(value)
        ways = {
            "kind": lambda: ProjectKind(value).label,
            "status": lambda: ProjectStatus(value).label,
            "granted": lambda: in_words(value),
            "organization_id": lambda: self.organizations.get(value, "une structure supprimée"),
            "host_id": lambda: self.hosts.get(value, "un PST qui n’est pas public"),
        }
        return str(ways[name]()) if name in ways else str(value)


def _codes(linked: Iterable[Hashable]) -> dict[Hashable, str]:
    """The codes of these orientations, in the last version that has each."""
    identities = [each for each in linked if isinstance(each, UUID)]
    adopted = Orientation.objects.filter(uid__in=identities).exclude(framework__status=FrameworkStatus.DRAFT)
    in_time = adopted.order_by(F("framework__adopted_on").asc(nulls_first=True), "framework")
    return dict(in_time.values_list("uid", "code"))


def _named(sign: str, known: Mapping[Any, str], keys: Iterable[Hashable]) -> list[str]:
    names = sorted(known.get(key, "?") for key in keys)
    return [f"{sign} {name}" for name in names]
