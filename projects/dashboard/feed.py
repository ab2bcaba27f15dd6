"""What was decided lately, for whoever reads feeds: an entry each time that a project is retained, or closed."""

import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from axes.http import Versions, public_page
from projects.browsing.feeds import LAST, FeedQuestion, PublicFeed, led_words
from projects.catalogue.models import Project, TransitionLog
from projects.choices import ProjectStatus

TELLING = (ProjectStatus.RETAINED, ProjectStatus.PARTLY_RETAINED, ProjectStatus.CLOSED)


class DecisionsFeed(PublicFeed):
    """The last entries, the newest first; of published projects alone."""

    heading = "ce qui est décidé"
    subtitle = "Les projets que l’agglomération retient, et ceux qui s’achèvent."
    page = "projects:dashboard"

    def items(self, obj: FeedQuestion) -> QuerySet[TransitionLog]:
        steps = TransitionLog.objects.filter(target__in=TELLING, project__in=obj.narrow(Project.objects.published()))
        return steps.select_related("project__organization").order_by("-at", "-pk")[:LAST]

    def item_title(self, item: Any) -> str:
        return f"{ProjectStatus(item.target).label}\u00a0: {item.project.title}"

    def item_words(self, item: Any) -> str:
        return led_words(item.project)

    def item_path(self, item: Any) -> str:
        return item.project.get_absolute_url()

    def item_name(self, item: Any) -> tuple[object, ...]:
        return "étape", item.pk, item.at.timestamp()

    def item_updateddate(self, item: Any) -> datetime.datetime:
        return item.at


@public_page
def decisions(request: HttpRequest, versions: Versions) -> HttpResponseBase:
    return DecisionsFeed(versions)(request)
