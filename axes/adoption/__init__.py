"""A framework takes the place of another: what each orientation became, and what becomes of all that hangs on it."""

from axes.adoption.continuity import Continuity, continuity
from axes.adoption.descending import descend, descent_state, undo_descent
from axes.adoption.heirs import (
    Fate,
    Hanging,
    Heir,
    Outlook,
    Say,
    Weight,
    carry,
    foresee,
    hold,
    outlook,
    register,
    silent,
    weigh,
)
from axes.adoption.lineage import Lineage, became, leading_to, lineage
from axes.adoption.proposals import SuccessorProposal, proposals
from axes.adoption.succession import Succession, predecessor, succession

__all__ = [
    "Continuity",
    "Fate",
    "Hanging",
    "Heir",
    "Lineage",
    "Outlook",
    "Say",
    "Succession",
    "SuccessorProposal",
    "Weight",
    "became",
    "carry",
    "continuity",
    "descend",
    "descent_state",
    "foresee",
    "hold",
    "leading_to",
    "lineage",
    "outlook",
    "predecessor",
    "proposals",
    "register",
    "silent",
    "succession",
    "undo_descent",
    "weigh",
]
