"""What indicators came to: from where they started, what was aimed at, what each report handed in measured.

A target is *met* in a period when the last measure of the period reaches it: at least it where a rise is aimed at, at
most it where a fall is. An indicator without a target, or without a measure in the period, does not count; how many do
not is told. Measures are in hundredths of their unit, so that they compare exactly.
"""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace
from typing import Any

from axes.models import Framework
from cohesion.lib.kept import Kept
from cohesion.lib.rows import bare
from cohesion.lib.text import number_fr
from projects.catalogue.models import Indicator, Project
from projects.choices import IndicatorDirection
from projects.figures import figures
from projects.figures.figures import unchanged
from projects.figures.money import in_cents
from projects.figures.periods import Period
from projects.figures.small_numbers import CLASSES, LEAST, counts_people, may_be_told


@dataclass(frozen=True)
class YearMeasure:
    """What the report of a year says; ``is_public``: whether anybody may read it."""

    year: int
    hundredths: int
    is_public: bool


@dataclass(frozen=True)
class Measured:
    """An indicator of a project, with its measures in the order of their years."""

    pk: int
    project: int
    name: str
    unit: str
    baseline: int | None
    target: int | None
    direction: str
    measures: tuple[YearMeasure, ...] = ()

    def within(self, year: int | None) -> "Measured":
        """With the measures of a year alone (None: with all)."""
        if year is None:
            return self
        return replace(self, measures=tuple(measure for measure in self.measures if measure.year == year))

    @property
    def is_met(self) -> bool | None:
        """Whether its last measure reaches its target; None where either is missing."""
        if self.target is None or not self.measures:
            return None
        last = self.measures[-1].hundredths
        return last <= self.target if self.direction == IndicatorDirection.LESS else last >= self.target


@dataclass(frozen=True)
class Met:
    """How many targets are met, and missed; and how many indicators do not count, for want of a target or a measure."""

    met: int
    missed: int
    without_target: int
    without_measure: int

    @property
    def counted(self) -> int:
        return self.met + self.missed

    @property
    def share(self) -> float | None:
        return self.met / self.counted if self.counted else None


def count(indicators: Iterable[Measured]) -> Met:
    met = missed = without_target = without_measure = 0
    for indicator in indicators:
        if indicator.target is None:
            without_target += 1
        elif not indicator.measures:
            without_measure += 1
        elif indicator.is_met:
            met += 1
        else:
            missed += 1
    return Met(met, missed, without_target, without_measure)


# --- reading ------------------------------------------------------------------------------------------------


def read_indicators(projects: Any) -> list[Measured]:
    """The indicators of these projects, by the code of the project, in the order in which they were declared; in two
    queries, one where there are none."""
    indicators = Indicator.objects.filter(project__in=projects.order_by().values("pk"))
    in_order = indicators.order_by("project__code_key", "project__code", "pk")
    rows = bare(in_order.values_list("pk", "project_id", "name", "unit", "baseline", "target", "direction"))
    measures = _measures(indicators) if rows else {}
    return [
        Measured(pk, project, name, unit, _hundredths(baseline), _hundredths(target), direction, measures.get(pk, ()))
        for pk, project, name, unit, baseline, target, direction in rows
    ]


def _measures(indicators: Any) -> Mapping[int, tuple[YearMeasure, ...]]:
    handed_in = indicators.filter(results__actual__isnull=False, results__report__handed_at__isnull=False)
    counts = [f"results__report__{name}" for name in CLASSES]
    rows = handed_in.order_by("results__report__year").values_list(
        "pk", "unit", "results__report__year", "results__actual", *counts
    )
    by_indicator: dict[int, list[YearMeasure]] = {}
    for pk, unit, year, actual, *people in bare(rows):
        hundredths = in_cents(actual)
        measure = YearMeasure(year, hundredths, may_be_told(hundredths, unit, tuple(people)))
        by_indicator.setdefault(pk, []).append(measure)
    return {pk: tuple(measures) for pk, measures in by_indicator.items()}


def _hundredths(value: Any) -> int | None:
    return None if value is None else in_cents(value)


_indicators: Kept[list[Measured]] = Kept(2)
_periods: Kept[list[Measured]] = Kept(8)


def published(in_force: Framework | None) -> list[Measured]:
    """Of all that is published, kept as :func:`projects.figures.figures.unchanged` says."""
    return unchanged(_indicators, in_force, lambda: read_indicators(Project.objects.published()))


def of_period(in_force: Framework | None, period: Period) -> list[Measured]:
    """Those of what runs in a year (or ever), with their measures of the period."""

    def read_period() -> list[Measured]:
        running: Set[int] = figures.running(in_force, period)
        return [each.within(period.year) for each in published(in_force) if each.project in running]

    return unchanged(_periods, in_force, read_period, period.year)


# --- words --------------------------------------------------------------------------------------------------

HIDDEN = "non montrée"


@dataclass(frozen=True)
class IndicatorLine:
    """An indicator in words. ``exact``: for those who read the instruction; ``project``: None where it is withdrawn
    meanwhile."""

    indicator: Measured
    project: Project | None
    exact: bool

    @property
    def baseline(self) -> str:
        """A small number of people is not told to anybody else."""
        start = self.indicator.baseline
        hides = not self.exact and start is not None and 0 < start < LEAST * 100 and counts_people(self.indicator.unit)
        return HIDDEN if hides else in_words(start)

    @property
    def target(self) -> str:
        return in_words(self.indicator.target)

    @property
    def aims_at_less(self) -> bool:
        return self.indicator.direction == IndicatorDirection.LESS

    @property
    def measures(self) -> list[tuple[int, str]]:
        return [
            (measure.year, in_words(measure.hundredths) if self.exact or measure.is_public else HIDDEN)
            for measure in self.indicator.measures
        ]

    @property
    def outcome(self) -> str:
        if self.indicator.target is None:
            return "sans cible"
        if not self.indicator.measures:
            return "sans mesure"
        return "oui" if self.indicator.is_met else "non"


def in_words(hundredths: int | None) -> str:
    """« 1 250 », « 12,5 »; nothing of nothing."""
    if hundredths is None:
        return ""
    whole, rest = divmod(hundredths, 100)
    return number_fr(whole) + (f",{rest:02}".rstrip("0") if rest else "")


def lines(indicators: Iterable[Measured], *, exact: bool) -> list[IndicatorLine]:
    """With their projects, in one query."""
    listed = list(indicators)
    projects = Project.objects.published().select_related("organization")
    known = projects.in_bulk({indicator.project for indicator in listed})
    return [IndicatorLine(indicator, known.get(indicator.project), exact) for indicator in listed]
