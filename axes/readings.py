"""A document that an officer brings, from its reading to the framework in preparation that is made of it.

The rows are kept as they are changed; nothing of a tree is written before the framework is made, at once and once.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from axes import numbering, reading, tree
from axes.choices import PriorityType
from axes.document import Node
from axes.levels import COLUMN_LEVELS, Level
from axes.models import DocumentReading, Framework, Orientation, Programme
from axes.models.programme import REFERENCE
from axes.preparing.starting import begin
from axes.reading import rows as reading_rows
from axes.reading.rows import ReadRow
from axes.reading.sources import Source
from cohesion.audit import AuditKind, record
from cohesion.imports.applying import BroughtFile, NotApplied, applied, keep, origin
from cohesion.lib.people import Person
from cohesion.lib.text import NBSP, capital, squeeze
from cohesion.together import states

PASTED = "texte collé"
NAME_LENGTH = 300
LABEL_LENGTH = 40  # of what a document prints before a wording: « Axe 1 : »
NOTHING_LEFT = "Aucune ligne n’est gardée dans le cadre : donnez un niveau à celles qui en sont."


@dataclass(frozen=True)
class TypedRow:
    """What an officer typed of a row; a line break in the title is where to cut it. ``label``,
    ``priority_type``: None keeps its own."""

    level: str
    title: str
    is_checked: bool
    is_merged: bool
    label: str | None = None
    priority_type: str | None = None


@dataclass(frozen=True)
class RowProblem:
    """A rule that a row would break: which row, and the sentence with its line."""

    key: int
    sentence: str


@dataclass(frozen=True)
class PlannedNode:
    """A row as the orientation that it would be, with its code; ``parent`` and ``applies_to`` are places among them."""

    row: ReadRow
    orientation: Orientation
    parent: int | None
    applies_to: list[int]


# Who knows the places that a priority may name: other applications, each once when it starts.
place_sources: list[Callable[[], Iterable[str]]] = []


def place_names() -> list[str]:
    return [name for source in place_sources for name in source()]


# --- bringing -------------------------------------------------------------------------------------------------


def bring(
    source: Source, data: bytes, filename: str, *, name: str, owner: Person, programme: Programme | None = None
) -> DocumentReading:
    """Read a document, and keep the rows that are proposed for its owner. Writes nothing of a framework.

    ``programme`` is that of the framework to make; None: the reference one.
    """
    proposal = reading.propose(source.blocks, source.headers, source.unit)
    title = name.strip() or proposal.title or filename.rsplit(".", 1)[0]
    rows = reading_rows.as_json(reading_rows.rows_of(proposal, place_names()))
    report: dict[str, Any] = {
        "table": {},
        "unit": source.unit,
        "headers": list(proposal.headers),
        "programme": programme.pk if programme else REFERENCE,
    }
    return keep(
        DocumentReading,
        BroughtFile(data, filename, owner),
        rows=rows,
        report=report,
        name=squeeze(title)[:NAME_LENGTH],
    )


# --- changing -------------------------------------------------------------------------------------------------


def state(rows: list[ReadRow]) -> states.State:
    """What a page shows of these rows, to be compared when its form comes back."""
    return {str(row.id): states.fingerprint(row) for row in rows}


def whole_state(document: DocumentReading) -> str:
    """All the rows, in their order, and the name: whether anything was changed at all."""
    return states.fingerprint([document.name, *enumerate(map(str, document.rows))])


def clashing(document: DocumentReading, typed: Mapping[int, TypedRow], seen: states.State) -> set[int]:
    """The rows that were changed elsewhere since the page was read, and are typed otherwise."""
    clashes = set()
    for row in reading_rows.from_json(document.rows):
        if (
            row.id in typed
            and seen.get(str(row.id)) != states.fingerprint(row)
            and with_typed(row, typed[row.id]) != row
        ):
            clashes.add(row.id)
    return clashes


def with_typed(row: ReadRow, typed: TypedRow) -> ReadRow:
    """A row as it was typed. What is decided by hand is no longer doubtful."""
    title = "\n".join(squeeze(line) for line in typed.title.splitlines() if line.strip()) or row.title
    level = typed.level if typed.level in Level.values or typed.level == "" else row.level
    return replace(
        row,
        title=title,
        label=row.label if typed.label is None else squeeze(typed.label)[:LABEL_LENGTH],
        level=level,
        is_checked=typed.is_checked or (row.is_checked and not row.doubt) or level != row.level,
        columns=row.columns if level in row.columns else [],
        applies_to=row.applies_to if typed.is_merged else [],
        priority_type=_type_of(row, level, typed.priority_type),
    )


def _type_of(row: ReadRow, level: str, typed: str | None) -> str:
    """Only what is closed has one; what a form does not say stays."""
    if not level or not Level(level).facts.is_closed:
        return ""
    return row.priority_type if typed is None or typed not in ("", *PriorityType.values) else typed


def _newly_checked(before: Iterable[dict[str, Any]], rows: list[ReadRow]) -> list[int]:
    checked = {row["id"] for row in before if row["is_checked"]}
    return [row.id for row in rows if row.is_checked and row.id not in checked]


@transaction.atomic
def change(
    document: DocumentReading,
    typed: Mapping[int, TypedRow],
    *,
    name: str,
    seen: states.State,
    act: str = "",
    key: int = 0,
    levels: Mapping[int, str] | None = None,
) -> DocumentReading:
    """Keep what was typed, then do one thing with the row ``key``: ``join``, ``like``, ``up`` or ``down``; or
    (``forms``) give their ``levels`` to the forms, each by the key of its first row.

    Raises:
        NotApplied: it is no longer to be changed.
        states.ChangedMeanwhile: a row was changed elsewhere, and differently.
    """
    document = DocumentReading.objects.select_for_update().get(pk=document.pk)
    if not document.is_ready:
        raise NotApplied(document.why_not)
    if clashing(document, typed, seen):
        raise states.ChangedMeanwhile(
            "Cette lecture a été modifiée ailleurs depuis que vous avez ouvert la page : rien n’a été enregistré. "
            "Relisez les lignes signalées, puis enregistrez de nouveau."
        )
    rows = reading_rows.from_json(document.rows)
    rows = [with_typed(row, typed[row.id]) if row.id in typed else row for row in rows]
    for key_of_first in _newly_checked(document.rows, rows):
        rows = reading_rows.vouched(rows, key_of_first)
    for row in [row for row in rows if "\n" in row.title]:
        rows = reading_rows.cut(rows, row.id, row.title.split("\n"))
    if act == "join":
        rows = reading_rows.joined(rows, key)
    elif act == "like":
        rows = reading_rows.levelled(rows, key)
    elif act == "forms":
        rows = reading_rows.mapped(rows, levels or {})
    elif act in ("up", "down"):
        rows = reading_rows.moved(rows, key, -1 if act == "up" else 1)
    document.rows = reading_rows.as_json(rows)
    document.name = squeeze(name)[:NAME_LENGTH] or document.name
    document.save(update_fields=["rows", "name"])
    return document


# --- making ---------------------------------------------------------------------------------------------------


def plan(rows: list[ReadRow]) -> list[PlannedNode]:
    """The orientations that the rows would make, in order, with the codes of their places."""
    parents, merged = reading_rows.parents_of(rows), reading_rows.merged_of(rows)
    numbers: dict[int, int] = {}  # place among the rows → among the nodes
    nodes: list[Node] = []
    planned: list[PlannedNode] = []
    for place, row in enumerate(rows):
        if not row.level:
            continue
        above = parents[place]
        parent = numbers[above] if above is not None else None
        orientation = Orientation(
            pk=len(nodes) + 1,
            level=row.level,
            label=row.label,
            title=row.title,
            columns=row.columns,
            priority_type=row.priority_type if Level(row.level).facts.is_closed else "",
            source_line=row.line,
        )
        orientation.parent = nodes[parent].orientation if parent is not None else None
        numbers[place] = len(nodes)
        nodes.append(Node(orientation, nodes[parent] if parent is not None else None))
        planned.append(PlannedNode(row, orientation, parent, [numbers[target] for target in merged[place]]))
    rooted = [node for node in nodes if Level(node.axis.orientation.level).facts.is_root]
    for proposal in numbering.propose(_depth_first(rooted)):
        proposal.node.orientation.code = proposal.new
    return planned


def _depth_first(nodes: list[Node]) -> list[Node]:
    """Each node before its children, these in their order: a merged cell stands after what stands before it."""
    for node in nodes:
        if node.parent is not None:
            node.parent.children.append(node)
    ordered: list[Node] = []
    for root in [node for node in nodes if node.parent is None]:
        ordered += [root, *root.descendants]
    return ordered


def problems(document: DocumentReading) -> list[RowProblem]:
    """Every rule that the framework would break, with the line; none: it may be made."""
    rows = reading_rows.from_json(document.rows)
    unit = capital(document.report.get("unit", "ligne"))
    out = [] if any(row.level for row in rows) else [RowProblem(0, NOTHING_LEFT)]
    for node in plan(rows):
        node.orientation.code = node.orientation.code or "0"
        try:
            tree.check_one(node.orientation)
        except ValidationError as error:
            where = f"{unit}{NBSP}{node.row.line}"
            for message in error.messages:  # each begins with the code, which nobody has seen yet
                words = message.removeprefix(node.orientation.code).lstrip(f"{NBSP}: ")
                out.append(RowProblem(node.row.id, f"{where}\u00a0: {words}"))
    return out


def create_framework(document: DocumentReading, *, by: Person) -> Framework:
    """Make the framework in preparation that the rows say, with its codes, in one transaction and once.

    Raises:
        NotApplied: it is somebody else's, was made already, or given up.
        ValidationError: a rule would be broken.
    """
    with applied(document, by, lock=tree.locked):
        breaches = problems(document)
        if breaches:
            raise ValidationError([breach.sentence for breach in breaches])
        programme = Programme.objects.filter(pk=document.report.get("programme")).first()
        framework = begin(
            name=document.name,
            programme=programme or Programme.objects.get(pk=REFERENCE),
            by=by,
            origin=document.filename,
        )
        headers = [squeeze(header)[:100] for header in document.report.get("headers", [])]
        if len(headers) == len(COLUMN_LEVELS) and all(headers):
            framework.column_titles = headers
            framework.full_clean()
            framework.save()
        roots = _new_nodes(plan(reading_rows.from_json(document.rows)))
        nodes = tree.load(framework, roots, by=by, reason=origin(document.filename, "")[:200])
        document.framework = framework
        document.save(update_fields=["framework"])
        after: dict[str, Any] = {"fichier": document.filename, "orientations": len(nodes)}
        record(AuditKind.IMPORT, on=framework, by=by, after=after)
    return framework


def _new_nodes(planned: list[PlannedNode]) -> list[tree.NewNode]:
    roots: list[tree.NewNode] = []
    made: list[tree.NewNode] = []
    names = ("code", "level", "label", "title", "columns", "priority_type", "source_line")
    for node in planned:
        values = {name: getattr(node.orientation, name) for name in names}
        targets = [planned[target].orientation.code for target in node.applies_to]
        new = tree.NewNode(values, applies_to=targets)
        (made[node.parent].children if node.parent is not None else roots).append(new)
        made.append(new)
    return roots
