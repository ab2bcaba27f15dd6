"""The council's own words, on the officers' desk: what is written there is found at once."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from axes.models import Framework
from cohesion.history import HistoryAdmin
from cohesion.lib.people import signed_in
from cohesion.lib.text import count_phrase
from projects.catalogue.admin.deletion import DeletionAdmin
from projects.search.searching import search
from projects.vocabulary.models import VocabularyLine
from projects.vocabulary.reading import terms_of

NOTHING = "la recherche ne trouve encore rien : vérifiez que le cadre ou un projet dit ce mot"


@admin.register(VocabularyLine)
class VocabularyLineAdmin(DeletionAdmin, HistoryAdmin):
    purpose = (
        "Ce que les gens d’ici écrivent, et ce que le site en dit : le nom du bus, d’un lieu, d’un service. La "
        "recherche les suit aussitôt, à côté du thésaurus du logiciel."
    )
    list_display = ("meaning", "typed", "tried")
    search_fields = ("meaning", "typed")
    actions = None
    fieldsets = (
        (
            "Les mots",
            {
                "fields": ("typed", "meaning"),
                "description": "Qui écrit les premiers trouve ce que le site dit du second, et lit pourquoi.",
            },
        ),
    )

    @admin.display(description="essayer")
    def tried(self, line: VocabularyLine) -> SafeString:
        term = terms_of(line.typed)[0]
        return format_html('<a href="{}">Chercher « {} »</a>', _address(term), term)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        self._show(request, obj)
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        self._show(request, obj)
        return super().response_change(request, obj)

    def _show(self, request: HttpRequest, line: VocabularyLine) -> None:
        """What whoever wrote a line finds by it, now."""
        framework = Framework.objects.in_force().first()
        if framework is None:
            return
        for term in terms_of(line.typed)[:3]:
            total = search(term, signed_in(request), framework, limit=1).total
            result = count_phrase(total, "résultat") if total else NOTHING
            self.message_user(request, format_html('<a href="{}">{}</a> : {}.', _address(term), term, result))


def _address(term: str) -> str:
    return f"{reverse('axes:search')}?{urlencode({'q': term})}"
