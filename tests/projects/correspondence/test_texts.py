"""Models of papers: their fields, what is refused and where, and that whatever is typed makes both documents."""

import datetime
import io

import docx
import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from projects.choices import PaperKind
from projects.correspondence.blocks import filled, filled_text
from projects.correspondence.kinds import KINDS, shipped
from projects.correspondence.markdown import read_markdown
from projects.correspondence.models import PaperModel, text_refusals
from projects.correspondence.pdf import PaperSheet, paper_pdf
from projects.correspondence.word_writing import paper_docx
from tests.pdf import tagged, tags, text_of
from tests.projects.correspondence.conftest import example_facts

MOMENT = datetime.datetime(2026, 3, 12, 9, tzinfo=datetime.UTC)
NOTIFICATION = KINDS[PaperKind.NOTIFICATION]


def sheet(body, title="Essai", about=NOTIFICATION, facts=None):
    facts = example_facts(about.fields) if facts is None else facts
    blocks = filled(read_markdown(body), facts)
    return PaperSheet(
        filled_text(title, facts), "NOT-2026-0001", MOMENT, blocks, about.is_letter, ("Les Tilleuls",), "Le 12"
    )


@pytest.mark.parametrize("kind", PaperKind.values)
def test_each_kind_comes_with_a_model_whose_fields_are_known_and_which_makes_both_documents(kind):
    about, own = KINDS[PaperKind(kind)], shipped(kind)
    assert text_refusals(about, own.body) == text_refusals(about, own.title, is_title=True) == []
    made = sheet(own.body, own.title, about)
    read = tagged(paper_pdf(made), made.title)
    assert "{" not in text_of(paper_pdf(made))
    assert len(read.pages) <= 3
    word = docx.Document(io.BytesIO(paper_docx(made)))
    assert word.core_properties.language == "fr-FR"
    assert [each.text for each in word.paragraphs if each.style.name == "Heading 1"] == [
        f"Objet\xa0: {made.title}" if about.is_letter else made.title
    ]


def test_a_letter_says_its_amount_in_figures_and_in_words():
    own = shipped(PaperKind.NOTIFICATION)
    words = text_of(paper_pdf(sheet(own.body)))
    assert "8 500 €" in words.replace("\u202f", " ").replace("\xa0", " ")
    assert "huit-mille-cinq-cents euros" in words


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Bonjour\n\n{montan}", "Le champ {montan}, ligne\xa03 n’existe pas"),
        ("Un\n{montant", "Une accolade est seule, ligne\xa02"),
        ("{mon\ntant}", "Une accolade est seule, ligne\xa01"),
        ("{mon**tant**}", "Le champ {mon**tant**} n’existe pas"),
        ("Voici {demandes}", "Le champ {demandes}, ligne\xa01, est un tableau"),
        ("Voici\n{demandes}\n", "Le champ {demandes}, ligne\xa02, est un tableau"),
    ],
)
def test_a_field_that_cannot_be_filled_in_is_named_with_its_line(text, sentence):
    about = KINDS[PaperKind.REQUEST if "demandes" in text else PaperKind.NOTIFICATION]
    assert text_refusals(about, text)[0].startswith(sentence)


@pytest.mark.parametrize("text", ["{montant}", "{Montant}", "{ délibération ? }", "{deliberation?}", "50 % {action}"])
def test_a_field_is_known_whatever_its_capitals_its_accents_and_its_question_mark(text):
    assert text_refusals(NOTIFICATION, text) == []


@pytest.mark.django_db
def test_a_model_with_an_unknown_field_is_not_saved_and_the_field_is_named():
    model = PaperModel(kind="notification", name="Essai", title="{titre}", body="Bonjour {prénom}")
    with pytest.raises(ValidationError) as refused:
        model.full_clean()
    assert refused.value.message_dict["title"][0].startswith("Le champ {titre} n’existe pas")
    assert refused.value.message_dict["body"][0].startswith("Le champ {prénom} n’existe pas")


def test_a_title_keeps_no_optional_field():
    assert text_refusals(NOTIFICATION, "{motif ?}", is_title=True)[0].startswith("Le champ {motif ?} ne peut rester")


def test_a_paragraph_whose_optional_field_is_empty_goes_with_it_and_a_list_without_items_too():
    body = "Avant\n\nMotif : {motif ?}\n\n- un {motif ?}\n\nAprès"
    assert [block.text for block in filled(read_markdown(body), {"motif": ""})] == ["Avant", "Après"]
    assert [block.text for block in filled(read_markdown(body), {"motif": "Oui"})][1] == "Motif : Oui"


def test_what_fills_a_field_is_never_markup():
    blocks = filled(read_markdown("{action}"), {"action": "**Gras** [ici](http://x) {structure} <b>"})
    assert [(run.text, run.bold) for run in blocks[0].runs] == [("**Gras** [ici](http://x) {structure} <b>", False)]
    assert "**Gras**" in text_of(paper_pdf(sheet("{action}", facts={"action": "**Gras**"})))


def test_markdown_becomes_headings_lists_tables_and_their_tags():
    body = "## Un\n\n### Deux\n\n1. a\n2. b\n   - c\n\n| A | B |\n|---|--:|\n| 1 | 2 |\n\n> cité\n\n**gras** *italique*"
    made = sheet(body)
    kinds = [kind for kind, _ in tags(tagged(paper_pdf(made), "Essai").trailer["/Root"]["/StructTreeRoot"]["/K"])]
    assert {"/H1", "/H2", "/H3", "/L", "/LI", "/Table", "/TH", "/TD", "/Strong", "/Em"} <= set(kinds)
    word = docx.Document(io.BytesIO(paper_docx(made)))
    styles = [paragraph.style.name for paragraph in word.paragraphs]
    assert {"Heading 2", "Heading 3", "List Number", "List Bullet 2", "Quote"} <= set(styles)
    assert [cell.text for cell in word.tables[0].rows[0].cells] == ["A", "B"]


def test_two_lists_that_count_each_begin_with_their_own_number():
    word = docx.Document(io.BytesIO(paper_docx(sheet("1. a\n2. b\n\nEntre\n\n5. c"))))
    numbers = [p._p.pPr.numPr.numId.val for p in word.paragraphs if p.style.name == "List Number"]
    assert numbers[0] == numbers[1] != numbers[2]


PIECES = st.sampled_from(
    [
        *(
            "# ",
            "## ",
            "- ",
            "1. ",
            "999999999. ",
            "> ",
            "| a | b |\n|---|--:|\n| 1 |\n",
            "**",
            "*",
            "`",
            "```\n",
            "\n",
        ),
        *("\n\n", "    ", "[x](y)", "![a](b)", "<b>", "&amp;", "\\", "{montant}", "{motif ?}", "---\n", "texte ", "\t"),
        *("👩‍🚒", "\u0301", "\u200b", "العربية", "\ufffd", "$x$", "#let x", '"', "@a", "~", "\u2028", "\x0b"),
    ]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES | st.text(max_size=8), max_size=14).map("".join))
def test_whatever_an_officer_types_makes_a_pdf_and_a_word_document(body):
    made = sheet(body)
    assert paper_pdf(made).startswith(b"%PDF-")
    docx.Document(io.BytesIO(paper_docx(made)))
