"""``/calendrier/``: what comes when, month by month, and the same for the calendar of a phone."""

import datetime
from collections import Counter
from dataclasses import dataclass
from itertools import groupby

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from cohesion.lib import ics
from cohesion.lib.http import base_url, etag, revalidated, somebody
from cohesion.lib.people import Person, signed_in
from cohesion.lib.text import whole_number
from projects.agenda.events import KINDS, AgendaEvent, events, uid
from projects.agenda.feed import close_feed, open_feed, reader_of, token_of

COMING, AGO = datetime.timedelta(days=400), datetime.timedelta(days=400)


@dataclass(frozen=True)
class CalendarMonth:
    first: datetime.date
    events: list[AgendaEvent]


class AskedCalendar:
    """The part of the calendar that the address asks for: a kind, a year; without one, what is to come."""

    def __init__(self, request: HttpRequest, everything: list[AgendaEvent]) -> None:
        self.today = timezone.localdate()
        kind = request.GET.get("nature", "")
        self.kind = kind if kind in KINDS else ""
        self.years = sorted({event.day.year for event in everything})
        year = whole_number(request.GET.get("annee", ""))
        self.year = year if year in self.years else None
        self.everything = everything

    @property
    def in_time(self) -> list[AgendaEvent]:
        if self.year is not None:
            return [event for event in self.everything if event.day.year == self.year]
        return [event for event in self.everything if self.today <= event.day < self.today + COMING]

    @property
    def months(self) -> list[CalendarMonth]:
        kept = [event for event in self.in_time if self.kind in ("", event.kind)]
        by_month = groupby(kept, key=lambda event: event.day.replace(day=1))
        return [CalendarMonth(first, list(group)) for first, group in by_month]

    @property
    def kinds(self) -> list[tuple[str, int, str, bool]]:
        """The words of each kind that there is, how many, its address, and whether it is the one that is shown."""
        numbers = Counter(event.kind for event in self.in_time)
        return [
            (words, numbers[kind], self.address(kind=kind), kind == self.kind)
            for kind, words in KINDS.items()
            if numbers[kind] or kind == self.kind
        ]

    @property
    def times(self) -> list[tuple[str, str, bool]]:
        chosen = [("À venir", self.address(year=None), self.year is None)]
        return chosen + [(str(year), self.address(year=year), year == self.year) for year in self.years]

    def address(self, **changed: object) -> str:
        query = {"nature": changed.get("kind", self.kind), "annee": changed.get("year", self.year)}
        kept = {name: str(value) for name, value in query.items() if value}
        return f"{reverse('projects:calendar')}?{urlencode(kept)}" if kept else reverse("projects:calendar")


@require_safe
def calendar(request: HttpRequest) -> HttpResponseBase:
    """The list by month; whoever is logged in sees what concerns them too."""
    user = somebody(request)
    everything = events(user)

    def answer() -> HttpResponse:
        shown = AskedCalendar(request, everything)
        context = {"shown": shown, "whole": shown.address(kind=""), "feed": _own_address(request, user)}
        return render(request, "agenda/calendar.html", context)

    return revalidated(request, etag(request, (timezone.localdate(), *everything)), answer)


@require_safe
def public_file(request: HttpRequest) -> HttpResponseBase:
    """What anybody may know, for the calendar of a phone, which asks for it again every few hours."""
    everything = events(None)
    return revalidated(request, etag(request, everything), lambda: _file(request, everything))


@require_safe
def own_file(request: HttpRequest, token: str) -> HttpResponse:
    """What somebody may know, at an address that is a secret of theirs.

    Raises:
        Http404: it opens nothing, or does no more.
    """
    user = reader_of(token)
    if user is None:
        raise Http404("Ce calendrier n’existe pas, ou son adresse a été retirée.")
    response = _file(request, events(user))
    response.headers["Cache-Control"] = "no-store, private"
    return response


@require_POST
@login_required
def subscribe(request: HttpRequest) -> HttpResponse:
    """Open one's own calendar to a program, give it another address, or close it."""
    user = signed_in(request)
    if "close" in request.POST:
        close_feed(user)
        messages.success(request, "L’adresse de votre calendrier n’ouvre plus rien.")
    elif "open" in request.POST:
        open_feed(user)
        messages.success(
            request, "Votre calendrier a une nouvelle adresse ; s’il en avait une, elle n’ouvre plus rien."
        )
    return redirect(f"{reverse('projects:calendar')}#emporter")


def _own_address(request: HttpRequest, user: Person | None) -> str:
    token = token_of(user) if user is not None else ""
    return f"{base_url(request)}{reverse('projects:calendar_own_file', args=[token])}" if token else ""


def _file(request: HttpRequest, everything: list[AgendaEvent]) -> HttpResponse:
    since, site = timezone.localdate() - AGO, base_url(request)
    entries = (
        ics.CalendarEntry(
            uid(event, request.get_host()),
            event.when,
            event.title,
            event.detail,
            f"{site}{event.path}" if event.path else "",
        )
        for event in everything
        if event.day >= since
    )
    text = ics.calendar(
        entries, name="Cohésion sociale", maker="Cohésion sociale et territoriale", stamp=timezone.now()
    )
    return HttpResponse(text, content_type=ics.CONTENT_TYPE)
