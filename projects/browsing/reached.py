"""What the sheet of a project says of people and results: what was expected, and what each report handed in says."""

from dataclasses import dataclass

from projects.catalogue.models import Project
from projects.figures import people, results
from projects.figures.results import IndicatorLine
from projects.figures.small_numbers import CLASSES, Counts, public


@dataclass(frozen=True)
class ReachedLine:
    """A class of people: what was expected, then what the report of each year says; None where nothing is told."""

    label: str
    expected: int | None
    reached: list[tuple[int, int | None]]


@dataclass(frozen=True)
class Reached:
    """The people and the indicators of a project; ``hides``: whether there is a number that the reader may not read."""

    years: list[int]
    lines: list[ReachedLine]
    indicators: list[IndicatorLine]
    hides: bool

    @property
    def is_empty(self) -> bool:
        return not (self.lines or self.indicators or self.hides)


def of_project(project: Project, *, exact: bool) -> Reached:
    """In five queries; nothing of a project that is not published. ``exact``: the reader may read every number."""
    own = Project.objects.published().filter(pk=project.pk)
    counts = people.read_counts(own)
    nothing: Counts = (None,) * len(CLASSES)
    declared = counts.declared.get(project.pk, nothing)
    reported = {year: counts.reported[year][project.pk] for year in sorted(counts.reported)}
    shown = declared if exact else public(declared)
    shown_by_year = {year: count if exact else public(count) for year, count in reported.items()}
    lines = []
    for place, label in enumerate(people.LABELS.values()):
        reached = [(year, count[place]) for year, count in shown_by_year.items()]
        if shown[place] is not None or any(number is not None for _, number in reached):
            lines.append(ReachedLine(label, shown[place], reached))
    hides = shown != declared or shown_by_year != reported
    indicators = results.lines(results.read_indicators(own), exact=exact)
    return Reached(list(shown_by_year), lines, indicators, hides)
