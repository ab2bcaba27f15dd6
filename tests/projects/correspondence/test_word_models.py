"""Word files as models: what may be in one, fields that Word has cut into pieces, and what becomes of them."""

import io
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import OxmlElement

from cohesion.lib.spreadsheets import Refused
from projects.choices import PaperKind
from projects.correspondence.blocks import filled
from projects.correspondence.kinds import KINDS
from projects.correspondence.word_models import checked, fill_word, word_blocks, word_names, word_refusals
from tests.projects.correspondence.conftest import example_facts

NOTIFICATION, REQUEST = KINDS[PaperKind.NOTIFICATION], KINDS[PaperKind.REQUEST]
OF_LIBREOFFICE = Path(__file__).parents[2] / "cases" / "modele-libreoffice.docx"
RELATION = '<Relationship Id="rId99" Type="{kind}" Target="{target}" TargetMode="External"/></Relationships>'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def saved(word):
    stream = io.BytesIO()
    word.save(stream)
    return stream.getvalue()


def with_pieces(*pieces):
    word = docx.Document()
    paragraph = word.add_paragraph()
    for piece in pieces:
        paragraph.add_run(piece).bold = piece == "tant"
    return word


def changed(content, name, change):
    """The same archive with a part of it written otherwise."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(stream, "w") as after:
        for each in before.namelist():
            part = before.read(each)
            after.writestr(each, change(part.decode()) if each == name else part)
    return stream.getvalue()


def test_a_field_that_word_cut_into_pieces_is_still_a_field_and_is_filled_in():
    word = checked(saved(with_pieces("Nous accordons {", "mon", "tant", "} à {stru", "cture", "}.")))
    assert word_names(word) == ["montant", "structure"]
    assert word_refusals(word, NOTIFICATION) == []
    fill_word(word, {"montant": "8 500 €", "structure": "Les Tilleuls\nde la Madeleine"})
    filled = docx.Document(io.BytesIO(saved(word)))
    assert filled.paragraphs[0].text == "Nous accordons 8 500 € à Les Tilleuls\nde la Madeleine."


def test_a_field_of_which_a_piece_is_bold_is_filled_in_in_the_pdf_too():
    word = docx.Document()
    paragraph = word.add_paragraph("Nous accordons ")
    paragraph.add_run("{mon").bold = True
    paragraph.add_run("tant}").italic = True
    paragraph.add_run(" à {struc")
    paragraph.runs[-1].add_break()
    paragraph.add_run("ture}.")
    [block] = filled(word_blocks(checked(saved(word))), {"montant": "8 500 €", "structure": "Les Tilleuls"})
    assert "".join(run.text for run in block.runs) == "Nous accordons 8 500 € à Les Tilleuls."
    assert [run.text for run in block.runs if run.bold] == ["8 500 €"]


def test_what_stands_in_a_control_of_word_is_in_the_pdf_too():
    word = docx.Document()
    word.add_paragraph("Avant")
    for element in (word.add_paragraph("Le montant est de {montant}.")._p, word.add_table(1, 1)._tbl):
        control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
        element.addprevious(control)
        control.append(content)
        content.append(element)
    word = checked(saved(word))
    assert [block.kind for block in word_blocks(word)] == ["paragraph", "paragraph", "table"]


def test_a_file_saved_by_another_program_is_read_and_filled_in():
    word = checked(OF_LIBREOFFICE.read_bytes())
    assert {"montant", "montant en lettres", "numéro", "motif ?"} <= set(word_names(word))
    assert word_refusals(word, NOTIFICATION) == []
    assert [block.level for block in word_blocks(word) if block.kind == "heading"] == [2, 3, 3]
    fill_word(word, example_facts(NOTIFICATION.fields))
    filled = docx.Document(io.BytesIO(saved(word)))
    assert word_names(filled) == []
    assert "huit-mille-cinq-cents euros" in "\n".join(each.text for each in filled.paragraphs)


def test_fields_of_headers_tables_and_boxes_are_filled_in_too():
    word = docx.Document()
    word.sections[0].header.paragraphs[0].add_run("{numéro}")
    word.add_table(1, 1).rows[0].cells[0].text = "{structure}"
    word = checked(saved(word))
    assert word_names(word) == ["structure", "numéro"]
    fill_word(word, {"numero": "NOT-1", "structure": "Les Tilleuls"})
    assert word.sections[0].header.paragraphs[0].text == "NOT-1"
    assert word.tables[0].rows[0].cells[0].text == "Les Tilleuls"


def test_a_table_takes_the_place_of_its_field_and_an_optional_paragraph_goes():
    word = docx.Document()
    for text in ("Avant", "{demandes}", "Avant le {date limite ?}", "Après"):
        word.add_paragraph(text)
    word = checked(saved(word))
    fill_word(word, {**example_facts(REQUEST.fields), "date limite": ""})
    read = docx.Document(io.BytesIO(saved(word)))
    assert [each.text for each in read.paragraphs if each.text] == ["Avant", "Après"]
    assert [cell.text for cell in read.tables[0].rows[1].cells] == ["Budget", "Le devis du minibus"]


def test_an_unknown_field_is_named_with_the_words_around_it():
    word = checked(saved(with_pieces("Madame {pre", "nom}, bonjour")))
    [sentence] = word_refusals(word, NOTIFICATION)
    assert sentence.startswith("Le champ {prenom} n’existe pas")
    assert "Madame {prenom}, bonjour" in sentence


@pytest.mark.parametrize("kind", ["image", "attachedTemplate", "oleObject", "frame", "settings"])
def test_a_file_that_asks_for_something_outside_is_refused(kind):
    relation = RELATION.format(kind=OFFICE + kind, target="http://ailleurs.test/x")
    content = changed(
        saved(docx.Document()),
        "word/_rels/document.xml.rels",
        lambda text: text.replace("</Relationships>", relation),
    )
    with pytest.raises(Refused, match="hors de lui-même"):
        checked(content)


def test_an_address_that_one_may_follow_is_let_be():
    relation = RELATION.format(kind=f"{OFFICE}hyperlink", target="mailto:cohesion@exemple.test")
    content = changed(
        saved(docx.Document()), "word/_rels/document.xml.rels", lambda text: text.replace("</Relationships>", relation)
    )
    assert checked(content)


def test_a_field_of_word_that_runs_something_is_refused():
    run = '<w:r><w:instrText xml:space="preserve"> DDEAUTO c:\\\\x </w:instrText></w:r></w:p>'
    content = changed(saved(with_pieces("Bonjour")), "word/document.xml", lambda text: text.replace("</w:p>", run, 1))
    with pytest.raises(Refused, match="hors de lui-même"):
        checked(content)


@pytest.mark.parametrize("place", ["header", "pieces", "simple"])
def test_such_a_field_is_refused_wherever_and_however_it_is_written(place):
    word = with_pieces("Bonjour")
    word.sections[0].header.paragraphs[0].text = "En-tête"
    pieces = ["DDEAUTO x"] if place != "pieces" else ["INCLUDE", "PICTURE x"]
    run = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in pieces)
    if place == "simple":
        run = '<w:fldSimple w:instr=" INCLUDETEXT x "><w:r><w:t>x</w:t></w:r></w:fldSimple>'
    part = "word/header1.xml" if place == "header" else "word/document.xml"
    content = changed(saved(word), part, lambda text: text.replace("</w:p>", f"{run}</w:p>", 1))
    with pytest.raises(Refused, match="hors de lui-même"):
        checked(content)


def test_macros_other_files_and_what_is_cut_are_refused():
    whole = saved(docx.Document())
    stream = io.BytesIO(whole)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"x")
    for content in (stream.getvalue(), b"%PDF-1.7\n%%EOF", whole[: len(whole) // 2], b"", b"texte"):
        with pytest.raises(Refused):
            checked(content)
