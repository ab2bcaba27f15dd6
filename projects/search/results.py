"""What a search of the whole site finds."""

from dataclasses import dataclass, field

import axes.search
from axes.search import Segment
from projects.choices import SearchKind

# How a hit has what was typed, the lower the better: by its code; with all words in its title; with those that not
# everybody writes in its title, or all words of which one there; as it is in the place that was named, with the other
# words; with all words; with all of them of which one as it is written (or several by what they name together) and the
# others by other words; with all by other words; with half of those that are known, one of which is not common: with
# the rarest, as they are written; then the others.
BY_CODE, IN_TITLE, TITLED, HERE, ANYWHERE, MIXED, OTHERWISE, PARTLY, PARTLY_OTHERWISE = range(1, 10)


@dataclass(frozen=True)
class SiteHit:
    """Something of the site. ``context``: its path or its place, on one line; ``why``: the words that lead to it where
    it has none of those typed (« crèche : petite enfance »); ``wording``: its title, with the words found apart;
    ``place``: of an orientation, where it stands."""

    kind: SearchKind
    key: int
    code: str
    title: str
    address: str
    context: str
    why: str
    tier: int
    wording: list[Segment]
    place: axes.search.Hit | None = None


@dataclass(frozen=True)
class SiteResults:
    """One page of what was found, best first. ``counts``: of each kind, whichever is asked for; ``total`` and
    ``complete``: of the kinds asked for, how many in all, and how many that have every word; ``suggestion``: the text
    that was perhaps meant; ``ways``: the pages of the place and of the theme that it names (labels and addresses)."""

    text: str
    hits: list[SiteHit] = field(default_factory=list)
    counts: dict[SearchKind, int] = field(default_factory=dict)
    total: int = 0
    complete: int = 0
    suggestion: str = ""
    ways: list[tuple[str, str]] = field(default_factory=list)
