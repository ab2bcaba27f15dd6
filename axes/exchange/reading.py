"""From a file to rows of orientations: what may stand in each cell."""

import re
from collections.abc import Callable
from typing import Any

from axes.exchange.columns import BY_HEADER, CODE_PATTERN, COLUMNS, LISTS
from axes.levels import COLUMN_LEVELS, ROOT_LEVELS
from axes.models.orientation import TITLE_LENGTH
from axes.vocabulary import level_from_word, priority_type_from_word
from cohesion.lib.spreadsheets import Cell, documents
from cohesion.lib.spreadsheets.headed import (
    Choices,
    Expected,
    HeaderSearch,
    Reading,
    Row,
    at_most,
    items,
    line_of,
    read_rows,
    rows_of,
    text_of,
)
from cohesion.lib.text import capital

__all__ = ["Reading", "Row", "read"]

LABEL_LENGTH = 40
LAST_SOURCE_LINE = 2_147_483_647
# A cell merged downwards says the same for all its rows, in the columns that say where and what a node is.
FILLED_DOWN = ("parent_code", "niveau", "type_priorite", "s_applique_a")
NOTHING = "Le fichier n’a que des en-têtes : il faut au moins une ligne d’orientation."


def read(data: bytes, filename: str, choices: Choices | None = None) -> Reading:
    """Read a file of orientations: a table, or the JSON that the site exports. ``choices`` are somebody's own.

    Raises:
        Refused: nothing can be read in it (format, bounds, headers).
    """
    if not is_json(data, filename):
        return read_rows(data, filename, EXPECTED, NOTHING, choices)
    reading = rows_of(documents.read(data, "orientations"), HeaderSearch(EXPECTED, choices), NOTHING)
    reading.warnings.append(
        "Seules les orientations de ce JSON sont lues ; ce qu’il dit du cadre (titre, dates…) ne l’est pas."
    )
    return reading


def is_json(data: bytes, filename: str) -> bool:
    """Whether a file is taken for JSON: by its name, and by its beginning."""
    return filename.lower().endswith(".json") and data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")


def _code(text: str) -> str:
    if not text:
        raise ValueError("Il manque le code : chaque orientation en a un, par exemple « 1.2 ».")
    return _existing_code(text)


def _existing_code(text: str) -> str:
    if not re.match(CODE_PATTERN, text):
        raise ValueError(f"Ce n’est pas un code. Un code, c’est {BY_HEADER['code'].expected}.")
    return text


def _parent(text: str) -> str:
    return _existing_code(text) if text else ""


def _level(text: str) -> str:
    if not text:
        raise ValueError(f"Il manque le niveau : écrivez {BY_HEADER['niveau'].expected}.")
    try:
        return level_from_word(text)
    except ValueError:
        raise ValueError(f"Ce niveau n’existe pas : écrivez {BY_HEADER['niveau'].expected}.") from None


def _title(text: str) -> str:
    if not text:
        raise ValueError("Il manque le titre : écrivez le texte adopté.")
    return at_most(text, TITLE_LENGTH)


def _priority_type(text: str) -> str:
    try:
        return priority_type_from_word(text)
    except ValueError:
        raise ValueError(
            f"Ce type n’existe pas : écrivez {BY_HEADER['type_priorite'].expected}, ou laissez vide."
        ) from None


def _targets(text: str) -> list[str]:
    targets = list(dict.fromkeys(items(text)))
    for target in targets:
        if not re.match(CODE_PATTERN, target):
            raise ValueError(f"« {target[:40]} » n’est pas un code. Écrivez {BY_HEADER['s_applique_a'].expected}.")
    return targets


def _columns(text: str) -> list[str]:
    try:
        levels = {level_from_word(item) for item in items(text)}
    except ValueError as error:
        raise ValueError(f"{capital(str(error))[:80]}. Écrivez {BY_HEADER['colonnes'].expected}.") from None
    if levels & ROOT_LEVELS:
        raise ValueError("Un axe n’a pas de colonne : il occupe une bande entière.")
    return [level.value for level in COLUMN_LEVELS if level in levels]


def _source_line(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= LAST_SOURCE_LINE):
        raise ValueError(f"Ce n’est pas un numéro de ligne : écrivez {BY_HEADER['ligne_source'].expected}.")
    return int(text)


_READERS = {
    "code": _code,
    "parent_code": _parent,
    "niveau": _level,
    "titre": _title,
    "titre_corrige": lambda text: at_most(text, TITLE_LENGTH),
    "type_priorite": _priority_type,
    "s_applique_a": _targets,
    "colonnes": _columns,
    "mention": lambda text: at_most(text, LABEL_LENGTH),
    "ligne_source": _source_line,
}


def _reader(header: str) -> Callable[[Cell | None], Any]:
    reader, text = _READERS[header], text_of if header in LISTS else line_of  # some write one item on a line
    return lambda cell: reader(text(cell))


EXPECTED = tuple(
    Expected(
        column.header,
        column.field,
        _reader(column.header),
        mandatory=column.mandatory,
        filled_down=column.header in FILLED_DOWN,
        aliases=column.aliases,
        holds=column.holds,
    )
    for column in COLUMNS
)
