"""The site's addresses and a page of nothing, which costs what any page costs."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

BARE_PATH = "/mesures/page-nue/"


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<!doctype html>")


urlpatterns = [path(BARE_PATH.removeprefix("/"), bare), path("", include("cohesion.urls"))]
