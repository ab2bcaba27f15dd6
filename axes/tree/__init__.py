"""The one package that writes the tree; :mod:`axes.guard` is the part of it that stands under the models.

A nested set breaks silently when two writers compute positions from what each read before the other wrote.
So every write here takes one lock first, re-reads the nodes under it, checks the rules, then writes and
raises the framework's revision, all in one transaction. The lock is one for all frameworks, since the trees
of all share one sequence of ``tree_id``. On PostgreSQL it is an advisory lock; on SQLite the transaction
itself (``transaction_mode: IMMEDIATE``) lets one writer in at a time.
"""

from axes.guard import (
    REASON_LENGTH,
    REASON_NEEDED,
    OrientationConflict,
    applies_to_error,
    children_error,
    locked,
    placement_error,
    touch,
)
from axes.tree.bulk import NewNode, check_one, copy, load, recode
from axes.tree.checking import TreeProblem, check, repair
from axes.tree.rewriting import rewrite
