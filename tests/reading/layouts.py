"""The same document in other forms: outlines, other widths and blank lines, Word tables with merged cells."""

import io
import re
import textwrap
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import typst
from docx import Document

from axes.levels import COLUMN_LEVELS, Level
from tests.reading.truth import Plan, TrueNode

INDENT = 4


def depth(nodes: list[TrueNode], place: int) -> int:
    parent = nodes[place].parent
    return 0 if parent is None else 1 + depth(nodes, parent)


def outline(plan: Plan, form: str) -> str:
    """``depth`` and ``level`` are indented, ``numbered`` has « 1.2.1 », ``markdown`` has headings and items."""
    lines: list[str] = []
    counts: list[int] = []
    for place, node in enumerate(plan.nodes):
        deep = depth(plan.nodes, place)
        counts = [*counts[: deep + 1], *[0] * (deep + 1 - len(counts))]
        counts[deep] += 1
        words = node.text
        if form == "depth":
            lines.append(" " * INDENT * deep + words)
        elif form == "level":
            lines.append(" " * INDENT * node.level.rank + words)
        elif form == "numbered":
            lines.append(
                f"{'.'.join(map(str, counts))}{'.' if deep == 0 else ''} {words.removeprefix(node.label).strip()}"
            )
        elif form == "markdown":
            lines += ["", f"{'#' * (deep + 1)} {words}"] if not node.level.facts.is_closed else [f"- {words}"]
    return "\n".join(lines)


def wrapped(plan: Plan, width: int = 80) -> str:
    return "\n".join("\n".join(textwrap.wrap(line, width)) or "" for line in plan.text.splitlines())


def without_blanks(plan: Plan) -> str:
    return "\n".join(line for line in plan.text.splitlines() if line.strip())


def with_doubled_blanks(plan: Plan) -> str:
    return plan.text.replace("\n\n", "\n\n\n")


def with_joined_cells(plan: Plan) -> str:
    """The lines that are cells of one column under one parent run together."""
    lines = plan.text.splitlines()
    for before, after in zip(plan.nodes, plan.nodes[1:], strict=False):
        if before.level == after.level and before.parent == after.parent and after.level.facts.is_closed:
            first, second = lines[before.line - 1], lines[after.line - 1]
            if before.line != after.line and first.strip() and second.strip():
                lines[after.line - 1] = f"{first} {second}"
                lines[before.line - 1] = "\0"
    return "\n".join(line for line in lines if line != "\0")


def pdf(plan: Plan) -> bytes:
    """The text of the plan in proportional letters on sheets with a header and numbers."""
    lines = "\n\n".join(re.sub(r"([^\w\s])", r"\\\1", line) or "#v(6pt)" for line in plan.text.splitlines())
    header = f'header: [Document {plan.name}], footer: context counter(page).display("1 / 1", both: true)'
    return typst.compile(f"#set page({header})\n{lines}".encode())


# --- Word -----------------------------------------------------------------------------------------------------


def word_outline(plan: Plan) -> bytes:
    """Headings, items for what is closed, and a paragraph of prose under each root."""
    document = Document()
    document.add_heading(f"Document {plan.name}", 0)
    for place, node in enumerate(plan.nodes):
        deep = depth(plan.nodes, place)
        if node.level.facts.is_closed:
            document.add_paragraph(node.text, style="List Bullet")
        else:
            document.add_heading(node.text, deep + 1)
        if deep == 0:
            document.add_paragraph("Le diagnostic a montré des besoins nombreux. Les acteurs les ont confirmés.")
    return _bytes(document)


def _bytes(document: Any) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


@dataclass
class Cell:
    """A cell of the table: the nodes of one line, what stands at its right, where it is."""

    nodes: list[int]
    column: int
    width: int
    text: str = ""
    children: "list[Cell]" = field(default_factory=list)
    row: int = 0
    rows: int = 1


def word_table(plan: Plan, *, headers: bool = True, columns: tuple = COLUMN_LEVELS) -> bytes:
    """The plan as a Word table: a band for each root, merged cells, empty ones."""
    document = Document()
    if plan.name:
        document.add_paragraph(f"Document {plan.name}")
    table = document.add_table(rows=0, cols=len(columns))
    if headers:
        for cell, level in zip(table.add_row().cells, columns, strict=True):
            cell.text = str(level.label)
    for root in _cells(plan, columns):
        band = table.add_row().cells
        band[0].merge(band[-1]).text = root.text
        _fill(table, root.children)
    return _bytes(document)


def _cells(plan: Plan, columns: tuple) -> list[Cell]:
    lines: defaultdict[int, list[int]] = defaultdict(list)
    for place, node in enumerate(plan.nodes):
        lines[node.line].append(place)
    cells: dict[int, Cell] = {}
    roots = []
    for places in lines.values():
        first = plan.nodes[places[0]]
        covered = first.columns or [first.level.value]
        values = [level.value for level in columns]
        column = values.index(covered[0]) if covered[0] in values else -1
        cell = Cell(places, column, len(covered), " ".join(plan.nodes[place].text for place in places))
        cells |= dict.fromkeys(places, cell)
        if first.parent is None:
            roots.append(cell)
            continue
        merged = [other for other in cells[first.parent].children if first.applies_to and other.column == column]
        if len({id(cells[target]) for target in first.applies_to}) > 1 and merged:
            merged[0].text += f"\n{cell.text}"  # one merged cell holds both
            continue
        cells[first.parent].children.append(cell)
    return roots


def _fill(table, cells: list[Cell]) -> None:
    start = len(table.rows)
    total = sum(_height(cell) for cell in cells)
    for _ in range(total):
        table.add_row()
    _place(table, cells, start)


def _height(cell: Cell) -> int:
    narrow = [child.column for child in cell.children]
    stacked = [child for child in cell.children if child.column == min(narrow)]
    return max(1, sum(_height(child) for child in stacked))


def _place(table, cells: list[Cell], start: int) -> None:
    widest = min((cell.column for cell in cells), default=0)
    row = start
    for cell in cells:
        is_beside = cell.column != widest  # merged over all the rows of the others
        height = row - start if is_beside else _height(cell)
        top = start if is_beside else row
        target = table.cell(top, cell.column)
        if height > 1 or cell.width > 1:
            target = target.merge(table.cell(top + height - 1, cell.column + cell.width - 1))
        target.text = cell.text
        _place(table, cell.children, top)
        row += 0 if is_beside else height


PLAIN_TITLES = ("Défi", "Objectif", "Chantier", "Action")
BESIDE = {"Pilote": "Service des solidarités", "Échéance": "2028"}


def plain_table(plan: Plan) -> bytes:
    """A table without merged cells, whose headers name no level: what is as above is left empty, and two columns say
    who and when."""
    levels = {node.level for node in plan.nodes}
    columns = [level for level in COLUMN_LEVELS if level in levels]
    titles = [title for level, title in zip(COLUMN_LEVELS, PLAIN_TITLES, strict=True) if level in levels]
    document = Document()
    table = document.add_table(rows=0, cols=len(columns) + len(BESIDE))
    _write(table, [*titles, *BESIDE])
    row: dict[Level, str] = {}
    for before, node in zip([None, *plan.nodes], plan.nodes, strict=False):
        if node.parent is None:
            row = _flush(table, row, columns)
            cells = table.add_row().cells
            cells[0].merge(cells[-1]).text = node.text
            continue
        if before is None or node.level.rank <= before.level.rank:
            row = _flush(table, row, columns)
        row[node.level] = node.text
    _flush(table, row, columns)
    return _bytes(document)


def _flush(table: Any, row: dict[Level, str], columns: list[Level]) -> dict[Level, str]:
    if row:
        _write(table, [*(row.get(level, "") for level in columns), *BESIDE.values()])
    return {}


def _write(table: Any, texts: list[str]) -> None:
    for cell, text in zip(table.add_row().cells, texts, strict=True):
        cell.text = text
