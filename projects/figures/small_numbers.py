"""What may be told to anybody of a count of people: nothing that speaks of one to four of them.

A count (of a declaration, of a report) has a number of people and, of these, several *partitions*: residents of
priority quarters and others, women, men and those whose sex is not told, the age bands and those whose age is not told.
An *atom* is one number of one count. Public figures are sums of the atoms that are told, and of nothing else: no two
of them, whatever the tables, give an atom that is hidden (``docs/decisions/17-small-numbers.md``).

Atoms are told, or hidden, by *blocks*: what is known of a hidden block is its sum, by subtraction, and that one of its
parts at least is small. Whoever knows this rule learns no more from it.
"""

from collections.abc import Sequence

from cohesion.lib.text import fold
from projects.catalogue.models import PeopleCount

LEAST = 5  # people that a public number speaks of; nought is told
PEOPLE, QUARTERS = "people", "people_from_quarters"
CLASSES = (PEOPLE, QUARTERS, *PeopleCount.SEXES, *PeopleCount.AGES)
CHILDREN, YOUNG, ADULTS = PeopleCount.AGES[:3], PeopleCount.AGES[3:5], PeopleCount.AGES[5:]
# The blocks of each partition. What is left of the whole, which subtraction gives, is of the last one.
PARTITIONS = (((QUARTERS,),), (PeopleCount.SEXES,), (CHILDREN, YOUNG, ADULTS))
Counts = tuple[int | None, ...]  # in the order of ``CLASSES``; None for what is not told

_SMALL = frozenset(range(1, LEAST))
_NOTHING: Counts = (None,) * len(CLASSES)


def _slice(block: Sequence[str]) -> slice:
    """Where the classes of a block stand: side by side."""
    first = CLASSES.index(block[0])
    return slice(first, first + len(block))


_SLICES = [list(map(_slice, blocks)) for blocks in PARTITIONS]


def is_small(number: int) -> bool:
    return number in _SMALL


def public(counts: Counts) -> Counts:
    """The same count with None for each atom that is hidden.

    Without a number of people that may be told, nothing of it is; nor is any part of a partition whose parts are more
    than the whole.
    """
    people = counts[0]
    if people is None or people in _SMALL:
        return _NOTHING
    shown = list(counts)
    for partition in _SLICES:
        parts, rest = [], people
        for block in partition:
            known = [number for number in counts[block] if number is not None]
            rest -= sum(known)
            parts.append(known)
        parts[-1].append(rest)
        are_told = told_blocks(parts) if rest >= 0 else [False] * len(parts)
        for block, is_told in zip(partition, are_told, strict=True):
            if not is_told:
                shown[block] = _NOTHING[block]
    return tuple(shown)


def told_blocks(blocks: Sequence[Sequence[int]]) -> list[bool]:
    """Which of these blocks, that make a whole which is known, are told: those of which no part is small, unless all
    that is hidden would then be a small number itself.

    A block of one part would say too much of it: where there is one, all are told together.
    """
    are_told = list(map(_SMALL.isdisjoint, blocks))
    if all(are_told):
        return are_told
    if min(map(len, blocks)) < 2:
        return [False] * len(blocks)
    hidden = sum(sum(block) for block, is_told in zip(blocks, are_told, strict=True) if not is_told)
    return [False] * len(blocks) if hidden in _SMALL else are_told


# --- measures -----------------------------------------------------------------------------------------------

# How the unit of an indicator that counts no people begins. Screenings, plans and « sorties » (from a scheme, to a job)
# are as many people as often as not.
_WORDS_OF_THINGS = """
action actions activite activites animation animations annee annees article articles atelier ateliers chantier
chantiers commune communes compte comptes convention conventions cours demarche demarches document documents euro
euros evenement evenements exposition expositions fete fetes fiche fiches h heure heures intervention interventions
jour journee journees jours km lieu lieux livre livres livret livrets logement logements m2 mois numero numeros outil
outils parcelle parcelles partenaire partenaires permanence permanences rencontre rencontres repas reunion reunions
seance seances semaine semaines session sessions spectacle spectacles structure structures support supports vehicule
vehicules visite visites €
"""
_THINGS = frozenset(_WORDS_OF_THINGS.split())
_SHARES = [[word] for word in ("part", "pour", "pourcent", "pourcentage", "proportion", "taux")]


def counts_people(unit: str) -> bool:
    """Whether a measure may be a number, or a part, of people: unless its unit begins with what is none."""
    words = fold(unit).split()
    return not words or words[0] not in _THINGS


def may_be_told(hundredths: int, unit: str, counts: Counts) -> bool:
    """Whether anybody may read a measure of a report, in hundredths of its unit.

    One that may count people must be told by a report that hides nothing, and be apart from all its numbers: else it
    might give a number that is hidden there, or that nobody asked for.
    """
    if not counts_people(unit):
        return True
    is_whole = counts[0] is not None and public(counts) == counts
    return is_whole and _is_apart(hundredths, unit, counts)


def outcome_may_be_told(target: int | None, unit: str, counts: Counts) -> bool:
    """Whether anybody may read that a measure which is hidden reaches its target, or does not: a target that stands
    where small numbers do would tell which one it is."""
    return target is None or not counts_people(unit) or _is_apart(target, unit, public(counts))


def _is_apart(hundredths: int, unit: str, counts: Counts) -> bool:
    """Whether a measure is nought or five people at least, and as far from each number of a report; a share of people,
    or what may be one, gives as many of each number, and leaves as many."""
    numbers = [number * 10_000 for number in counts if number is not None]  # in hundredths of a hundredth of one
    distances: list[int] = []
    if not _is_share(unit):
        distances += [hundredths * 100, *(abs(number - hundredths * 100) for number in numbers)]
    if _is_share(unit) or not unit.strip():
        parts = [number * hundredths // 10_000 for number in numbers]
        distances += [*parts, *(abs(number - part) for number, part in zip(numbers, parts, strict=True))]
    return not any(0 < distance < LEAST * 10_000 for distance in distances)


def _is_share(unit: str) -> bool:
    return "%" in unit or fold(unit).split()[:1] in _SHARES
