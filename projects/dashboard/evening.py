"""A year as it was known on an evening, beside what is known of it now: the figures, and what differs, in words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from axes.document import Node
from axes.models import Framework, Orientation
from cohesion.lib.dates import french_date
from projects.catalogue.models import Project
from projects.choices import ProjectKind, ProjectStatus
from projects.figures import as_of, figures
from projects.figures.addresses import list_address
from projects.figures.as_of import PastProject, PublicState, StateChange
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
    """A figure of the evening and the same one now, which opens a list."""

    label: str
    then: int
    now: int
    address: str
    is_money: bool = False

    @property
    def difference(self) -> int:
        return self.now - self.then


@dataclass(frozen=True)
class Differing:
    """A project, and what differs of it since: each in a few words."""

    project: Project
    words: list[str]


@dataclass(frozen=True)
class EveningReading:
    """The first of what came, left and changed, and how many there are of each. ``left``: those that were public and
    are no more, named to who reads the instruction alone."""

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


def read_evening(
    framework: Framework | None, nodes: list[Node], period: Period, evening: date, *, shows_granted: bool
) -> EveningReading:
    """The year of ``period`` as it was on that evening, in a constant number of queries."""
    year = period.year or period.today.year
    then = as_of.state_of(framework, evening).of_year(year)
    now = as_of.present_state().of_year(year)
    since = as_of.differences(then, now)
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
        list(_figures(framework, nodes, year, then, now, shows_granted=shows_granted)),
        [projects[pk] for pk in came if pk in projects],
        [projects[pk] for pk in left if pk in projects],
        [differing(change) for change in changed if change.project in projects],
        numbers,
    )


def _figures(
    framework: Framework | None,
    nodes: list[Node],
    year: int,
    then: PublicState,
    now: PublicState,
    *,
    shows_granted: bool,
) -> Iterator[ThenAndNow]:
    projects = list_address(annee=year)
    yield ThenAndNow("Projets", len(then.projects), len(now.projects), projects)
    yield ThenAndNow("Objectifs opérationnels qui ont un projet", then.objectives(nodes), now.objectives(nodes), "")
    yield ThenAndNow("Communes qui ont un projet", then.communes(framework), now.communes(framework), "")
    if shows_granted:
        yield ThenAndNow("Accordé par l’agglomération", then.granted, now.granted, projects, is_money=True)


@dataclass(frozen=True)
class _Names:
    """How what changed is called, by key."""

    organizations: Mapping[int, str]
    hosts: Mapping[int, str]
    orientations: Mapping[int, str]
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
            dict(Orientation.objects.filter(pk__in=linked).values_list("pk", "code")),
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


def _named(sign: str, known: Mapping[int, str], keys: Iterable[int]) -> list[str]:
    names = sorted(known.get(key, "?") for key in keys)
    return [f"{sign} {name}" for name in names]
