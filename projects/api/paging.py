"""Lists, a page at a time: the next one begins after the last row that was read, whatever came in between."""

import base64
import binascii
import datetime
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.http import QueryDict

from cohesion.lib.text import whole_number
from projects.api.parsing import is_writable
from projects.api.problems import ApiProblem

SIZE, MOST = 50, 200
CURSOR, SIZE_NAME = "curseur", "taille"
LONGEST = 400  # characters of the value of a cursor


@dataclass(frozen=True)
class RowsPage:
    """The rows of a page, and the cursor of the next (nothing at the end)."""

    rows: list[Any]
    following: str = ""


def page_size(query: QueryDict) -> int:
    raw = query.get(SIZE_NAME)
    if raw is None:
        return SIZE
    size = whole_number(raw)
    if not size or size > MOST:
        raise ApiProblem(400, "Requête mal formée.", {SIZE_NAME: [f"Une page a de 1 à {MOST} lignes."]})
    return size


def page_of(rows: QuerySet[Any], query: QueryDict, order: object = None, *, descending: bool = False) -> RowsPage:
    """A page of a queryset, in the order of an expression (none: of the keys), then of the keys."""
    size = page_size(query)
    if order is not None:
        rows = rows.annotate(api_rank=order)
    known = _position(query, 1 if order is None else 2)
    if known is not None:
        try:
            rows = rows.filter(_after(known, descending))
        except (TypeError, ValueError, ValidationError):  # its rank is of another order
            raise _not_ours() from None
    turned = (lambda name: F(name).desc()) if descending else (lambda name: F(name).asc())
    names = ["pk"] if order is None else ["api_rank", "pk"]
    read = list(rows.order_by(*map(turned, names)).values_list(*names)[: size + 1])
    keys = [row[-1] for row in read[:size]]
    return RowsPage(keys, _written(read[size - 1]) if len(read) > size else "")


def page_of_list(rows: Sequence[Any], keys: Iterable[Any], query: QueryDict) -> RowsPage:
    """A page of rows that were read already, in their order; ``keys`` tell which is which.

    The row of the cursor may be gone: its place, which the cursor says too, is then where the next page begins.
    """
    size, names = page_size(query), list(keys)
    known = _position(query, 2)
    start = 0
    if known is not None:
        key, place = known
        start = names.index(key) + 1 if key in names else min(int(place), len(names))
    end = start + size
    following = _written([names[end - 1], end - 1]) if end < len(names) else ""
    return RowsPage(list(rows[start:end]), following)


def _after(known: list[Any], descending: bool) -> Q:
    way = "lt" if descending else "gt"
    if len(known) == 1:
        return Q(**{f"pk__{way}": known[0]})
    return Q(**{f"api_rank__{way}": known[0]}) | Q(api_rank=known[0], **{f"pk__{way}": known[1]})


def _written(parts: Iterable[Any]) -> str:
    plain = [part.isoformat() if isinstance(part, datetime.date) else part for part in parts]
    return base64.urlsafe_b64encode(json.dumps(plain, ensure_ascii=False).encode()).decode().rstrip("=")


def _position(query: QueryDict, length: int) -> list[Any] | None:
    raw = query.get(CURSOR)
    if raw is None:
        return None
    try:
        parts = json.loads(base64.urlsafe_b64decode(raw + "=" * (-len(raw) % 4)))
    except (ValueError, RecursionError, binascii.Error):
        parts = None
    if not (isinstance(parts, list) and len(parts) == length and isinstance(parts[-1], int)):
        raise _not_ours()
    if not 0 <= parts[-1] < 2**53 or not all(_is_plain(part) for part in parts):
        raise _not_ours()
    return parts


def _not_ours() -> ApiProblem:
    sentence = "Ce curseur n’est pas un de ceux que l’API a donnés : reprenez la première page."
    return ApiProblem(400, "Requête mal formée.", {CURSOR: [sentence]})


def _is_plain(part: object) -> bool:
    is_text = isinstance(part, str) and len(part) <= LONGEST and is_writable(part)
    return is_text or (isinstance(part, int) and not isinstance(part, bool) and abs(part) < 2**53)
