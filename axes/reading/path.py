"""The best levels for all blocks together: a path through the stacks of levels that one stands in while reading.

A stack is what the block stands under, itself last: each entry is a level, and whether its block is ranked by its form.
With five levels there are few stacks, so that the best path is exact, and so is how much worse the best path through
another level would be: that margin says what is doubtful.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from axes.reading import scoring

Stack = tuple[tuple[int, bool], ...]  # places in ``scoring.LEVELS``
WRONG_DEPTH = -5.0  # where the form says another depth
HOPELESS = 18.0  # behind the best: what is so far behind is left
NOTHING = float("-inf")


@dataclass(frozen=True)
class Step:
    """A block on the path: how well each level suits it, its depth among ranked blocks (None: it is not ranked),
    whether it is a sentence of the same cell as the one before, and how deep the last ranked block stands."""

    scores: Sequence[float]
    depth: int | None
    is_same_cell: bool
    ranked_above: int


@dataclass(frozen=True)
class BestLevel:
    """The level of a block, and by how much it wins over each other one.

    ``is_odd``: others that begin alike are read otherwise. ``guess`` is a level that the document never uses, and that
    its form might as well be.
    ``usual`` is the level of most others of its form, where it is not its own.
    """

    level: int
    margins: tuple[float, ...]
    is_odd: bool = False
    guess: int | None = None
    usual: int | None = None

    @property
    def margin(self) -> float:
        """Over the second best."""
        others = [margin for place, margin in enumerate(self.margins) if place != self.level]
        return min(others)


def best(steps: list[Step]) -> list[BestLevel]:
    """The best level of each step, and its margins."""
    if not steps:
        return []
    ahead, edges = _forward(steps)
    behind = _backward(ahead, edges)
    outcomes = []
    stack: Stack = ()
    for edge, reached, left in zip(edges, ahead, behind, strict=True):
        stack = _next(edge[stack], left)
        totals = [NOTHING] * len(scoring.LEVELS)
        for other, score in reached.items():
            place = other[-1][0]
            totals[place] = max(totals[place], score + left[other])
        top = max(totals)
        outcomes.append(BestLevel(stack[-1][0], tuple(top - total for total in totals)))
    return outcomes


Choices = list[tuple[Stack, float]]
Edges = dict[Stack, Choices]


def _most(choices: Choices, left: dict[Stack, float]) -> float:
    return max(gain + left.get(target, NOTHING) for target, gain in choices)


def _next(choices: Choices, left: dict[Stack, float]) -> Stack:
    return max(choices, key=lambda choice: choice[1] + left.get(choice[0], NOTHING))[0]


@dataclass(frozen=True)
class _Turn:
    """What it means to go from a stack to a level: the stack that follows, what it costs, what stays above."""

    place: int
    ranked: Stack
    plain: Stack
    cost: float
    ranked_above: int
    plain_above: int
    is_same_level: bool


@cache
def _turns(stack: Stack) -> tuple[_Turn, ...]:
    """A root stands under nothing, and all else under a root."""
    turns = []
    for place, level in enumerate(scoring.LEVELS):
        if not level.facts.is_root and not stack:
            continue
        above = tuple(entry for entry in stack if entry[0] < place)
        cost = scoring.under(place, above[-1][0] if above else None)
        if len(above) < len(stack):
            if stack[len(above)][0] == place:  # a sibling has shown the way
                cost *= scoring.SHOWN
            cost += scoring.childless(stack[-1][0], place) + scoring.sibling(place, stack[len(above)][0])
        ranked = sum(is_ranked for _, is_ranked in above)
        turns.append(
            _Turn(
                place,
                (*above, (place, True)),
                (*above, (place, False)),
                cost,
                ranked,
                len(above) - ranked,
                is_same_level=bool(stack) and stack[-1][0] == place,
            )
        )
    return tuple(turns)


def _choices(step: Step, stack: Stack) -> Choices:
    choices = []
    for turn in _turns(stack):
        score = step.scores[turn.place] + turn.cost
        if step.is_same_cell and turn.is_same_level:
            score += scoring.SAME_CELL
        if step.depth is not None:
            score += WRONG_DEPTH * (abs(turn.ranked_above - step.depth) + turn.plain_above)
        elif turn.ranked_above < step.ranked_above:
            score += WRONG_DEPTH * (step.ranked_above - turn.ranked_above)
        choices.append((turn.plain if step.depth is None else turn.ranked, score))
    return choices


def _forward(steps: list[Step]) -> tuple[list[dict[Stack, float]], list[Edges]]:
    """The best score of each stack after each step, but for those that are hopeless; and the ways that lead there."""
    reached: dict[Stack, float] = {(): 0.0}
    out: list[dict[Stack, float]] = []
    edges: list[Edges] = []
    for step in steps:
        edge = {stack: _choices(step, stack) for stack in reached}
        following: dict[Stack, float] = {}
        for stack, score in reached.items():
            for target, gain in edge[stack]:
                if score + gain > following.get(target, NOTHING):
                    following[target] = score + gain
        least = max(following.values()) - HOPELESS
        reached = {stack: score for stack, score in following.items() if score >= least}
        out.append(reached)
        edges.append(edge)
    return out, edges


def _backward(ahead: list[dict[Stack, float]], edges: list[Edges]) -> list[dict[Stack, float]]:
    """The best score of what is left after each step, from each stack."""
    left = {stack: scoring.childless(stack[-1][0]) for stack in ahead[-1]}
    out = [left]
    for edge in reversed(edges[1:]):
        left = {stack: _most(choices, left) for stack, choices in edge.items()}
        out.append(left)
    return out[::-1]
