"""From the blocks of a document to the nodes that are proposed."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from axes.levels import COLUMN_LEVELS, Level
from axes.reading import path, scoring, tiers
from axes.reading.grammar import opening
from axes.reading.heads import PLAIN_FAMILY
from axes.reading.linking import Entry, link
from axes.reading.marks import level_named
from axes.reading.model import Block, DocumentProposal
from axes.reading.outline import depths, ranked
from axes.reading.preparing import prepared
from axes.reading.tables import BAND
from cohesion.lib.text import fold

FIRM = 0.8  # by how much a level must win to be no doubt
UNSAID = -4.0  # a level for which a table of headers has no column
ENOUGH, ODD = 5, 0.25  # so many that begin alike, of whom so few are read so, make it odd
OF_ITS_TIER = 5.0  # how much the map of the tiers is listened to
NO_ROOT = "À nommer"


def propose(blocks: Sequence[Block], headers: tuple[str, ...] = (), unit: str = "ligne") -> DocumentProposal:
    """Read the blocks of a document as a framework: every one of them, in order. ``unit`` is what is counted in it."""
    original = list(blocks)
    everything, title, flattened = prepared(original)
    headers = headers or flattened
    live = [block for block in everything if not block.aside]
    if live and not _has_root(live):
        root = Block(title or NO_ROOT, live[0].line, level=_root(), family=("title",))
        everything.insert(everything.index(live[0]), root)
        live.insert(0, root)
    outcomes = dict(zip(map(id, live), _levels(live, headers), strict=True))
    entries = [Entry(block, outcomes.get(id(block))) for block in everything]
    return DocumentProposal(link(entries, original, unit, FIRM), title, headers)


def _root() -> Level:
    return next(level for level in Level if level.facts.is_root)


def _has_root(live: list[Block]) -> bool:
    """Whether something may be a root: what a label names so, or the widest of the forms, first in the document."""
    if any(block.level is not None and block.level.facts.is_root for block in live):
        return True
    if live[0].announced and live[0].level is not None:
        return False  # a list of objectives with nothing above it
    if live[0].table:
        return live[0].family == BAND or _groups(live)
    is_done = live[0].level.facts.is_closed if live[0].level is not None else scoring.is_action(live[0])
    return bool(live[0].family) and live[0].family[:1] != PLAIN_FAMILY and not is_done


def _groups(live: list[Block]) -> bool:
    """Whether the first column of a table groups the rows of the second, in a table of other columns than those that
    stand under a root."""
    columns = Counter(block.family for block in live if block.table)
    first, second = columns[live[0].family], columns[("column", str((live[0].column or 0) + live[0].span))]
    return live[0].width != len(COLUMN_LEVELS) and live[0].level is None and 2 <= first < second


def _levels(live: list[Block], headers: Sequence[str]) -> list[path.BestLevel]:
    """The level of each block: first by itself and its place, then with what its like have shown."""
    ranks = ranked(live)
    deep = depths(live, ranks)
    blanks = sum(block.blank_before for block in live)
    blanks_speak = 0.04 * len(live) < blanks < 0.6 * len(live)
    own = [
        scoring.own_scores(block, blanks_speak=blanks_speak, is_ranked=depth == 0)
        for block, depth in zip(live, deep, strict=True)
    ]
    for level in _unsaid(headers):
        for scores in own:
            scores[level.rank] += UNSAID
    if all(block.family for block in live):
        _add_tiers(live, own, tiers.chosen(live, deep, has_root=True))
    outcomes = path.best(_steps(live, own, deep))
    for _ in range(2):
        outcomes = path.best(_steps(live, _with_their_like(live, own, outcomes), deep))
    return [
        replace(outcome, is_odd=is_odd, guess=guess, usual=usual)
        for outcome, is_odd, guess, usual in zip(
            outcomes, _odd(live, outcomes), _guesses(live, outcomes), _usual(live, outcomes), strict=True
        )
    ]


def _levels_of_forms(live: list[Block], outcomes: list[path.BestLevel]) -> defaultdict[Hashable, Counter[int]]:
    forms: defaultdict[Hashable, Counter[int]] = defaultdict(Counter)
    for block, outcome in zip(live, outcomes, strict=True):
        forms[block.family][outcome.level] += 1
    return forms


def _add_tiers(live: list[Block], own: list[list[float]], chosen: Mapping[tuple[str, ...], tuple[int, float]]) -> None:
    """Let the map of the tiers weigh on each block whose form it ranks."""
    for block, scores in zip(live, own, strict=True):
        if block.level is None and block.family in chosen:
            scores[chosen[block.family][0]] += OF_ITS_TIER


def _odd(live: list[Block], outcomes: list[path.BestLevel]) -> list[bool]:
    """Whether a block is closed where those that begin alike are not, or the other way round."""
    openings = _openings(live, outcomes)
    closed = [outcome.level in scoring.CLOSED for outcome in outcomes]
    odd = []
    for block, outcome, is_closed in zip(live, outcomes, closed, strict=True):
        counts = openings[_beginning(block)]
        is_root = scoring.LEVELS[outcome.level].facts.is_root
        odd.append(
            not is_root
            and block.level is None
            and counts.total() >= ENOUGH
            and counts[is_closed] < ODD * counts.total()
        )
    return odd


def _guesses(live: list[Block], outcomes: list[path.BestLevel]) -> list[int | None]:
    """The level that a form might as well be: the one right above its own, where a level above it is never used.

    A document of three forms fills three levels of five: nothing in it says which, and the order is all that is sure.
    Where the first of a form is in doubt, so are all those that are read as it is.
    """
    used = {outcome.level for outcome in outcomes}
    shifted: dict[Hashable, tuple[int, int]] = {}  # by form, the level at which it is in doubt, and how it might move
    guesses: list[int | None] = []
    for block, outcome in zip(live, outcomes, strict=True):
        if block.family and block.family not in shifted:
            is_guess = block.level is None and not scoring.is_action(block)
            shifted[block.family] = (outcome.level, _shift(outcome.level, used)) if is_guess else (0, 0)
        read_at, shift = shifted.get(block.family, (0, 0)) if block.level is None else (0, 0)
        guesses.append(outcome.level + shift if shift and read_at == outcome.level else None)
    return guesses


def _usual(live: list[Block], outcomes: list[path.BestLevel]) -> list[int | None]:
    """The level of most of the blocks of the same form, for those that are read at another one."""
    forms = _levels_of_forms(live, outcomes)
    usual: list[int | None] = []
    for block, outcome in zip(live, outcomes, strict=True):
        level, times = forms[block.family].most_common(1)[0]
        is_rare = 2 * forms[block.family][outcome.level] < forms[block.family].total() and times > 1
        usual.append(level if block.family and block.level is None and level != outcome.level and is_rare else None)
    return usual


def _shift(level: int, used: set[int]) -> int:
    """By how much a form might move: up, where a level above it is never used; down, where the one right under the
    roots is, which few plans have, and one beneath the form is not."""
    if any(above not in used for above in range(1, level)):
        return -1
    last = len(scoring.LEVELS) - 1
    return 1 if level and 1 in used and any(below not in used for below in range(level + 1, last + 1)) else 0


def _unsaid(headers: Sequence[str]) -> list[Level]:
    """The levels of columns that a document with named columns does not have."""
    named = {_level_of_header(header) for header in headers if header}
    named.discard(None)
    return [level for level in COLUMN_LEVELS if level not in named] if len(named) > 1 else []


def _level_of_header(header: str) -> Level | None:
    """« Action » heads what is done."""
    is_done = fold(header.split(" ")[0]) in scoring.ACTIONS
    return next(level for level in Level if level.facts.is_closed) if is_done else level_named(header)


def _steps(live: list[Block], scores: list[list[float]], deep: list[int | None]) -> list[path.Step]:
    steps = []
    above = 0
    for block, own, depth in zip(live, scores, deep, strict=True):
        steps.append(path.Step(own, depth, block.piece > 0, above))
        if depth is not None:
            above = depth + 1
    return steps


def _with_their_like(live: list[Block], own: list[list[float]], outcomes: list[path.BestLevel]) -> list[list[float]]:
    """The scores, with what the document shows elsewhere: the levels of the other blocks of the same form, and whether
    those that begin alike are closed."""
    forms, openings = _levels_of_forms(live, outcomes), _openings(live, outcomes)
    out = []
    for block, scores in zip(live, own, strict=True):
        total = list(scores)
        if block.family:
            total = scoring.added(total, scoring.by_form(shares(forms[block.family])))
        out.append(scoring.added(total, scoring.by_opening(shares(openings[_beginning(block)]))))
    return out


def _openings(live: list[Block], outcomes: list[path.BestLevel]) -> defaultdict[Hashable, Counter[bool]]:
    """How many of the blocks that begin alike are closed, and how many are not; roots aside, which begin anyhow."""
    openings: defaultdict[Hashable, Counter[bool]] = defaultdict(Counter)
    for block, outcome in zip(live, outcomes, strict=True):
        if not scoring.LEVELS[outcome.level].facts.is_root:
            openings[_beginning(block)][outcome.level in scoring.CLOSED] += 1
    return openings


def _beginning(block: Block) -> Hashable:
    return opening(block.text) if block.text else None


def shares(counts: Counter[Any]) -> dict[Any, float]:
    """What part of the whole each has."""
    return {key: times / counts.total() for key, times in counts.items()}
