"""The type of a priority is proposed from how it is worded, with its reason, and marked where it is in doubt."""

import json

import pytest

from axes.founding import FIXTURE
from axes.reading.priority_types import proposed_type
from axes.vocabulary import priority_type_from_word

pytestmark = pytest.mark.once
PLACES = ("Aubrenay", "Haut-Moulin")
OTHERS = (  # a wording, its type, whether it is marked
    ("Quartiers du Haut-Moulin et de la gare", "territorial", False),
    ("Aubrenay et les communes voisines", "territorial", False),
    ("Ouverture d’un second lieu à Aubrenay", "territorial", True),
    ("Communes rurales sans commerce", "territorial", False),
    ("Médiation familiale, extension des permanences", "thematic", False),
    ("Relais itinérant dans les communes rurales", "thematic", True),
    ("Actions du schéma départemental de l’autonomie", "thematic", True),
    ("Voir la convention territoriale globale", "reference", False),
    ("Selon les décisions à venir", "reference", True),
)


def test_those_of_the_founding_text_are_proposed_as_officers_hold_them_for_right():
    rows = json.loads(FIXTURE.read_text(encoding="utf-8"))["orientations"]
    typed = [(row["titre"], priority_type_from_word(row["type_priorite"])) for row in rows if row.get("type_priorite")]
    proposed = [(title, proposed_type(title)) for title, _ in typed]
    wrong = [title for (title, right), (_, one) in zip(typed, proposed, strict=True) if one.type != right]
    assert wrong == []
    assert sum(bool(one.doubt) for _, one in proposed) <= len(typed) / 3
    assert all(one.reason for _, one in proposed)


@pytest.mark.parametrize(("title", "right", "is_marked"), OTHERS)
def test_a_place_or_another_document_is_seen_where_it_is_named(title, right, is_marked):
    proposed = proposed_type(title, PLACES)
    assert (proposed.type, bool(proposed.doubt)) == (right, is_marked), proposed
