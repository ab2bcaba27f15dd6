"""The first address, the description, its page, and what answers where there is nothing."""

from functools import cache
from typing import Any, ClassVar

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from cohesion.lib.http import asked_again, base_url, etag, revalidated
from projects.api.description import operation
from projects.api.reference import groups
from projects.api.views.base import ApiView

DOORS = {
    "cadres": "frameworks",
    "projets": "projects",
    "rattachements": "links",
    "territoires": "territories",
    "structures": "organizations",
    "offres": "offers",
    "besoins": "needs",
    "couverture": "coverage",
    "montants": "money",
    "indicateurs": "results",
    "description": "schema",
}


class Root(ApiView):
    @operation("lireAccueil", "Les adresses de l’API", answer="Accueil", tag="Accueil")
    def get(self, request: Request) -> Response:
        own = {name: f"{self.site}{reverse(f'api:{door}')}" for name, door in DOORS.items()}
        return self.revalidated(lambda: Response(own))


class Nothing(ApiView):
    """Whatever is asked, there is nothing here: said as the API says it."""

    http_method_names: ClassVar[list[str]] = ["get", "post", "put", "patch", "delete", "head", "options"]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super(ApiView, self).initial(request, *args, **kwargs)  # counted as any other, whatever its parameters
        raise Http404

    def get(self, request: Request, **kwargs: str) -> Response:
        raise Http404

    post = put = patch = delete = get


@cache
def description(amounts: tuple[str, ...]) -> dict[str, Any]:
    """The description, made once: it says what the software does, and which ``amounts`` a setting shows."""
    made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return made


def described() -> dict[str, Any]:
    return description(tuple(settings.PUBLIC_AMOUNTS))


@require_safe
def schema(request: HttpRequest) -> HttpResponseBase:
    """The description, for programs."""

    def answer() -> HttpResponse:
        body = {**described(), "servers": [{"url": base_url(request)}]}
        return JsonResponse(body, json_dumps_params={"ensure_ascii": False, "indent": 1})

    return revalidated(request, etag(request, ("schema", *settings.PUBLIC_AMOUNTS)), answer)


@require_safe
def docs(request: HttpRequest) -> HttpResponseBase:
    """The description, for people: no script, and the look of the site."""
    context = {"description": described(), "groups": groups(described()), "site": base_url(request)}
    return asked_again(render(request, "api/docs.html", context))
