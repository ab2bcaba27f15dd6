"""What hangs on orientations: said before one deletes, moves, merges or splits them, and taken along when several
become one.

It belongs to other applications: each registers a holder (:func:`register`). On a framework in preparation hardly
anything hangs yet: what counts there is what hangs on the same orientations of the framework that it follows, which it
would take over when it is adopted.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from django.db.models import Q

from axes.adoption import Hanging
from axes.models import Descent, Framework, Orientation
from cohesion.lib.people import Person
from cohesion.together import states


@dataclass(frozen=True)
class Load:
    """What one application hung on some orientations: in sentences, and row by row under the key of each.

    ``keeps``: none of them can be deleted while it hangs there.
    """

    sentences: list[str] = field(default_factory=list)
    rows: Mapping[int, list[Hanging]] = field(default_factory=dict)
    keeps: bool = False


class Holder(Protocol):
    """What an application does of what it hung on orientations."""

    def weigh(self, keys: Collection[int]) -> Load:
        """What hangs on the orientations of these keys, in a constant number of queries. Writes nothing."""

    def follow(self, heirs: Mapping[int, Orientation], by: Person, reason: str) -> None:
        """Let what hangs on each orientation, by its key, hang on its heir from now on. Called under the tree's lock,
        before the former ones are deleted."""


_holders: list[Holder] = []


def register(holder: Holder) -> None:
    """Let an application be asked; once for each process, when it starts."""
    _holders.append(holder)


@dataclass(frozen=True)
class Hung:
    """All that hangs on some orientations."""

    orientations: list[Orientation]
    loads: list[Load]

    @property
    def sentences(self) -> list[str]:
        return [sentence for load in self.loads for sentence in load.sentences]

    @property
    def keeps(self) -> bool:
        """Whether one of them cannot be deleted as long as this hangs there."""
        return any(load.keeps and load.rows for load in self.loads)

    @property
    def listed(self) -> list[tuple[Orientation, list[Hanging]]]:
        """Each orientation on which something hangs, with its rows."""
        rows = [(node, self._rows_of(node)) for node in self.orientations]
        return [(node, hanging) for node, hanging in rows if hanging]

    def _rows_of(self, node: Orientation) -> list[Hanging]:
        rows: list[Hanging] = []
        for load in self.loads:
            rows.extend(load.rows.get(node.pk, ()))
        return rows

    @property
    def mark(self) -> str:
        """The same as long as the same hangs there."""
        return states.fingerprint([(node.pk, hanging) for node, hanging in self.listed] + self.sentences)


@dataclass(frozen=True)
class Burden:
    """What hangs on some orientations, and on those in force which became them."""

    here: Hung
    before: Hung

    @property
    def is_empty(self) -> bool:
        return not self.here.listed and not self.before.listed

    @property
    def mark(self) -> str:
        return f"{self.here.mark}.{self.before.mark}"


def burden(orientations: Iterable[Orientation]) -> Burden:
    """What hangs on orientations of one framework. Writes nothing."""
    nodes = list(orientations)
    return Burden(_weigh(nodes), _weigh(formers(nodes)))


def formers(nodes: Collection[Orientation]) -> list[Orientation]:
    """The orientations in force which became these of a framework in preparation, in the order of the document."""
    framework = next((node.framework for node in nodes), None)
    if framework is None or not framework.is_draft:
        return []
    same = Q(uid__in={node.uid for node in nodes})
    became = Q(pk__in=Descent.objects.filter(successor__in=[node.pk for node in nodes]).values("former"))
    before = Orientation.objects.filter(same | became, framework__in=Framework.objects.before(framework))
    return list(before.select_related("framework").in_order())


def _weigh(nodes: list[Orientation]) -> Hung:
    keys = [node.pk for node in nodes]
    return Hung(nodes, [holder.weigh(keys) for holder in _holders] if keys else [])


def follow(heirs: Mapping[int, Orientation], by: Person, reason: str) -> None:
    """Let what hangs on each orientation, by its key, hang on its heir."""
    for holder in _holders:
        holder.follow(heirs, by, reason)
