"""Where each link goes when a framework takes the place of another: plain data in, plain data out.

What an officer decided of a link holds. Else its orientation says: one successor, it goes there; dropped on purpose for
a reason that is known, it goes nowhere; several, or nothing decided, it waits for an officer.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from axes.adoption import Lineage

RATIONALE_LENGTH = 300  # characters


class FormerLink(NamedTuple):
    """A link to the framework that was, by keys."""

    pk: int
    project: int
    orientation: int
    is_main: bool
    rationale: str


@dataclass(frozen=True)
class Destination:
    """Where a link goes: to these orientations; to none, for a reason; or, without either, it waits."""

    orientations: tuple[int, ...] = ()
    reason: str = ""

    @property
    def waits(self) -> bool:
        return not self.orientations and not self.reason


WAITS = Destination()


@dataclass(frozen=True)
class Ways:
    """What is decided of all links: what each orientation became, why those dropped were, and of links one by one."""

    lineage: Lineage
    dropped: Mapping[int, str]
    decided: Mapping[int, Destination] = field(default_factory=dict)

    def of(self, link: FormerLink) -> Destination:
        if link.pk in self.decided:
            return self.decided[link.pk]
        became = self.lineage.get(link.orientation, ())
        if len(became) == 1:
            return Destination(became)
        if not became and self.dropped.get(link.orientation):
            return Destination(reason=self.dropped[link.orientation])
        return WAITS


@dataclass
class NewLink:
    """A link to the framework that comes: of one former link, or of several that meet there."""

    project: int
    orientation: int
    is_main: bool
    rationale: str
    is_cut: bool = False


@dataclass
class LinksPlan:
    """What becomes of the links of one project; ``carried`` are those that go somewhere, ``new`` what they make there:
    fewer where they meet, or find the project there already; more where one goes to several."""

    project: int
    carried: list[FormerLink] = field(default_factory=list)
    let_go: list[tuple[FormerLink, str]] = field(default_factory=list)
    waiting: list[FormerLink] = field(default_factory=list)
    new: list[NewLink] = field(default_factory=list)


def planned(project: int, links: Iterable[FormerLink], ways: Ways, present: Mapping[int, bool]) -> LinksPlan:
    """Plan the links of a project, its main one first; ``present``: the orientations that it serves in the framework
    that comes already, and whether it is first of all. One of the new is the main one, where one that goes was.
    """
    plan = LinksPlan(project)
    new: dict[int, NewLink] = {}
    has_main = any(present.values())
    for link in links:
        destination = ways.of(link)
        if destination.waits:
            plan.waiting.append(link)
        elif not destination.orientations:
            plan.let_go.append((link, destination.reason))
        else:
            plan.carried.append(link)
        for orientation in destination.orientations:
            if orientation in present:
                continue
            is_main = link.is_main and not has_main
            has_main = has_main or is_main
            if orientation in new:
                _join(new[orientation], link.rationale)
            else:
                new[orientation] = NewLink(project, orientation, is_main, link.rationale)
    plan.new = list(new.values())
    return plan


def _join(link: NewLink, rationale: str) -> None:
    """Let a link say this reason too, as far as there is place."""
    if not rationale or rationale in link.rationale.split("\u202f; "):
        return
    joined = f"{link.rationale}\u202f; {rationale}" if link.rationale else rationale
    link.is_cut = link.is_cut or len(joined) > RATIONALE_LENGTH
    link.rationale = joined if len(joined) <= RATIONALE_LENGTH else f"{joined[: RATIONALE_LENGTH - 1].rstrip()}…"
