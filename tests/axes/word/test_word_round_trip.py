"""A framework out as a Word document and in again: nothing of it changes, and ten edits are ten differences."""

import base64
import copy
import io
import zipfile
import zlib
from collections import Counter

import pytest
from docx.oxml.ns import qn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from axes.levels import Level
from axes.word.marks import REVISION, STATE, origin
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
    _, report = read_back(document.data, founding)
    (cell,) = (line for line in report["word"]["lines"] if line["kind"] == "cells")
    assert cell["notes"] == ["De même, dans cette cellule\u00a0: 1.1.1-b."]


def test_what_a_word_processor_changes_by_itself_is_no_change(founding):
    document = Edited(founding)
    for code in founding.orientations.values_list("code", flat=True):
        text = document.wording(code)
        for old, new in (("'", "’"), (" ", "\u00a0 "), ("/", "/\u200b"), ("...", "…")):
            text.text = text.text.replace(old, new)
    assert differences(document.data, founding) == []


def test_a_lost_bookmark_costs_nothing_where_the_wording_is_close(founding):
    document = Edited(founding)
    nodes = {node.code: node for node in founding.orientations.all()}
    document.retype("1.1.2-a", nodes["1.1.2-a"].title)
    document.retype("5.1.1", f"5.1.1 {nodes['5.1.1'].title}")
    document.retype("7.1", nodes["7.1"].title.replace("soins", "soins de tous"))
    assert differences(document.data, founding) == [("reworded", "7.1")]
    _, report = read_back(document.data, founding)
    assert report["word"]["retyped"] == ["1.1.2-a", "5.1.1", "7.1"]
    (line,) = report["word"]["lines"]
    assert line["notes"] == ["Retrouvée par son texte\u00a0: le document ne la désignait plus."]


def test_a_sentence_written_anew_is_known_by_its_code_and_without_it_the_file_says_what_to_do(founding):
    anew = "Faire connaître les métiers d’autrefois avec les écoles"
    document = Edited(founding)
    document.retype("8.1.4", f"8.1.4 {anew}")
    assert differences(document.data, founding) == [("reworded", "8.1.4")]
    _, report = read_back(document.data, founding)
    assert report["word"]["lines"][0]["after"] == anew
    assert "par son code" in report["word"]["lines"][0]["notes"][0]
    document = Edited(founding)
    document.retype("8.1.4", anew)
    assert differences(document.data, founding) == [("created", "8.1.5"), ("missing", "8.1.4")]
    _, report = read_back(document.data, founding)
    notes = {line["code"]: line["notes"] for line in report["word"]["lines"]}
    assert "8.1.4 manque au même endroit" in notes["8.1.5"][0]
    # Two that come where one goes: nothing says which.
    document.add("8.1.3", "Recenser les lieux oubliés")
    _, report = read_back(document.data, founding)
    assert not any(line["notes"] for line in report["word"]["lines"])


def test_codes_and_labels_are_read_as_what_they_are(founding):
    document = Edited(founding)
    for code in ("1.1", "2.1.1"):  # the code was erased
        paragraph = document.paragraph(code)
        paragraph.remove(paragraph.findall(qn("w:r"))[0])
    document.paragraph("5").findall(qn("w:r"))[0].find(qn("w:t")).text = "AXE CINQ :"
    assert differences(document.data, founding) == [("reworded", "5")]
    plan, _ = read_back(document.data, founding)
    (entry,) = plan.changed
    assert {field["field"]: field["new"] for field in entry["fields"]}["mention"] == "AXE CINQ :"


def test_what_cannot_be_understood_is_a_sentence_with_its_place_and_how_to_mend_it(founding):
    document = Edited(founding)
    document.add("3", "Un second paragraphe dans la bande d’un axe")
    document.retype("1", "Un texte en toute largeur, qui n’a plus le style de rien")
    document.add("2.1.1-a", "x" * 501)
    plan, _ = read_back(document.data, founding)
    problems = [(problem.row, problem.column, problem.message.replace("\u00a0", " ")) for problem in plan.problems]
    (wide, long, beside) = problems
    assert wide[:2] == (2, "")
    assert "donnez-lui le style « Axe »" in wide[2]
    assert long[:2] == (7, "Priorité (sous 2)")
    assert "raccourcissez-le à 500" in long[2]
    assert beside[:2] == (10, "(sous 3)")
    assert "partage la bande de l’axe 3" in beside[2]
    assert not plan.forest


def test_a_new_axis_is_a_band_and_is_labelled_as_the_others(founding):
    document = Edited(founding)
    row = document.row("8")
    band = copy.deepcopy(row)
    cell = band.find(qn("w:tc"))
    cell.replace(cell.find(qn("w:p")), document.typed("AXE 9 : CULTURE\u00a0: tous au spectacle", "Axe"))
    row.addprevious(band)
    assert differences(document.data, founding) == [("created", "9")]
    plan, _ = read_back(document.data, founding)
    assert [node.values["code"] for node in plan.forest] == ["1", "2", "3", "4", "5", "6", "7", "9", "8"]
    new = plan.forest[-2].values
    assert (new["label"], new["title"]) == ("AXE 9 :", "CULTURE : tous au spectacle")


def test_a_merged_cell_takes_in_what_comes_which_is_told_and_is_no_difference(founding):
    document = Edited(founding)
    document.add("5.2.3", "Accompagner les départs en vacances des familles")
    assert differences(document.data, founding) == [("created", "5.2.5")]
    plan, report = read_back(document.data, founding)
    assert report["word"]["consequences"] == ["5.2.3-a"]
    (entry,) = plan.changed
    assert entry["fields"] == [{"field": "s_applique_a", "old": "5.2.2|5.2.3", "new": "5.2.2|5.2.3|5.2.5"}]


def test_a_text_pasted_in_another_column_takes_its_level(founding):
    document = Edited(founding)
    document.move("7.1.1-a", after="7.1.1")
    _, report = read_back(document.data, founding)
    (line,) = report["word"]["lines"]
    assert (line["kind"], line["code"]) == ("moved", "7.1.1-a")
    assert line["levels"] == ["priorité", "objectif opérationnel"]
    assert (line["move"]["from"], line["move"]["to"]) == ("7.1.1", "7.1")


def test_the_table_cut_in_two_or_with_a_column_drawn_wider_is_the_same_table(founding):
    document = Edited(founding)
    table = document.row("5").getparent()
    second = copy.deepcopy(table)
    for row in second.findall(qn("w:tr")):
        second.remove(row)
    rows = table.findall(qn("w:tr"))
    for row in rows[rows.index(document.row("5")) :]:
        second.append(row)
    table.addnext(second)
    table.addnext(document.typed("", "Normal"))
    for width, grid in zip((900, 5100, 3000, 6100), second.find(qn("w:tblGrid")), strict=True):
        grid.set(qn("w:w"), str(width))
    assert differences(document.data, founding) == []


def test_a_document_that_lost_its_properties_is_compared_with_the_framework_of_today(founding):
    with zipfile.ZipFile(io.BytesIO(export(founding)[0])) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if name != "docProps/custom.xml"}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    plan, report = read_back(stream.getvalue(), founding)
    assert not plan.writes
    assert "ne dit plus de quelle révision" in " ".join(report["warnings"])


@pytest.mark.parametrize(
    "state", ["", "%%%", "e30=", base64.b64encode(zlib.compress(b'[["a","1","axis",4,[],[],"x"]]')).decode()]
)
def test_properties_that_make_no_sense_are_none(state):
    assert origin({REVISION: "3", f"{STATE}_0001": state}) is None


OPERATIONS = ("reword", "add", "remove", "retype", "move")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(OPERATIONS), st.integers(0, 22)), max_size=6, unique_by=lambda edit: edit[1]))
def test_random_edits_are_what_was_done(founding, edits):
    """Of the priorities of the founding text, each edited once at most, in a way that leaves the others alone."""
    document = Edited(founding)
    priorities = list(founding.orientations.filter(level=Level.PRIORITY).in_order())
    counts: Counter[str] = Counter()
    for operation, number in edits:
        code = priorities[number].code
        if operation == "reword":
            document.reword(code, " ", " tout ")
            counts["reworded"] += 1
        elif operation == "retype":
            document.retype(code, f"{priorities[number].title} ensemble")
            counts["reworded"] += 1
        elif operation == "add":
            document.add(code, f"Nouvelle et sans pareille, numéro {number}")
            counts["created"] += 1
        elif operation == "remove":
            document.remove(code)
            counts["missing"] += 1
        elif code != "1.1.3-a":
            document.move(code, after="1.1.3")  # in the column of the objectives: it is one from now on
            counts["moved"] += 1
    assert Counter(kind for kind, _ in differences(document.data, founding)) == counts
