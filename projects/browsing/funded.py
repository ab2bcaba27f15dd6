"""The filters of the list that are about money: by whom a project is funded, of what credits, for how many years.

They are those of the figures of :mod:`projects.figures.money`: a number of money leads to exactly its projects.
"""

from collections.abc import Callable, Collection
from typing import Any

from django.db.models import F, Q
from django.db.models.functions import ExtractYear

from projects.catalogue.models import FundingLine
from projects.catalogue.models.project import ProjectQuerySet
from projects.choices import FunderKind, FundingClass

LASTING = "plusieurs"
UNCLASSED = "non-precise"
CREDITS = {**dict(FundingClass.choices), UNCLASSED: "Crédits non précisés"}


def funded_by(projects: ProjectQuerySet, kinds: Collection[str]) -> ProjectQuerySet:
    """Those to which one of these kinds of funders brings something, the agglomération what it grants."""
    brought = Q(pk__in=FundingLine.objects.obtained().filter(kind__in=kinds).values("project"))
    ours = Q(granted__gt=0) if FunderKind.AGGLOMERATION in kinds else Q()
    return projects.filter(brought | ours)


def of_credits(projects: ProjectQuerySet, value: str) -> ProjectQuerySet:
    """Those that are granted, or obtain, something of a class of credits."""
    of_class = "" if value == UNCLASSED else value
    obtained = FundingLine.objects.obtained().filter(funding_class=of_class).values("project")
    ours = FundingLine.objects.filter(kind=FunderKind.AGGLOMERATION)
    granted = Q(granted__gt=0, pk__in=ours.filter(funding_class=of_class).values("project"))
    if value == UNCLASSED:
        granted = Q(granted__gt=0) & ~Q(pk__in=ours.exclude(funding_class="").values("project"))
    return projects.filter(Q(pk__in=obtained) | granted)


def lasting(projects: ProjectQuerySet, value: str) -> ProjectQuerySet:
    """Those that run in several calendar years: their amounts count whole in each. One without an end runs on."""
    is_over = Q(ends_on__isnull=False) & Q(begins=F("ends"))
    years = projects.annotate(begins=ExtractYear("starts_on"), ends=ExtractYear("ends_on"))
    return years.filter(starts_on__isnull=False).exclude(is_over)


FILTERS: dict[str, Callable[[ProjectQuerySet, Any], ProjectQuerySet]] = {
    "financeur": funded_by,
    "credits": of_credits,
    "duree": lasting,
}
