"""A document read as a framework: the rates are held, nothing of it is lost, and what is proposed obeys the tree."""

import re
import zlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from axes.levels import Level
from axes.reading import pdf, propose, read_text
from axes.reading.cutting import cut
from axes.reading.grammar import Opening, opening
from axes.reading.reasons import AS_THE_FIRST, SHIFTED
from axes.reading.sources import read_file
from axes.reading.text import blocks_of, without_furniture
from cohesion.lib.spreadsheets import Refused
from tests.reading import rates

pytestmark = pytest.mark.once


def test_the_founding_text_is_read_in_each_of_its_forms():
    for rate in rates.same_document():
        assert rate.levels >= 0.95 * rate.nodes, rate.line()
        assert rate.parents >= 0.95 * rate.nodes, rate.line()
        assert rate.doubtful <= rate.nodes / 3, rate.line()
        assert rate.doubted >= 0.9 * rate.wrong, rate.line()


@pytest.mark.parametrize("aside", [False, True])
def test_other_documents_are_read(aside):
    for rate in rates.unseen(aside=aside, is_reshaped=False):
        assert rate.levels >= 0.8 * rate.nodes, rate.line()
        assert rate.doubtful <= rate.nodes / 3, rate.line()


PAGE = "12"
SIGNS = [
    "AXE 1 :",
    "Objectif opérationnel",
    "1.2",
    "-",
    "•",
    "a)",
    "(",
    "»",
    ":",
    ".",
    "#",
    "**",
    "\t",
    "    ",
    " ",
    f"...... {PAGE}",
]
PIECES = [*SIGNS, "Enjeu A", "I.", "Développer", "Soutenir le", "Accompagnement", "SANTÉ", "n° 3", "Objectifs :", "la"]
LINES = st.lists(st.lists(st.sampled_from(PIECES), max_size=8).map(" ".join), min_size=1, max_size=20)


@given(LINES)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_text_gives_nodes_that_obey_the_tree_and_loses_no_word(lines):
    text = "\n".join(lines)
    try:
        proposal = rates.of_text(text)
    except Refused:
        assert not text.strip()
        return
    for node in proposal.nodes:
        if node.level is None:
            assert node.parent is None
            assert node.reason
        elif node.parent is None:
            assert node.level.facts.is_root
        else:
            assert proposal.nodes[node.parent].level.rank < node.level.rank
    read = "".join(node.label + node.title for node in proposal.nodes if not node.reason.startswith("ajouté"))
    assert letters(read).replace(PAGE, "") == letters(text).replace(PAGE, "")  # a page of a summary is no word


def letters(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Maillage de l'offre Lien avec des problématiques d'emploi", 2),
        ("Gestion partagée des salles Recrutement d’animateurs", 2),
        ("Précision des orientations de Cohésion Sociale et Territoriale", 1),
        ("Accueil à la maison des associations de Nétreville et au stade", 1),
        ("Labellisation de la maison France services de Vaux", 1),
        ("Développer l’offre (Former les agents du service)", 1),
        ("Créer un lieu d’accueil. Former les agents d’accueil", 2),
    ],
)
def test_two_sentences_of_a_cell_are_parted_and_names_are_not(text, pieces):
    assert len(cut(text)) == pieces


def test_a_pdf_is_read_without_what_its_margins_repeat():
    pages = [
        ["Ville de Lambray – Programme", *page, f"Page {number} sur 3"]
        for number, page in enumerate(
            [
                ["AXE 1 : ACCUEILLIR", "Ouvrir les lieux de la ville en soirée et le samedi, avec les", "associations"],
                ["Partage des salles", "AXE 2 : TRANSMETTRE", "Former les bénévoles"],
                ["Tutorat des nouveaux", "Carnet de suivi", "Entraide"],
            ],
            start=1,
        )
    ]
    texts = [block.text for block in blocks_of(without_furniture(pages))]
    assert texts[1] == "Ouvrir les lieux de la ville en soirée et le samedi, avec les associations"
    assert not [text for text in texts if "Programme" in text or "Page" in text]


def pdf_of_a_page(content: bytes) -> bytes:
    """A page that draws this."""
    content = zlib.compress(content, 9)
    font = b"<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Resources %s/Contents 4 0 R>>" % font,
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(content), content),
    ]
    data = b"%PDF-1.5\n"
    for number, body in enumerate(bodies, start=1):
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    return data + b"trailer\n<</Root 1 0 R/Size 5>>\nstartxref\n%d\n%%%%EOF" % len(data)


def test_a_page_of_a_pdf_that_never_ends_is_given_up_and_another_is_read(monkeypatch):
    monkeypatch.setattr(pdf, "MOST_SECONDS", 1)
    with pytest.raises(Refused, match="trop long"):
        pdf.pages_of(pdf_of_a_page(b"BT " + b"(a) Tj 0 -1 Td " * 3_000_000 + b"ET"))  # in some kilobytes
    monkeypatch.undo()
    with pytest.raises(Refused, match="ne se lit pas"):
        pdf.pages_of(b"%PDF-1.5\n%%EOF")
    (block,) = read_file(
        pdf_of_a_page(b"BT /F1 9 Tf 9 9 Td (Ouvrir\\000 les lieux\\001 de la ville) Tj ET"), "a.pdf"
    ).blocks
    assert block.text == "Ouvrir les lieux de la ville"  # no database keeps the others


def test_verbs_are_known_from_the_nouns_that_end_alike():
    verbs = "développer soutenir promouvoir apprendre construire faire étudier concilier relier réduire mettre"
    nouns = "quartier atelier chantier territoire mémoire cadre ordre centre foyer loisir offre culture livre"
    assert [word for word in verbs.split() if opening(f"{word} le") != Opening.INFINITIVE] == []
    assert [word for word in nouns.split() if opening(f"{word} du") == Opening.INFINITIVE] == []


def test_a_text_without_end_is_set_aside_at_once():
    """Each of these cost minutes where a rule looked for the end of a sentence from every letter."""
    for text in (
        "mot " * 60_000,
        "Développer le lieu. " * 10_000,
        "Développer des lieux Soutenir les gens " * 5_000,
        ". " * 90_000,
    ):
        proposal = rates.of_text(f"AXE 1 : ACCUEILLIR\n\nMot {text}")
        assert [node.level is None for node in proposal.nodes] == [False, True]


def test_what_a_document_prints_around_its_orientations_is_set_aside_with_its_reason():
    text = """PRÉAMBULE
AXE 1 : ACCUEILLIR
Ouvrir les lieux en soirée
Partage des salles
NB : cette action dépend du budget.
Budget prévisionnel : 12 500 € par an
Page 1 sur 2
AXE 1 : ACCUEILLIR
AXE 2 : TRANSMETTRE
Former les bénévoles
Tutorat des nouveaux
ANNEXE 1 : LES SIGNATAIRES
La région
La caisse d’allocations familiales"""
    proposal = rates.of_text(text)
    reasons = {node.title: re.split(r"\s;", node.reason)[0] for node in proposal.nodes if node.level is None}
    assert reasons == {
        "PRÉAMBULE": "titre d’une partie sans orientation",
        "NB : cette action dépend du budget.": "remarque",
        "Budget prévisionnel : 12 500 € par an": "montant",
        "Page 1 sur 2": "numéro de page",
        "ANNEXE 1 : LES SIGNATAIRES": "dans les annexes",
        "La région": "dans les annexes",
        "La caisse d’allocations familiales": "dans les annexes",
    }
    # An annex that comes before what names a level is none of the end's.
    proposal = rates.of_text("AXE 1 : A\nOuvrir\nPartage\nAnnexe 1 : les lieux\nAXE 2 : B\nFormer")
    assert [node.level for node in proposal.nodes if node.title in ("B", "Former")] == [Level.AXIS, Level.STRATEGIC]


def test_a_number_of_letters_and_digits_says_how_deep_it_stands():
    proposal = rates.of_text(
        "I. PROTÉGER\nI.1. Prévenir les difficultés\nI.1.a. Renforcer la protection\nI.1.b. Soutenir les parents\n"
        "I.2. Améliorer l’accueil\nI.2.a. Diversifier les accueils\nII. INSÉRER\nII.1. Accompagner vers l’emploi"
    )
    assert [node.label for node in proposal.nodes] == [
        "I.",
        "I.1.",
        "I.1.a.",
        "I.1.b.",
        "I.2.",
        "I.2.a.",
        "II.",
        "II.1.",
    ]
    assert [node.parent for node in proposal.nodes] == [None, 0, 1, 1, 0, 4, None, 6]


def test_a_caption_that_recurs_is_a_label_and_an_action_is_no_objective():
    proposal = rates.of_text(
        "Axe 1 – Enfance\nObjectif : développer l’accueil\nFiche action n°1 : Créer un lieu\nFiche action n°2 : Bus\n"
        "Axe 2 – Jeunesse\nObjectif : favoriser l’engagement\nFiche action n°3 : Conseil des jeunes"
    )
    levels = [node.level.value for node in proposal.nodes]
    assert levels == ["axis", "strategic", "priority", "priority", "axis", "strategic", "priority"]
    doubts = [node.doubt for node in proposal.nodes if node.doubt]
    assert len([doubt for doubt in doubts if doubt != AS_THE_FIRST]) == 1  # once a form
    assert "moins de niveaux que le cadre" in doubts[0]


SHIFTED_PLAN = """# Se loger dignement
## Rénover les logements anciens
- Des aides aux propriétaires
- Un suivi des copropriétés
## Lutter contre l’habitat indigne
- Un repérage des logements
# Se déplacer sans voiture
## Développer le covoiturage
- Des aires aux entrées de ville
"""


def proposed(text):
    source = read_text(text)
    return propose(source.blocks, source.headers, source.unit).nodes


def test_every_line_of_a_form_that_may_be_of_another_level_is_marked_and_the_reason_is_said_once():
    doubts: dict[str, list[str]] = {}
    for node in proposed(SHIFTED_PLAN):
        doubts.setdefault(node.form, []).append(node.doubt)
    shifted = [own for own in doubts.values() if own[0].startswith(SHIFTED)]
    assert shifted
    for own in shifted:
        assert set(own[1:]) <= {AS_THE_FIRST}


RUN = """Axe 1 : Se loger
1.1 Rénover les logements anciens
1.2 Lutter contre l’habitat indigne
Axe 2 : Se déplacer
2.1 Développer le covoiturage
{}
Un comité de pilotage se réunit deux fois par an
Une revue de projets chaque trimestre
"""


@pytest.mark.parametrize("heading", ["Gouvernance", "Suivi et évaluation", "PILOTAGE, SUIVI ET ÉVALUATION"])
def test_how_a_plan_is_run_is_set_aside_where_it_ends_it(heading):
    nodes = proposed(RUN.format(heading))
    assert [node.title for node in nodes if node.level is not None][-1] == "Développer le covoiturage"
    assert all("conduit" in node.reason for node in nodes[-3:])


def test_an_axis_of_governance_is_one_of_the_plan():
    nodes = proposed(RUN.format("Gouvernance\n3.1 Réunir le comité de pilotage"))
    assert not any("conduit" in node.reason for node in nodes)


def test_three_dots_lead_to_a_page():
    nodes = proposed("Axe 1 : Habiter ... 3\nAxe 2 : Circuler ... 7\nAxe 3 : Grandir ici ... 12")
    assert [node.title for node in nodes] == ["Habiter", "Circuler", "Grandir ici"]


def test_a_rubric_above_plain_lines_says_what_they_are():
    nodes = proposed(
        "Habiter\n\nRénover\nActions :\nPrime de rénovation\nAtelier du samedi\n\n"
        "Construire\nActions :\nTerrain communal"
    )
    levels = {node.title: node.level for node in nodes}
    assert levels["Actions :"] is None
    assert {levels[title] for title in ("Prime de rénovation", "Atelier du samedi", "Terrain communal")} == {"priority"}
