"""Shapes that other councils give their plans, on invented lines: what heads what, and what is no orientation."""

import pytest

from axes.levels import Level
from axes.reading import DocumentProposal, propose, read_text

pytestmark = pytest.mark.once


def read(*lines: str) -> DocumentProposal:
    source = read_text("\n".join(lines))
    return propose(source.blocks, source.headers, source.unit)


def tree(proposal: DocumentProposal) -> list[str]:
    """The titles that are kept, each after as many dots as it has parents."""

    def depth(place: int) -> int:
        parent = proposal.nodes[place].parent
        return 0 if parent is None else 1 + depth(parent)

    return ["." * depth(place) + node.title for place, node in enumerate(proposal.nodes) if node.level is not None]


def test_a_plain_line_above_bullets_heads_them():
    proposal = read(
        "Projet de ville",
        "",
        "Habiter",
        "",
        "→ Louer moins cher",
        "→ Rénover",
        "",
        "Circuler",
        "",
        "→ Relier les hameaux",
    )
    assert tree(proposal) == ["Habiter", ".Louer moins cher", ".Rénover", "Circuler", ".Relier les hameaux"]


def test_another_sign_of_bullet_is_another_depth():
    proposal = read(
        *("Axe 1 : Vieillir", "o adapter les logements", "✓ Visites à domicile", "o rompre l’isolement", "✓ Minibus"),
        *("Axe 2 : Grandir", "o accueillir", "✓ Micro-crèche"),
    )
    assert tree(proposal)[:5] == [
        "Vieillir",
        ".adapter les logements",
        "..Visites à domicile",
        ".rompre l’isolement",
        "..Minibus",
    ]


def test_a_list_pasted_from_a_word_processor_is_no_table_and_each_of_its_bullets_is_a_depth():
    proposal = read(
        *("\uf0d8\tGrandir à la campagne", "o\tAccueillir les enfants", "\uf0a7\tUne crèche de dix places"),
        *("\uf0a7\tUn relais des assistantes maternelles", "o\tOuvrir les écoles le soir"),
        *("\uf0d8\tVieillir chez soi", "o\tAdapter les logements", "\uf0a7\tDes rampes dans les escaliers"),
    )
    assert tree(proposal) == [
        "Grandir à la campagne",
        ".Accueillir les enfants",
        "..Une crèche de dix places",
        "..Un relais des assistantes maternelles",
        ".Ouvrir les écoles le soir",
        "Vieillir chez soi",
        ".Adapter les logements",
        "..Des rampes dans les escaliers",
    ]


def test_a_line_above_running_text_heads_the_plain_lines_that_follow_it():
    prose = "La ville a changé en dix ans. Les habitants attendent une réponse, et la commune veut la donner."
    proposal = read(
        *("Grandir ici", "", prose, "", "Ouvrir une crèche.", "", "Planter les cours d’école.", ""),
        *("Vieillir ici", "", prose, "", "Adapter les logements.", "", "Former des visiteurs."),
    )
    assert tree(proposal) == [
        "Grandir ici",
        ".Ouvrir une crèche.",
        ".Planter les cours d’école.",
        "Vieillir ici",
        ".Adapter les logements.",
        ".Former des visiteurs.",
    ]


def test_blank_lines_part_groups_of_verbs_under_a_noun():
    lines = ("La santé", "Attirer des médecins", "Soutenir les aidants", "", "L’emploi", "Lever les freins", "")
    proposal = read("Nos choix", "", *lines, "Le logement", "Rénover les vides", "Construire près des gares")
    assert tree(proposal)[:4] == ["La santé", ".Attirer des médecins", ".Soutenir les aidants", "L’emploi"]
    assert "Nos choix" not in tree(proposal)


def test_lines_that_all_begin_alike_stand_beside_one_another():
    verbs = ("Réduire les déchets", "Planter des haies", "Économiser l’eau", "Éteindre la nuit", "Rouler moins")
    proposal = read("RESPIRER", "", *verbs)
    assert tree(proposal) == ["RESPIRER", *(f".{verb}" for verb in verbs)]
    assert proposal.nodes[0].doubt or proposal.nodes[1].doubt  # that it is an axis is a guess


def test_a_summary_is_read_without_its_pages_at_the_end_or_in_front():
    behind = read(
        *("SOMMAIRE", "PRÉAMBULE 3", "1- LES OBJECTIFS POUR HABITER 5", "1.1 La politique du logement 7"),
        *("1.2 La politique des terrains 8", "2- LES OBJECTIFS POUR CIRCULER 11"),
    )
    assert tree(behind) == [
        "LES OBJECTIFS POUR HABITER",
        ".La politique du logement",
        ".La politique des terrains",
        "LES OBJECTIFS POUR CIRCULER",
    ]
    front = read(
        "Sommaire", "3 Introduction", "5 AXE 1 : agir", "9 AXE 2 : relier", "14 AXE 3 : soigner", "20 AXE 4 : unir"
    )
    assert tree(front) == ["agir", "relier", "soigner", "unir"]


def test_a_summary_that_is_the_whole_document_is_a_plan():
    proposal = read(
        "Table des matières", "Axe 1 : Habiter ______ 4", "1-1 – Rénover ______ 5", "Axe 2 : Circuler ____ 9"
    )
    assert tree(proposal) == ["Habiter", ".Rénover", "Circuler"]


def test_figures_at_the_ends_of_lines_that_do_not_grow_are_words():
    lines = ("Axe 1 : Relier la ligne 12", "Axe 2 : Finir la tranche 3", "Axe 3 : Ouvrir le lot 9", "Axe 4 : Visiter 1")
    assert tree(read(*lines))[0] == "Relier la ligne 12"


def test_a_number_alone_above_its_title_is_its_label():
    proposal = read(
        "", "I.", "", "Un travail pour chacun", "", "II.", "", "Un toit pour chacun", "", "III.", "", "Du temps"
    )
    assert [node.label for node in proposal.nodes if node.level is not None] == ["I.", "II.", "III."]


def test_an_ordinal_before_a_level_names_it():
    proposal = read(
        "Premier axe : soigner", "- ouvrir un centre", "Deuxième axe : loger", "- rénover", "3e axe : relier"
    )
    roots = [node for node in proposal.nodes if node.level == Level.AXIS]
    assert [node.title for node in roots] == ["soigner", "loger", "relier"]
    assert roots[0].label == "Premier axe :"


@pytest.mark.parametrize(("wide", "narrow"), [("I°)", "a/"), ("I /", "a)"), ("1/", "a/")])
def test_a_number_may_be_closed_by_a_slash_or_a_degree(wide, narrow):
    second = wide.replace("I", "II").replace("1", "2")
    proposal = read(f"{wide} Les jeunes", f"{narrow} repérer", f"{second} Les aînés", f"{narrow} visiter")
    assert tree(proposal) == ["Les jeunes", ".repérer", "Les aînés", ".visiter"]


def test_what_is_asked_and_what_announces_is_no_orientation():
    proposal = read(
        *("Axe 1 : Habiter", "Nous voulons pour cela :", "• louer moins cher", "• rénover", "- Comment loger chacun ?"),
        *("Axe 2 : Circuler", "Nous voulons pour cela :", "• relier les hameaux", "• marcher sans danger"),
    )
    said = " ".join(tree(proposal))
    assert "Nous voulons" not in said
    assert "Comment" not in said


def test_a_heading_that_comes_again_is_a_rubric_and_findings_are_left_out():
    def part(name: str, action: str) -> tuple[str, ...]:
        return (f"## {name}", "### Nos constats", f"- Manque de {name}", "### Propositions", f"1. **{action}**")

    proposal = read(*part("logement", "Louer moins cher"), *part("transport", "Relier les hameaux"))
    assert tree(proposal) == ["logement", ".Louer moins cher", "transport", ".Relier les hameaux"]


def test_the_head_of_each_page_is_left_out():
    head = "Communauté des Trois-Vals, projet"
    proposal = read(
        *(head, "1", "Axe 1 : Habiter", "• Rénover", head, "2", "• Louer", "Axe 2 : Circuler", head, "3", "• Relier")
    )
    assert tree(proposal) == ["Habiter", ".Rénover", ".Louer", "Circuler", ".Relier"]


def test_roots_that_only_their_form_shows_are_marked():
    proposal = read("• Prendre soin des aînés", "• Loger les jeunes", "• Relier les hameaux")
    assert all(node.doubt for node in proposal.nodes if node.level == Level.AXIS)


def test_a_root_without_anything_under_it_is_marked_where_others_bear_some():
    proposal = read("## Notre projet", "## Habiter", "- Rénover", "- Louer", "## Circuler", "- Relier", "- Marcher")
    first = next(node for node in proposal.nodes if node.title == "Notre projet")
    assert first.level is None or first.doubt


def levels(proposal: DocumentProposal) -> list[str]:
    return [node.level.value for node in proposal.nodes if node.level is not None]


def test_four_tiers_leave_out_the_level_that_few_plans_have():
    proposal = read(
        *("Axe 1 : Garder la rivière", "1 – Laisser l’eau propre", "1-1 – Épurer mieux", "1-1-1 – Suivre les rejets"),
        *("1-1-2 – Équiper les fermes", "1-2 – Planter les berges", "1-2-1 – Choisir des saules"),
        *("Axe 2 : Faire connaître la rivière", "2 – Ouvrir les chemins", "2-1 – Baliser le sentier"),
    )
    assert levels(proposal)[:4] == ["axis", "strategic", "operational", "priority"]
    assert "challenge" not in levels(proposal)


def test_two_tiers_are_axes_and_objectives_where_they_are_numbered_or_begin_with_verbs():
    numbered = read("1- LES CHOIX POUR HABITER", "1.1 La politique du sol", "1.2 La politique du bâti", "2- LES ROUTES")
    assert set(levels(numbered)) == {"axis", "strategic"}
    verbs = read("SOIGNER", "- Ouvrir un centre", "- Former des infirmiers", "LOGER", "- Rénover", "- Bâtir")
    assert set(levels(verbs)) == {"axis", "strategic"}


def test_what_bears_other_lines_is_no_priority_whatever_it_is_called():
    proposal = read("Priorité 1 : Habiter", "- Rénover", "- Louer", "Priorité 2 : Circuler", "- Relier", "- Marcher")
    assert levels(proposal) == ["axis", "strategic", "strategic"] * 2


def test_what_comes_back_after_the_first_named_axis_is_of_the_plan_and_a_list_of_parts_is_not():
    within = read(
        *("A – HABITER", "Orientation 1 : Rénover le centre", "Orientation 2 : Louer moins cher"),
        *("B – CIRCULER", "Orientation 1 : Relier les hameaux", "Orientation 2 : Marcher"),
    )
    assert [name for name in tree(within) if not name.startswith(".")] == ["HABITER", "CIRCULER"]
    parts = read(
        *("I. LE DIAGNOSTIC", "II. LE BILAN", "III. LES ORIENTATIONS"),
        *("Orientation 1 : Rénover le centre", "Orientation 2 : Louer moins cher"),
    )
    assert tree(parts) == ["Rénover le centre", "Louer moins cher"]


def test_labels_alone_on_their_lines_announce_the_next_ones_and_their_numbers_are_no_pages():
    proposal = read(
        *("Défi 1", "Habiter mieux", "Défi 2", "Circuler sans voiture", "Défi 3", "Apprendre", "Défi 4", "Se soigner")
    )
    assert tree(proposal) == ["Habiter mieux", "Circuler sans voiture", "Apprendre", "Se soigner"]


def test_plain_lines_head_numbers_that_go_on_from_one_to_the_next():
    proposal = read(
        *("Habiter le centre", "", "1. Rénover les façades", "2. Louer les étages", ""),
        *("Relier les hameaux", "", "3. Tracer une piste", "4. Doubler le bus", ""),
    )
    assert tree(proposal) == [
        *("Habiter le centre", ".Rénover les façades", ".Louer les étages"),
        *("Relier les hameaux", ".Tracer une piste", ".Doubler le bus"),
    ]


def test_what_is_set_aside_though_it_begins_as_an_orientation_is_marked():
    proposal = read("Rénover le centre ancien", "", "AXE 1 : CIRCULER", "- Relier", "AXE 2 : APPRENDRE", "- Lire")
    assert proposal.nodes[0].level is None
    assert proposal.nodes[0].doubt


def test_two_lines_joined_without_proof_and_a_bare_line_among_marked_ones_are_doubtful():
    joined = read("Axe 1 : Habiter", "- Louer", "moins cher", "Axe 2 : Circuler", "- Relier", "les hameaux")
    assert not any("réunies" in node.doubt for node in joined.nodes)
    verbs = read("Nos choix", "Louer moins cher", "rénover les façades", "Relier les hameaux", "Planter", "Marcher")
    assert any("réunies" in node.doubt for node in verbs.nodes)
    bare = read(
        *("Axe 1 : Habiter", "1.1 Louer", "1.2 Bâtir", "sur les friches du bourg", "Axe 2 : Circuler", "2.1 Relier"),
        *("Le long de la rivière", "2.2 Marcher", "2.3 Rouler"),
    )
    node = next(node for node in bare.nodes if node.title.startswith("Le long"))
    assert node.level is None or "sans numéro" in node.doubt


def letters(proposal: DocumentProposal) -> str:
    """The level of each title that is kept, as a letter: A, C, S, O, P from the widest."""
    letter_of = dict(zip(Level, "ACSOP", strict=True))
    return "".join(letter_of[node.level] for node in proposal.nodes if node.level is not None)


def test_verbs_among_nouns_under_verbs_are_what_is_done_in_the_deepest_of_three():
    proposal = read(
        *("AXE A – Se loger", "OBJECTIF A.1. – Louer moins cher", "   a) loyers plafonnés"),
        *("   b) aider les jeunes", "OBJECTIF A.2. – Bâtir sobre", "   a) chantier de bois", "   b) trier les gravats"),
        *("AXE B – Se soigner", "OBJECTIF B.1. – Ouvrir des cabinets", "   a) maison de santé", "   b) bus dentaire"),
    )
    assert letters(proposal) == "ASPPSPPASPP"
    assert proposal.nodes[1].label == "OBJECTIF A.1. –"
    assert (
        letters(read("Enjeu 1 – Boire", "Objectif 1.1. Capter", "Objectif 1.2. Filtrer", "Enjeu 2 – Manger")) == "ASSA"
    )


def test_a_bullet_of_a_font_of_symbols_is_a_depth_of_its_own():
    proposal = read(
        *("\uf0f4 Jouer dehors", "\uf0c4 Cours d’école vertes", "\uf0c4 Aire de jeux"),
        *("\uf0f4 Lire ensemble", "\uf0c4 Boîte à livres", "\uf0c4 Veillée de contes"),
    )
    assert tree(proposal)[:4] == ["Jouer dehors", ".Cours d’école vertes", ".Aire de jeux", "Lire ensemble"]


def test_an_announced_list_goes_on_over_the_bullets_under_its_lines_and_prose():
    proposal = read(
        *("Les axes du projet", "➢ La rivière", "o Nettoyer les berges", "➢ La forêt"),
        *("Cet axe a été écrit avec les chasseurs. Il a demandé un an de réunions.", "o Replanter", "➢ Le bourg"),
    )
    assert tree(proposal) == ["La rivière", ".Nettoyer les berges", "La forêt", ".Replanter", "Le bourg"]


def test_two_lines_at_the_top_of_each_numbered_page_are_no_orientation():
    head = ("COMMUNE DE VALMARTRE", "PLAN VERT", "Page 1 sur 3", "")
    proposal = read(
        *(*head, "I. UNE COMMUNE QUI PRÉSERVE SES HAIES ET", "SES MARES", "", "1. Planter", "", *head, "2. Curer", ""),
        *(*head, "II. UNE COMMUNE SOBRE", "", "1. Isoler", "2. Éteindre"),
    )
    assert tree(proposal) == [
        *("UNE COMMUNE QUI PRÉSERVE SES HAIES ET SES MARES", ".Planter", ".Curer"),
        *("UNE COMMUNE SOBRE", ".Isoler", ".Éteindre"),
    ]


def test_a_field_that_stands_beside_amounts_is_of_a_sheet_wherever_it_stands():
    proposal = read(
        *("I. Se chauffer", "1. Isoler l’école", "Service chargé : bâtiments", "Montant prévu : 8 000 €"),
        *("2. Ventiler", "Service chargé : énergie", "II. Se nourrir", "1. Semer"),
    )
    assert tree(proposal) == ["Se chauffer", ".Isoler l’école", ".Ventiler", "Se nourrir", ".Semer"]


def test_rubrics_that_come_again_name_their_bullets_and_what_they_measure_or_what_says_more_of_the_axis_is_set_aside():
    part = ("Objectifs", "", "• Donner confiance", "", "Actions", "", "• Ateliers du soir", "", "Indicateurs", "")
    first, second = ("AXE 1 – Apprendre", "Grandir sans peur", ""), ("AXE 2 – Créer", "Oser", "")
    proposal = read(*first, *part, "• Nombre d’ateliers", "", *second, *part, "• Taux", "")
    assert letters(proposal) == "ASPASP"


def test_names_of_a_few_words_under_capitals_are_all_objectives():
    proposal = read(
        *("VIVRE MIEUX", "Santé", "p.4-5", "Logement", "p.6", "Une ville calme", "p.7"),
        *("VIVRE ENSEMBLE", "Culture", "p.8", "Sport", "p.9-10", "Vie associative", "p.11"),
    )
    assert letters(proposal) == "ASSSASSS"


def test_what_follows_is_of_the_level_that_its_sentence_names():
    says = "Les objectifs stratégiques de cet axe sont les suivants :"
    proposal = read(
        *("Axe 1 : La mer", says, "Trier les filets", "Former les mousses", "Axe 2 : Le port", says),
        *("Draguer le chenal", "Éclairer les quais"),
    )
    assert letters(proposal) == "ASSASS"


def test_a_list_is_of_what_its_lines_are_called():
    lines = (f"• Orientation n°{number} : Installer des bancs" for number in (1, 2, 3))
    assert letters(read("Le schéma compte 9 orientations et 16 fiches-actions :", *lines)) == "AAA"


def test_the_headers_of_a_flattened_table_name_its_numbers_and_its_actions():
    proposal = read(
        *("Axe", "Objectif opérationnel", "Action", "Budget", "1. Marcher", "1.1 Élargir les trottoirs"),
        *("Pédibus", "2 000 €", "2. Pédaler", "2.1 Prêter des vélos", "Atelier mobile", "3 000 €"),
    )
    assert letters(proposal) == "AOPAOP"


def test_a_number_alone_on_its_line_is_of_the_line_below_and_a_sentence_under_a_title_is_no_orientation():
    proposal = read(
        *("Jardiner", "", "Rendre la terre à ceux qui la travaillent.", "", "1", "Ouvrir des parcelles.", "2"),
        *("Semer des haies.", "", "Cuisiner", "", "Apprendre à faire avec peu.", "", "1", "Monter une cantine.", "2"),
        "Troquer des recettes.",
    )
    assert tree(proposal) == [
        *("Jardiner", ".Ouvrir des parcelles.", ".Semer des haies."),
        *("Cuisiner", ".Monter une cantine.", ".Troquer des recettes."),
    ]


def test_what_a_document_calls_its_own_in_each_part_is_no_orientation():
    part = ("NOS SOLUTIONS", "• Planter", "• Curer")
    assert letters(read("LA PLAINE", *part, "LE COTEAU", *part, "LE PLATEAU", *part)) == "ASSASSASS"


def test_pictures_make_the_titles_of_a_summary_stand_out_above_its_plain_lines():
    dots = " ......... "
    summary = (
        "I. UNE VILLE VERTE",
        "\ufffdEau",
        "Fontaines",
        "誽Air",
        "Planter",
        "II. UNE VILLE GAIE",
        "虢Fêtes",
        "Bals",
    )
    proposal = read(*(f"{line}{dots}{page}" for page, line in enumerate(summary, start=4)))
    assert tree(proposal) == [
        "UNE VILLE VERTE",
        ".Eau",
        "..Fontaines",
        ".Air",
        "..Planter",
        "UNE VILLE GAIE",
        ".Fêtes",
        "..Bals",
    ]
