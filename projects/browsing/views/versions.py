"""Any two versions of the framework, or any two of its days, compared orientation by orientation."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from axes.comparing import Kind, NodeRow, TreeComparison
from axes.http import Versions, public_page
from axes.models import Framework
from axes.pdf.comparison import comparison_pdf
from axes.subjects import programme_of
from cohesion.lib.http import changed_address, file_answer, paged
from cohesion.lib.spreadsheets import Column, Subject, Table, known_format, table_file
from projects.browsing import compared, sides
from projects.browsing.compared import ComparedRow, StateLine
from projects.browsing.reader import reader
from projects.browsing.sides import AskedSide, Side

Response = TypeVar("Response", bound=HttpResponseBase)
SIDES = ("de", "a")
PAGE = 200
FORMATS = ("xlsx", "ods", "csv", "pdf")
FORMER_AXIS = "avant-"  # before the code of a root that is dropped


@dataclass(frozen=True)
class VersionsReading:
    """What an address asks: both sides and, where both mean something, what differs. ``versions``: those that may be
    chosen; ``is_private``: one of the sides is in preparation."""

    versions: list[Framework]
    pair: list[AskedSide]
    comparison: TreeComparison | None
    kind: Kind | None
    axis: str
    ignored: list[str]

    @property
    def former(self) -> Side:
        return self._side(0)

    @property
    def latter(self) -> Side:
        return self._side(1)

    def _side(self, place: int) -> Side:
        side = self.pair[place].side
        if side is None:
            raise Http404("Choisissez deux versions à comparer.")
        return side

    @property
    def is_private(self) -> bool:
        return any(each.side.present.is_draft for each in self.pair if each.side)

    @property
    def is_of_one_programme(self) -> bool:
        return self.former.present.programme_id == self.latter.present.programme_id

    @property
    def is_comparable(self) -> bool:
        """Whether orientations go on from the one to the other: two programmes are each another's."""
        return self.comparison is not None and self.is_of_one_programme and not self.comparison.shares_nothing


def _read_sides(request: HttpRequest, versions: Versions) -> VersionsReading:
    reads_drafts = reader(request).has_perm("axes.view_framework")
    known = [*versions]
    if reads_drafts:
        known += Framework.objects.select_related("programme").exclude(pk__in=[version.pk for version in versions])
    pair = [sides.asked_side(request.GET.get(side, ""), known, reads_drafts=reads_drafts) for side in SIDES]
    comparison = None
    if pair[0].side and pair[1].side:
        comparison = sides.compare(pair[0].side, pair[1].side)
    kind = next((kind for kind in Kind if kind.slug == request.GET.get("nature")), None)
    axis, ignored = request.GET.get("axe", ""), [side.refusal for side in pair if side.refusal]
    if comparison and axis not in _axes(comparison):
        if axis:
            ignored.append(f"Axe : « {axis[:20]} » ne désigne rien, voici tous les axes.")
        axis = ""
    if kind is None and request.GET.get("nature"):
        ignored.append(f"Nature : « {request.GET['nature'][:20]} » ne désigne rien, voici tout ce qui a changé.")
    return VersionsReading(known, pair, comparison, kind, axis, ignored)


def _slug(request: HttpRequest, side: str) -> str:
    return request.GET.get(side, "").partition(sides.AT)[0].strip()


def _axes(comparison: TreeComparison) -> dict[str, str]:
    """The roots that a page may be asked for: those of the new state, then those that were dropped."""
    axes = {node.code: node.title for node in comparison.after.nodes if node.parent is None}
    for node in comparison.before.nodes:
        if node.parent is None and not comparison.successors[node.key]:
            axes[f"{FORMER_AXIS}{node.code}"] = node.title
    return axes


def _of_axis(comparison: TreeComparison, axis: str) -> list[NodeRow]:
    """The rows of an axis, then and now; all of them without one."""
    if not axis:
        return list(comparison.rows)
    kept = []
    for row in comparison.rows:
        here, gone = comparison.roots(row)
        codes = {comparison.after.by_key[key].code for key in here}
        codes |= {f"{FORMER_AXIS}{comparison.before.by_key[key].code}" for key in gone}
        if axis in codes:
            kept.append(row)
    return kept


def _wanted(reading: VersionsReading, rows: list[NodeRow]) -> list[NodeRow]:
    """Those of a kind; without one, all that is not the same."""
    if reading.kind is not None:
        return [row for row in rows if reading.kind in row.kinds]
    return [row for row in rows if not row.is_same]


def _writing(reading: VersionsReading, versions: Versions, comparison: TreeComparison) -> compared.Writing:
    former, latter = reading.former, reading.latter
    has_dropped = comparison.numbers[Kind.DROPPED] > 0
    tallies = former.tallies(versions.in_force) if has_dropped else {}
    return compared.writing(comparison, former.orientations, latter.orientations, tallies)


@public_page
def compare(request: HttpRequest, versions: Versions) -> HttpResponse:
    """The form that asks for two states, and what differs between them."""
    chosen = _chosen_days(request)
    if chosen:
        return HttpResponseRedirect(chosen)
    reading = _read_sides(request, versions)
    context: dict[str, Any] = {"reading": reading, "versions": reading.versions, "asked": _controls(reading)}
    if reading.comparison is not None:
        comparison, axis_rows = reading.comparison, _of_axis(reading.comparison, reading.axis)
        page = paged(request, _wanted(reading, axis_rows), PAGE)
        rows = list(_writing(reading, versions, comparison).rows(page["page"].object_list))
        query = request.GET.urlencode(safe=",@")
        context |= {
            **page,
            "comparison": comparison,
            "former": reading.former,
            "latter": reading.latter,
            "rows": rows,
            "counts": list(_counts(request, axis_rows, reading)),
            "axis_choices": _axes(comparison),
            "files": [(name, f"{reverse('axes:compare_export', args=[name])}?{query}") for name in FORMATS],
            "without_kind": f"{changed_address(request, nature=None, page=None)}#lignes",
            "swapped": changed_address(request, de=reading.latter.value, a=reading.former.value, page=None, axe=None),
        }
    return _guarded(reading, render(request, "projects/versions.html", context))


def _guarded(reading: VersionsReading, response: Response) -> Response:
    """What is in preparation stays out of every cache."""
    if reading.is_private:
        response.headers["Cache-Control"] = "no-store, private"
    return response


def _chosen_days(request: HttpRequest) -> str:
    """The address that means what the form says with its two days apart; nothing where it says none."""
    if not any(request.GET.get(f"{side}_le") for side in SIDES):
        return ""
    changes: dict[str, str | None] = {"de_le": None, "a_le": None}
    for side in SIDES:
        day = request.GET.get(f"{side}_le", "").strip()
        changes[side] = f"{_slug(request, side)}{sides.AT}{day}" if day else _slug(request, side)
    return changed_address(request, **changes)


def _controls(reading: VersionsReading) -> list[tuple[str, str, AskedSide]]:
    labels = ("Version d’avant", "Version d’après")
    return list(zip(SIDES, labels, reading.pair, strict=True))


def _counts(
    request: HttpRequest, rows: list[NodeRow], reading: VersionsReading
) -> Iterator[tuple[str, int, str, bool]]:
    """Each kind: its words, how many rows, the address that shows them, whether they are shown."""
    for kind in Kind:
        number = sum(kind in row.kinds for row in rows)
        yield kind.label, number, changed_address(request, nature=kind.slug, page=None), kind == reading.kind


# --- the files --------------------------------------------------------------------------------------------------


@public_page
def export(request: HttpRequest, versions: Versions, format: str) -> HttpResponseBase:
    """All the rows that the page would show, on a sheet or on paper."""
    known_format(format, FORMATS)
    reading = _read_sides(request, versions)
    if reading.comparison is None:
        raise Http404("Choisissez deux versions à comparer.")
    rows = list(_of_axis(reading.comparison, reading.axis))
    if reading.is_comparable:
        rows = _wanted(reading, rows)
    written = _writing(reading, versions, reading.comparison).rows(rows)
    name = f"comparaison-{reading.former.value}-{reading.latter.value}".replace(sides.AT, "-")
    if format == "pdf":
        paper = _paper(reading, list(written))
        return _guarded(reading, file_answer(paper, "application/pdf", f"{name}.pdf"))
    table = Table.of("Comparaison", COLUMNS, written).speaking_of(_subjects(reading))
    return _guarded(reading, table_file(table, format, name))


def _subjects(reading: VersionsReading) -> Iterator[Subject]:
    """Whose versions are compared, and which they are."""
    former, latter = reading.former, reading.latter
    yield programme_of(latter.present)
    if former.present.programme_id != latter.present.programme_id:
        yield replace(programme_of(former.present), header="programme_avant", label="Programme d’avant")
    yield Subject("version_avant", former.value, "Version d’avant", f"{former.plain_name} ({former.facts})")
    yield Subject("version_apres", latter.value, "Version d’après", f"{latter.plain_name} ({latter.facts})")


def _joined(lines: list[StateLine], name: str) -> str:
    return " | ".join(getattr(line, name) for line in lines)


COLUMNS = [
    Column("nature", lambda row: row.kind_words, 24),
    Column("code_avant", lambda row: _joined(row.before, "code"), 12),
    Column("code_apres", lambda row: _joined(row.after, "code"), 12),
    Column("niveau_avant", lambda row: _joined(row.before, "level"), 22),
    Column("niveau_apres", lambda row: _joined(row.after, "level"), 22),
    Column("place_avant", lambda row: _joined(row.before, "path"), 22),
    Column("place_apres", lambda row: _joined(row.after, "path"), 22),
    Column("texte_avant", lambda row: _joined(row.before, "wording"), 60),
    Column("texte_apres", lambda row: _joined(row.after, "wording"), 60),
    Column("autres_changements", lambda row: " ".join(_others(row)), 40),
    Column("projets_de_ce_qui_disparait", lambda row: row.served, 14),
]


def _others(row: ComparedRow) -> list[str]:
    texts = [f"{text.name}\u00a0: « {text.before} », puis « {text.after} »." for text in row.texts[row.is_reworded :]]
    return [*([row.move] if row.move else []), *row.facts, *texts]


def _paper(reading: VersionsReading, rows: list[ComparedRow]) -> bytes:
    former, latter = reading.former, reading.latter
    moments = [side.present.updated_at for side in (former, latter)]
    counts = [(kind.label, number) for kind, number in _numbers(rows)]
    return comparison_pdf(
        (former.plain_name, former.facts),
        (latter.plain_name, latter.facts),
        counts,
        rows,
        is_comparable=reading.is_comparable,
        moment=max(moments),
    )


def _numbers(rows: list[ComparedRow]) -> Iterator[tuple[Kind, int]]:
    for kind in Kind:
        number = sum(kind in row.kinds for row in rows)
        if number:
            yield kind, number
