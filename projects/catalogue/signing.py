"""Who writes a row, and why: what its history will say."""

from typing import Any, TypeVar

from django.db.models import Model

from cohesion.lib.people import Person

REASON_LENGTH = 100
Row = TypeVar("Row", bound=Model)


def sign(row: Row, by: Person | None, reason: str) -> Row:
    """The same row, signed."""
    signed: Any = row  # the history reads these two
    if by is not None:  # else it names whoever is logged in
        signed._history_user = by
    signed._change_reason = reason.strip()[:REASON_LENGTH] or None
    return row
