"""The choices of each filter of the list of projects, and the published projects of each choice.

How many projects a choice would show is counted on sets of keys, so that a page of ten lists of choices asks the
database for none of them again while nothing changes.
"""

from collections.abc import Callable, Container, Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Any

from axes import document
from axes.models import Framework
from cohesion.lib.kept import Kept
from cohesion.lib.rows import bare
from projects import breakdowns, figures
from projects.breakdowns import NONE, Breakdown, Pairs
from projects.choices import PUBLIC_STATUSES, QUARTERS, ProjectKind, ProjectStatus, TerritoryKind
from projects.models import Organization, Project, Scheme

PST_CHOICES = {"avec": "Dans un PST", "hors": "Hors PST"}
Counted = list[tuple[str, str, int]]  # value, label, number of projects


@dataclass(frozen=True)
class Facet:
    """The choices of a filter in their order, each with its words, and the keys of the projects of each.

    A choice that no project has is shown only where ``is_whole``: where the choices are few and known.
    """

    labels: Mapping[str, str]
    members: Mapping[str, Set[int]]
    is_whole: bool = False

    def counted(self, projects: Set[int]) -> Counted:
        """How many of these projects each choice has."""
        numbers = {value: len(projects & self.members.get(value, NONE)) for value in self.labels}
        return [(value, self.labels[value], number) for value, number in numbers.items() if number or self.is_whole]

    @classmethod
    def of(cls, choices: Iterable[tuple[Any, str]], pairs: Pairs) -> "Facet":
        members = Breakdown.of({}, pairs).members
        return cls({str(key): label for key, label in choices}, {str(key): found for key, found in members.items()})


def facet(name: str, framework: Framework | None) -> Facet:
    """The choices of a filter, kept as :func:`projects.figures.unchanged` says."""
    return figures.unchanged(_kept, framework, lambda: READERS[name](framework), name)


_kept: Kept[Facet] = Kept(20)


def axes(in_force: Framework | None, framework: Framework | None) -> Facet:
    """The axes of a framework, in force or not."""
    if framework is None:
        return Facet({}, {})
    return figures.unchanged(_kept, in_force, lambda: _axes(in_force, framework), "axe", framework.state)


def _axes(in_force: Framework | None, framework: Framework) -> Facet:
    nodes = document.kept(framework)
    served = figures.published_beside(in_force, nodes, framework)
    axes = [node for node in nodes if node.parent is None]
    labels = {node.orientation.code: f"{node.orientation.code}. {node.orientation.name}" for node in axes}
    return Facet(labels, {node.orientation.code: served.branch[node.pk] for node in axes}, is_whole=True)


def _kinds(framework: Framework | None) -> Facet:
    return Facet.of(ProjectKind.choices, ((kind, pk) for pk, kind, *_ in figures.rows(framework)))


def _psts(framework: Framework | None) -> Facet:
    hosted = {pk for pk, _, host, *_ in figures.rows(framework) if host is not None}
    members = {"avec": hosted, "hors": figures.kinds(framework).members.get("hors", NONE)}
    return Facet(PST_CHOICES, members, is_whole=True)


def _states(framework: Framework | None) -> Facet:
    choices = [(value, label) for value, label in ProjectStatus.choices if value in PUBLIC_STATUSES]
    return Facet.of(choices, ((status, pk) for pk, _, _, status, *_ in figures.rows(framework)))


def _leads(framework: Framework | None) -> Facet:
    leads = Organization.objects.order_by("name").values_list("pk", "name")
    return Facet.of(leads, ((lead, pk) for pk, _, _, _, lead, *_ in figures.rows(framework)))


def _years(framework: Framework | None) -> Facet:
    """The last first."""
    found = breakdowns.by_year(figures.rows(framework), last=len(breakdowns.KNOWN_YEARS))
    labels = {str(year): str(year) for year in reversed(found.columns)}
    return Facet(labels, {str(year): members for year, members in found.members.items()})


def _communes(framework: Framework | None) -> Facet:
    return _located(framework, (TerritoryKind.COMMUNE,))


def _quarters(framework: Framework | None) -> Facet:
    return _located(framework, QUARTERS)


def _located(framework: Framework | None, kinds: Container[str]) -> Facet:
    places = figures.places(framework)
    shown = breakdowns.living_first(one for one in places.territories.values() if one.kind in kinds)
    labels = {one.code: one.dated_name for one in shown}
    return Facet(labels, {one.code: places.members.get(one.pk, NONE) for one in shown})


def _schemes(framework: Framework | None) -> Facet:
    pairs = Project.schemes.through._base_manager.filter(project__in=Project.objects.published().values("pk"))
    codes = Scheme.objects.order_by("code").values_list("code", "code")
    return Facet.of(codes, bare(pairs.values_list("scheme__code", "project_id")))


READERS: dict[str, Callable[[Framework | None], Facet]] = {
    "axe": lambda framework: axes(framework, framework),
    "nature": _kinds,
    "pst": _psts,
    "commune": _communes,
    "quartier": _quarters,
    "porteur": _leads,
    "annee": _years,
    "etat": _states,
    "dispositif": _schemes,
}
