"""Where the figures of a framework hold over its adoption, and where there is nothing to compare with."""

import datetime
from dataclasses import dataclass

from axes.adoption.lineage import lineage
from axes.models import Framework
from cohesion.lib.kept import Kept


@dataclass(frozen=True)
class Continuity:
    """``day``: since when the framework is in force, where it took the place of another (``former``); ``new``: the keys
    of its orientations that come from none of that one; ``gone``: how many of that one became nothing."""

    former: Framework | None = None
    day: datetime.date | None = None
    new: frozenset[int] = frozenset()
    gone: int = 0

    def breaks_since(self, year: int) -> bool:
        """Whether something cannot be compared with a year: it began under the framework before."""
        return self.day is not None and year <= self.day.year and bool(self.new or self.gone)


_known: Kept[Continuity] = Kept(4)


def continuity(framework: Framework | None) -> Continuity:
    """Of a framework in force, in four queries the first time; none while it does not change."""
    if framework is None or framework.predecessor_id is None or framework.is_draft:
        return Continuity()
    return _known.get(framework.state, lambda: _read_continuity(framework))


def _read_continuity(framework: Framework) -> Continuity:
    former = framework.predecessor
    if former is None or former.is_draft:
        return Continuity()
    became = lineage(former, framework)
    old = frozenset().union(*became.values())
    keys = framework.orientations.values_list("pk", flat=True)
    gone = sum(1 for successors in became.values() if not successors)
    return Continuity(former, framework.adopted_on, frozenset(keys) - old, gone)
