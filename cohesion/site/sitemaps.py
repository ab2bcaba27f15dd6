"""The public pages, for crawlers."""

import datetime
from functools import cached_property
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps import views as sitemap_views
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse

from axes.models import Framework, Orientation
from projects.catalogue.models import Project
from projects.opendata.datasets import DATASETS
from projects.territory.models import Territory


class CountedSitemap(Sitemap):
    """How many addresses there are is asked once, whoever wants to know."""

    @cached_property
    def paginator(self) -> Paginator:
        items: Any = self.items()
        return Paginator(items, self.limit)


class PageSitemap(CountedSitemap):
    """The pages that stand whatever the framework; those that show it bear its date."""

    SHOWING_THE_FRAMEWORK = (
        *("home", "axes:cadre", "projects:coverage", "projects:offers"),
        *("projects:list", "projects:territories", "projects:dashboard"),
    )
    OTHERS = (
        "projects:open_data",
        "api:docs",
        "projects:calendar",
        "legal",
        "accessibility",
        "privacy",
        "plan",
        "glossary",
        "news",
    )

    def items(self) -> list[str]:
        return [*self.SHOWING_THE_FRAMEWORK, *self.OTHERS]

    def location(self, item: str) -> str:
        return reverse(item)

    def lastmod(self, item: str) -> datetime.datetime | None:
        return self.framework_date if item in self.SHOWING_THE_FRAMEWORK else None

    @cached_property  # a sitemap is made for a request
    def framework_date(self) -> datetime.datetime | None:
        return Framework.objects.in_force().values_list("updated_at", flat=True).first()


class OrientationSitemap(CountedSitemap):
    """Every orientation of the framework in force."""

    def items(self) -> QuerySet[Any]:
        return Orientation.objects.in_force().in_order().values_list("code", "updated_at")

    def location(self, item: tuple[str, datetime.datetime]) -> str:
        return reverse("axes:orientation", args=[item[0]])

    def lastmod(self, item: tuple[str, datetime.datetime]) -> datetime.datetime:
        return item[1]


class ProjectSitemap(CountedSitemap):
    """The sheet of every published project."""

    def items(self) -> QuerySet[Any]:
        return Project.objects.published().order_by("pk").values_list("code", "updated_at")

    def location(self, item: tuple[str, datetime.datetime]) -> str:
        return reverse("projects:detail", args=[item[0]])

    def lastmod(self, item: tuple[str, datetime.datetime]) -> datetime.datetime:
        return item[1]


class TerritorySitemap(CountedSitemap):
    """The page of every commune of the perimeter, and of every quarter."""

    def items(self) -> QuerySet[Any]:
        shown = Territory.objects.communes().in_perimeter() | Territory.objects.quarters()
        return shown.order_by("code").values_list("code", flat=True)

    def location(self, item: str) -> str:
        return reverse("projects:territory", args=[item])


class DataSitemap(CountedSitemap):
    """The page of every public table."""

    def items(self) -> list[str]:
        return [dataset.address for dataset in DATASETS]

    def location(self, item: str) -> str:
        return item


KINDS = {
    "pages": PageSitemap,
    "orientations": OrientationSitemap,
    "projets": ProjectSitemap,
    "territoires": TerritorySitemap,
    "donnees": DataSitemap,
}


def sitemap(request: HttpRequest) -> TemplateResponse:
    """All the addresses in one file, or, beyond what one may hold, the list of the files of each kind."""
    kinds: dict[str, Any] = {name: kind() for name, kind in KINDS.items()}
    if sum(kind.paginator.count for kind in kinds.values()) <= Sitemap.limit:
        return sitemap_views.sitemap(request, kinds)
    return sitemap_views.index(request, kinds, sitemap_url_name="sitemap_section")


def section(request: HttpRequest, section: str) -> TemplateResponse:
    """The addresses of one kind, so many at a time."""
    kinds: dict[str, Any] = {**KINDS}
    return sitemap_views.sitemap(request, kinds, section=section)
