"""The state of an evening as a file: the framework with who served each orientation, and the projects as they were."""

from collections.abc import Collection, Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from axes.http import Versions, public_page
from axes.models import Orientation
from axes.pdf import framework_pdf
from axes.subjects import subjects_of
from axes.views import private
from cohesion.lib import spreadsheets
from cohesion.lib.dates import plain_date
from cohesion.lib.http import file_answer
from cohesion.lib.spreadsheets import Column, Subject, Table, known_format
from projects.browsing.exports import FORMATS
from projects.browsing.reader import reads_all
from projects.browsing.views.as_it_stood import Evening, PastRow, named_keys, past_rows, read_evening, shows_granted
from projects.figures import figures
from projects.figures.money import in_cell
from projects.members.public_names import file_name

PDF = "pdf"
CODE, TITLE, WORDS = 12, 60, 24  # widths


@public_page
def orientations_file(request: HttpRequest, versions: Versions, slug: str, day: str, format: str) -> HttpResponseBase:
    """Each orientation as it stood, with how many projects served it where anything is known of these; as PDF, the
    table of the document."""
    evening = _evening(request, versions, slug, day, format, (*FORMATS, PDF))
    if isinstance(evening, HttpResponse):
        return evening
    if format == PDF:
        paper = framework_pdf(evening.present, evening.past)
        name = f"cadre-{evening.present.slug}-au-{evening.day.isoformat()}.pdf"
        return private(evening.present, file_answer(paper, "application/pdf", name))
    columns: list[Column] = [
        Column("Code", lambda node: node.orientation.code, CODE),
        Column("Niveau", lambda node: node.orientation.level_label, WORDS),
        Column("Orientation", lambda node: node.orientation.title, TITLE),
    ]
    if evening.figures is not None:
        tallies = evening.figures.served.tallies
        columns += [
            Column("Projets, à ce niveau", lambda node: tallies[node.pk].direct, CODE),
            Column("Projets, avec ce qui en découlait", lambda node: tallies[node.pk].branch, CODE),
        ]
    return _file(evening, Table.of("Orientations", columns, evening.past.nodes), format, "cadre")


@public_page
def projects_file(request: HttpRequest, versions: Versions, slug: str, day: str, format: str) -> HttpResponseBase:
    """The projects of that evening that the reader may read by name."""
    evening = _evening(request, versions, slug, day, format, FORMATS)
    if isinstance(evening, HttpResponse):
        return evening
    if evening.figures is None:
        raise Http404("Rien n’est connu des projets de ce soir-là.")
    keys = named_keys(request, evening, evening.figures.state.projects.keys())
    rows = past_rows(evening, keys, shows_granted=shows_granted(request))
    columns = _columns(versions, evening, names_all=reads_all(request), has_granted=shows_granted(request))
    return _file(evening, Table.of("Projets", columns, rows), format, "projets")


def _evening(
    request: HttpRequest, versions: Versions, slug: str, day: str, format: str, formats: Collection[str]
) -> Evening | HttpResponse:
    known_format(format, formats)
    return read_evening(request, versions, slug, day)


def _columns(versions: Versions, evening: Evening, *, names_all: bool, has_granted: bool) -> list[Column]:
    places = _places(versions, evening)
    columns: list[Column] = [
        Column("Code", lambda row: row.project.code, CODE),
        Column("Intitulé", lambda row: row.project.title, TITLE),
        Column("Nature", lambda row: row.project.kind_label, WORDS),
        Column("Structure", (lambda row: row.lead) if names_all else _named_lead, TITLE),
        Column("État", lambda row: row.project.get_status_display(), WORDS),
        Column("Début", lambda row: row.project.starts_on, CODE),
        Column("Fin", lambda row: row.project.ends_on, CODE),
        Column("Orientation principale", lambda row: _codes(row.main), WORDS),
        Column("Autres orientations", lambda row: _codes(row.others), WORDS),
        Column("Lieux", lambda row: places.get(row.project.pk, ""), TITLE),
    ]
    if has_granted:
        columns.append(Column("Accordé", lambda row: in_cell(row.granted), CODE, in_euros=True))
    return columns


def _named_lead(row: PastRow) -> str:
    """Its structure, as the files of everybody name it."""
    return file_name(row.project.organization) if row.project.organization_id else ""


def _codes(orientations: list[Orientation]) -> str:
    return ", ".join(orientation.code for orientation in orientations)


def _places(versions: Versions, evening: Evening) -> Mapping[int, str]:
    """The names of the places of each project, by its key."""
    if evening.figures is None:
        return {}
    territories = figures.places(versions.in_force).territories
    named = {}
    for pk, project in evening.figures.state.projects.items():
        named[pk] = ", ".join(sorted(territories[place].name for place in project.places & territories.keys()))
    return named


def _file(evening: Evening, table: Table, format: str, name: str) -> HttpResponseBase:
    year = f"-{evening.period.year}" if evening.period.year else ""
    day = evening.day.isoformat()
    evenings = Subject("au_soir_du", day, "Au soir du", plain_date(evening.day))
    about = table.speaking_of([*subjects_of(evening.past.framework), evenings])
    file = spreadsheets.table_file(about, format, f"{name}-{evening.present.slug}-au-{day}{year}")
    return private(evening.present, file)
