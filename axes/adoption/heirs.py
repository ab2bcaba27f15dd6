"""A framework takes the place of another: what becomes of each orientation, and of what hangs on it.

What hangs on orientations belongs to other applications: each registers an heir (:func:`register`), which says
beforehand what it would carry and what it would leave, and carries it in the transaction of the adoption.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Protocol

from axes.models import Framework, Orientation
from cohesion.lib.people import Person
from cohesion.lib.text import count_phrase

Kept = tuple[Orientation, Orientation]


@dataclass(frozen=True)
class Succession:
    """The orientations of two frameworks side by side; those of the same ``uid`` are one orientation, kept."""

    former: Framework
    framework: Framework
    kept: list[Kept]  # as it was, as it shall be
    gone: list[Orientation]
    new: list[Orientation]

    @property
    def reworded(self) -> list[Kept]:
        return [pair for pair in self.kept if pair[0].display_title != pair[1].display_title]

    @property
    def recoded(self) -> list[Kept]:
        return [pair for pair in self.kept if pair[0].code != pair[1].code]

    @property
    def sentences(self) -> list[str]:
        """How many are kept (and changed), new and gone; nothing is said of what there is none of."""
        numbers = [
            (len(self.new), "orientation nouvelle", "orientations nouvelles"),
            (len(self.gone), "orientation disparaît", "orientations disparaissent"),
        ]
        return [self._kept_sentence, *(count_phrase(number, *words) for number, *words in numbers if number)]

    @property
    def _kept_sentence(self) -> str:
        if not self.kept:
            return "Aucune orientation n’est gardée"
        changes = [
            (len(self.reworded), "reformulée", "reformulées"),
            (len(self.recoded), "qui change de code", "qui changent de code"),
        ]
        changed = [count_phrase(number, *words) for number, *words in changes if number]
        kept = count_phrase(len(self.kept), "orientation gardée", "orientations gardées")
        return f"{kept}, dont {' et '.join(changed)}" if changed else f"{kept} sans changement"

    @property
    def successors(self) -> dict[int, int]:
        """The key of each kept orientation, by its key in the former framework."""
        return {former.pk: node.pk for former, node in self.kept}


def succession(former: Framework, framework: Framework) -> Succession:
    """Compare two frameworks, in two queries."""
    before, after = (
        list(Orientation.objects.filter(framework=version).select_related("framework").in_order())
        for version in (former, framework)
    )
    here = {node.uid: node for node in after}
    there = {node.uid for node in before}
    return Succession(
        former=former,
        framework=framework,
        kept=[(node, here[node.uid]) for node in before if node.uid in here],
        gone=[node for node in before if node.uid not in here],
        new=[node for node in after if node.uid not in there],
    )


@dataclass(frozen=True)
class Hanging:
    """Something that hangs on an orientation that goes: what an officer calls it, and its page in the admin."""

    name: str
    address: str


@dataclass(frozen=True)
class Fate:
    """What becomes of what an application hung on the former framework: ``left`` is by key of the orientations gone."""

    sentences: list[str] = field(default_factory=list)
    left: dict[int, list[Hanging]] = field(default_factory=dict)


class Heir(Protocol):
    """What an application does of what it hung on a framework that another one follows."""

    def hold(self, former: Framework) -> None:
        """Take the locks of what shall be carried, before those of the frameworks."""

    def foresee(self, succession: Succession) -> Fate:
        """What would be carried and what would be left. Writes nothing."""

    def carry(self, succession: Succession, by: Person) -> dict[str, int]:
        """Carry it, and note what is left. Returns the numbers that the audit log keeps, by their French names."""


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
    def gone(self) -> list[tuple[Orientation, list[Hanging]]]:
        """Each orientation that goes, with what hangs on it."""
        return [(node, self._hanging_on(node)) for node in self.succession.gone]

    def _hanging_on(self, node: Orientation) -> list[Hanging]:
        hanging: list[Hanging] = []
        for fate in self.fates:
            hanging.extend(fate.left.get(node.pk, ()))
        return hanging

    @property
    def digest(self) -> str:
        """The same as long as the adoption would do the same: what was read is what is confirmed."""
        pairs = [(former.pk, node.pk) for former, node in self.succession.kept]
        new = [node.pk for node in self.succession.new]
        left = []
        for node, hanging in self.gone:
            left.append((node.pk, [item.address for item in hanging]))
        return hashlib.sha256(repr((pairs, new, left, self.sentences)).encode()).hexdigest()[:16]


def outlook(former: Framework, framework: Framework) -> Outlook:
    """What would become of all that hangs on ``former`` if ``framework`` took its place."""
    lineage = succession(former, framework)
    return Outlook(lineage, [heir.foresee(lineage) for heir in _heirs])


def hold(former: Framework) -> None:
    for heir in _heirs:
        heir.hold(former)


def carry(former: Framework, framework: Framework, by: Person) -> dict[str, int]:
    """Carry what hangs on ``former`` to ``framework``; the numbers that every application noted."""
    lineage = succession(former, framework)
    numbers: dict[str, int] = {}
    for heir in _heirs:
        numbers |= heir.carry(lineage, by)
    return numbers
