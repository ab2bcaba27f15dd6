"""What is not there: the page says what was sought, and the ways on that are near it."""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from axes.addresses import orientation_address
from axes.models import Framework, Orientation
from cohesion.lib.queries import InFrench
from cohesion.lib.text import fold, hidden_character, squeeze, whole_number
from projects.catalogue.models import Project
from projects.territory.models import Territory

logger = logging.getLogger(__name__)

SHOWN = 40  # characters of what was sought
NEAR = 5  # ways on
_SOUGHT = re.compile(r"/(orientations|projets|territoires)/([^/]+)/?\Z|/cadre/([^/]+)/(?:orientations/([^/]+)/)?\Z")


@dataclass(frozen=True)
class Sought:
    """What an address named, in words, and what is near it: words and addresses. Only what anybody may read."""

    sentence: str
    words: str  # to search for
    ways: list[tuple[str, str]] = field(default_factory=list)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404. Without a database, or of an address that names nothing, the page only offers to search."""
    try:
        sought = _sought(request.path_info)
    except Error:
        logger.warning("Ce qui était cherché à %s ne se lit pas", request.path, exc_info=True)
        sought = None
    return render(request, "404.html", {"sought": sought}, status=404)


def _sought(path: str) -> Sought | None:
    match = _SOUGHT.match(path)
    if match is None or hidden_character(path):
        return None
    kind, named, version, code = match.groups()
    if version is not None and code is None:
        return _version(squeeze(version)[:SHOWN])
    return READERS[kind or "orientations"](squeeze(named or code)[:SHOWN])


def _orientation(code: str) -> Sought:
    """The orientations that stand above where the code would stand, the nearest first; the versions that have it."""
    above = [code[:end] for end in range(len(code) - 1, 0, -1)]
    in_force = Orientation.objects.in_force().filter(code__in=above).select_related("framework")
    known = {orientation.code: orientation for orientation in in_force}
    near = [known[prefix] for prefix in above if prefix in known]
    former = Orientation.objects.filter(framework__in=Framework.objects.public(), code=code).select_related("framework")
    ways = [(f"{orientation.badge} {orientation.name}", orientation_address(orientation)) for orientation in near]
    ways += [
        (f"{orientation.code} dans « {orientation.framework.name} »", orientation_address(orientation))
        for orientation in former
    ]
    return Sought(f"Aucune orientation du cadre en vigueur ne porte le code « {code} ».", code, ways[:NEAR])


def _project(named: str) -> Sought:
    """The projects whose code is that one, or begins so."""
    projects = Project.objects.published().filter(code__istartswith=named).order_by("code")[:NEAR]
    number = "le numéro" if whole_number(named) is not None else "le code"
    ways = [(f"{project.code} : {project.title}", project.get_absolute_url()) for project in projects]
    return Sought(f"Aucun projet public n’a {number} « {named} » pour adresse.", named, ways)


def _territory(named: str) -> Sought:
    """The territories of that name, or whose name begins so."""
    wanted = fold(named).replace("-", " ")
    known = Territory.objects.order_by(InFrench("name")).values_list("name", "code")
    near = [(name, code) for name, code in known if fold(name).replace("-", " ").startswith(wanted)]
    ways = [(name, reverse("projects:territory", args=[code])) for name, code in near[:NEAR]]
    return Sought(f"Aucun territoire ne porte le code « {named} ».", named, ways)


def _version(slug: str) -> Sought:
    public = Framework.objects.public()
    ways = [(version.name, reverse("axes:version", args=[version.slug])) for version in public[:NEAR]]
    return Sought(f"Aucun cadre public ne porte le nom « {slug} ».", "", ways)


READERS: dict[str, Callable[[str], Sought]] = {
    "orientations": _orientation,
    "projets": _project,
    "territoires": _territory,
}
