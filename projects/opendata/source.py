"""What the rows of the public tables are read from, once for a file."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Max, Q

from axes.http import Versions
from cohesion.lib.queries import InFrench
from cohesion.lib.spreadsheets.tables import Value
from projects.catalogue.models import Project
from projects.catalogue.models.project import ProjectQuerySet
from projects.choices import QUARTERS, TerritoryKind
from projects.territory.models import Territory

Row = list[Value]


def project_path(project: Project) -> str:
    """The address of its page on the site."""
    return project.get_absolute_url()


@dataclass(frozen=True)
class OpenSource:
    """The public versions of the frameworks, and the address of the site."""

    versions: Versions
    site: str

    @cached_property
    def projects(self) -> ProjectQuerySet:
        return Project.objects.published().order_by("code_key", "code")

    @cached_property
    def territories(self) -> dict[int, Territory]:
        """Those that pages show: the communes of the perimeter, the quarters, and wherever a public project acts."""
        inside = Q(kind=TerritoryKind.COMMUNE, is_in_perimeter=True) | Q(kind__in=QUARTERS)
        named = Territory.objects.filter(projects__in=Project.objects.published().order_by()).values("pk")
        parents = Territory.objects.filter(parts__in=named).values("pk")
        shown = Territory.objects.filter(inside | Q(pk__in=named) | Q(pk__in=parents))
        in_order = shown.select_related("parent").order_by("kind", InFrench("name"), "code")
        return {territory.pk: territory for territory in in_order}

    @cached_property
    def every_territory(self) -> dict[int, Territory]:
        return {territory.pk: territory for territory in Territory.objects.defer("outline")}

    @cached_property
    def territory_changes(self) -> dict[int, Any]:
        return dict(Territory.history.filter(id__in=self.territories).values_list("id").annotate(Max("history_date")))


def authority() -> str:
    return str(settings.SITE_AUTHORITY)
