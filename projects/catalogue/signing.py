"""Who writes a row, and why: what its history will say."""

from typing import Any

REASON_LENGTH = 100


def sign(row: Any, by: Any, reason: str) -> Any:
    """The same row, signed."""
    if by is not None:  # else the history names whoever is logged in
        row._history_user = by
    row._change_reason = reason.strip()[:REASON_LENGTH] or None
    return row
