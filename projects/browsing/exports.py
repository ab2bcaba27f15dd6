"""Projects as a table, for CSV, XLSX and ODS: their columns are those of :mod:`projects.catalogue.columns`."""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from itertools import islice
from typing import Any

from django.conf import settings
from django.db.models import BigIntegerField, Case, CharField, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils import timezone

from axes.choices import FrameworkStatus
from axes.models import Framework, Orientation
from axes.models.programme import REFERENCE
from axes.subjects import subjects_of
from cohesion.imports.columns import ColumnField
from cohesion.lib.queries import InFrench, Joined
from cohesion.lib.spreadsheets import Table
from projects.catalogue.cells import OUTSIDE
from projects.catalogue.columns import OF_PROGRAMME, PROJECTS
from projects.catalogue.listed import funders_of, measures_of, one_line, years_of
from projects.catalogue.models import (
    BudgetYear,
    CoLead,
    Contribution,
    FundingLine,
    Indicator,
    Partnership,
    Payment,
    Place,
    Project,
    Scheme,
)
from projects.catalogue.models.amounts import signed_amount
from projects.catalogue.models.project import ProjectQuerySet
from projects.choices import PUBLIC_STATUSES, FunderKind, MoneyItem, ProjectKind, TerritoryKind
from projects.figures.money import in_euros
from projects.members.models import Organization
from projects.members.public_names import hidden_names
from projects.territory.models import Territory

FORMATS = ("csv", "xlsx", "ods")
_FOR_PEOPLE = tuple(column for column in PROJECTS.columns if column.readonly)
_FOR_OFFICERS = tuple(column for column in PROJECTS.read_columns if column.is_by_setting or not column.is_public)
OFFICER_COLUMNS = (
    *(column for column in PROJECTS.read_columns if column not in _FOR_OFFICERS),
    *_FOR_OFFICERS,
    *_FOR_PEOPLE,
)
# In a sheet for people, after which column the names of what it holds stand.
BESIDE = {"secondary": "worded", "others": "named_places", "host": "host_title"}
# The columns whose total the page of a list says.
TOTALLED = {
    MoneyItem.COST: PROJECTS.by_attribute["total_cost"],
    MoneyItem.REQUESTED: PROJECTS.by_attribute["requested"],
    MoneyItem.GRANTED: PROJECTS.by_attribute["granted"],
    MoneyItem.PAID: PROJECTS.by_attribute["paid"],
    MoneyItem.COFUNDING: PROJECTS.by_attribute["obtained"],
}
# The last columns of every public file.
PAGE, CHANGED = PROJECTS.by_attribute["page"].header, PROJECTS.by_attribute["changed_on"].header
ELSEWHERE = "@"  # between a code and the framework that it is of, where that is not the one in force
COMMUNE = "|"  # before the code of a commune; no other place is written with one
BATCH = 2_000  # rows fetched at a time
LISTED = 500  # projects whose lists are asked at a time
LISTS = ("partners", "funders", "indicators", "budget_by_year")
# What a row says in the project's own fields, beside its plain values.
FIELDS = {
    "pk": "pk",
    "code": "code",
    "kind": "kind",
    "lead": "organization__name",
    "host_id": "host_id",
    "host": "host__code",
    "host_status": "host__status",
    "host_title": "host__title",
    "status": "status",
    "changed_on": "updated_at",
    "requested": "requested",
    "granted": "granted",
} | {name: name for name in PROJECTS.plain}
Row = dict[str, Any]


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


def _obtained() -> Subquery:
    """What others than the agglomération bring to a project; nothing where they bring nothing."""
    lines = FundingLine.objects.obtained().filter(project=OuterRef("pk")).order_by().values("project")
    return Subquery(lines.annotate(sum=Sum("brought")).values("sum"))


def _paid() -> Subquery:
    """What was paid of the grant of a project, less what came back; nothing where nothing was."""
    rows = Payment.objects.filter(grant__project=OuterRef("pk")).order_by().values("grant__project")
    return Subquery(rows.annotate(sum=Sum(signed_amount())).values("sum"))


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

    def words(self, keys: Iterable[int]) -> list[str]:
        in_order = sorted([self[key] for key in keys])
        return [words for _, words in in_order]


def rows_of(projects: ProjectQuerySet, *, base_url: str = "", is_complete: bool = False) -> Iterator[Row]:
    """The rows in their order, in one query: all of them tell the same moment, whoever writes meanwhile.

    What their keys stand for is read just before. ``is_complete``: with what officers alone read, which is asked a
    batch at a time. ``base_url`` is that of the site, for the address of each project.
    """
    links_of = _LinkWords(is_complete=is_complete)
    places_of = _PlaceWords()
    schemes = Known(Scheme.objects.order_by(InFrench("code")).values_list("pk", "code"))
    labels_of = cache(lambda labelled: schemes.words(_numbers(labelled)))
    leads = Known(Organization.objects.order_by(InFrench("name"), "pk").values_list("pk", "name"))
    joined = {**_keys(), "obtained": _obtained(), "paid": _paid()}
    names = (*FIELDS, *joined)
    values = projects.annotate(**joined).values_list(*FIELDS.values(), *joined).iterator(chunk_size=BATCH)
    rows = (dict(zip(names, project, strict=True)) for project in values)
    for row in _with_lists(rows) if is_complete else rows:
        if row["kind"] == ProjectKind.ACTION and row["host_id"] is None:
            row["kind"] = OUTSIDE
        if row["host_status"] not in PUBLIC_STATUSES:
            row["host_title"] = None
            row["host"] = row["host"] if is_complete else None
        row["objectives"], row["secondary"], row["worded"] = links_of.project(row["linked"])
        row["programmes"] = links_of.beside(row["linked"])
        row["communes"], row["others"], row["named_places"] = places_of.project(row["placed"])
        row["schemes"] = labels_of(row["labelled"])
        row["co_leads"] = leads.words(_numbers(row["beside"]))
        row["page"] = f"{base_url}{reverse('projects:detail', args=[row['code']])}"
        row["changed_on"] = day_of(row["changed_on"])
        yield row


def _counted(rows: Iterable[Row], cofunding: Mapping[int, int]) -> Iterator[Row]:
    for row in rows:
        cents = cofunding.get(row["pk"])
        row["obtained"] = in_euros(cents) if cents else None
        yield row


def _unnamed(rows: Iterable[Row]) -> Iterator[Row]:
    """As everybody's file has them: without the names of who may be somebody."""
    hidden = hidden_names()
    for row in rows:
        row["lead"] = "" if row["lead"] in hidden else row["lead"]
        row["co_leads"] = [name for name in row["co_leads"] if name not in hidden]
        yield row


class _LinkWords:
    """What the links of a project say: its objectives, the secondary ones among them, and all with their titles.

    Those to a framework that is being prepared are for officers (``is_complete``).
    """

    def __init__(self, *, is_complete: bool) -> None:
        self.codes = Known(Orientation.objects.in_order().values_list("pk", _code()))
        self.titles = Known(Orientation.objects.in_order().values_list("pk", _title()))
        self.ages = _ages()
        self.foreign, self.programmes = _left_out(is_complete=is_complete)

    def beside(self, linked: str | None) -> list[str]:
        """The orientations of the other programmes, the main one of each before its others."""
        keys = [key for key in _numbers(linked) if abs(key) in self.programmes]

        def place(key: int) -> tuple[int, str, bool, int]:
            order, slug, rank, _ = self.programmes[abs(key)]
            return order, slug, key > 0, rank

        return [self.programmes[abs(key)][3] for key in sorted(keys, key=place)]

    def project(self, linked: str | None) -> tuple[list[str], list[str], str]:
        keys = [key for key in _numbers(linked) if abs(key) not in self.foreign]
        main = [-key for key in keys if key < 0]
        others = sorted([key for key in keys if key > 0], key=lambda key: self.codes[key][0])
        if len(self.ages) > 1:
            main, others = self._newest(main), self._newest(others, beside=main)
        ordered = [*main, *others]
        worded = " | ".join([f"{self.codes[key][1]} {self.titles[key][1]}" for key in ordered])
        return self._codes(ordered), self._codes(others), worded

    def _codes(self, keys: list[int]) -> list[str]:
        return [self.codes[key][1] for key in keys]

    def _age(self, key: int) -> int:
        return self.ages.get(self.codes[key][1].partition(ELSEWHERE)[2], len(self.ages))

    def _newest(self, keys: list[int], beside: Iterable[int] = ()) -> list[int]:
        """Those of the newest framework that these orientations, and those ``beside``, are of."""
        newest = min([self._age(key) for key in (*keys, *beside)], default=0)
        return [key for key in keys if self._age(key) == newest]


def _left_out(*, is_complete: bool) -> tuple[set[int], dict[int, tuple[int, str, int, str]]]:
    """The orientations that the columns of the reference programme leave out: those of other programmes and, unless the
    file is complete, of what is being prepared; and of those in force their place, programme by programme, and their
    words."""
    ours = Q(framework__programme=REFERENCE)
    kept = ours if is_complete else ours & ~Q(framework__status=FrameworkStatus.DRAFT)
    own = ("pk", "framework__status", "framework__programme__order", "framework__programme__slug", "code")
    read = list(Orientation.objects.exclude(kept).in_order().values_list(*own))
    in_force = {
        pk: (order, slug, place, f"{slug}{OF_PROGRAMME}{code}")
        for place, (pk, status, order, slug, code) in enumerate(read)
        if status == FrameworkStatus.IN_FORCE
    }
    return {row[0] for row in read}, in_force


class _PlaceWords:
    """Where a project takes place: communes by their codes, other places, and all by their names."""

    def __init__(self) -> None:
        in_order = Territory.objects.order_by(InFrench("name"), "pk")
        self.places = Known(in_order.values_list("pk", _place()))
        self.names = Known(in_order.values_list("pk", "name"))
        self.project = cache(self._project)

    def _project(self, placed: str | None) -> tuple[list[str], list[str], str]:
        keys = _numbers(placed)
        words = self.places.words(keys)
        communes = [place.removeprefix(COMMUNE) for place in words if place.startswith(COMMUNE)]
        others = [place for place in words if not place.startswith(COMMUNE)]
        return communes, others, ", ".join(self.names.words(keys))


def _with_lists(rows: Iterator[Row]) -> Iterator[Row]:
    """Each row with the partners, the funders, the indicators and the years of its project, as a file lists them, and
    what is asked of the other funders together."""
    while batch := list(islice(rows, LISTED)):
        by_key = {row["pk"]: row | _nothing_listed() for row in batch}
        own = {"project__in": list(by_key)}
        known = Project.partners.through._base_manager.filter(**own).values_list("project_id", "organization__name")
        named = Partnership.objects.filter(**own, organization=None).values_list("project_id", "name")
        for pk, name in [*known.order_by(InFrench("organization__name")), *named]:
            by_key[pk]["partners"].append(one_line(name))
        for pk, funder in funders_of(FundingLine.objects.filter(**own)):
            by_key[pk]["funders"].append(str(funder))
        others = FundingLine.objects.filter(**own).exclude(kind=FunderKind.AGGLOMERATION).order_by()
        for pk, amount in others.values_list("project_id").annotate(asked_of_others=Sum("requested")):
            by_key[pk]["cofunding"] = amount
        for pk, measure in measures_of(Indicator.objects.filter(**own)):
            by_key[pk]["indicators"].append(str(measure))
        for pk, year in years_of(BudgetYear.objects.filter(**own)):
            by_key[pk]["budget_by_year"].append(year)
        yield from by_key.values()


def _nothing_listed() -> Row:
    return {"cofunding": None} | {name: [] for name in LISTS}


def _code() -> Case:
    """A code; with the framework where that is not the one in force of the reference programme."""
    named = Concat("code", Value(ELSEWHERE), "framework__slug", output_field=CharField())
    return Case(When(framework__in=Framework.objects.in_force().values("pk"), then=F("code")), default=named)


def _ages() -> dict[str, int]:
    """How old each framework is, by what follows its codes: nothing for the one in force, the newest."""
    others = Framework.objects.exclude(pk__in=Framework.objects.in_force().values("pk")).order_by("-ends_on", "-pk")
    return {"": 0} | {slug: age for age, slug in enumerate(others.values_list("slug", flat=True), 1)}


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


def day_of(moment: datetime.datetime | None) -> datetime.date | None:
    """The day of a change, by the clock of the site."""
    return timezone.localtime(moment).date() if moment else None


def public_columns() -> tuple[ColumnField, ...]:
    """What stands in files for everybody: what the import reads, then what people read."""
    return tuple(column for column in OFFICER_COLUMNS if column.is_public)


def columns_for_people() -> tuple[ColumnField, ...]:
    """The same, the names beside the codes: a sheet is read by its headers, whatever their order."""
    named = {PROJECTS.by_attribute[code].header: PROJECTS.by_attribute[name] for code, name in BESIDE.items()}
    columns: list[ColumnField] = []
    for column in public_columns():
        if column not in named.values():
            columns += [column, *filter(None, [named.get(column.header)])]
    return tuple(columns)


def table(
    projects: ProjectQuerySet,
    columns: Sequence[ColumnField] | None = None,
    *,
    base_url: str = "",
    total: Mapping[MoneyItem, Decimal] | None = None,
    cofunding: Mapping[int, int] | None = None,
) -> Table:
    """The projects in their order, read as the table is written, with the public columns unless others are given.

    ``base_url``: of the site, for the address of each project. ``total``: what the page of the list says of them, for
    whoever reads a sheet; the file of machines has none. ``cofunding``: what counts of what others bring, in cents by
    project, where the sums of a page leave what a PST says again of its parts.
    """
    rows = rows_of(projects, base_url=base_url or settings.BASE_URL, is_complete=columns is OFFICER_COLUMNS)
    if cofunding is not None:
        rows = _counted(rows, cofunding)
    totals = {TOTALLED[item].header: float(amount) for item, amount in (total or {}).items() if item in TOTALLED}
    rows = rows if columns is OFFICER_COLUMNS else _unnamed(rows)
    in_force = Framework.objects.in_force().select_related("programme").first()  # of whose codes the columns speak
    written = PROJECTS.table(rows, public_columns() if columns is None else columns, totals)
    return written.speaking_of(subjects_of(in_force))
