"""Kinds of plans met in blind sets, on invented lines: each test states the clue that a person goes by."""

import pytest

from axes.levels import Level
from axes.reading import DocumentProposal
from axes.reading.announcing import read_announcements
from axes.reading.grammar import Opening, opening
from axes.reading.model import Block
from axes.reading.reasons import AS_THE_FIRST
from axes.reading.text import lines_of
from tests.axes.test_reading_shapes import read, tree

pytestmark = pytest.mark.once


def levels(proposal: DocumentProposal) -> list[Level]:
    return [node.level for node in proposal.nodes if node.level is not None]


def kept(proposal: DocumentProposal) -> list[str]:
    return [node.title for node in proposal.nodes if node.level is not None]


def test_a_number_may_begin_with_a_letter_at_any_depth():
    proposal = read(
        *("AXE A. Produire", "Enjeu A1. La terre", "Objectif stratégique A1.1. Installer"),
        *("Objectif opérationnel A1.1.a. Libérer du foncier", "Mesure 1. Veiller avec la SAFER"),
        *("AXE B. Habiter", "Enjeu B1. Les services", "Objectif stratégique B1.1. Maintenir"),
        *("Objectif opérationnel B1.1.a. Rouvrir le café", "Mesure 2. Conseiller les repreneurs"),
    )
    assert levels(proposal) == [*Level] * 2


def test_a_sheet_named_by_its_initials_is_an_action():
    proposal = read(
        *("Axe 1 / Vivre chez soi   P. 3", "F.A. 1 - 1 / Soutenir l’aide à domicile   P. 4"),
        *("F.A. 1 - 2 / Adapter les logements   P. 6", "Axe 2 / Sortir   P. 9", "F.A. 2 - 1 / Un minibus   P. 9"),
    )
    assert levels(proposal) == [Level.AXIS, Level.PRIORITY, Level.PRIORITY, Level.AXIS, Level.PRIORITY]


def test_any_sign_is_a_bullet_and_a_box_is_one_whether_ticked_or_not():
    proposal = read(
        *("★ Accueillir", "→ On pousse la porte", "☐ coin café", "☑ ouverture le samedi"),
        *("★ Décider", "→ Un lieu à eux", "☐ le local de la gare", "☐ règlement écrit"),
    )
    assert tree(proposal) == [
        *("Accueillir", ".On pousse la porte", "..coin café", "..ouverture le samedi"),
        *("Décider", ".Un lieu à eux", "..le local de la gare", "..règlement écrit"),
    ]


def test_a_forwarded_message_is_read_without_its_quotation_signs():
    proposal = read(
        *("De : Nadège", "Voici la version :", "> Axe 1 - l’accès aux droits", ">   1.1 un accueil par quartier"),
        *(">     * bus des droits", ">   1.2 des démarches aidées", ">     * prêt d’ordinateurs", "> Bonne soirée"),
    )
    assert tree(proposal) == [
        *("l’accès aux droits", ".un accueil par quartier", "..bus des droits"),
        *(".des démarches aidées", "..prêt d’ordinateurs"),
    ]


def test_brackets_under_several_titles_are_bullets_and_no_quotation_signs():
    lines = ("Axe 1 : Santé", "> Soigner", "> Prévenir", "Axe 2 : Emploi", "> Former", "> Recruter")
    assert lines_of("\n".join(lines)) == list(lines)


def test_the_cells_of_a_table_are_no_rubrics_however_often_they_come():
    blocks = [
        Block(text, number, table=1)
        for number, text in enumerate(("Partenariats locaux", "Ouvrir un centre") * 3, start=1)
    ]
    read_announcements(blocks)
    assert not any(block.aside for block in blocks)


def test_general_objectives_are_wide_and_specific_ones_narrow_unless_others_are_named():
    lines = (
        *("Axe 1 : Réussir", "- Objectif général : Maîtriser le socle"),
        *("Objectifs spécifiques :", "- Améliorer la langue écrite", "- Harmoniser les évaluations"),
        *(
            "Axe 2 : S’ouvrir",
            "- Objectif général : Former des citoyens",
            "Objectifs spécifiques :",
            "- Lire la presse",
        ),
    )
    wide, narrow = Level.STRATEGIC, Level.OPERATIONAL
    assert levels(read(*lines)) == [Level.AXIS, wide, narrow, narrow, Level.AXIS, wide, narrow]


def test_a_label_whose_number_is_a_word_is_one_of_its_kind():
    proposal = read("4.1 Axe préalable : Gouverner", "4.2 Axe 1 : Accueillir", "4.3 Axe 2 : Distinguer")
    assert levels(proposal) == [Level.AXIS] * 3
    named = read(
        *("Axe 1 : Santé", "Objectif 1 : Soigner", "Objectif opérationnel : Ouvrir un centre"),
        *("Objectif 2 : Prévenir", "Objectif opérationnel : Passer dans les écoles"),
    )
    assert levels(named)[2::2] == [Level.OPERATIONAL] * 2


def test_the_parts_of_a_document_above_its_axes_are_none_of_the_plan():
    proposal = read(
        *("Partie 1 / Portrait du territoire", "Quelques données", "Bilan du schéma", "Partie 2 / Trois axes"),
        *("Axe 1 - Repérer", "Axe 2 - Prévenir", "Axe 3 - Accompagner", "Partie 3 / Suivre", "Calendrier"),
    )
    assert kept(proposal) == ["Repérer", "Prévenir", "Accompagner"]


def test_two_entries_of_a_summary_on_one_line_are_parted():
    proposal = read(
        "Axe 1 - Mieux repérer P. 32 Axe 2 - Prévenir P. 35", "Axe 3 - Accompagner P. 42", "Axe 4 - Loger P. 45"
    )
    assert kept(proposal) == ["Mieux repérer", "Prévenir", "Accompagner", "Loger"]


def test_lines_without_any_sign_are_notes_where_nearly_all_others_bear_one():
    proposal = read(
        *("Axe 1 : Lire", "Action 1 : Prêter", "Public visé : les familles", "Action 2 : Conter", "Axe 2 : Jouer"),
        *("Action 3 : Ouvrir une ludothèque", "Droit commun mobilisé : la Ville", "Action 4 : Inviter"),
    )
    assert kept(proposal) == ["Lire", "Prêter", "Conter", "Jouer", "Ouvrir une ludothèque", "Inviter"]


def test_a_line_above_a_form_only_once_is_a_title_and_above_most_of_its_runs_a_head():
    proposal = read(
        *("Projet d’école :", "1 - Citoyenneté", "Climat scolaire", "- Écouter chacun", "Entraide", "- Partager"),
        *("2 - Réussite", "Langues", "- Lire chaque jour"),
    )
    assert tree(proposal) == [
        *("Citoyenneté", ".Climat scolaire", "..Écouter chacun", ".Entraide", "..Partager"),
        *("Réussite", ".Langues", "..Lire chaque jour"),
    ]


def test_the_cells_of_columns_that_became_lines_are_left_out_and_what_they_stand_beside_is_a_row():
    cells = ("Temps agent", "Faible", "0 %")
    proposal = read(
        *(
            "AXE 1 — Protéger",
            "Gérer avec sérieux",
            "Maîtriser la fiscalité locale",
            *cells,
            "Mutualiser les achats",
            *cells,
        ),
        *("Ville apaisée", "Poursuivre la vidéoprotection", *cells, "AXE 2 — Soigner", "Offre de santé"),
        *("Ouvrir une maison de santé", *cells, "Soutenir les aidants", *cells),
    )
    assert tree(proposal) == [
        *("Protéger", ".Gérer avec sérieux", "..Maîtriser la fiscalité locale", "..Mutualiser les achats"),
        *(".Ville apaisée", "..Poursuivre la vidéoprotection"),
        *("Soigner", ".Offre de santé", "..Ouvrir une maison de santé", "..Soutenir les aidants"),
    ]


def test_a_column_that_comes_again_under_its_head_is_told_by_it():
    column = ("Pilotes", "Mission locale", "Échéances", "2025")
    proposal = read(
        *("Axe 1 : Repérer", "Actions", "Maraudes", "Café de l’emploi", *column, "Axe 2 : Former", "Actions"),
        *("Plateau technique", *column, "Axe 3 : Recruter", "Actions", "Garage solidaire", "Micro-crèche", *column),
    )
    assert levels(proposal).count(Level.PRIORITY) == 5
    assert "Mission locale" not in kept(proposal)


def test_what_announces_a_list_in_each_part_is_no_orientation_whatever_its_words():
    part = ("Cet axe vise à :", "Moderniser l’accueil,", "Offrir un enseignement d’excellence,")
    proposal = read("Axe n° 1 : L’image", *part, "Axe n° 2 : Les langues", *part)
    assert tree(proposal) == [
        *("L’image", ".Moderniser l’accueil,", ".Offrir un enseignement d’excellence,"),
        *("Les langues", ".Moderniser l’accueil,", ".Offrir un enseignement d’excellence,"),
    ]


def test_a_question_that_items_answer_is_an_objective_and_what_we_shall_do_is_one():
    asked = read(
        *("Thème 1. Habiter", "Comment accueillir les voisins ?", "- livret d’accueil", "Comment apaiser ?"),
        *("- médiation", "Thème 2. Grandir", "Comment aider les parents ?", "- café des parents"),
    )
    assert tree(asked)[:3] == ["Habiter", ".Comment accueillir les voisins ?", "..livret d’accueil"]
    promised = read(
        *("LOGEMENT", "Nous construirons 200 logements.", "Nous encadrerons les loyers.", "", "SANTÉ"),
        *("Nous ouvrirons un centre.", "", "TRANSPORTS", "Nous rendrons le bus gratuit."),
    )
    assert levels(promised).count(Level.STRATEGIC) == 4
    futures = "ferons ouvrirons verrons viendrons mettrons recevrons suivrons aurons connaîtrons conclurons créerons"
    present = "rencontrons considérons montrons assurons ouvrons livrons encadrons désirons avons"
    assert {opening(f"Nous {verb} cela") for verb in futures.split()} == {Opening.INFINITIVE}
    assert {opening(f"Nous {verb} cela") for verb in present.split()} == {Opening.OTHER}


def test_what_nothing_tells_from_its_neighbours_is_marked_where_its_first_words_do_not_place_it():
    proposal = read(
        "Le vélo", "La marche", "Les bus de nuit", "Une gare", "Le covoiturage des villages", "Les trottoirs"
    )
    assert all(node.doubt for node in proposal.nodes if node.level is not None)


def test_an_axis_that_no_word_names_is_doubted_once_for_its_form():
    proposal = read("Chapitre 1 : Nager", "Action 1 : Bassin", "Chapitre 2 : Courir", "Action 2 : Piste")
    doubts = [node.doubt for node in proposal.nodes if node.level == Level.AXIS]
    assert doubts[0]
    assert doubts[1:] == [AS_THE_FIRST]


def test_a_code_an_abbreviation_or_an_arrow_stands_before_a_line_as_any_label():
    coded = read(
        *("ORIENTATION A : ALLER VERS", "A1 Repérer", "A1.1 Fichier partagé", "A2 Se déplacer", "A2.1 Bus"),
        *("ORIENTATION B : ACCUEILLIR", "B1 Un guichet", "B1.1 Formation"),
    )
    assert tree(coded)[:5] == ["ALLER VERS", ".Repérer", "..Fichier partagé", ".Se déplacer", "..Bus"]
    short = read(
        "Axe 1. Informer", "Obj. 1 : dire", "Act. 1 : carte", "Axe 2. Aider", "Obj. 2 : faire", "Act. 2 : relais"
    )
    assert levels(short)[:3] == [Level.AXIS, Level.STRATEGIC, Level.PRIORITY]


def test_what_the_sheet_of_an_action_refers_to_is_no_axis():
    proposal = read(
        *("Fiche action n°1 : Créer un tiers-lieu", "Axe concerné : Axe 1", "Pilote : Ville", ""),
        *("Fiche action n°2 : Ouvrir une ressourcerie", "Axe concerné : Axe 2", "Pilote : CCAS"),
    )
    assert levels(proposal)[1:] == [Level.PRIORITY] * 2
