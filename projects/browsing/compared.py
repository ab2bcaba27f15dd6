"""The rows of a comparison as they are shown and written: where each stands, what changed, in words."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from axes.addresses import orientation_address
from axes.choices import PriorityType
from axes.comparing import Kind, NodeChange, NodeRow, NodeState, TreeComparison, TreeState
from axes.hues import hue
from axes.levels import Level
from axes.models import Orientation
from axes.vocabulary import PRIORITY_KINDS
from cohesion.lib.text import capital
from projects.figures.figures import Tally

NOTHING = "rien"
NAMES = {
    "wording": "Texte adopté",
    "corrected_title": "Forme affichée",
    "context": "Contexte",
    "description": "Description",
    "code": "Code",
    "level": "Niveau",
    "columns": "Colonnes du tableau",
    "priority_type": "Type de priorité",
    "applies_to": "S’applique à",
}
WORDINGS = {"wording", "corrected_title", "context", "description"}


@dataclass(frozen=True)
class StateLine:
    """An orientation in one of the two states: its code, its level, its place, its adopted text, its page."""

    code: str
    level: str
    path: str
    wording: str
    address: str
    hue: str


@dataclass(frozen=True)
class ComparedText:
    """Two wordings of a text, to be shown in one."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class ComparedRow:
    """What became of an orientation, in words. ``texts``: those that differ; ``facts``: what else does, in sentences;
    ``move``: from where to where; ``served``: how many projects served what is dropped, None where nothing tells it."""

    kinds: list[Kind]
    before: list[StateLine]
    after: list[StateLine]
    texts: list[ComparedText]
    facts: list[str]
    move: str
    served: int | None

    @property
    def kind_words(self) -> str:
        return capital(" et ".join(kind.label.lower() for kind in self.kinds))

    @property
    def lines(self) -> list[StateLine]:
        """How it is called: as it is, or as it was."""
        return self.after or self.before

    @property
    def goes_on(self) -> bool:
        """Whether it is one orientation, then and now."""
        return len(self.before) == len(self.after) == 1

    @property
    def is_reworded(self) -> bool:
        """Whether its adopted text itself differs."""
        return any(text.name == NAMES["wording"] for text in self.texts)


@dataclass(frozen=True)
class Writing:
    """Writes the rows of a comparison: the orientations of both states by key, and how many projects served them."""

    comparison: TreeComparison
    before: Mapping[int, Orientation]
    after: Mapping[int, Orientation]
    tallies: Mapping[int, Tally]

    def rows(self, rows: Iterable[NodeRow]) -> Iterator[ComparedRow]:
        for row in rows:
            yield self.row(row)

    def row(self, row: NodeRow) -> ComparedRow:
        before = [_line(self.comparison.before, node, self.before) for node in row.before]
        after = [_line(self.comparison.after, node, self.after) for node in row.after]
        texts = [_text(change) for change in row.changes if change.name in WORDINGS]
        facts = [self._fact(change) for change in row.changes if change.name not in WORDINGS]
        is_dropped = Kind.DROPPED in row.kinds
        tally = self.tallies.get(row.before[0].key) if is_dropped else None
        kinds = [kind for kind in Kind if kind in row.kinds]
        served = tally.branch if tally else None
        return ComparedRow(kinds, before, after, texts, facts, self._move(row), served)

    def _move(self, row: NodeRow) -> str:
        if Kind.MOVED not in row.kinds:
            return ""
        (node,), (now,) = row.before, row.after
        if not row.is_elsewhere:
            return "A changé de place parmi ses voisines."
        before, after = self.comparison.before, self.comparison.after
        former, present = _parent(before, node), _parent(after, now)
        if former == present:  # its number is borne by another one
            return f"Était sous {former} d’avant, est sous une autre orientation, qui a pris ce code."
        return f"Était sous {former}, est sous {present}."

    def _fact(self, change: NodeChange) -> str:
        if change.name == "applies_to":
            before = _codes(self.comparison.before, change.before)
            after = _codes(self.comparison.after, change.after)
            if before == after:
                after = "les mêmes codes, dont d’autres orientations portent certains"
        else:
            before, after = (_value(change.name, value) for value in (change.before, change.after))
        return f"{NAMES[change.name]}\u00a0: {before}, puis {after}."


def writing(
    comparison: TreeComparison,
    before: Iterable[Orientation],
    after: Iterable[Orientation],
    tallies: Mapping[int, Tally],
) -> Writing:
    return Writing(comparison, _by_key(before), _by_key(after), tallies)


def _by_key(orientations: Iterable[Orientation]) -> dict[int, Orientation]:
    return {orientation.pk: orientation for orientation in orientations}


def _line(state: TreeState, node: NodeState, orientations: Mapping[int, Orientation]) -> StateLine:
    path = " › ".join(above.code for above in state.path(node))
    label = Level(node.level).label
    shade = hue(orientations[state.root(node).key])
    return StateLine(node.code, label, path, node.wording, orientation_address(orientations[node.key]), shade)


def _text(change: NodeChange) -> ComparedText:
    return ComparedText(NAMES[change.name], str(change.before), str(change.after))


def _parent(state: TreeState, node: NodeState) -> str:
    return state.by_key[node.parent].code if node.parent is not None else "rien"


def _codes(state: TreeState, keys: object) -> str:
    wanted = keys if isinstance(keys, frozenset) else frozenset()
    return ", ".join(node.code for node in state.nodes if node.key in wanted) or NOTHING


def _value(name: str, value: object) -> str:
    if name == "level":
        return Level(str(value)).word
    if name == "columns":
        return ", ".join(Level(level).word for level in value) or "la sienne" if isinstance(value, tuple) else ""
    if name == "priority_type":
        return PRIORITY_KINDS[PriorityType(str(value))] if value else NOTHING
    return str(value)
