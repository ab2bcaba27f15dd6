"""The tree against a naive one, in Python lists: any sequence of writes leaves both the same."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from mptt.exceptions import InvalidMove

from axes import guard, tree
from axes.levels import Level
from axes.models import Framework, Orientation

pytestmark = pytest.mark.django_db


class NaiveTree:
    """Codes, their level, and the ordered children of each (None: the axes)."""

    def __init__(self) -> None:
        self.level: dict[str, Level] = {}
        self.children: dict[str | None, list[str]] = {None: []}

    def parent(self, code: str) -> str | None:
        return next(parent for parent, children in self.children.items() if code in children)

    def branch(self, code: str) -> list[str]:
        return [code, *(under for child in self.children[code] for under in self.branch(child))]

    def may_stand(self, level: Level, parent: str | None) -> bool:
        return level is Level.AXIS if parent is None else level.rank > self.level[parent].rank

    def insert(self, code: str, level: Level, parent: str | None) -> bool:
        if not self.may_stand(level, parent):
            return False
        self.level[code] = level
        self.children[code] = []
        self.children[parent].append(code)
        return True

    def move(self, code: str, target: str, position: str) -> bool:
        parent = target if position.endswith("child") else self.parent(target)
        inside = parent is not None and parent in self.branch(code)
        if code == target or inside or not self.may_stand(self.level[code], parent):
            return False
        self.children[self.parent(code)].remove(code)
        row = self.children[parent]
        place = {"first-child": 0, "last-child": len(row)}.get(position)
        if place is None:
            place = row.index(target) + (position == "right")
        row.insert(place, code)
        return True

    def delete(self, code: str) -> None:
        gone = self.branch(code)
        self.children[self.parent(code)].remove(code)
        for under in gone:
            del self.level[under], self.children[under]

    def rows(self, parent: str | None = None) -> list[tuple[str, str | None]]:
        """(code, parent's code) in document order."""
        return [row for code in self.children[parent] for row in [(code, parent), *self.rows(code)]]


class Comparison(RuleBasedStateMachine):
    """The same writes to both; what one refuses, the other refuses."""

    picks = st.integers(min_value=0, max_value=10_000)

    def __init__(self) -> None:
        super().__init__()
        Framework.objects.filter(slug="comparaison").delete()
        self.framework = Framework.objects.create(name="Comparaison", slug="comparaison")
        self.naive = NaiveTree()
        self.number = 0

    def teardown(self) -> None:
        self.framework.orientations.all().delete()
        self.framework.delete()

    def node(self, code: str) -> Orientation:
        return Orientation.objects.get(framework=self.framework, code=code)

    def code(self, pick: int) -> str:
        codes = list(self.naive.level)
        return codes[pick % len(codes)]

    @rule(level=st.sampled_from(list(Level)), pick=picks, under=st.booleans())
    def insert(self, level: Level, pick: int, under: bool) -> None:
        parent = self.code(pick) if under and self.naive.level else None
        self.number += 1
        code = f"N{self.number}"
        node = Orientation(
            framework=self.framework, parent=self.node(parent) if parent else None, level=level, code=code, title=code
        )
        try:
            node.save()
            accepted = True
        except ValidationError:
            accepted = False
        assert accepted == self.naive.insert(code, level, parent)

    @precondition(lambda self: len(self.naive.level) > 1)
    @rule(pick=picks, beside=picks, position=st.sampled_from(sorted(guard.nodes.POSITIONS)))
    def move(self, pick: int, beside: int, position: str) -> None:
        code, other = self.code(pick), self.code(beside)
        try:
            Orientation.objects.move_node(self.node(code), self.node(other), position)
            accepted = True
        except InvalidMove:
            accepted = False
        assert accepted == self.naive.move(code, other, position)

    @precondition(lambda self: self.naive.level)
    @rule(pick=picks)
    def edit(self, pick: int) -> None:
        node = self.node(self.code(pick))
        node.title += "."
        node.save()

    @precondition(lambda self: len(self.naive.level) > 4)
    @rule(pick=picks)
    def delete(self, pick: int) -> None:
        code = self.code(pick)
        self.node(code).delete()
        self.naive.delete(code)

    @invariant()
    def both_are_the_same(self) -> None:
        rows = self.framework.orientations.in_order().values_list("code", "parent__code")
        assert list(rows) == self.naive.rows()
        assert tree.check() == []


def test_any_sequence_of_writes_leaves_the_tree_as_a_naive_one():
    run_state_machine_as_test(
        Comparison,
        settings=settings(
            max_examples=12,
            stateful_step_count=25,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
