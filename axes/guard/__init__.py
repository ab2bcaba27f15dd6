"""What stands under an orientation: its guarded queryset and manager, the one lock of all trees, the rules of levels.

:mod:`axes.tree` stands above the models and writes whole trees through it.
"""

from axes.guard.lock import REASON_LENGTH, REASON_NEEDED, OrientationConflict, locked, touch, written
from axes.guard.nodes import GuardedManager, GuardedQuerySet, delete, guard_applies_to, record_move, save
from axes.guard.rules import applies_to_error, children_error, placement_error
