"""What several processes work off at once: each takes what nobody else has in hand, and says so before it begins."""

from typing import TypeVar

from django.db.models import Model, QuerySet

Claimed = TypeVar("Claimed", bound=Model)
# Noted before something leaves, and taken away after: a machine that dies in between leaves the doubt in writing.
IN_DOUBT = "Envoi commencé, sans que l’on sache s’il a abouti."


def claimable(rows: QuerySet[Claimed]) -> QuerySet[Claimed]:
    """These rows, locked until the end of the transaction that marks them; those that another process takes at this
    moment are left to it. SQLite, which has one writer at a time, locks nothing else."""
    return rows.select_for_update(of=("self",), skip_locked=True)
