"""Structures that were made one with another: the history tells which, long after they are gone."""

from typing import NamedTuple

from cohesion.lib.text import NBSP
from projects.members.models import Organization

WORDS = "Fusion de"  # how the reason of a merger begins, in the history of both


class MergedOrganization(NamedTuple):
    """A structure that is no more, as it was called last, and the key of the one that it was made one with."""

    pk: int
    name: str
    acronym: str
    siret: str
    into: int


def reason(merged: Organization, keep: Organization) -> str:
    """What the history says of a merger."""
    return f"{WORDS} «{NBSP}{merged.name}{NBSP}» dans «{NBSP}{keep.name}{NBSP}»"


def merged() -> list[MergedOrganization]:
    """The structures that were made one with another which is still there, in one query.

    A merger writes the end of one and the change of the other side by side, for the same reason.
    """
    rows = Organization.history.filter(history_change_reason__startswith=WORDS).order_by("history_id")
    ended: dict[str, tuple[int, str, str, str]] = {}
    gone: list[tuple[tuple[int, str, str, str], int]] = []
    for pk, name, acronym, siret, kind, why in rows.values_list(
        "id", "name", "acronym", "siret", "history_type", "history_change_reason"
    ):
        if kind == "-":
            ended[why] = (pk, name, acronym, siret)
        elif why in ended:
            gone.append((ended.pop(why), pk))
    into = {row[0]: kept for row, kept in gone}
    return [MergedOrganization(*row, _last(into, kept)) for row, kept in gone]


def _last(into: dict[int, int], key: int) -> int:
    """The one that stands at the end, where what was kept was merged in its turn."""
    while key in into:
        key = into[key]
    return key
