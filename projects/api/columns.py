"""The columns of files, as members of JSON: same names, same words, same rights; lists are lists, numbers numbers."""

import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from cohesion.imports.columns import SEPARATOR, CellKind, ColumnField
from cohesion.lib.text import capital
from projects.api.problems import Errors
from projects.members.columns import PUBLIC_COLUMNS

Schema = dict[str, Any]
# What is said of a structure as its files say it; its number and its commune bear the names that programs know.
STRUCTURES = [column for column in PUBLIC_COLUMNS if column.attribute not in ("pk", "commune", "commune__name")]
LARGEST = 10**15  # a number beyond it is no amount, and not kept to the cent
MUST_BE = {
    CellKind.TEXT: "un texte",
    CellKind.LIST: "une liste de textes",
    CellKind.EUROS: "un nombre",
    CellKind.WHOLE: "un nombre entier",
    CellKind.DAY: "une date, comme 2026-09-01",
}


def shown(columns: Iterable[ColumnField], row: object) -> dict[str, Any]:
    """A row by the headings of its columns."""
    return {column.header: _json(column, column.value(row)) for column in columns}


def _json(column: ColumnField, value: object) -> Any:
    kind = column.kind
    if kind == CellKind.LIST:
        return str(value).split(SEPARATOR) if value else []
    if value is None or value == "":
        return "" if kind == CellKind.TEXT else None
    if isinstance(value, datetime.date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


def schema_of(column: ColumnField) -> Schema:
    """What the description of the API says of a column."""
    kind = column.kind
    types: dict[CellKind, Schema] = {
        CellKind.TEXT: {"type": "string"},
        CellKind.LIST: {"type": "array", "items": {"type": "string", "pattern": r"^[^|\n]*$"}},
        CellKind.EUROS: {"type": ["number", "null"], "minimum": 0},
        CellKind.WHOLE: {"type": ["integer", "null"], "minimum": 0},
        CellKind.DAY: {"type": ["string", "null"], "format": "date"},
    }
    schema = dict(types[kind])
    if column.widget.words and kind == CellKind.TEXT:
        schema["enum"] = list(column.widget.words)
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
    kind = column.kind
    if value is None and kind != CellKind.LIST:
        return ""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if kind == CellKind.LIST and isinstance(value, list) and all(isinstance(item, str) for item in value):
        if any(SEPARATOR in item or "\n" in item for item in value):
            raise ValueError("Un élément d’une liste n’a ni barre verticale ni retour à la ligne.")
        return SEPARATOR.join(value)
    if kind == CellKind.EUROS and is_number and abs(value) < LARGEST:
        return float(value)
    if kind == CellKind.WHOLE and isinstance(value, int) and is_number:
        return str(value)
    if kind == CellKind.DAY and isinstance(value, str) and _is_day(value):
        return value
    if kind == CellKind.TEXT and isinstance(value, str):
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
