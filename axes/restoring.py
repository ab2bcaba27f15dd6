"""An earlier version of an orientation, as its history keeps it: what putting it back would change."""

from dataclasses import dataclass
from typing import Any

from axes.models import Orientation

FIELDS = ("code", "level", "label", "title", "corrected_title", "columns", "priority_type", "source_line")


@dataclass(frozen=True)
class Earlier:
    """A record of the history against the orientation as it is now."""

    orientation: Orientation
    record: Any

    @property
    def differing(self) -> list[str]:
        """The fields of its own that would change."""
        return [name for name in FIELDS if getattr(self.orientation, name) != getattr(self.record, name)]

    @property
    def is_elsewhere(self) -> bool:
        """Whether it stood under something else."""
        return self.orientation.parent_id != self.record.parent_id

    def parent(self) -> Orientation | None:
        """What it stood under, if that is still there; None at the root too."""
        return Orientation.objects.filter(pk=self.record.parent_id, framework=self.orientation.framework_id).first()
