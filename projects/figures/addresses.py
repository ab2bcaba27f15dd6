"""The addresses that figures lead to: the list of projects speaks the same parameters everywhere."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.http import urlencode

from axes.models import Framework
from projects.choices import TerritoryKind
from projects.figures.periods import Period
from projects.territory.models import Territory

# A column of :func:`projects.figures.breakdowns.by_kind`, or a choice of filter, as the list of projects asks for it.
KINDS = {
    "pst": {"nature": "pst"},
    "prh": {"nature": "prh"},
    "action": {"nature": "action"},
    "hosted": {"nature": "action", "pst": "avec"},
    "hors": {"nature": "action", "pst": "hors"},
}
REPORTED = "recu"  # the value of the filter ``bilan``: the report of the year that is asked was handed in


def named(framework: Framework) -> dict[str, str]:
    """How addresses name a framework whose orientations they speak of: not at all, where it is the one that the site
    means by itself."""
    return {} if framework.is_reference else {"cadre": framework.slug}


def list_address(**parameters: str | int | None) -> str:
    """The list of projects with these parameters; those that say nothing are left out."""
    kept = {name: value for name, value in parameters.items() if value}
    return f"{reverse('projects:list')}?{urlencode(kept)}" if kept else reverse("projects:list")


def coverage_address(framework: Framework, period: Period) -> str:
    """Who serves a framework, and where, in a year."""
    parameters = {**named(framework), **({"annee": period.value} if period.value else {})}
    return f"{reverse('projects:coverage')}?{urlencode(parameters)}" if parameters else reverse("projects:coverage")


def served_address(code: str, period: Period) -> str:
    """The projects that serve an orientation, or what follows from it, in a year."""
    return list_address(orientation=code, **period.filters)


def served_communes_address(filters: Mapping[str, str | int], period: Period) -> str:
    """The communes that have a project, alone, of the same year and kind."""
    parameters = {name: str(value) for name, value in filters.items() if name != "annee"}
    parameters |= {"annee": period.value} if period.value else {}
    return f"{reverse('projects:territories')}?{urlencode({**parameters, 'montrer': 'servies'})}#tableau"


def projects_as_it_stood(past: Framework, period: Period, **parameters: str) -> str:
    """The projects of the evening for which a framework stands, in a year: ``period`` is of that evening."""
    path = reverse("axes:projects_as_it_stood", args=[past.slug, f"{past.evening:%Y-%m-%d}"])
    kept = {name: value for name, value in {"annee": period.value, **parameters}.items() if value}
    return f"{path}?{urlencode(kept)}" if kept else path


def place_parameters(territory: Territory) -> dict[str, str]:
    """How the list of projects names a territory."""
    if territory.kind == TerritoryKind.COMMUNE:
        return {"commune": territory.code}
    if territory.kind in (TerritoryKind.PRIORITY_QUARTER, TerritoryKind.SENSITIVE_ZONE):
        return {"quartier": territory.code}
    return {"territoire": territory.code}
