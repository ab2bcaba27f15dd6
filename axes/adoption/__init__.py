"""A framework takes the place of another: what each orientation became, and what becomes of all that hangs on it."""

from axes.adoption.descending import descend, descent_state, undo_descent
from axes.adoption.heirs import Fate, Hanging, Heir, Outlook, Succession, carry, hold, outlook, register, succession
from axes.adoption.lineage import Lineage, lineage

__all__ = [
    "Fate",
    "Hanging",
    "Heir",
    "Lineage",
    "Outlook",
    "Succession",
    "carry",
    "descend",
    "descent_state",
    "hold",
    "lineage",
    "outlook",
    "register",
    "succession",
    "undo_descent",
]
