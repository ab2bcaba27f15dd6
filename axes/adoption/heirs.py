"""What hangs on orientations belongs to other applications: each registers an heir (:func:`register`).

It says beforehand what it would carry, where, and what it would leave, and carries it in the transaction of the
adoption.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from axes.adoption.succession import Succession, succession
from axes.models import Framework, Orientation
from cohesion.lib.people import Person

Say = Callable[[str], None]


def silent(sentence: str) -> None:
    """Nobody watches the progress."""


@dataclass(frozen=True)
class Hanging:
    """Something that hangs on an orientation that goes: what an officer calls it, and its page in the admin."""

    name: str
    address: str


@dataclass(frozen=True)
class Fate:
    """What becomes of what an application hung on the former framework.

    ``size``: how many rows it carries; ``left``: what waits or goes nowhere, the first of each orientation, by its key;
    ``digest`` changes with anything that the adoption would do otherwise.
    """

    sentences: list[str] = field(default_factory=list)
    left: dict[int, list[Hanging]] = field(default_factory=dict)
    digest: str = ""
    size: int = 0


@dataclass(frozen=True)
class Weight:
    """What an application hung on one orientation, in phrases (« 3 projets »); ``waiting``: how many of them an officer
    has to decide, on the page of ``address``."""

    phrases: list[str] = field(default_factory=list)
    waiting: int = 0
    address: str = ""


class Heir(Protocol):
    """What an application does of what it hung on a framework that another one follows."""

    def hold(self, former: Framework) -> None:
        """Take the locks of what shall be carried, before those of the frameworks."""

    def foresee(self, succession: Succession) -> Fate:
        """What would be carried and what would be left. Writes nothing."""

    def weigh(self, succession: Succession) -> dict[int, Weight]:
        """What hangs on each orientation of the former framework, by its key; nothing of one that bears nothing."""

    def forget(self, framework: Framework, by: Person) -> int:
        """Take back what officers decided of it one by one for ``framework``; returns how many decisions."""

    def carry(self, succession: Succession, by: Person | None, say: Say) -> dict[str, int]:
        """Carry it, and note what is left, saying how far it is. Returns the numbers that the audit log keeps, by their
        French names."""


_heirs: list[Heir] = []


def register(heir: Heir) -> None:
    """Let an application be asked; once for each process, when it starts."""
    _heirs.append(heir)


@dataclass(frozen=True)
class Outlook:
    """What an adoption would do, as it is shown to whoever decides it."""

    succession: Succession
    fates: list[Fate]

    @property
    def sentences(self) -> list[str]:
        return [sentence for fate in self.fates for sentence in fate.sentences]

    @property
    def size(self) -> int:
        return sum(fate.size for fate in self.fates)

    @property
    def gone(self) -> list[tuple[Orientation, list[Hanging]]]:
        """Each orientation that goes, with what hangs on it."""
        return [(node, self._hanging_on(node)) for node in self.succession.gone]

    @property
    def left(self) -> list[tuple[Orientation, list[Hanging]]]:
        """The same, with those that become several and of which something waits."""
        shown = [node for node in self.succession.before if self._hanging_on(node) or node in self.succession.gone]
        return [(node, self._hanging_on(node)) for node in shown]

    def _hanging_on(self, node: Orientation) -> list[Hanging]:
        hanging: list[Hanging] = []
        for fate in self.fates:
            hanging.extend(fate.left.get(node.pk, ()))
        return hanging

    @property
    def digest(self) -> str:
        """The same as long as the adoption would do the same: what was read is what is confirmed."""
        done = (
            sorted(self.succession.lineage.items()),
            sorted(self.succession.dropped.items()),
            [node.pk for node in self.succession.after],
            [fate.digest for fate in self.fates],
            self.sentences,
        )
        left = []
        for node, hanging in self.gone:
            left.append((node.pk, [item.address for item in hanging]))
        return hashlib.sha256(repr((done, left)).encode()).hexdigest()[:16]


def outlook(former: Framework, framework: Framework) -> Outlook:
    """What would become of all that hangs on ``former`` if ``framework`` took its place."""
    return foresee(succession(former, framework))


def foresee(succession: Succession) -> Outlook:
    """What would become of all that hangs on the former framework of two that were compared."""
    return Outlook(succession, [heir.foresee(succession) for heir in _heirs])


def weigh(succession: Succession) -> dict[int, list[Weight]]:
    """What hangs on each orientation of the former framework, application by application, by its key."""
    weights: dict[int, list[Weight]] = {}
    for heir in _heirs:
        for pk, weight in heir.weigh(succession).items():
            weights.setdefault(pk, []).append(weight)
    return weights


def forget(framework: Framework, by: Person) -> int:
    """Take back what officers decided one by one of all that hangs on orientations."""
    return sum(heir.forget(framework, by) for heir in _heirs)


def hold(former: Framework) -> None:
    for heir in _heirs:
        heir.hold(former)


def carry(former: Framework, framework: Framework, by: Person | None, say: Say = silent) -> dict[str, int]:
    """Carry what hangs on ``former`` to ``framework``; the numbers that every application noted."""
    lineage = succession(former, framework)
    numbers: dict[str, int] = {}
    for heir in _heirs:
        numbers |= heir.carry(lineage, by, say)
    return numbers
