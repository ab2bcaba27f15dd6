"""A framework out as a Word document and in again: nothing of it changes, and ten edits are ten differences."""

import pytest

from axes.word.writing import export
from tests.axes.word.documents import Edited, differences, read_back

pytestmark = pytest.mark.django_db


def ten_edits(document: Edited) -> list[tuple[str, str]]:
    """Ten edits of the founding document, each of its kind; returns the differences that they are."""
    document.reword("1.1.3", "réseau", "réseau vivant")
    document.reword("5", "sa famille", "toute sa famille")
    document.move("6.1.1-b", after="7.1.1-a")
    document.move("5.3.1-a", after="5.3.1-b")
    document.add("2.1.1-a", "Une priorité nouvelle, ajoutée au bout de la cellule")
    document.add_row("6.1.1", 2, "Un objectif nouveau, dans une ligne nouvelle")
    document.remove("1.1.2-a")
    document.cut("1.1.1-b", at="(prioritaires")
    document.join("5.2.4-a", "5.2.4-b")
    document.merge_down("1.1.1-a", row="1.1.2")
    return sorted(
        [
            ("reworded", "1.1.3"),
            ("reworded", "5"),
            ("moved", "6.1.1-b"),
            ("moved", "5.3.1-b"),  # of two that change places, one has moved
            ("created", "2.1.1-b"),
            ("created", "6.1.2"),
            ("missing", "1.1.2-a"),
            ("cut", "1.1.1-b"),
            ("joined", "5.2.4-b"),
            ("cells", "1.1.1-a"),
        ]
    )


def test_the_same_framework_gives_the_same_bytes_and_comes_back_unchanged(founding):
    data, _, name = export(founding)
    assert export(founding)[0] == data
    assert name == f"{founding.slug}.docx"
    assert differences(data, founding) == []
    plan, report = read_back(data, founding)
    assert plan.counts == {"created": 0, "changed": 0, "moved": 0, "missing": 0, "unchanged": 64}
    assert report["word"]["since"] == []


def test_ten_edits_are_ten_differences_each_of_its_kind(founding):
    document = Edited(founding)
    expected = ten_edits(document)
    assert differences(document.data, founding) == expected
