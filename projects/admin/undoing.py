"""After dates were given to many projects at once: what each had, kept for whoever did it, until it is given back."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html

from cohesion.lib.admin import admin_page
from cohesion.lib.people import signed_in
from cohesion.lib.text import count_phrase
from projects.catalogue.models import Project
from projects.instructing import bulk
from projects.instructing.changing import Dates, restore_dates

KEPT = "dates_before"  # in the session of whoever changed them: the screen, then key, version, start and end of each
MOST = 500  # projects whose dates are kept; of more, the history alone remembers
REASON = "Dates remises comme avant le changement groupé"


@dataclass(frozen=True)
class FormerDates:
    """A project as it is, and the dates that it had."""

    project: Project
    dates: Dates


class UndoingAdmin(admin.ModelAdmin):
    """A model admin of projects that gives back the dates of the last change to many."""

    def keep_dates(self, request: HttpRequest, lines: list[bulk.BulkLine]) -> bool:
        """Remember what these projects had before their dates were changed; not of too many."""
        former = {line.before.pk: line.before for line in lines}
        versions = Project.objects.filter(pk__in=former).values_list("pk", "version")
        if not former or len(former) > MOST:
            request.session.pop(KEPT, None)
            return False
        rows = [[key, version, _iso(former[key].starts_on), _iso(former[key].ends_on)] for key, version in versions]
        request.session[KEPT] = {"screen": self.opts.model_name, "rows": rows}
        return True

    def with_way_back(self, sentence: str) -> str:
        """What a change did, and the page where it is undone."""
        address = f"{reverse(f'admin:projects_{self.opts.model_name}_bulk')}?avant=1"
        return format_html('{} <a href="{}">Remettre leurs dates d’avant</a>', sentence, address)

    def undo_view(self, request: HttpRequest) -> HttpResponse:
        """Show the dates that would come back; give them back."""
        kept: Any = request.session.get(KEPT) or {}
        rows = kept["rows"] if kept.get("screen") == self.opts.model_name else []
        dates = {key: (_day(start), _day(end)) for key, _, start, end in rows}
        if request.method == "POST":
            return self._restored(request, {key: version for key, version, _, _ in rows}, dates)
        lines = [FormerDates(project, dates[project.pk]) for project in bulk.read_projects(list(dates))]
        context = {
            "lines": lines,
        }
        return admin_page(
            self,
            request,
            "projects/undo.html",
            f"Remettre les dates d’avant de {count_phrase(len(lines), 'projet')}",
            **context,
        )

    def _restored(self, request: HttpRequest, seen: dict[int, int], dates: dict[int, Dates]) -> HttpResponse:
        try:
            number = restore_dates(seen=seen, dates=dates, by=signed_in(request), reason=REASON) if seen else 0
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
        else:
            request.session.pop(KEPT, None)
            sentence = count_phrase(number, "projet a retrouvé ses dates", "projets ont retrouvé leurs dates")
            self.message_user(request, f"{sentence}." if number else "Ces dates sont déjà remises.", messages.SUCCESS)
        return HttpResponseRedirect(reverse(f"admin:projects_{self.opts.model_name}_changelist"))


def _iso(day: datetime.date | None) -> str:
    return day.isoformat() if day else ""


def _day(text: str) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None
