"""The PDF of a framework: every word of the document, in order, tagged, the same bytes for the same revision."""

import datetime
import io
import time
from pathlib import Path

import pytest
from pypdf import PdfReader

from axes import tree
from axes.choices import FrameworkStatus
from axes.levels import Level
from axes.models import Framework
from axes.pdf import facts, framework_pdf
from tests.factories import FrameworkFactory, OrientationFactory
from tests.pdf import tagged, tags, text_of

pytestmark = pytest.mark.django_db

WORDS = (Path(__file__).parent / "founding_text.txt").read_text(encoding="utf-8").split()


def words_of(pdf: bytes, framework: Framework) -> list[str]:
    """The words of the document itself: without our codes and the lines under the title."""
    codes = set(framework.orientations.values_list("code", flat=True))
    lines = [line.strip() for line in text_of(pdf).replace("\u00a0", " ").splitlines()]
    ours = codes | {fact.replace("\u00a0", " ") for fact in facts(framework)}
    return " ".join(line for line in lines if line not in ours).split()


def test_every_word_of_the_founding_text_stands_in_order_and_nothing_else(founding):
    assert words_of(framework_pdf(founding), founding) == WORDS


def test_two_calls_for_one_revision_give_the_same_bytes(founding):
    assert framework_pdf(founding) == framework_pdf(Framework.objects.get())


def test_a_change_of_wording_is_printed(founding, node):
    changed = node("7.1")
    changed.title = "Autre texte adopté"
    changed.save()
    founding.refresh_from_db()
    assert "Autre texte adopté" in text_of(framework_pdf(founding))


def test_it_is_tagged_titled_and_in_french(founding):
    root = tagged(framework_pdf(founding), founding.name).trailer["/Root"]
    kinds = [kind for kind, _ in tags(root["/StructTreeRoot"]["/K"])]
    assert kinds.count("/Table") == 1
    assert kinds.count("/H2") == 8
    assert {"/H1", "/THead", "/TBody", "/TR", "/TH", "/TD"} <= set(kinds)


def test_merged_cells_are_merged_for_those_who_listen_too(founding):
    root = PdfReader(io.BytesIO(framework_pdf(founding))).trailer["/Root"]
    spans = [attributes for kind, attributes in tags(root["/StructTreeRoot"]["/K"]) if kind == "/TD"]
    assert {"/RowSpan": 3, "/ColSpan": 2} in spans
    assert {"/ColSpan": 3} in spans


def test_no_font_of_the_machine_is_needed(founding):
    pdf = PdfReader(io.BytesIO(framework_pdf(founding)))
    fonts = {font.get_object()["/BaseFont"] for page in pdf.pages for font in page["/Resources"]["/Font"].values()}
    assert all("LibertinusSerif" in font for font in fonts)


def test_a_draft_says_on_every_page_that_it_is_not_adopted():
    framework = FrameworkFactory(adopted_on=datetime.date(2026, 3, 1), deliberation="2026-1")
    OrientationFactory(framework=framework, title="AXE D’ESSAI")
    pages = PdfReader(io.BytesIO(framework_pdf(framework))).pages
    assert all("Projet, non adopté" in page.extract_text() for page in pages)
    assert "Adopté le" not in pages[0].extract_text()


def test_an_adopted_framework_gives_its_date_and_deliberation():
    framework = FrameworkFactory(
        status=FrameworkStatus.ARCHIVED, adopted_on=datetime.date(2026, 3, 1), deliberation="n° 2026-1"
    )
    text = text_of(framework_pdf(framework)).replace("\u00a0", " ")
    assert "Adopté le 1er mars 2026, délibération n° 2026-1" in text
    assert "Cadre archivé" in text


@pytest.mark.parametrize(
    "wording",
    [
        "#panic() = *gras* _souligné_ `code` $x$ <etiquette> @renvoi // fin",
        '#import "@preview/x:1.0.0" [ouvert { jamais fermé \\',
        "<script>alert(1)</script> & « guillemets » “ ” '' -- ---",
        "Œuvre, ça, là-bas, naïveté, 3 000 € ; Ÿ ? ! …",
        "mot" * 160,
    ],
)
def test_a_wording_is_printed_as_it_is_never_obeyed(wording):
    axis = OrientationFactory()
    OrientationFactory(parent=axis, framework=axis.framework, level=Level.CHALLENGE, title=wording)
    text = text_of(framework_pdf(axis.framework))
    assert "".join(wording.split()) in "".join(text.split())


@pytest.mark.once
def test_a_thousand_orientations_are_typeset_in_a_few_seconds_without_losing_a_word():
    framework = FrameworkFactory()
    roots = [_branch(f"{axis}", 0, axis) for axis in range(1, 9)]
    tree.load(framework, roots)
    started = time.perf_counter()
    pdf = framework_pdf(framework)
    assert time.perf_counter() - started < 10
    found = "".join(text_of(pdf).split())
    titles = list(framework.orientations.values_list("title", flat=True))
    assert len(titles) > 1000
    assert [title for title in titles if "".join(title.split()) not in found] == []


def _branch(code: str, depth: int, axis: int) -> tree.NewNode:
    """An axis whose branches are short or long, shallow or deep: rows that span pages among them."""
    words = 4 + (len(code) * 7 + axis * 5 + ord(code[-1])) % 60
    node = tree.NewNode(
        {"code": code, "level": list(Level)[depth].value, "title": f"N{code} " + " ".join(["texte"] * words)}
    )
    if depth < 4:
        children = 4 if depth == 0 else 2 + (axis + depth) % 3
        node.children = [_branch(f"{code}.{number}", depth + 1, axis) for number in range(1, children + 1)]
    return node


def test_a_character_that_no_font_draws_is_printed_by_its_name(founding):
    node = founding.orientations.get(code="7.1")
    node.title = "Santé 😀 中 pour tous"
    node.save()
    founding.refresh_from_db()
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(framework_pdf(founding))).pages)
    assert "[U+1F600]" in text
    assert "[U+4E2D]" in text
