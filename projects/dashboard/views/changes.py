"""What changed: what began, was renewed and stopped from a year to another, what is newly served or no more."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from axes import adoption, document
from axes.adoption import Continuity
from axes.document import Node
from axes.http import Versions, public_page
from axes.models import Framework
from axes.subjects import subjects_of
from cohesion.lib.http import base_url, changed_address
from cohesion.lib.spreadsheets import Column, Table, known_format, table_file
from projects.browsing.exports import FORMATS
from projects.browsing.reader import reads_all
from projects.browsing.views.years import year_control
from projects.catalogue import publicity
from projects.catalogue.models import Project
from projects.choices import MoneyItem
from projects.dashboard.change_tables import SHOWN, ChangedProject, ChangeReading, addresses, served_address
from projects.dashboard.comparison import COMPARE, Comparison
from projects.dashboard.evening import read_evening
from projects.dashboard.files import files
from projects.dashboard.lasting import lasting_projects
from projects.figures import as_of, changes, figures, money
from projects.figures.addresses import place_parameters
from projects.figures.changes import Changes, Moved
from projects.figures.money import Cents, in_cell
from projects.members.public_names import open_table


@public_page
def changes_page(request: HttpRequest, versions: Versions) -> HttpResponse:
    """From a year to another, the year before unless another is asked; what was refused, to who reads the instruction.

    Who may not read what is granted reads the numbers alone.
    """
    framework, comparison = versions.in_force, Comparison.from_query(request.GET)
    nodes = document.kept(framework)
    is_agent = reads_all(request)
    shows_granted = is_agent or publicity.is_public(MoneyItem.GRANTED)
    control = year_control(request, framework, comparison.period, without=COMPARE)
    common = {
        "framework": framework,
        "waiting": len(figures.waiting(framework)),
        **control,
        "year_choices": control["year_choices"][:-1],  # all years compare with nothing
        "comparison": comparison,
        "others": _others(request, comparison, control["year_choices"][:-1]),
        "reads_all": is_agent,
        "shows_granted": shows_granted,
    }
    if comparison.evening is not None:
        first = as_of.first_evening()
        reading = None
        if first is not None and first <= comparison.evening:
            reading = read_evening(versions, comparison.period, comparison.evening, shows_granted=shows_granted)
        return render(request, "dashboard/evening.html", common | {"reading": reading, "first_evening": first})
    changed = changes.changes(framework, nodes, comparison.later, comparison.since)
    context = {
        **common,
        "changed": changed,
        "reading": ChangeReading.of(changed, _ordering(versions, shows_granted=shows_granted), most=SHOWN),
        "most": SHOWN,
        "addresses": addresses(changed),
        "lasting": lasting_projects(framework, comparison.later),
        "gained": [_moved(moved, changed) for moved in changed.gained],
        "lost": [_moved(moved, changed) for moved in changed.lost],
        "communes_gained": [_moved(moved, changed) for moved in changed.communes_gained],
        "communes_lost": [_moved(moved, changed) for moved in changed.communes_lost],
        "continuity": _continuity(framework, changed),
        "refused": list(_refused(changed)) if is_agent else [],
        "files": files(request, "projects:dashboard_changes_export"),
    }
    return render(request, "dashboard/changes.html", context)


def _continuity(framework: Framework | None, changed: Changes) -> Continuity | None:
    """What the framework that came since does not let compare; None where nothing stands in the way."""
    since = adoption.continuity(framework)
    return since if since.breaks_since(changed.since) else None


def _ordering(versions: Versions, *, shows_granted: bool) -> Cents:
    """What is granted, for who may read it: else the order of a list would tell it."""
    return changes.granted(versions.in_force) if shows_granted else money.NOTHING


def _others(
    request: HttpRequest, comparison: Comparison, choices: list[tuple[str, str, bool]]
) -> list[tuple[str, str, bool]]:
    """Each other year that is offered, the address of the page that compares with it, whether it is the one."""
    offered = {int(words) for words, _, _ in choices} | {comparison.other}
    year = comparison.period.year or 0
    others = sorted(offered - {year})
    chosen = comparison.other if comparison.evening is None else None
    return [(str(other), _compared_with(request, other, year), other == chosen) for other in others]


def _compared_with(request: HttpRequest, other: int, year: int) -> str:
    return changed_address(request, **{COMPARE: "" if other == year - 1 else str(other)})


def _refused(changed: Changes) -> "QuerySet[Project]":
    return changes.refused(changed.year).select_related("organization").order_by("code_key", "code")


@dataclass(frozen=True)
class MovedRow:
    """What is served in one of the two years alone, and the list of its projects in that year."""

    moved: Moved
    number: int
    cents: int
    address: str


def _moved(moved: Moved, changed: Changes) -> MovedRow:
    is_gained = moved.compared.after.number > 0
    counted = moved.compared.after if is_gained else moved.compared.before
    parameters = (
        {"orientation": moved.of.orientation.code} if isinstance(moved.of, Node) else place_parameters(moved.of)
    )
    year = changed.year if is_gained else changed.since
    return MovedRow(moved, counted.number, counted.cents, served_address(parameters, counted.projects, year))


# --- the file -----------------------------------------------------------------------------------------------


@public_page
def export(request: HttpRequest, versions: Versions, format: str) -> HttpResponseBase:
    """Every project of both years with what became of it, then the orientations and the communes gained and lost."""
    known_format(format, FORMATS)
    framework, comparison = versions.in_force, Comparison.from_query(request.GET)
    if comparison.evening is not None:
        raise Http404("L’état d’un soir ne s’exporte pas.")
    nodes = document.kept(framework)
    changed = changes.changes(framework, nodes, comparison.later, comparison.since)
    is_agent = reads_all(request)
    shows = is_agent or publicity.is_public(MoneyItem.GRANTED)
    reading = ChangeReading.of(changed, _ordering(versions, shows_granted=shows))
    lines = _lines(reading, base_url(request), refused=list(_refused(changed)) if is_agent else [])
    columns = [column for column in _columns(changed) if shows or not column.header.startswith(("accorde", "ecart"))]
    table = Table.of("Changements", columns if is_agent else [c for c in columns if c.header != "demande"], lines)
    table = table if is_agent else open_table(table, STRUCTURE)
    table = table.speaking_of(subjects_of(framework))
    return table_file(table, format, f"changements-{changed.since}-{changed.year}")


Line = dict[str, Any]
STRUCTURE = "structure"


def _columns(changed: Changes) -> list[Column]:
    """What a line says; amounts in euros, blank in a year in which a project does not run."""

    def column(header: str, width: int) -> Column:
        return Column(header, lambda line: line.get(header), width)

    before, after = str(changed.since), str(changed.year)
    widths = {
        "quoi": 12,
        "changement": 18,
        "code": 14,
        "intitule": 50,
        "nature": 18,
        STRUCTURE: 30,
        "date_debut": 12,
        "date_fin": 12,
        f"projets_{before}": 12,
        f"projets_{after}": 12,
        f"accorde_{before}": 14,
        f"accorde_{after}": 14,
        "ecart": 14,
        "demande": 14,
        "reconduit_de": 24,
        "servi": 20,
        "page": 40,
    }
    return [column(header, width) for header, width in widths.items()]


def _lines(reading: ChangeReading, site: str, *, refused: list[Project]) -> Iterator[Line]:
    changed = reading.changed
    for row in reading.everything():
        yield _project_line(row, changed, site)
    for project in refused:
        euros = None if project.requested is None else float(project.requested)
        yield _own_words("refusé", project, site) | {"demande": euros}
    for moved in (*changed.gained, *changed.lost, *changed.communes_gained, *changed.communes_lost):
        yield {**_moved_words(moved), **_moved_numbers(moved, changed)}


def _own_words(change: str, project: Project, site: str) -> Line:
    return {
        "quoi": "projet",
        "changement": change,
        "code": project.code,
        "intitule": project.title,
        "nature": project.kind_label,
        STRUCTURE: project.organization.name,
        "date_debut": project.starts_on,
        "date_fin": project.ends_on,
        "page": f"{site}{project.get_absolute_url()}",
    }


def _project_line(row: ChangedProject, changed: Changes, site: str) -> Line:
    amounts = {
        f"accorde_{changed.since}": in_cell(row.before),
        f"accorde_{changed.year}": in_cell(row.after),
        "ecart": in_cell(row.difference),
    }
    sources = "|".join(source.code for source in row.sources)
    return _own_words(row.change, row.project, site) | amounts | {"reconduit_de": sources}


def _moved_words(moved: Moved) -> Line:
    if isinstance(moved.of, Node):
        orientation = moved.of.orientation
        return {
            "quoi": "orientation",
            "code": orientation.code,
            "intitule": orientation.display_title,
            "nature": orientation.level_label,
        }
    return {"quoi": "commune", "code": moved.of.code, "intitule": moved.of.name, "nature": "Commune"}


def _moved_numbers(moved: Moved, changed: Changes) -> Line:
    before, after = moved.compared.before, moved.compared.after
    is_gained = after.number > 0
    return {
        "changement": "nouvellement servi" if is_gained else "plus servi",
        f"projets_{changed.since}": before.number,
        f"projets_{changed.year}": after.number,
        f"accorde_{changed.since}": in_cell(before.cents),
        f"accorde_{changed.year}": in_cell(after.cents),
        "ecart": in_cell(after.cents - before.cents),
        "servi": "" if is_gained else moved.otherwise.words,
    }
