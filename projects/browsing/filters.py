"""The filters of the list of projects: one object feeds the list, its counts and its files."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import F, Q

from cohesion.lib.kept import Kept
from cohesion.lib.queries import InFrench, bare
from cohesion.lib.text import count_phrase
from projects.browsing import funded
from projects.browsing.question import (
    HIDDEN_PST,
    LINK_CHOICES,
    PRH_ALONE,
    SORTS,
    WITHOUT_MAIN,
    ProjectQuestion,
)
from projects.catalogue.models import Project
from projects.catalogue.models.project import ProjectQuerySet
from projects.choices import PUBLIC_STATUSES, ProjectKind
from projects.figures import changes, facets, figures, periods
from projects.figures.figures import unchanged

Keys = frozenset[int]
Condition = Callable[[ProjectQuerySet], ProjectQuerySet]


@dataclass(frozen=True)
class FilterChoice:
    """One choice of a filter, and how many projects it would show, the other filters staying as they are."""

    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Elsewhere:
    """What the filters of a list find beyond its year: how many, how many with those of the year, and how many of the
    former say no date."""

    others: int
    everywhere: int
    undated: int

    @property
    def words(self) -> str:
        """« 12 autres dans d’autres années », « 12 autres, dont 3 sans date »."""
        number = count_phrase(self.others, "autre")
        if self.undated == self.others:
            return f"{number} sans date de début"
        return f"{number} dans d’autres années" + (f", dont {self.undated} sans date de début" if self.undated else "")


class ProjectFilter(ProjectQuestion):
    """The projects that the address asks for, their order and their numbers."""

    # --- filtering ----------------------------------------------------------------------------------------

    def filter(self, projects: ProjectQuerySet) -> ProjectQuerySet:
        """The projects asked for."""
        for _, condition in self._conditions():
            projects = condition(projects)
        return projects

    def _conditions(self, without: Iterable[str] = ()) -> Iterator[tuple[Hashable, Condition]]:
        """What each filter asks, after what tells it from any other question."""
        kept = {name: value for name, value in self.values.items() if name not in without}
        is_main = kept.pop("rattachement", None)
        framework = kept.pop("cadre", None)
        if framework is not None and framework.is_beside and kept.get("axe", framework) is not None:
            yield ("cadre", framework.slug), partial(ProjectQuerySet.attached, framework=framework)
        for name, value in kept.items():
            if name == "axe" and value is None:
                ways = {facets.WITHOUT: ProjectQuerySet.unattached, WITHOUT_MAIN: ProjectQuerySet.without_main}
                unlinked = partial(ways[self.raw[name]], framework=self.named)
                yield (name, self.raw[name], self.raw.get("cadre")), unlinked
            elif name == "bilan":
                period = kept.get("annee")
                year = period.year if period and not period.outside else None
                yield (name, value, year), partial(ProjectQuerySet.reported, year=year)
            elif name == "changement":
                yield (name, value), partial(self._apply, name=name, value=value)
            elif name in ("orientation", "axe"):
                # The attachment is asked of the narrower of the two.
                yield self._serving(name, None if name == "axe" and "orientation" in kept else is_main)
            else:
                yield (name, self.raw[name]), partial(self._apply, name=name, value=value)

    def _serving(self, name: str, is_main: bool | None) -> tuple[Hashable, Condition]:
        is_direct = self.is_direct and name == "orientation"
        condition = partial(ProjectQuerySet.serving, orientation=self.values[name], direct=is_direct, is_main=is_main)
        return (name, self.raw[name], self.raw.get("cadre"), is_direct, is_main), condition

    def _apply(self, projects: ProjectQuerySet, name: str, value: Any) -> ProjectQuerySet:
        if name == "q":
            return projects.filter(value)
        if name == "pst":
            return _of_pst(projects, value)
        if name in ("commune", "quartier", "territoire"):
            chosen = value if isinstance(value, list) else [value]
            return projects.located_in(chosen) if value is not None else projects.filter(places=None)
        if name == "annee":
            return _of_period(projects, value)
        if name == "fin":
            return projects.filter(ends_on__year=value)
        if name == "reprise":
            return projects.waiting_for_link()
        if name == "changement":
            return projects.filter(pk__in=changes.moved_keys(self.framework, value, self.today))
        if name == "porteur":
            return projects.led_by(value)
        if name in funded.FILTERS:
            return funded.FILTERS[name](projects, value)
        field = {"nature": "kind", "etat": "status", "dispositif": "schemes"}[name]
        return projects.filter(**{field: value})

    def ordered(self, projects: ProjectQuerySet) -> ProjectQuerySet:
        """In the order asked for; those that have no date, or no amount, come last both ways."""
        name = SORTS[self.sort.removeprefix("-")][1]
        field = InFrench(name) if name.endswith("name") else F(name)
        may_lack = self.sort.endswith(("date", "accorde"))
        turned = field.desc if self.sort.startswith("-") else field.asc
        return projects.order_by(turned(nulls_last=may_lack or None), "code")

    # --- numbers, of what is published ----------------------------------------------------------------------

    def keys(self, *, without: Iterable[str] = ()) -> Keys:
        """The published projects of the list, or of what it would be without some of its filters, by their keys."""
        return self._matching_keys(without)

    @property
    def population(self) -> Keys:
        """The published projects of the year that is asked for, whatever else is."""
        return self._matching_keys([name for name in self.values if name != "annee"])

    def number(self, *, without: Iterable[str] = ()) -> int:
        """How many projects the list has, or would have without some of its filters."""
        return len(self._matching_keys(without))

    def counting(self, *, direct: bool) -> "ProjectFilter":
        """The same list, of the orientation itself or of its whole branch."""
        other = copy(self)
        other.is_direct = direct
        return other

    def total(self) -> int:
        """How many projects the year has."""
        return len(self.population)

    def elsewhere(self) -> "Elsewhere":
        """What the same filters find beyond the year."""
        everywhere = self._matching_keys(["annee"])
        undated = figures.years(self.framework, self.today).members[periods.UNDATED]
        others = everywhere - self._matching_keys()
        return Elsewhere(len(others), len(everywhere), len(others & undated))

    def ways_out(self) -> list[tuple[str, str, str, int]]:
        """Each active filter as :meth:`chips` has it, with how many projects of the year there would be without it."""
        counts = [self.number(without=[name]) for name in self._narrowing]
        return [(*chip, number) for chip, number in zip(self.chips(), counts, strict=True)]

    def choices(self, *names: str) -> dict[str, list[FilterChoice]]:
        """The choices of these lists (none named: of all), each with its count, the other filters staying."""
        return {name: self._with_chosen(name) for name in names or (*facets.NAMES, "rattachement")}

    def _with_chosen(self, name: str) -> list[FilterChoice]:
        """The choices of a list; what is chosen is among them even where no project has it."""
        rows = self._counted(name)
        chosen = self.raw.get(name)
        if chosen and name in self.shown and chosen not in {value for value, _, _ in rows}:
            rows = [*rows, (chosen, self.shown[name], self.number())]
        return [FilterChoice(value, label, count, value == chosen) for value, label, count in rows]

    def _counted(self, name: str) -> facets.Counted:
        if name == "rattachement":
            return self._links(self._matching_keys([name]))
        criteria = [criterion for criterion, _ in self._conditions([name])]
        kept_under = (name, self.raw.get("cadre"), *criteria)
        if name == "axe":
            # An axis that is chosen is served as the attachment says, unless the orientation says it of itself.
            is_main = None if "orientation" in self.values else self.values.get("rattachement")
            facet, kept_under = facets.axes(self.framework, self.named, is_main), (*kept_under, is_main)
        else:
            facet = facets.facet(name, self.framework)
        return unchanged(_counts, self.framework, lambda: facet.counted(self._matching_keys([name])), *kept_under)

    def _links(self, keys: Keys) -> facets.Counted:
        """Those that serve the orientation first of all, and those for which it is a secondary one; none without it."""
        if self.served is None:
            return []
        main = len(keys & self._keys(*self._serving("orientation" if "orientation" in self.values else "axe", True)))
        counts = {"principal": main, "secondaire": len(keys) - main}
        return [(value, label, counts[value]) for value, label in LINK_CHOICES.items()]

    # --- the published projects asked for, as sets of keys: what is counted is what the list shows -----------

    def _matching_keys(self, without: Iterable[str] = ()) -> Keys:
        sets = [self._keys(criterion, condition) for criterion, condition in self._conditions(without)]
        return frozenset.intersection(*sets) if sets else self._keys("", lambda projects: projects)

    def _keys(self, criterion: Hashable, condition: Condition) -> Keys:
        """Those that one condition holds of, kept as :func:`projects.figures.figures.unchanged` says."""

        def read_keys() -> Keys:
            projects = condition(Project.objects.published()).order_by()
            return frozenset(pk for (pk,) in bare(projects.values_list("pk")))

        return unchanged(_kept, self.framework, read_keys, criterion)


def _of_pst(projects: ProjectQuerySet, value: str | Project) -> ProjectQuerySet:
    if isinstance(value, Project):
        return projects.filter(Q(pk=value.pk) | Q(host=value.pk))
    hosted = projects.filter(host__isnull=False)
    if value == HIDDEN_PST:
        return hosted.exclude(host__status__in=PUBLIC_STATUSES)
    if value == PRH_ALONE:
        return projects.filter(kind=ProjectKind.PRH, host__isnull=True)
    return projects.hors_pst() if value == "hors" else hosted


def _of_period(projects: ProjectQuerySet, choice: periods.PeriodChoice) -> ProjectQuerySet:
    if choice.year is None:
        return projects.undated()
    ways = {periods.BEFORE: projects.ended_before, periods.AFTER: projects.beginning_after}
    return ways.get(choice.outside, projects.in_year)(choice.year)


# A list of leads is the heaviest: some thirty thousand bytes.
_counts: Kept[facets.Counted] = Kept(400)
_kept: Kept[Keys] = Kept(40)  # of fifty thousand projects, one holds up to two million bytes
