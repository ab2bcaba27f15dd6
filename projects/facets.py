"""How many projects each choice of a filter has: one query a list of choices."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import Case, Count, F, Q, When

from axes.models import Framework, Orientation
from projects.choices import TerritoryKind
from projects.models import Contribution, Place, Project
from projects.models.project import ProjectQuerySet

PST_CHOICES = {"avec": "Dans un PST", "hors": "Hors PST"}
Rows = list[tuple[str, str, int]]  # value, label, number of projects


def by_axis(projects: ProjectQuerySet, framework: Framework | None) -> Rows:
    """Each axis is a tree of its own. Asked for one framework, SQLite would try each of its nodes with each project."""
    pairs = Contribution.objects.filter(project__in=projects.order_by().values("pk"))
    counts = dict(pairs.values_list("orientation__tree_id").annotate(number=Count("project", distinct=True)))
    axes = Orientation.objects.filter(framework=framework, parent=None).in_order()
    return [(axis.code, f"{axis.code}. {axis.name}", counts.get(axis.tree_id, 0)) for axis in axes]


def grouped(projects: ProjectQuerySet, field: str, labels: dict[Any, Any]) -> Rows:
    counts = dict(projects.order_by().values_list(field).annotate(number=Count("pk")))
    return [(str(value), str(label), counts[value]) for value, label in labels.items() if value in counts]


def by_scheme(projects: ProjectQuerySet) -> Rows:
    links = Project.schemes.through._base_manager.filter(project__in=projects.order_by().values("pk"))
    rows = links.values_list("scheme__code").annotate(number=Count("project")).order_by("scheme__code")
    return [(code, code, number) for code, number in rows]


def by_pst(projects: ProjectQuerySet) -> Rows:
    counts = {"avec": projects.filter(host__isnull=False).count(), "hors": projects.hors_pst().count()}
    return [(value, label, counts[value]) for value, label in PST_CHOICES.items()]


def by_place(projects: ProjectQuerySet, kinds: Iterable[str]) -> Rows:
    """Where projects act; a commune also holds what its quarters hold (as ``located_in`` has it)."""
    places = Place.objects.filter(project__in=projects.order_by().values("pk"))
    if TerritoryKind.COMMUNE in kinds:
        in_quarter = Q(territory__parent__kind=TerritoryKind.COMMUNE)
        places = places.filter(in_quarter | Q(territory__kind__in=kinds)).annotate(
            place_code=Case(When(in_quarter, then="territory__parent__code"), default="territory__code"),
            place_name=Case(When(in_quarter, then="territory__parent__name"), default="territory__name"),
        )
    else:
        places = places.filter(territory__kind__in=kinds).annotate(
            place_code=F("territory__code"), place_name=F("territory__name")
        )
    rows = places.values_list("place_code", "place_name").annotate(number=Count("project", distinct=True))
    return [(code, name, number) for code, name, number in rows.order_by("place_name")]


def by_lead(projects: ProjectQuerySet) -> Rows:
    rows = projects.order_by("organization__name").values_list("organization", "organization__name")
    return [(str(pk), name, number) for pk, name, number in rows.annotate(number=Count("pk"))]


def by_year(projects: ProjectQuerySet) -> Rows:
    """A project counts in every calendar year in which it runs for at least one day; without an end, it goes on."""
    counts: Counter[int] = Counter()
    rows = projects.filter(starts_on__isnull=False).order_by().values_list("starts_on", "ends_on")
    pairs = list(rows.annotate(number=Count("pk")))
    horizon = max(((end or start).year for start, end, _ in pairs), default=0)
    for start, end, number in pairs:
        for year in range(start.year, (end.year if end else horizon) + 1):
            counts[year] += number
    return [(str(year), str(year), counts[year]) for year in sorted(counts, reverse=True)]
