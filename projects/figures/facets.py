"""The choices of each filter of the list of projects, and the published projects of each choice.

How many projects a choice would show is counted on sets of keys, so that a page of ten lists of choices asks the
database for none of them again while nothing changes.
"""

from collections.abc import Callable, Container, Iterable, Mapping, Set
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any

from django.utils import timezone

from axes import document
from axes.models import Framework
from cohesion.lib.kept import Kept
from cohesion.lib.queries import InFrench, bare
from projects.catalogue.models import CoLead, Project, Scheme
from projects.choices import PUBLIC_STATUSES, QUARTERS, ProjectKind, ProjectStatus, TerritoryKind
from projects.figures import breakdowns, figures
from projects.figures.breakdowns import NONE, Breakdown, Pairs
from projects.members.models import Organization

WITHOUT = "sans"  # the value of « axe » or « commune » for what has none
NO_LINK, NO_PLACE, NO_SCHEME = "Sans rattachement", "Sans lieu déclaré", "Sans dispositif"
NO_MAIN = "Sans orientation principale"
PRIORITY, PRIORITY_LABEL = "prioritaires", "Tous les quartiers prioritaires"  # of « quartier »
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
        return cls({str(key): label for key, label in choices}, {str(key): held for key, held in members.items()})


def facet(name: str, framework: Framework | None) -> Facet:
    """The choices of a filter but that of the axes, kept as :func:`projects.figures.figures.unchanged` says."""
    # The years that are offered depend on the day.
    today = timezone.localdate()
    return figures.unchanged(_kept, framework, lambda: READERS[name](framework), name, today)


_kept: Kept[Facet] = Kept(20)


def axes(in_force: Framework | None, framework: Framework | None, is_main: bool | None = None) -> Facet:
    """The axes of a framework, in force or not.

    ``is_main``: an axis is served by the main orientation of a project (True), or by its others alone (False).
    """
    if framework is None:
        return Facet({}, {})
    read = partial(_axes, in_force, framework, is_main)
    return figures.unchanged(_kept, in_force, read, "axe", framework.state, is_main)


def _axes(in_force: Framework | None, framework: Framework, is_main: bool | None) -> Facet:
    nodes = document.kept(framework)
    served = figures.published(in_force, nodes).branch
    axes = [node for node in nodes if node.parent is None]
    labels = {node.orientation.code: f"{node.orientation.code}. {node.orientation.name}" for node in axes}
    members: dict[str, Set[int]] = {node.orientation.code: served[node.pk] for node in axes}
    if is_main is not None:
        mainly = figures.mainly_serving(in_force, nodes).branch
        members = {
            node.orientation.code: mainly[node.pk] if is_main else served[node.pk] - mainly[node.pk] for node in axes
        }
    elif not framework.is_beside and (without := figures.unlinked(in_force, nodes)):  # its list is of what serves it
        labels[WITHOUT], members[WITHOUT] = NO_LINK, without
    return Facet(labels, members, is_whole=True)


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
    leads = Organization.objects.order_by(InFrench("name"), "pk").values_list("pk", "name")
    first = ((lead, pk) for pk, _, _, _, lead, *_ in figures.rows(framework))
    beside = CoLead.objects.filter(project__in=Project.objects.published().order_by().values("pk"))
    return Facet.of(leads, chain(first, bare(beside.order_by().values_list("organization_id", "project_id"))))


def _years(framework: Framework | None) -> Facet:
    """The years that are offered, the last first; then what none of them holds."""
    breakdown = figures.years(framework, timezone.localdate())
    offered = [str(key) for key in breakdown.columns if str(key).isdecimal()]
    others = [str(key) for key in breakdown.columns if str(key) not in offered]
    labels = {key: breakdown.columns[key] for key in (*reversed(offered), *others)}
    return Facet(labels, {str(key): members for key, members in breakdown.members.items()})


def _communes(framework: Framework | None) -> Facet:
    located = _located(framework, (TerritoryKind.COMMUNE,))
    nowhere = figures.nowhere(framework)
    return Facet({**located.labels, WITHOUT: NO_PLACE}, {**located.members, WITHOUT: nowhere})


def _quarters(framework: Framework | None) -> Facet:
    """All priority quarters together, whatever their dates, then each quarter."""
    located, places = _located(framework, QUARTERS), figures.places(framework)
    priority = [pk for pk, territory in places.territories.items() if territory.kind == TerritoryKind.PRIORITY_QUARTER]
    together = NONE.union(*(places.members.get(pk, NONE) for pk in priority))
    return Facet({PRIORITY: PRIORITY_LABEL, **located.labels}, {PRIORITY: together, **located.members})


def _ends(framework: Framework | None) -> Facet:
    """The years in which projects end, the last first; those without an end have no choice."""
    ends = {pk: end for pk, (_, end) in figures.spans(framework).items() if end is not None}
    choices = [(year, f"En {year}") for year in sorted(set(ends.values()), reverse=True)]
    return Facet.of(choices, ((year, pk) for pk, year in ends.items()))


def _located(framework: Framework | None, kinds: Container[str]) -> Facet:
    places = figures.places(framework)
    shown = breakdowns.living_first(territory for territory in places.territories.values() if territory.kind in kinds)
    labels = {territory.code: territory.dated_name for territory in shown}
    return Facet(labels, {territory.code: places.members.get(territory.pk, NONE) for territory in shown})


def _schemes(framework: Framework | None) -> Facet:
    pairs = Project.schemes.through._base_manager.filter(project__in=Project.objects.published().values("pk"))
    codes = Scheme.objects.order_by(InFrench("code")).values_list("code", "code")
    return Facet.of(codes, bare(pairs.values_list("scheme__code", "project_id")))


READERS: dict[str, Callable[[Framework | None], Facet]] = {
    "nature": _kinds,
    "pst": _psts,
    "commune": _communes,
    "quartier": _quarters,
    "fin": _ends,
    "porteur": _leads,
    "annee": _years,
    "etat": _states,
    "dispositif": _schemes,
}
NAMES = ("axe", *READERS)
