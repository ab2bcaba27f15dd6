"""How many people: expected, as declarations say, and reached, as the reports handed in say, by the same classes.

Expected counts whole in each year of the dates of a project, and once in all years. Reached is what the report of the
year says; in all years, the sum of the reports: whoever came two years counts twice.

A figure is the sum over a set of keys of projects. Officers and elected officials read exact sums; anybody reads the
sums of what may be told (:mod:`projects.figures.small_numbers`), which are at most these.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from axes.models import Framework
from cohesion.lib.kept import Kept
from cohesion.lib.queries import bare
from projects.catalogue.models import Project
from projects.catalogue.models.project import ProjectQuerySet
from projects.figures import figures
from projects.figures.figures import unchanged
from projects.figures.periods import Period
from projects.figures.small_numbers import CLASSES, PEOPLE, QUARTERS, Counts, public

_NAMES = {
    PEOPLE: "Toutes",
    QUARTERS: "Habitants de quartiers prioritaires",
    "women": "Femmes",
    "men": "Hommes",
    "age_0_2": "De 0 à 2 ans",
    "age_3_5": "De 3 à 5 ans",
    "age_6_11": "De 6 à 11 ans",
    "age_12_17": "De 12 à 17 ans",
    "age_18_25": "De 18 à 25 ans",
    "age_26_59": "De 26 à 59 ans",
    "age_60": "De 60 ans et plus",
}
LABELS = {name: _NAMES[name] for name in CLASSES}
_PEOPLE, _QUARTERS = CLASSES.index(PEOPLE), CLASSES.index(QUARTERS)


class Turnout(NamedTuple):
    """What was expected and what was reached, by the same reports."""

    expected: int
    reached: int

    @property
    def share(self) -> float | None:
        return self.reached / self.expected if self.expected else None


@dataclass(frozen=True)
class PeopleSum:
    """People expected and reached, by class.

    ``forecasts`` and ``answers`` are how many declarations, and how many reports, say each class. ``declared`` and
    ``reported`` are the keys of the projects whose number of people counts. ``quarters_of`` is how many of those
    reached belong to the reports that say how many live in priority quarters. ``hidden`` is the number of atoms that do
    not count.
    """

    expected: Counter[str]
    reached: Counter[str]
    forecasts: Counter[str]
    answers: Counter[str]
    quarters_of: int
    declared: frozenset[int]
    reported: frozenset[int]
    hidden: int

    @property
    def people(self) -> int:
        """How many were reached."""
        return self.reached[PEOPLE]

    @property
    def reports(self) -> int:
        """How many reports say how many they reached: a project has one a year."""
        return self.answers[PEOPLE]

    @property
    def quarters_share(self) -> float | None:
        """The part of those reached that live in priority quarters, among the reports that say it."""
        return self.reached[QUARTERS] / self.quarters_of if self.quarters_of else None


@dataclass(frozen=True)
class PeopleFigures:
    """The counts of the projects of a period, by key: their declaration, and their reports handed in."""

    expected: Mapping[int, Counts]
    reached: Mapping[int, tuple[Counts, ...]]
    hidden: Counter[int] = field(default_factory=Counter)

    def sum(self, keys: Set[int]) -> PeopleSum:
        """Of these projects."""
        declared = {key: self.expected[key] for key in keys & self.expected.keys()}
        reports = [(key, counts) for key in keys & self.reached.keys() for counts in self.reached[key]]
        of_declarations = _columns(declared.values())
        of_reports = _columns(counts for _, counts in reports)
        return PeopleSum(
            expected=_sums(of_declarations),
            reached=_sums(of_reports),
            forecasts=_answers(of_declarations),
            answers=_answers(of_reports),
            quarters_of=sum(counts[_PEOPLE] or 0 for _, counts in reports if counts[_QUARTERS] is not None),
            declared=frozenset(key for key, counts in declared.items() if counts[_PEOPLE] is not None),
            reported=frozenset(key for key, counts in reports if counts[_PEOPLE] is not None),
            hidden=sum(self.hidden[key] for key in keys),
        )

    def compared(self, keys: Set[int], name: str = PEOPLE) -> Turnout:
        """A class of the reports of these projects that tell it, where the declaration does too."""
        place, expected, reached = CLASSES.index(name), 0, 0
        for key in keys & self.reached.keys() & self.expected.keys():
            awaited = self.expected[key][place]
            if awaited is not None:
                came = [number for counts in self.reached[key] if (number := counts[place]) is not None]
                expected += awaited * len(came)
                reached += sum(came)
        return Turnout(expected, reached)


Columns = dict[str, tuple[int | None, ...]]  # by class, what each of some counts says


def _columns(counts: Iterable[Counts]) -> Columns:
    return dict(zip(CLASSES, zip(*counts, strict=True), strict=False))


def _sums(columns: Columns) -> Counter[str]:
    return Counter({name: sum(filter(None, column)) for name, column in columns.items()})


def _answers(columns: Columns) -> Counter[str]:
    return Counter({name: len(column) - column.count(None) for name, column in columns.items()})


# --- reading ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PeopleCounts:
    """Every count of some projects as it was written: of declarations, and of the reports of each year."""

    declared: Mapping[int, Counts]
    reported: Mapping[int, Mapping[int, Counts]]  # year → project → its count

    @cached_property
    def public(self) -> "PeopleCounts":
        """What may be told of each, found once."""
        reported = {year: _told_to_all(counts) for year, counts in self.reported.items()}
        return PeopleCounts(_told_to_all(self.declared), reported)


def _told_to_all(counts: Mapping[int, Counts]) -> dict[int, Counts]:
    return dict(zip(counts, map(public, counts.values()), strict=True))


def read_counts(projects: ProjectQuerySet) -> PeopleCounts:
    """In two queries."""
    projects = projects.order_by()
    declared = projects.filter(declaration__isnull=False).values_list("pk", *_paths("declaration"))
    handed_in = projects.filter(reports__handed_at__isnull=False)
    reported: dict[int, dict[int, Counts]] = {}
    for year, key, *counts in bare(handed_in.values_list("reports__year", "pk", *_paths("reports"))):
        reported.setdefault(year, {})[key] = tuple(counts)
    return PeopleCounts({key: tuple(counts) for key, *counts in bare(declared)}, reported)


def _paths(relation: str) -> list[str]:
    return [f"{relation}__{name}" for name in CLASSES]


_counts: Kept[PeopleCounts] = Kept(2)
_periods: Kept[PeopleFigures] = Kept(12)


def published(framework: Framework | None) -> PeopleCounts:
    """Of all that is published, kept as :func:`projects.figures.figures.unchanged` says."""
    return unchanged(_counts, framework, lambda: read_counts(Project.objects.published()))


def of_period(in_force: Framework | None, period: Period, *, exact: bool = False) -> PeopleFigures:
    """Of what runs in a year (or ever). ``exact``: for those who read the instruction; else nothing small is told."""

    def read_figures() -> PeopleFigures:
        return narrow(published(in_force), figures.running(in_force, period), period.year, exact=exact)

    return unchanged(_periods, in_force, read_figures, period.year, exact)


def narrow(counts: PeopleCounts, keys: Set[int], year: int | None, *, exact: bool) -> PeopleFigures:
    """The counts of some projects, which run in a year (None: all)."""
    declared, reports = _within(counts, keys, year)
    if exact:
        return PeopleFigures(declared, reports)
    shown, shown_reports = _within(counts.public, keys, year)
    hidden = Counter({key: _atoms([count]) - _atoms([shown[key]]) for key, count in declared.items()})
    hidden.update({key: _atoms(written) - _atoms(shown_reports[key]) for key, written in reports.items()})
    return PeopleFigures(shown, shown_reports, hidden)


def _within(
    counts: PeopleCounts, keys: Set[int], year: int | None
) -> tuple[dict[int, Counts], dict[int, tuple[Counts, ...]]]:
    """The declarations and the reports of a year (None: of all) of these projects."""
    years = [year] if year is not None else sorted(counts.reported)
    reports: dict[int, tuple[Counts, ...]] = {}
    for each in years:
        for key, count in counts.reported.get(each, {}).items():
            if key in keys:
                reports[key] = (*reports.get(key, ()), count)
    return {key: count for key, count in counts.declared.items() if key in keys}, reports


def _atoms(counts: Iterable[Counts]) -> int:
    return sum(len(count) - count.count(None) for count in counts)
