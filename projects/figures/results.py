"""What indicators came to: from where they started, what was aimed at, what each report handed in measured.

A target is *met* in a period when the last measure of the period reaches it: at least it where a rise is aimed at, at
most it where a fall is. An indicator without a target, or without a measure in the period, does not count; how many do
not is told. Measures are in hundredths of their unit, so that they compare exactly.
"""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet

from axes.models import Framework
from cohesion.lib.kept import Kept
from cohesion.lib.queries import bare
from cohesion.lib.text import number_fr
from projects.catalogue.models import Indicator, Project
from projects.choices import IndicatorDirection
from projects.figures import figures
from projects.figures.figures import unchanged
from projects.figures.money import in_cents
from projects.figures.periods import Period
from projects.figures.small_numbers import CLASSES, LEAST, counts_people, may_be_told, outcome_may_be_told


@dataclass(frozen=True)
class YearMeasure:
    """What the report of a year says; ``is_public``: whether anybody may read it, ``tells_outcome``: or, at least,
    whether it reaches its target."""

    year: int
    hundredths: int
    is_public: bool
    tells_outcome: bool = True


@dataclass(frozen=True)
class Measured:
    """An indicator of a project, with its measures in the order of their years; ``hides_outcome``: its reader may not
    know whether its target is met."""

    pk: int
    project: int
    name: str
    unit: str
    baseline: int | None
    target: int | None
    direction: str
    measures: tuple[YearMeasure, ...] = ()
    hides_outcome: bool = False

    def for_anybody(self) -> "Measured":
        """As those who do not read the instruction may know it."""
        return replace(self, hides_outcome=bool(self.measures) and not self.measures[-1].tells_outcome)

    def within(self, year: int | None) -> "Measured":
        """With the measures of a year alone (None: with all)."""
        if year is None:
            return self
        return replace(self, measures=tuple(measure for measure in self.measures if measure.year == year))

    @property
    def is_met(self) -> bool | None:
        """Whether its last measure reaches its target; None where either is missing, or not for its reader."""
        if self.target is None or not self.measures or self.hides_outcome:
            return None
        last = self.measures[-1].hundredths
        return last <= self.target if self.direction == IndicatorDirection.LESS else last >= self.target


@dataclass(frozen=True)
class Met:
    """How many targets are met, and missed; and how many indicators do not count, for want of a target or of a measure
    that its reader may know."""

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
        elif indicator.is_met is None:
            without_measure += 1
        elif indicator.is_met:
            met += 1
        else:
            missed += 1
    return Met(met, missed, without_target, without_measure)


# --- reading ------------------------------------------------------------------------------------------------


def read_indicators(projects: QuerySet[Any]) -> list[Measured]:
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
        "pk", "unit", "target", "results__report__year", "results__actual", *counts
    )
    by_indicator: dict[int, list[YearMeasure]] = {}
    for pk, unit, target, year, actual, *people in bare(rows):
        hundredths, numbers = in_cents(actual), tuple(people)
        is_public = may_be_told(hundredths, unit, numbers)
        tells_outcome = is_public or outcome_may_be_told(_hundredths(target), unit, numbers)
        by_indicator.setdefault(pk, []).append(YearMeasure(year, hundredths, is_public, tells_outcome))
    return {pk: tuple(measures) for pk, measures in by_indicator.items()}


def _hundredths(value: object) -> int | None:
    return None if value is None else in_cents(value)


_indicators: Kept[list[Measured]] = Kept(2)
_periods: Kept[list[Measured]] = Kept(8)


def published(in_force: Framework | None) -> list[Measured]:
    """Of all that is published, kept as :func:`projects.figures.figures.unchanged` says."""
    return unchanged(_indicators, in_force, lambda: read_indicators(Project.objects.published()))


def of_period(in_force: Framework | None, period: Period, *, exact: bool = True) -> list[Measured]:
    """Those of what runs in a year (or ever), with their measures of the period. ``exact``: for those who read the
    instruction."""

    def read_period() -> list[Measured]:
        running: Set[int] = figures.running(in_force, period)
        measured = [each.within(period.year) for each in published(in_force) if each.project in running]
        return measured if exact else [each.for_anybody() for each in measured]

    return unchanged(_periods, in_force, read_period, period.year, exact)


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
        return self._unless_small(self.indicator.baseline)

    @property
    def target(self) -> str:
        return self._unless_small(self.indicator.target)

    def _unless_small(self, number: int | None) -> str:
        """A small number of people is not told to anybody else: a declaration hides those whom it expects."""
        hides = not self.exact and number is not None and 0 < number < LEAST * 100
        return HIDDEN if hides and counts_people(self.indicator.unit) else in_words(number)

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
        is_met = (self.indicator if self.exact else self.indicator.for_anybody()).is_met
        if is_met is None:
            return HIDDEN
        return "oui" if is_met else "non"


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
