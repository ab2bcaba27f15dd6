"""What was decided lately, for whoever reads feeds: an entry each time that a project is retained, or closed."""

import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from axes.http import Versions, public_page
from projects.catalogue.models import Project, TransitionLog
from projects.choices import ProjectStatus

LAST = 50  # entries
TELLING = (ProjectStatus.RETAINED, ProjectStatus.PARTLY_RETAINED, ProjectStatus.CLOSED)


class DecisionsFeed(Feed):
    """The last entries, the newest first; of published projects alone."""

    feed_type = Atom1Feed

    def title(self) -> str:
        return f"{settings.SITE_NAME} – ce qui est décidé"

    def subtitle(self) -> str:
        return "Les projets que l’agglomération retient, et ceux qui s’achèvent."

    def link(self) -> str:
        return reverse("projects:dashboard")

    def items(self) -> QuerySet[TransitionLog]:
        steps = TransitionLog.objects.filter(target__in=TELLING, project__in=Project.objects.published())
        return steps.select_related("project__organization").order_by("-at", "-pk")[:LAST]

    def item_title(self, item: Any) -> str:
        return f"{ProjectStatus(item.target).label}\u00a0: {item.project.title}"

    def item_description(self, item: Any) -> str:
        return f"{item.project.organization.name}. {item.project.summary}".strip()

    def item_link(self, item: Any) -> str:
        return item.project.get_absolute_url()

    def item_guid(self, item: Any) -> str:
        return f"{self.item_link(item)}#{item.pk}"

    def item_updateddate(self, item: Any) -> datetime.datetime:
        return item.at


@public_page
def decisions(request: HttpRequest, versions: Versions) -> HttpResponseBase:
    return DecisionsFeed()(request)
