"""Two states of a framework compared, against an oracle that asks each rule of each orientation by itself."""

import random
from dataclasses import replace
from itertools import combinations
from time import perf_counter
from uuid import UUID

from axes.comparing import Kind, NodeRow, NodeState, TreeState, compare, inverted

NEW_KEYS = 10_000  # another framework: other keys


def node(key, parent=None, uid=None, **values):
    values.setdefault("title", f"Texte {key % NEW_KEYS}")
    values.setdefault("code", f"C{key % NEW_KEYS}")
    return NodeState(
        key, UUID(int=uid or key % NEW_KEYS), level="axis" if parent is None else "x", parent=parent, **values
    )


def tree(nodes):
    """In document order, siblings as they come."""
    children: dict[int | None, list[NodeState]] = {}
    for state in nodes:
        children.setdefault(state.parent, []).append(state)

    def placed(parent):
        for child in children.get(parent, ()):
            yield child
            yield from placed(child.key)

    return TreeState(tuple(placed(None)))


def drawn(chance):
    """Two states and the descents between them, drawn at random."""
    before = tree([node(key, chance.choice([None, *range(1, key)])) for key in range(1, chance.randint(2, 11))])
    after = []
    for state in before.nodes:
        parent = None if state.parent is None else state.parent + NEW_KEYS
        after.append(replace(state, key=state.key + NEW_KEYS, parent=parent))
    for _ in range(chance.randint(0, 6)):
        after = changed(chance, after)
    keys = [state.key for state in after]
    descents = {}
    for state in before.nodes:
        if keys and chance.random() < 0.25:
            descents[state.key] = chance.sample(keys, chance.randint(1, min(2, len(keys))))
    return before, tree(after), descents


def changed(chance, states):
    """One thing done to a tree: the states again, in the order in which siblings stand."""
    if not states:
        return states
    number = chance.randrange(len(states))
    state, rest = states[number], states[:number] + states[number + 1 :]
    under = below(states, state.key)
    deed = chance.choice(("reword", "recode", "drop", "shuffle", "move", "add", "lose"))
    if deed == "reword":
        return [*states[:number], replace(state, title=f"Autre texte {chance.random()}"), *states[number + 1 :]]
    if deed == "recode":
        return [*states[:number], replace(state, code=f"R{chance.random()}"), *states[number + 1 :]]
    if deed == "drop":
        return [other for other in rest if other.key not in under]
    if deed == "shuffle":
        return chance.sample(states, len(states))
    if deed == "move":
        parents = [None, *(other.key for other in rest if other.key not in under)]
        return [*rest, replace(state, parent=chance.choice(parents))]
    if deed == "lose":  # the same text written anew: only a descent can tell what it was
        return [*states[:number], replace(state, uid=UUID(int=chance.randrange(5000, 10**6))), *states[number + 1 :]]
    key = chance.randrange(20_000, 10**6)
    return [*states, node(key, chance.choice([None, state.key]), uid=key)]


def below(states, key):
    keys = {key}
    for _ in states:
        keys |= {state.key for state in states if state.parent in keys}
    return keys


# --- the oracle -------------------------------------------------------------------------------------------------


def goes_to(former, state, descents):
    return former.uid == state.uid or state.key in descents.get(former.key, ())


def expected_kind(row: NodeRow, before, after, descents):
    """The kind of a row by the rules alone, its words and its place apart."""
    became = [[state for state in after.nodes if goes_to(former, state, descents)] for former in row.before]
    came = [[former for former in before.nodes if goes_to(former, state, descents)] for state in row.after]
    if not row.after:
        return Kind.DROPPED if became == [[]] else None
    if not row.before:
        return Kind.NEW if came == [[]] else None
    if len(row.before) == len(row.after) == 1:
        return Kind.KEPT if became == [list(row.after)] and came == [list(row.before)] else None
    if len(row.before) == 1:
        return Kind.SPLIT if became == [list(row.after)] else None
    return Kind.MERGED if len(row.after) == 1 and came == [list(row.before)] else None


def fewest_moves(ranks):
    """How few of these must move for the others to rise: each choice of those that stay is tried."""
    for staying in range(len(ranks), 0, -1):
        for kept in combinations(ranks, staying):
            if list(kept) == sorted(kept):
                return len(ranks) - staying
    return 0


def check_places(comparison, before, after, descents):
    rank = {state.key: place for place, state in enumerate(before.nodes)}
    beside: dict[object, list[NodeRow]] = {}
    for row in comparison.rows:
        if not row.goes_on:
            assert not row.is_elsewhere
            continue
        (was,), (now,) = row.before, row.after
        old = before.by_key.get(was.parent)
        new = after.by_key.get(now.parent)
        follows = old is new is None or (None not in (old, new) and goes_to(old, new, descents))
        assert row.is_elsewhere is not follows
        assert Kind.MOVED in row.kinds or follows
        if follows:
            beside.setdefault((was.parent, now.parent), []).append(row)
    for rows in beside.values():
        ranks = [rank[row.before[0].key] for row in rows]
        stay = [place for place, row in zip(ranks, rows, strict=True) if Kind.MOVED not in row.kinds]
        assert stay == sorted(stay)
        assert len(ranks) - len(stay) == fewest_moves(ranks)


def test_each_orientation_is_told_once_and_of_its_kind():
    chance = random.Random(14)
    seen = set()
    for _ in range(400):
        before, after, descents = drawn(chance)
        comparison = compare(before, after, descents)
        for row in comparison.rows:
            kind = expected_kind(row, before, after, descents)
            assert kind is not None, row
            assert row.goes_on or row.kinds == {kind}
            if row.goes_on:
                (was,), (now,) = row.before, row.after
                assert (Kind.REWORDED in row.kinds) == (was.title != now.title)
                assert (Kind.KEPT in row.kinds) == (not row.kinds & {Kind.REWORDED, Kind.MOVED})
                assert row.is_same == (row.kinds == {Kind.KEPT} and (was.code, was.level) == (now.code, now.level))
            seen |= row.kinds
        for states, side in ((before, "before"), (after, "after")):
            shown = [state.key for row in comparison.rows for state in getattr(row, side)]
            assert set(shown) == set(states.by_key)
        check_places(comparison, before, after, descents)
        assert sum(comparison.numbers.values()) >= len(comparison.rows)
    assert seen == set(Kind)


def test_a_state_is_the_same_as_itself_and_shares_nothing_with_a_stranger():
    before = tree([node(1), node(2, 1), node(3, 1)])
    assert compare(before, before).is_same
    stranger = tree([node(1, uid=77)])
    assert compare(before, stranger).shares_nothing
    assert not compare(before, TreeState(())).shares_nothing
    assert not compare(before, stranger, {3: [1]}).shares_nothing


def test_what_is_dropped_is_told_after_what_it_followed():
    before = tree([node(1), node(2, 1), node(3, 1), node(4)])
    after = tree([node(1), node(2, 1), node(9, 1, uid=9), node(4)])
    rows = compare(before, after).rows
    assert [(row.before or row.after)[0].key for row in rows] == [1, 2, 3, 9, 4]


def test_a_row_belongs_to_the_roots_where_it_stands_and_stood():
    before = tree([node(1), node(2), node(3, 1), node(4), node(5, 4), node(6, 4)])
    after = tree([node(1), node(2), replace(node(3), parent=2), replace(node(6), parent=1)])
    comparison = compare(before, after)
    roots = {(row.before or row.after)[0].key: comparison.roots(row) for row in comparison.rows}
    assert roots[3] == ({1, 2}, set())
    assert roots[5] == (set(), {4})
    assert roots[6] == ({1}, {4})


def test_descents_are_read_backwards():
    assert inverted({1: (2, 3), 4: (3,)}) == {2: (1,), 3: (1, 4)}


def test_a_large_framework_is_compared_well_under_a_second():
    chance = random.Random(3)
    before = tree([node(key, chance.choice([None, *range(max(1, key - 40), key)])) for key in range(1, 1471)])
    after = tree([replace(state, title=state.title + " bis") for state in chance.sample(before.nodes, 1470)])
    start = perf_counter()
    comparison = compare(before, after)
    assert comparison.numbers[Kind.REWORDED] == 1470
    assert perf_counter() - start < 1
