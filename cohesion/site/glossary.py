"""The page of the words that a visitor may not know."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cohesion.lib.glossary import groups


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/glossary.html", {"groups": groups()})
