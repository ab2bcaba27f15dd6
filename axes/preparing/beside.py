"""A framework in preparation beside the one that it follows, line by line: what each orientation was, and is to be."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from axes import document
from axes.adoption import lineage
from axes.as_of import tree_state
from axes.comparing import Kind, NodeRow, NodeState, TreeComparison, TreeState, compare
from axes.levels import Level
from axes.models import Framework
from cohesion.lib.text import count_phrase


@dataclass(frozen=True)
class BesideLine:
    """An orientation as it is to be (None: it is gone), what it was, and what became of it in words.

    ``root`` is the code of what it stands under, at the top; ``depth`` is for the indentation.
    """

    row: NodeRow
    now: NodeState | None
    before: tuple[NodeState, ...]
    root: str
    depth: int
    was_under: str = ""

    @property
    def is_changed(self) -> bool:
        return not self.row.is_same

    @property
    def is_reworded(self) -> bool:
        """Whether it is one orientation then and now, in other words."""
        return self.now is not None and self.row.goes_on and self.before[0].wording != self.now.wording

    @property
    def key(self) -> int:
        return self.now.key if self.now else self.before[0].key

    @property
    def level_label(self) -> str:
        state = self.now or self.before[0]
        return str(Level(state.level).label)

    @property
    def words(self) -> list[str]:
        """« Reformulée », « Déplacée »; and what else differs that no kind names."""
        kinds = [str(kind.label) for kind in Kind if kind in self.row.kinds and kind != Kind.KEPT]
        names = {change.name for change in self.row.changes}
        others = {"code": "Code changé", "level": "Niveau changé", "priority_type": "Type changé"}
        return kinds + [words for name, words in others.items() if name in names]


@dataclass(frozen=True)
class Beside:
    """Both frameworks side by side; ``former`` is None where nothing of it goes on."""

    comparison: TreeComparison
    former: Framework | None

    @cached_property
    def lines(self) -> list[BesideLine]:
        """In the order of the new one; what is gone stands after what it followed."""
        place = {node.key: number for number, node in enumerate(self.comparison.after.nodes)}
        ordered: list[tuple[tuple[int, int], BesideLine]] = []
        last = -1
        for number, row in enumerate(self.comparison.rows):
            if row.after:
                last = place[row.after[0].key]
                ordered += [((place[node.key], -1), self._line(row, node)) for node in row.after]
            else:
                ordered.append(((last, number), self._line(row, None)))
        return [line for _, line in sorted(ordered, key=lambda pair: pair[0])]

    def _line(self, row: NodeRow, node: NodeState | None) -> BesideLine:
        state = self.comparison.after if node else self.comparison.before
        shown = node or row.before[0]
        path = state.path(shown)
        root = (*path, shown)[0].code
        under = self._was_under(row) if node else ""
        return BesideLine(row, node, row.before, root, min(len(path), 6), under)

    def _was_under(self, row: NodeRow) -> str:
        """The code of what it stood under, where it stands elsewhere."""
        if not row.is_elsewhere or row.before[0].parent is None:
            return ""
        return self.comparison.before.by_key[row.before[0].parent].code

    @property
    def numbers(self) -> list[str]:
        """How many lines of the comparison are of each kind: « 57 gardées », « 1 scindée »."""
        numbers = self.comparison.numbers
        words = {kind: str(kind.label).lower() for kind in Kind}
        return [count_phrase(numbers[kind], words[kind], f"{words[kind]}s") for kind in Kind if numbers[kind]]

    @cached_property
    def roots(self) -> list[NodeState]:
        return [node for node in self.comparison.after.nodes if node.parent is None]

    def shown(self, root: str = "", *, only_changes: bool = False) -> Iterator[BesideLine]:
        """The lines under a root, by its code; or those that change; or all."""
        for line in self.lines:
            if (not root or line.root == root) and (line.is_changed or not only_changes):
                yield line


def beside(framework: Framework) -> Beside:
    """A framework in preparation beside the one in force whose place it takes; beside nothing if they share nothing."""
    after = tree_state(document.read_nodes(framework))
    former = Framework.objects.before(framework).first()
    if former is not None:
        before = tree_state(document.read_nodes(former))
        comparison = compare(before, after, lineage(former, framework))
        if not comparison.shares_nothing:
            return Beside(comparison, former)
    return Beside(compare(TreeState(()), after), None)
