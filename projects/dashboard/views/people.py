"""For whom: people expected and reached, and the reports that say it."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from axes import document
from axes.http import Versions, public_page
from axes.subjects import subjects_of
from cohesion.lib import spreadsheets
from cohesion.lib.http import changed_address, paged
from cohesion.lib.spreadsheets import Column, Table, known_format
from cohesion.lib.text import small_initial
from projects.browsing.exports import FORMATS
from projects.browsing.reader import reader, reads_all
from projects.browsing.views.years import year_control
from projects.catalogue import publicity
from projects.catalogue.due import with_report_of
from projects.catalogue.models import Project
from projects.choices import MoneyItem
from projects.dashboard.files import files
from projects.dashboard.people_tables import GROUPS, PeopleReading, PeopleRow, by_class, sentence
from projects.figures import figures, people, reports
from projects.figures.addresses import REPORTED, list_address
from projects.figures.money import in_cell
from projects.figures.periods import Period
from projects.figures.reports import YearReports
from projects.members.public_names import open_table

PAGE = 50
GROUP = "par"
EACH = {MoneyItem.COST: "Coût par personne", MoneyItem.GRANTED: "Accordé par personne"}


@public_page
def people_page(request: HttpRequest, versions: Versions) -> HttpResponse:
    """People by class, then by orientation, commune, PST or organisation; the reports of the year, due and received.

    Officers and elected officials read exact numbers, and which reports are missing.
    """
    reading, group, ignored = _reading(request, versions)
    total = reading.total
    classes = by_class(reading, total.sum)
    context = {
        "framework": versions.in_force,
        **year_control(request, versions.in_force, reading.period),
        "total": total,
        "classes": classes,
        "says": sentence(classes),
        "groups": _groups(request, group),
        "group": GROUPS[group],
        "beside_only": len(figures.beside_only(versions.in_force, versions.beside, reading.keys)),
        "ignored": ignored,
        **paged(request, GROUPS[group].rows(reading), PAGE, anchor="detail"),
        "each": EACH.get(reading.item) if reading.item else "",
        "reports": _years(reading),
        "reads_all": reads_all(request),
        "missing": _missing(request, reading),
        "files": files(request, "projects:dashboard_people_export", "page", "manquants"),
    }
    return render(request, "dashboard/people.html", context)


@public_page
def export(request: HttpRequest, versions: Versions, format: str) -> HttpResponseBase:
    """The rows that the page shows with the same parameters, all pages together, with every class."""
    known_format(format, FORMATS)
    reading, group, _ = _reading(request, versions)
    chosen = GROUPS[group]
    columns = _columns(chosen.header, reading, exact=reads_all(request))
    table = Table.of("Personnes", columns, [*chosen.rows(reading), reading.total])
    table = table if reads_all(request) else open_table(table, chosen.header)
    table = table.speaking_of(subjects_of(versions.in_force))
    return spreadsheets.table_file(table, format, "personnes")


def _reading(request: HttpRequest, versions: Versions) -> tuple[PeopleReading, str, str]:
    """What the address asks; of how to group, what means nothing is set aside, and said."""
    raw, items = request.GET.get(GROUP, ""), publicity.readable_by(reader(request))
    framework = versions.in_force
    nodes = document.kept(framework)
    reading = PeopleReading.of(framework, nodes, Period.from_query(request.GET), items, exact=reads_all(request))
    group = raw if raw in GROUPS else next(iter(GROUPS))
    return reading, group, "" if raw in ("", group) else raw[:20]


def _groups(request: HttpRequest, chosen: str) -> list[tuple[str, str, bool]]:
    """Each way to group the rows, its address, whether it is the one; the first one is what nothing asks for."""
    first = next(iter(GROUPS))
    ways = []
    for key, group in GROUPS.items():
        address = changed_address(request, par="" if key == first else key, page=None, manquants=None)
        ways.append((group.label, f"{address}#detail", key == chosen))
    return ways


# --- reports ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class YearOfReports:
    """The reports of a year, with the lists that they open; ``missing_address`` is of those who may know which."""

    reports: YearReports
    address: str
    received_address: str
    missing_address: str


def _years(reading: PeopleReading) -> list[YearOfReports]:
    """The year that is asked, or each that is offered and has begun."""
    today = reading.period.today
    years = [reading.period.year] if reading.period.year is not None else []
    if not years:
        offered = figures.years(reading.in_force, today).columns
        years = [int(str(key)) for key in offered if str(key).isdecimal() and int(str(key)) <= today.year]
    rows = []
    for year in years:
        of_year = reports.of_year(reading.in_force, year, today)
        period = Period(year, today)
        missing = f"{reverse('projects:dashboard_people')}{period.suffix}#manquants"
        received = list_address(bilan=REPORTED, **period.filters)
        rows.append(YearOfReports(of_year, list_address(**period.filters), received, missing))
    return rows


def _missing(request: HttpRequest, reading: PeopleReading) -> dict[str, Any]:
    """The projects whose report of the year is not there, for those who read the instruction: the oldest day first."""
    if reading.reports is None or not reads_all(request):
        return {}
    projects = with_report_of(Project.objects.published().in_year(reading.reports.year), reading.reports.year)
    awaited = projects.filter(report_at=None).select_related("organization").order_by("report_due", "code_key", "pk")
    length = len(reading.reports.missing)
    return paged(request, awaited, PAGE, parameter="manquants", anchor="manquants", length=length)


# --- the file -----------------------------------------------------------------------------------------------


def _columns(header: str, reading: PeopleReading, *, exact: bool) -> list[Column]:
    """What the row is of, its projects, each class expected and reached, and what follows from them."""
    columns = [
        Column("Code", lambda row: row.node.orientation.code if row.node else "", 10),
        Column(header, lambda row: row.label, 50),
        Column("Projets", lambda row: row.projects, 9),
    ]
    for name, label in people.LABELS.items():
        columns.append(Column(f"Attendues, {small_initial(label)}", _expected(name), 14))
        columns.append(Column(f"Touchées, {small_initial(label)}", _reached(name), 14))
    columns += [
        Column("Touchées, d’après les bilans qui disent les quartiers", lambda row: row.sum.quarters_of, 14),
        Column("Bilans qui disent combien de personnes", lambda row: row.sum.reports, 14),
    ]
    if reading.item:
        columns.append(Column(f"{EACH[reading.item]} (€)", _each, 14))
    if reading.period.year:
        columns.append(Column("Bilans attendus", lambda row: row.owed, 10))
        columns.append(Column("Bilans reçus", lambda row: row.received, 10))
    counted = "tous" if exact else "sans ceux de moins de cinq"
    return [*columns, Column("Nombres comptés", lambda row: counted, 24)]


def _expected(name: str) -> Any:
    """Nothing where no declaration tells the class."""
    return lambda row: row.sum.expected[name] if row.sum.forecasts[name] else None


def _reached(name: str) -> Any:
    return lambda row: row.sum.reached[name] if row.sum.answers[name] else None


def _each(row: PeopleRow) -> float | None:
    return in_cell(None if row.cents is None else round(row.cents))
