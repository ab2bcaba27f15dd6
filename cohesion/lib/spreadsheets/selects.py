"""The selects of a preview: which sheet is read, and which of its columns is which."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cohesion.lib.spreadsheets.expected import Choices, Expected

SHEET = "feuille"
COLUMN = "colonne-"


@dataclass(frozen=True)
class Select:
    """One question: its name in the form, what is asked, whether an answer is due, its options and the one chosen."""

    name: str
    label: str
    mandatory: bool
    options: Sequence[tuple[str, str]]
    chosen: str


def selects(table: dict[str, Any], expected: Sequence[Expected]) -> list[Select]:
    """What may be answered about a table (see :func:`cohesion.lib.spreadsheets.headers.table`); nothing without one."""
    if not table:
        return []
    questions = []
    if len(table["sheets"]) > 1:
        sheets = [(str(number), name or f"Feuille {number + 1}") for number, name in table["sheets"]]
        questions.append(Select(SHEET, "Feuille lue", True, sheets, str(table["sheet"])))
    headers = [(str(place), f"{letter} : {text}") for place, letter, text in table["headers"]]
    for column in expected:
        options = [("", "aucune : il en faut une" if column.mandatory else "aucune"), *headers]
        chosen = table["columns"].get(column.field)
        questions.append(
            Select(
                COLUMN + column.field, column.header, column.mandatory, options, "" if chosen is None else str(chosen)
            )
        )
    return questions


def choices_of(answers: Mapping[str, str], table: dict[str, Any], expected: Sequence[Expected]) -> Choices:
    """What was answered; what is no answer to what was asked is left out. Another sheet has columns of its own.

    Where one column was given to two names, the later one loses it.
    """
    sheets = {str(number): number for number, _ in table.get("sheets", ())}
    sheet = sheets.get(answers.get(SHEET, ""), table.get("sheet"))
    if sheet != table.get("sheet"):
        return Choices(sheet)
    places = {str(place): place for place, *_ in table.get("headers", ())}
    columns: dict[str, int | None] = {}
    for column in expected:
        place = places.pop(answers.get(COLUMN + column.field, ""), None)
        columns[column.field] = place
    return Choices(sheet, table.get("header_row"), columns)
