"""What may be told to anybody of a count of people: nothing that speaks of one to four of them.

A count (of a declaration, of a report) has a number of people and, of these, several *partitions*: residents of
priority quarters and others, women, men and those whose sex is not told, the age bands and those whose age is not told.
An *atom* is one number of one count. Public figures are sums of the atoms that are told, and of nothing else: no two
of them, whatever the tables, give an atom that is hidden (``docs/decisions/17-small-numbers.md``).

Which atoms are hidden depends on which are nought, small or large, and never on how large: whoever knows this rule
learns no more from it.
"""

from collections.abc import Sequence

from projects.catalogue.models import PeopleCount

LEAST = 5  # people that a public number speaks of; nought is told
PEOPLE, QUARTERS = "people", "people_from_quarters"
CLASSES = (PEOPLE, QUARTERS, *PeopleCount.SEXES, *PeopleCount.AGES)
PARTITIONS = ((QUARTERS,), PeopleCount.SEXES, PeopleCount.AGES)
Counts = tuple[int | None, ...]  # in the order of ``CLASSES``; None for what is not told

_PLACES = tuple(tuple(CLASSES.index(name) for name in names) for names in PARTITIONS)


def is_small(number: int) -> bool:
    return 0 < number < LEAST


def public(counts: Counts) -> Counts:
    """The same count with None for each atom that is hidden.

    Without a number of people that may be told, nothing of it is; nor is any part of a partition whose parts are more
    than the whole.
    """
    people = counts[0]
    if people is None or is_small(people):
        return (None,) * len(counts)
    shown = list(counts)
    for places in _PLACES:
        told = [place for place in places if counts[place] is not None]
        parts = [counts[place] or 0 for place in told]
        rest = people - sum(parts)
        hidden = hidden_parts([*parts, rest]) if rest >= 0 else range(len(parts))
        for rank, place in enumerate(told):
            if rank in hidden:
                shown[place] = None
    return tuple(shown)


def hidden_parts(parts: Sequence[int]) -> set[int]:
    """Which parts of a whole that is known are hidden, by their rank. The last one, which nobody tells but that the
    others give by subtraction, is what is left.

    Small parts are. What is hidden is known together, by subtraction: it must be two parts at least, of five people at
    least; else other parts hide beside them, what is left first, then those that follow the last small one, in their
    order and round. A part that is nought hides nothing.
    """
    hidden = {rank for rank, part in enumerate(parts) if is_small(part)}
    if not hidden:
        return hidden
    last, number = max(hidden), len(parts)
    companions = [number - 1, *((last + step) % number for step in range(1, number))]
    for rank in companions:
        if len(hidden) > 1 and sum(parts[each] for each in hidden) >= LEAST:
            break
        if parts[rank]:
            hidden.add(rank)
    return hidden
