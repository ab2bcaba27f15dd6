"""A table in JSON: a list of objects, alone or under a name, read as the rows of a sheet."""

import json
from collections.abc import Iterable
from typing import Any, NoReturn

from cohesion.lib.spreadsheets.model import MAX_BYTES, TOO_HEAVY, Cell, Oddity, Refused, Sheet, Workbook

SEPARATOR = "|"  # between the items of a list, as in one cell
_NO_JSON = "Le fichier n’est pas du JSON lisible : reprenez celui que le site exporte."


def read_list(data: bytes, name: str) -> Workbook:
    """The objects of the list of this name (or of the file, where it is a list): one a row, under their keys.

    A key that an object lacks is an empty cell. The first object is row 2, as if headers stood in row 1.

    Raises:
        Refused: it is no JSON of this form, or leaves the bounds of a table.
    """
    if len(data) > MAX_BYTES:
        raise Refused(TOO_HEAVY)
    document = _parsed(data)
    rows = document.get(name) if isinstance(document, dict) else document
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Refused(f"Ce JSON n’a pas de liste « {name} » dont chaque élément décrit une ligne.")
    sheet = Sheet()
    places: dict[str, int] = {}
    for number, row in enumerate(rows, start=2):
        for key, value in row.items():
            if key not in places:
                places[key] = len(places)
                sheet.put(1, places[key], key)
            sheet.put(number, places[key], _cell(value))
    if not sheet.rows:
        raise Refused(f"La liste « {name} » de ce JSON est vide.")
    return Workbook(sheet, "json")


def _parsed(data: bytes) -> Any:
    try:
        return json.loads(data, object_pairs_hook=_unique, parse_constant=_refuse)
    except (ValueError, RecursionError):  # among them what is no UTF-8, and a number without end
        raise Refused(_NO_JSON) from None


def _unique(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for key, value in pairs:
        if key in kept:
            raise Refused(f"Le nom « {key[:40]} » est deux fois dans le même objet : gardez-en un seul.")
        kept[key] = value
    return kept


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _cell(value: object) -> Cell:
    if value is None:
        return ""
    if isinstance(value, bool):
        return Oddity("boolean", "VRAI" if value else "FAUX")
    if isinstance(value, int | float):
        return float(value) if abs(value) < 1e300 else Oddity("error", str(value)[:40])
    if isinstance(value, list):
        return SEPARATOR.join(str(item) for item in value if isinstance(item, str | int | float))
    if isinstance(value, str):
        return value
    return Oddity("error", "objet")
