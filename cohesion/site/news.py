"""``/nouveautes/``: what changes for those who use the site, in their words, and whether somebody has read it."""

import datetime
import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cohesion.lib.http import etag, revalidated, somebody
from cohesion.lib.people import Person
from cohesion.models import User

FILE = settings.BASE_DIR / "fixtures" / "news.json"


@dataclass(frozen=True)
class NewsEntry:
    """What changed on a day, for whom, in a sentence or two."""

    day: datetime.date
    title: str
    text: str
    readers: str


@cache
def entries() -> list[NewsEntry]:
    """All of them, the latest first; the file goes with the software, and is read once a process."""
    listed = json.loads(FILE.read_text(encoding="utf-8"))
    kept = [
        NewsEntry(datetime.date.fromisoformat(line["day"]), line["title"], line["text"], line["readers"])
        for line in listed
    ]
    return sorted(kept, key=lambda entry: entry.day, reverse=True)


def unread(user: Person) -> int:
    """How many came since somebody read them; to whoever never did, since their account was opened."""
    since = user.news_read_on or timezone.localdate(user.date_joined)
    return sum(entry.day > since for entry in entries())


def context(request: HttpRequest) -> dict[str, Any]:
    """For the bar of whoever is logged in: their account says it, and no query is asked."""
    user = somebody(request)
    return {"unread_news": unread(user) if user is not None else 0}


@require_safe
def news(request: HttpRequest) -> HttpResponseBase:
    """All the news; to open the page is to have read them."""
    user, latest = somebody(request), max((entry.day for entry in entries()), default=None)
    number = unread(user) if user is not None else 0

    def answer() -> HttpResponse:
        return render(request, "pages/news.html", {"entries": entries(), "new": entries()[:number]})

    response = revalidated(request, etag(request, entries()), answer)
    if user is not None and request.method == "GET" and user.news_read_on != latest:
        User.objects.filter(pk=user.pk).update(news_read_on=latest)
    return response
