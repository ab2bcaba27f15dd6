"""Projects as a table: the columns declared once, for CSV, XLSX and ODS. No money: it is public only in totals."""

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from itertools import islice
from operator import attrgetter
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import BigIntegerField, Case, CharField, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils import timezone

from axes.choices import FrameworkStatus
from axes.models import Framework, Orientation
from cohesion.lib.joined import Joined
from cohesion.lib.queries import InFrench
from cohesion.lib.spreadsheets import Column, Table
from projects.catalogue.listed import funders_of, measures_of, one_line
from projects.catalogue.models import CoLead, Contribution, FundingLine, Indicator, Partnership, Place, Project, Scheme
from projects.catalogue.models.project import ProjectQuerySet
from projects.choices import PUBLIC_STATUSES, ProjectKind, ProjectStatus, TerritoryKind
from projects.members.models import Organization
from projects.territory.models import Territory

FORMATS = ("csv", "xlsx", "ods")
PAGE, CHANGED = "page_du_site", "derniere_modification"  # the last columns of every public file
ELSEWHERE = "@"  # between a code and the framework that it is of, where that is not the one in force
COMMUNE = "|"  # before the code of a commune; no other place is written with one
BATCH = 2_000  # rows fetched at a time
LISTED = 500  # projects whose lists are asked at a time
Lists = tuple[str, str, str]
NO_LISTS: Lists = ("", "", "")
KINDS = dict(ProjectKind.choices)
STATES = dict(ProjectStatus.choices)
FIELDS = (
    *("code", "title", "kind", "organization__name", "starts_on", "ends_on", "host_id", "host__code", "host__status"),
    *("summary", "description", "status", "total_cost", "host__title", "updated_at"),
)


class ExportLine(NamedTuple):
    """What is said of a project: its own fields, then what other tables say of it, each as one text."""

    code: str
    title: str
    kind: str
    organization: str
    starts_on: datetime.date | None
    ends_on: datetime.date | None
    host: int | None
    host_code: str | None
    host_status: str | None
    summary: str
    description: str
    status: str
    total_cost: Decimal | None
    host_title: str | None
    changed_at: datetime.datetime
    pk: int
    objectives: str  # the main one first
    secondary: str
    worded: str  # the objectives, each with its title
    communes: str
    others: str
    named: str  # all places, by their names
    schemes: str
    co_leads: str
    partners: str  # what follows is for officers alone
    funders: str
    indicators: str


def _keys() -> dict[str, Joined]:
    """What other tables say of a project, as keys: the key of the main orientation is written negative.

    Keys alone: what they stand for is a few hundred rows, and joined to each project they took the database most of
    its time.
    """
    own = {"project": OuterRef("pk")}
    links = Contribution.objects.filter(**own)
    marked = Case(
        When(is_main=True, then=-F("orientation_id")), default=F("orientation_id"), output_field=BigIntegerField()
    )
    schemes = Project.schemes.through._base_manager.filter(**own)
    return {
        "linked": Joined(links.values(item=marked)),
        "placed": Joined(Place.objects.filter(**own).values(item=F("territory_id"))),
        "labelled": Joined(schemes.values(item=F("scheme_id"))),
        "beside": Joined(CoLead.objects.filter(**own).values(item=F("organization_id"))),
    }


class Known(dict[int, tuple[int, str]]):
    """What keys stand for: the place of each in the order of the file, and its words."""

    def __init__(self, rows: "QuerySet[Any, tuple[int, str]]") -> None:
        super().__init__((pk, (place, words)) for place, (pk, words) in enumerate(rows))
        self.rows = rows

    def __missing__(self, key: int) -> tuple[int, str]:
        """One that came between this reading and that of the projects."""
        ((_, words),) = self.rows.filter(pk=key)
        self[key] = len(self), words
        return self[key]

    def join_words(self, keys: Iterable[int]) -> str:
        return "|".join(self.ordered(keys))

    def ordered(self, keys: Iterable[int]) -> list[str]:
        """The words of these keys, in the order of the file."""
        known = sorted([self[key] for key in keys])
        return [words for _, words in known]


def _rows(projects: ProjectQuerySet, *, is_complete: bool = False) -> Iterator[ExportLine]:
    """The rows in their order, in one query: all of them tell the same moment, whoever writes meanwhile.

    What their keys stand for is read just before. ``is_complete``: with what officers alone read, which is asked a
    batch at a time.
    """
    orientations = Known(Orientation.objects.in_order().values_list("pk", _code()))
    titles = Known(Orientation.objects.in_order().values_list("pk", _title()))
    ages = _ages()
    places = Known(Territory.objects.order_by(InFrench("name"), "pk").values_list("pk", _place()))
    names = Known(Territory.objects.order_by(InFrench("name"), "pk").values_list("pk", "name"))
    schemes = Known(Scheme.objects.order_by(InFrench("code")).values_list("pk", "code"))

    def age(key: int) -> int:
        return ages.get(orientations[key][1].partition(ELSEWHERE)[2], len(ages))

    def coded(keys: list[int]) -> str:
        return "|".join([orientations[key][1] for key in keys])

    def objectives(linked: str | None) -> tuple[str, str, str]:
        keys = _numbers(linked)
        main = [-key for key in keys if key < 0]
        others = sorted([key for key in keys if key > 0], key=lambda key: orientations[key][0])
        if len(ages) > 1:
            main, others = _newest(main, age), _newest(others, age, beside=main)
        ordered = [*main, *others]
        worded = " | ".join([f"{orientations[key][1]} {titles[key][1]}" for key in ordered])
        return coded(ordered), coded(others), worded

    @cache
    def places_of(placed: str | None) -> tuple[str, str, str]:
        keys = _numbers(placed)
        place_words = places.ordered(keys)
        communes = [words.removeprefix(COMMUNE) for words in place_words if words.startswith(COMMUNE)]
        return (
            "|".join(communes),
            "|".join([words for words in place_words if not words.startswith(COMMUNE)]),
            ", ".join(names.ordered(keys)),
        )

    labels: Callable[[str | None], str] = cache(lambda labelled: schemes.join_words(_numbers(labelled)))
    leads = Known(Organization.objects.order_by(InFrench("name"), "pk").values_list("pk", "name"))
    keys = _keys()
    rows = projects.annotate(**keys).values_list("pk", *FIELDS, *keys).iterator(chunk_size=BATCH)
    for row, lists in _with_lists(rows) if is_complete else ((row, NO_LISTS) for row in rows):
        pk, *own, linked, placed, labelled, beside = row
        listings = (*objectives(linked), *places_of(placed), labels(labelled), leads.join_words(_numbers(beside)))
        yield ExportLine._make((*own, pk, *listings, *lists))


def _with_lists(rows: Iterator[Any]) -> Iterator[tuple[Any, Lists]]:
    """Each row with the partners, the funders and the indicators of its project, as a file lists them."""
    while batch := list(islice(rows, LISTED)):
        own = {"project__in": [row[0] for row in batch]}
        partners: dict[int, list[str]] = {}
        known = Project.partners.through._base_manager.filter(**own).values_list("project_id", "organization__name")
        named = Partnership.objects.filter(**own, organization=None).values_list("project_id", "name")
        for pk, name in [*known.order_by(InFrench("organization__name")), *named]:
            partners.setdefault(pk, []).append(one_line(name))
        funders: dict[int, list[str]] = {}
        for pk, funder in funders_of(FundingLine.objects.filter(**own)):
            funders.setdefault(pk, []).append(str(funder))
        indicators: dict[int, list[str]] = {}
        for pk, measure in measures_of(Indicator.objects.filter(**own)):
            indicators.setdefault(pk, []).append(str(measure))
        for row in batch:
            partnered, funded, measured = ("|".join(kept.get(row[0], ())) for kept in (partners, funders, indicators))
            yield row, (partnered, funded, measured)


def _code() -> Case:
    """A code; with the framework where that is not the one in force."""
    named = Concat("code", Value(ELSEWHERE), "framework__slug", output_field=CharField())
    return Case(When(framework__status=FrameworkStatus.IN_FORCE, then=F("code")), default=named)


def _ages() -> dict[str, int]:
    """How old each framework is, by what follows its codes: nothing for the one in force, the newest."""
    others = Framework.objects.exclude(status=FrameworkStatus.IN_FORCE).order_by("-ends_on", "-pk")
    return {"": 0} | {slug: age for age, slug in enumerate(others.values_list("slug", flat=True), 1)}


def _newest(keys: list[int], age: Callable[[int], int], beside: Iterable[int] = ()) -> list[int]:
    """Those of the newest framework that these orientations, and those ``beside``, are of."""
    newest = min([age(key) for key in (*keys, *beside)], default=0)
    return [key for key in keys if age(key) == newest]


def _place() -> Case:
    """A commune by its code, marked; another place by its name, or its code where a list would cut the name in two."""
    marked = Concat(Value(COMMUNE), "code")
    is_cut = Q(name__contains="|") | Q(name__contains=";")
    return Case(When(kind=TerritoryKind.COMMUNE, then=marked), When(is_cut, then=F("code")), default=F("name"))


def _title() -> Case:
    """The wording as pages show it, corrected where somebody did."""
    return Case(When(corrected_title="", then=F("title")), default=F("corrected_title"))


def _numbers(joined: str | None) -> list[int]:
    return [int(key) for key in joined.split("|")] if joined else []


def _kind(row: ExportLine) -> str:
    return "hors PST" if row.kind == ProjectKind.ACTION and row.host is None else KINDS[row.kind]


def _pst(row: ExportLine) -> str | None:
    """The code of its PST, unless that one is not public."""
    return row.host_code if row.host_status in PUBLIC_STATUSES else None


def _pst_title(row: ExportLine) -> str | None:
    return row.host_title if row.host_status in PUBLIC_STATUSES else None


def _cost(row: ExportLine) -> float | None:
    return None if row.total_cost is None else float(row.total_cost)


COLUMNS = (
    Column("code", attrgetter("code"), 14),
    Column("titre", attrgetter("title"), 60),
    Column("type", _kind, 10),
    Column("porteur", attrgetter("organization"), 30),
    Column("co_porteurs", attrgetter("co_leads"), 30),
    Column("objectifs", attrgetter("objectives"), 24),
    Column("objectifs_secondaires", attrgetter("secondary"), 24),
    Column("communes", attrgetter("communes"), 30),
    Column("autres_territoires", attrgetter("others"), 24),
    Column("date_debut", attrgetter("starts_on"), 12),
    Column("date_fin", attrgetter("ends_on"), 12),
    Column("pst", _pst, 14),
    Column("dispositifs", attrgetter("schemes"), 14),
    Column("resume", attrgetter("summary"), 60),
    Column("description", attrgetter("description"), 60),
    Column("statut", lambda row: STATES[row.status], 20),
)

# For officers: the money too, and the PST whatever its state.
OFFICER_COLUMNS = (
    *(replace(column, value=attrgetter("host_code")) if column.header == "pst" else column for column in COLUMNS),
    Column("budget", _cost, 14),
    Column("partenaires", attrgetter("partners"), 40),
    Column("financeurs", attrgetter("funders"), 40),
    Column("indicateurs", attrgetter("indicators"), 40),
)


def _for_readers(base_url: str) -> tuple[Column, ...]:
    """What people read beside the codes; the import knows these columns and leaves them (``TOLD`` of its columns)."""
    return (
        Column("objectifs_en_clair", attrgetter("worded"), 60),
        Column("lieux_en_clair", attrgetter("named"), 40),
        Column("pst_en_clair", _pst_title, 30),
        Column(PAGE, lambda row: f"{base_url}{reverse('projects:detail', args=[row.pk])}", 40),
        Column(CHANGED, lambda row: day_of(row.changed_at), 12),
    )


def day_of(moment: datetime.datetime | None) -> datetime.date | None:
    """The day of a change, by the clock of the site."""
    return timezone.localtime(moment).date() if moment else None


def table(projects: ProjectQuerySet, columns: Sequence[Column] = COLUMNS, *, base_url: str = "") -> Table:
    """The projects in their order, read as the table is written: what the import reads, then what people read.

    ``base_url``: of the site, for the address of each project.
    """
    rows = _rows(projects, is_complete=columns is OFFICER_COLUMNS)
    return Table.of("Projets", (*columns, *_for_readers(base_url or settings.BASE_URL)), rows)
