"""What may be told to anybody of a count of people: nothing that speaks of one to four of them.

A count (of a declaration, of a report) has a number of people and, of these, several *partitions*: residents of
priority quarters and others, women, men and those whose sex is not told, the age bands and those whose age is not told.
An *atom* is one number of one count. Public figures are sums of the atoms that are told, and of nothing else: no two
of them, whatever the tables, give an atom that is hidden (``docs/decisions/17-small-numbers.md``).

Which atoms are hidden depends on which are nought, small or large, and never on how large: whoever knows this rule
learns no more from it.
"""

from collections.abc import Sequence

from cohesion.lib.text import fold
from projects.catalogue.models import PeopleCount

LEAST = 5  # people that a public number speaks of; nought is told
PEOPLE, QUARTERS = "people", "people_from_quarters"
CLASSES = (PEOPLE, QUARTERS, *PeopleCount.SEXES, *PeopleCount.AGES)
PARTITIONS = ((QUARTERS,), PeopleCount.SEXES, PeopleCount.AGES)
Counts = tuple[int | None, ...]  # in the order of ``CLASSES``; None for what is not told

_PLACES = tuple(tuple(map(CLASSES.index, names)) for names in PARTITIONS)


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
        known = [place for place in places if counts[place] is not None]
        parts = [counts[place] or 0 for place in known]
        rest = people - sum(parts)
        hidden = hidden_parts([*parts, rest]) if rest >= 0 else range(len(parts))
        for rank, place in enumerate(known):
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


# --- measures -----------------------------------------------------------------------------------------------

# How the unit of an indicator that counts no people begins.
_WORDS_OF_THINGS = """
action actions activite activites animation animations annee annees article articles atelier ateliers chantier
chantiers commune communes compte comptes convention conventions cours demarche demarches depistage depistages
document documents euro euros evenement evenements exposition expositions fete fetes fiche fiches h heure heures
intervention interventions jour journee journees jours km lieu lieux livre livres livret livrets logement logements m2
mois numero numeros outil outils parcelle parcelles partenaire partenaires permanence permanences plan plans rencontre
rencontres repas reunion reunions seance seances semaine semaines session sessions sortie sorties spectacle spectacles
structure structures support supports vehicule vehicules visite visites €
"""
_THINGS = frozenset(_WORDS_OF_THINGS.split())


def counts_people(unit: str) -> bool:
    """Whether a measure may be a number, or a part, of people: unless its unit begins with what is none."""
    words = fold(unit).split()
    return not words or words[0] not in _THINGS


def may_be_told(hundredths: int, unit: str, counts: Counts) -> bool:
    """Whether anybody may read a measure of a report, in hundredths of its unit.

    One that may count people must be told by a report that hides nothing, and be of five at least, and as far from all
    its people: else it might give a number that is hidden there, or that nobody asked for.
    """
    if not counts_people(unit):
        return True
    if counts[0] is None or public(counts) != counts:
        return False
    least = LEAST * 100
    rest = abs(counts[0] * 100 - hundredths)
    return not 0 < hundredths < least and not 0 < rest < least
