"""Feeds for whoever follows from afar: the projects that become public, and the days on which a framework changed.

What is decided has its own, beside the dashboard (:mod:`projects.dashboard.feed`).
"""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Min, Q
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from axes import as_of
from axes.addresses import evening_address
from axes.http import Versions, public_page
from axes.models import Framework
from cohesion.lib.dates import plain_date
from cohesion.lib.text import NBSP, count_phrase
from projects.browsing.feeds import LAST, FeedQuestion, PublicFeed, led_words
from projects.catalogue.models import Project
from projects.choices import PUBLIC_STATUSES
from projects.opendata.source import project_path


class NewProjectsFeed(PublicFeed):
    """An entry a project, of the day when it became public."""

    heading = "les nouveaux projets"
    subtitle = "Les projets que l’agglomération a retenus, à mesure qu’ils sont publics."
    page = "projects:list"

    def items(self, obj: FeedQuestion) -> Any:
        first = Min("log__at", filter=Q(log__target__in=PUBLIC_STATUSES))
        projects = obj.narrow(Project.objects.published()).annotate(public_at=Coalesce(first, "created_at"))
        return projects.select_related("organization").order_by("-public_at", "-pk")[:LAST]

    def item_title(self, item: Any) -> str:
        return str(item.title)

    def item_words(self, item: Any) -> str:
        return led_words(item)

    def item_path(self, item: Any) -> str:
        return project_path(item)

    def item_name(self, item: Any) -> tuple[object, ...]:
        return "projet", item.pk, item.created_at.timestamp()

    def item_updateddate(self, item: Any) -> datetime.datetime:
        return item.public_at


@dataclass(frozen=True)
class ToldDay:
    """A day on which a public framework changed; ``since``: when the framework was first written."""

    framework: Framework
    day: as_of.DayOfChange
    since: datetime.datetime | None


class FrameworkFeed(PublicFeed):
    """An entry a day of change, of every framework in force."""

    heading = "les changements du cadre"
    subtitle = "Les jours où un cadre en vigueur a changé, avec l’adresse où le lire tel qu’il était ce soir-là."
    page = "axes:cadre"

    def items(self, obj: FeedQuestion) -> list[ToldDay]:
        standing = [version for version in self.versions if version.is_in_force]
        first = Framework.history.filter(id__in=[version.pk for version in standing]).values_list("id")
        since = dict(first.annotate(since=Min("history_date")))
        days = [
            ToldDay(version, day, since.get(version.pk))
            for version in standing
            for day in as_of.days_of_change(version)
        ]
        return sorted(days, key=lambda changes: changes.day.day, reverse=True)[:LAST]

    def item_title(self, item: ToldDay) -> str:
        return f"{item.framework.name}{NBSP}: changements du {plain_date(item.day.day)}"

    def item_words(self, item: ToldDay) -> str:
        number = item.day.orientations
        changes = [count_phrase(number, "orientation modifiée", "orientations modifiées")] if number else []
        changes += ["leur ordre"] if item.day.is_reordered else []
        changes += ["la présentation du cadre"] if item.day.is_itself else []
        return f"{', '.join(changes)}."

    def item_path(self, item: ToldDay) -> str:
        return evening_address(item.framework, item.day.day)

    def item_name(self, item: ToldDay) -> tuple[object, ...]:
        return "cadre", item.framework.pk, item.since.timestamp() if item.since else "", item.day.day

    def item_updateddate(self, item: ToldDay) -> datetime.datetime:
        return timezone.make_aware(datetime.datetime.combine(item.day.day, datetime.time()))


@public_page
def new_projects(request: HttpRequest, versions: Versions) -> HttpResponseBase:
    return NewProjectsFeed(versions)(request)


@public_page
def framework_changes(request: HttpRequest, versions: Versions) -> HttpResponseBase:
    return FrameworkFeed(versions)(request)
