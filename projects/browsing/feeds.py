"""What the feeds of the site share (Atom): who writes them, names that never change, and what an address narrows."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape

from axes.http import Versions
from axes.models import Orientation
from cohesion.lib.http import base_url
from cohesion.lib.text import xml_text
from projects.catalogue.models import Project
from projects.catalogue.models.project import ProjectQuerySet
from projects.members.public_names import file_name
from projects.territory.models import Territory

LAST = 50  # entries
_NAMES = uuid.UUID("6f2a9d5e-3c0b-5b57-9d6a-2b7d1f3b8a10")  # in which ours are made


def lasting_name(*parts: object) -> str:
    """The name of an entry, the same for ever: of what it tells, and of when that was first written, so that no other
    site has it. Neither the name of the site nor an address is in it."""
    return uuid.uuid5(_NAMES, "/".join(map(str, parts))).urn


def led_words(project: Project) -> str:
    """Who leads a project, unless it may be somebody, and what it is."""
    lead = file_name(project.organization)
    return f"{lead}. {project.summary}".strip() if lead else project.summary


class FeedQuestion:
    """What an address narrows: ``axe``, the code of an orientation of the widest level; ``commune``, that of a place.

    Raises:
        Http404: there is none of that code. A feed that is followed shall not become another one.
    """

    def __init__(self, request: HttpRequest, versions: Versions) -> None:
        self.site = base_url(request)
        self.address = f"{self.site}{request.get_full_path()}"
        axis, commune = request.GET.get("axe", ""), request.GET.get("commune", "")
        self.axis = self._axis(axis, versions) if axis else None
        self.place = Territory.objects.defer("outline").filter(code=commune).first() if commune else None
        if (axis and self.axis is None) or (commune and self.place is None):
            raise Http404("Ce flux n’existe pas : aucune orientation du premier niveau, ou aucun lieu, n’a ce code.")

    @staticmethod
    def _axis(code: str, versions: Versions) -> Orientation | None:
        return Orientation.objects.filter(framework=versions.in_force, parent=None, code=code).first()

    def narrow(self, projects: ProjectQuerySet) -> ProjectQuerySet:
        if self.axis is not None:
            projects = projects.serving(self.axis)
        return projects if self.place is None else projects.located_in([self.place])

    @property
    def suffix(self) -> str:
        """« – Évreux », after the title of the feed."""
        named = [self.axis.badge if self.axis else "", self.place.name if self.place else ""]
        return "".join(f" – {words}" for words in named if words)


class CleanFeed(Atom1Feed):
    """One character that XML has not would else take the whole feed away, with the entries of all the others."""

    def write(self, outfile: object, encoding: str) -> None:
        self.feed = _in_xml(self.feed)
        self.items = [_in_xml(item) for item in self.items]
        super().write(outfile, encoding)


def _in_xml(words: Mapping[str, Any]) -> dict[str, Any]:
    return {name: xml_text(value) if isinstance(value, str) else value for name, value in words.items()}


class PublicFeed(Feed):
    """The last entries, the newest first; all that it says may be read by anybody."""

    feed_type = CleanFeed
    language = "fr"
    heading = ""
    page = "home"

    def __init__(self, versions: Versions) -> None:
        self.versions = versions

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FeedQuestion:
        return FeedQuestion(request, self.versions)

    def title(self, obj: FeedQuestion) -> str:
        return f"{settings.SITE_NAME} – {self.heading}{obj.suffix}"

    def author_name(self) -> str:
        return str(settings.SITE_AUTHORITY)

    def feed_copyright(self) -> str:
        return str(settings.OPEN_DATA_LICENCE.name)

    def link(self, obj: FeedQuestion) -> str:
        return f"{obj.site}{reverse(self.page)}"

    def feed_url(self, obj: FeedQuestion) -> str:
        return obj.address

    def feed_guid(self, obj: FeedQuestion) -> str:
        return obj.address

    def item_link(self, item: Any) -> str:
        return str(self.item_path(item))

    def item_path(self, item: Any) -> str:
        raise NotImplementedError

    def item_description(self, item: Any) -> str:
        """A reader takes it for HTML: what is typed stays text."""
        return str(escape(self.item_words(item)))

    def item_words(self, item: Any) -> str:
        raise NotImplementedError

    def item_guid(self, item: Any) -> str:
        return lasting_name(*self.item_name(item))

    def item_name(self, item: Any) -> tuple[object, ...]:
        raise NotImplementedError

    def item_pubdate(self, item: Any) -> Any:
        return self.item_updateddate(item)

    def item_updateddate(self, item: Any) -> Any:
        raise NotImplementedError
