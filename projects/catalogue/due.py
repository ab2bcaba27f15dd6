"""When reports are due, as one column of a query: the report itself, reminders, agenda, desk and figures read it here.

``report_due`` is the day (None: nobody said one), ``report_at`` the moment at which it was handed in (None: not yet).
"""

import datetime
from typing import Any

from django.db.models import Case, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from projects.catalogue.models import Project

LAST_DAY = (6, 30)  # of the year after: six months (loi 2000-321, art. 10; the same in the agreements)
_CALL_SAYS = "declaration__campaign__report_due_on"


def with_report_of(projects: QuerySet[Project], year: int) -> QuerySet[Any]:
    """These projects with the two columns of the report of a year: due when it says, else when its call does, where it
    is of that year, else within six months of the end of the year."""
    by_call = Case(When(declaration__campaign__year=year, then=F(_CALL_SAYS)))
    of_year = FilteredRelation("reports", condition=Q(reports__year=year))
    return projects.annotate(of_year=of_year).annotate(
        report_due=Coalesce("of_year__due_on", by_call, Value(datetime.date(year + 1, *LAST_DAY))),
        report_at=F("of_year__handed_at"),
    )


def with_last_report(projects: QuerySet[Project]) -> QuerySet[Any]:
    """These projects with the two columns of their last report: due when it says, else when their call does."""
    last = Project.objects.filter(pk=OuterRef("pk")).order_by("-reports__year")
    return projects.annotate(
        report_due=Coalesce(Subquery(last.values("reports__due_on")[:1]), F(_CALL_SAYS)),
        report_at=Subquery(last.values("reports__handed_at")[:1]),
    )


def is_late(today: datetime.date) -> Q:
    """Of either: due since a day that is over, and not handed in."""
    return Q(report_due__lt=today, report_at=None)
