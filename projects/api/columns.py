"""The columns of files, as members of JSON: same names, same words, same rights; lists are lists, numbers numbers."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from axes.exchange.resource import ORIENTATIONS
from axes.levels import Level
from axes.vocabulary import PRIORITY_TYPE_WORDS
from cohesion.imports.columns import SEPARATOR, ColumnField, ListWidget
from cohesion.lib.spreadsheets.expected import Holds
from cohesion.lib.text import capital
from projects.api.problems import Errors
from projects.catalogue.cells import TYPES, kind_word
from projects.catalogue.columns import PROJECTS
from projects.choices import ProjectStatus, TerritoryKind
from projects.territory.columns import TERRITORIES

Schema = dict[str, Any]
TEXT, LIST, NUMBER, INTEGER, DAY = "text", "list", "number", "integer", "day"
LARGEST = 10**15  # a number beyond it is no amount, and not kept to the cent
WHOLE_NUMBERS = {"source_line", "population"}
# The words of the columns that have a closed list of them.
WORDS: Mapping[ColumnField, Sequence[str]] = {
    PROJECTS.by_attribute["kind"]: [kind_word(kind) for kind in TYPES.values()],
    PROJECTS.by_attribute["status"]: [str(status.label) for status in ProjectStatus],
    ORIENTATIONS.by_attribute["level"]: [level.word for level in Level],
    ORIENTATIONS.by_attribute["priority_type"]: ["", *PRIORITY_TYPE_WORDS.values()],
    TERRITORIES.by_attribute["kind"]: [str(kind.label) for kind in TerritoryKind],
}
MUST_BE = {
    TEXT: "un texte",
    LIST: "une liste de textes",
    NUMBER: "un nombre",
    INTEGER: "un nombre entier",
    DAY: "une date, comme 2026-09-01",
}


def kind_of(column: ColumnField) -> str:
    if isinstance(column.widget, ListWidget):
        return LIST
    if column.in_euros:
        return NUMBER
    if column.holds is Holds.DAYS or column.attribute == "changed_on":
        return DAY
    return INTEGER if column.attribute in WHOLE_NUMBERS else TEXT


def shown(columns: Iterable[ColumnField], row: Any) -> dict[str, Any]:
    """A row by the headings of its columns."""
    return {column.header: _json(column, column.value(row)) for column in columns}


def _json(column: ColumnField, value: Any) -> Any:
    kind = kind_of(column)
    if kind == LIST:
        return str(value).split(SEPARATOR) if value else []
    if value is None or value == "":
        return "" if kind == TEXT else None
    if isinstance(value, datetime.date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


def schema_of(column: ColumnField) -> Schema:
    """What the description of the API says of a column."""
    kind, words = kind_of(column), WORDS.get(column)
    types: dict[str, Schema] = {
        TEXT: {"type": "string"},
        LIST: {"type": "array", "items": {"type": "string", "pattern": r"^[^|\n]*$"}},
        NUMBER: {"type": ["number", "null"], "minimum": 0},
        INTEGER: {"type": ["integer", "null"], "minimum": 0},
        DAY: {"type": ["string", "null"], "format": "date"},
    }
    schema = dict(types[kind])
    if words and kind == TEXT:
        schema["enum"] = list(words)
    notes = [capital(column.help_text)] if column.help_text else []
    if column.is_by_setting:
        notes.append("Public selon un réglage du site.")
    elif not column.is_public:
        notes.append("Pour qui en a le droit.")
    if notes:
        schema["description"] = " ".join(f"{note.rstrip('.')}." for note in notes)
    return schema


def cell_of(column: ColumnField, value: Any) -> Any:
    """A member of JSON as the cell that a file would have.

    Raises:
        ValueError: it is of another type: a French sentence.
    """
    kind = kind_of(column)
    if value is None and kind != LIST:
        return ""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if kind == LIST and isinstance(value, list) and all(isinstance(item, str) for item in value):
        if any(SEPARATOR in item or "\n" in item for item in value):
            raise ValueError("Un élément d’une liste n’a ni barre verticale ni retour à la ligne.")
        return SEPARATOR.join(value)
    if kind == NUMBER and is_number and abs(value) < LARGEST:
        return float(value)
    if kind == INTEGER and isinstance(value, int) and is_number:
        return str(value)
    if kind == DAY and isinstance(value, str) and _is_day(value):
        return value
    if kind == TEXT and isinstance(value, str):
        return value
    raise ValueError(f"Donnez {MUST_BE[kind]}.")


def _is_day(text: str) -> bool:
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def values_of(columns: Iterable[ColumnField], body: Mapping[str, Any]) -> tuple[dict[str, Any], Errors]:
    """What a body says of these columns, read as a file is: values by attribute, and what cannot be read."""
    values: dict[str, Any] = {}
    errors: Errors = {}
    for column in columns:
        if column.header not in body:
            continue
        try:
            values[str(column.attribute)] = column.widget.clean(cell_of(column, body[column.header]))
        except ValueError as error:
            errors[column.header] = [str(error)]
    return values, errors


def unknown(body: Mapping[str, Any], known: Iterable[str]) -> Errors:
    """The members that mean nothing here: a slip would else be lost without a word."""
    names = sorted(known)
    sentence = f"Ce champ n’existe pas ici. Les champs sont : {', '.join(names)}."
    return {name[:80]: [sentence] for name in body if name not in names}
