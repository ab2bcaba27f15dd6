"""An address that was cited leads on where what it names was renamed, or made one with another: its history tells.

Projects have their own (:mod:`projects.catalogue.addresses`), whose codes are given again and again. Here, one place
for all the rest: where nothing stands at an address any more, what stood there last is looked for, among what the
reader may know of.
"""

from collections.abc import Callable
from typing import Any, cast

from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import ResolverMatch, reverse

from axes.models import Framework
from cohesion.lib.http import ASK_AGAIN
from cohesion.lib.people import Visitor
from projects.catalogue.models import Project
from projects.members import mergers
from projects.members.models import Organization
from projects.members.public_names import legal_persons
from projects.territory.models import Territory

Rename = Callable[[str, Visitor], str | None]
PRIVATE = "no-store, private"


class LastingAddresses:
    """Asked of what is not found alone, and of who reads: it costs other requests nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        match = cast("ResolverMatch | None", request.resolver_match)
        if response.status_code != 404 or match is None or request.method not in ("GET", "HEAD"):
            return response
        return _moved(request, match) or response


def _moved(request: HttpRequest, match: ResolverMatch) -> HttpResponseBase | None:
    """To the same page of what bore that name."""
    for parameter, rename in _renames(match.view_name).items():
        if parameter not in match.kwargs:
            continue
        named = rename(str(match.kwargs[parameter]), cast("Visitor", request.user))
        if named is not None:
            address = reverse(match.view_name, kwargs={**match.kwargs, parameter: named})
            query = request.META.get("QUERY_STRING", "")
            answer = HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)
            answer.headers["Cache-Control"] = PRIVATE if request.user.is_authenticated else ASK_AGAIN
            return answer
    return None


def _renames(view_name: str) -> dict[str, Rename]:
    """What each parameter of an address may have been before."""
    if view_name in ("projects:territory", "projects:territory_paper", "api:territory"):
        return {"code": _territory}
    if view_name in ("projects:organization", "api:organization"):
        return {"pk": _organization, "numero": _legal_person}
    if view_name.startswith("axes:"):
        return {"slug": _framework}
    return {"cadre": _framework} if view_name.startswith("api:") else {}


def _last_of(history: Any, **name: str) -> list[int]:
    """The last one that bore a name, if any did."""
    return list(history.filter(**name).order_by("-history_id").values_list("id", flat=True)[:1])


def _territory(code: str, reader: Visitor) -> str | None:
    now = Territory.objects.filter(pk__in=_last_of(Territory.history, code=code)).exclude(code=code)
    return now.values_list("code", flat=True).first()


def _framework(slug: str, reader: Visitor) -> str | None:
    """Of one in preparation nobody learns the name but who may read it."""
    now = Framework.objects.filter(pk__in=_last_of(Framework.history, slug=slug)).exclude(slug=slug).first()
    is_known = now is not None and (now.is_public or reader.has_perm("axes.view_framework"))
    return now.slug if now is not None and is_known else None


def _organization(number: str, reader: Visitor) -> str | None:
    """The one that it was made one with, where anything of that is public: of the others nobody learns that they are.

    All mergers are read only for a structure that is no more: any number may be asked for.
    """
    if not Organization.history.filter(id=number, history_type="-").exists():
        return None
    into = next((merged.into for merged in mergers.merged() if str(merged.pk) == number), None)
    is_public = into is not None and Project.objects.published().led_by(into).exists()
    return str(into) if is_public else None


def _legal_person(number: str, reader: Visitor) -> str | None:
    """The same for the API, which names nobody who may be a person."""
    into = _organization(number, reader)
    return into if into is not None and legal_persons().filter(pk=into).exists() else None
