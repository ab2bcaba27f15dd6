"""Small files that failed, and their cousins: what is read, what is asked, what is refused, in which column."""

import datetime
from decimal import Decimal

import pytest

from cohesion.lib import spreadsheets
from cohesion.lib.spreadsheets import Table
from projects.catalogue.listed import Measure, measure
from projects.models import CoLead, FundingLine, Indicator, Partnership, Project
from tests.axes.exchange.files import book, lines
from tests.factories import DeclarationFactory, OrganizationFactory, OrientationFactory, ProjectFactory
from tests.projects.exchange import jobs

pytestmark = pytest.mark.django_db


HEADERS = ["code", "titre", "type", "porteur", "objectifs"]


SIRET = "77567227200012"


@pytest.fixture
def lead(founding):
    return OrganizationFactory(name="Association Les Deux Rives", acronym="LDR", siret=SIRET)


def csv(**changes) -> bytes:
    """A file of one project; ``changes`` replace or add its cells, by header."""
    row = {"code": "N-1", "titre": "Une action", "type": "action", "porteur": "LDR", "objectifs": "2.1.2"} | changes
    return spreadsheets.write("csv", [Table("F", list(row), [list(row.values())])])


def xlsx(**changes) -> bytes:
    row = {"code": "N-1", "titre": "Une action", "type": "action", "porteur": "LDR", "objectifs": "2.1.2"} | changes
    return book(list(row), list(row.values()))


def plan_of(data: bytes, name: str = "projets.csv"):
    return jobs.examine(data, name)[0]


def bring(**changes) -> Project:
    plan, _ = jobs.apply_file(csv(**changes), "projets.csv", by=None)
    assert [str(problem) for problem in plan.refusals()] == []
    return Project.objects.get(code=changes.get("code", "N-1"))


def refused(data: bytes, name: str = "projets.csv") -> list[tuple[str, str, str]]:
    return [(one.column, one.value, one.message) for one in plan_of(data, name).problems]


# --- P4, P5, P11: codes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "column", "value"),
    [
        ({"objectifs": "1.1", "objectifs_secondaires": "2.1|9.9"}, "objectifs_secondaires", "9.9"),
        ({"objectifs": "1.1|9.9"}, "objectifs", "9.9"),
        ({"objectifs": "1.1", "objectifs_secondaires": "1.1"}, "objectifs_secondaires", "1.1"),
        ({"objectifs": "1.1", "objectifs_secondaires": "2.1|2.1"}, "objectifs_secondaires", "2.1|2.1"),
        ({"autres_territoires": "Nulle part"}, "autres_territoires", "Nulle part"),
        ({"dispositifs": "ASV|XYZ"}, "dispositifs", "ASV"),
    ],
)
def test_an_error_is_reported_in_its_own_column_with_its_own_value(lead, cells, column, value):
    ((place, said, _),) = refused(csv(**cells))
    assert (place.split(" (")[0], said) == (column, value)


def test_a_code_that_is_a_number_is_asked_about_where_two_are_the_same_number_and_always_remarked(lead, node):
    assert any("3.10 y devient 3.1" in str(one) for one in plan_of(xlsx(objectifs=3.1), "projets.xlsx").remarks)
    tenth = OrientationFactory.build(parent=node("3"), level="challenge", code="3.10", title="Une dixième")
    tenth._change_reason = "Essai"
    tenth.save()
    ((column, value, message),) = refused(xlsx(objectifs=3.1), "projets.xlsx")
    assert (column, value) == ("objectifs (E)", "3.1")
    assert "est-ce 3.1 ou 3.10 ?" in message


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"code": "janv-26"}, "changé ce texte en date"),
        ({"code": "1E05"}, "exposant"),
        ({"code": "01/01/01"}, "date"),
        ({"titre": "#NOM?"}, "formule en erreur"),
        ({"titre": "-"}, "pas un titre"),
        ({"titre": "?"}, "pas un titre"),
        ({"objectifs": "2,1"}, "écrivez 2.1 pour une orientation"),
    ],
)
def test_what_a_spreadsheet_made_of_a_cell_is_refused(lead, changes, sentence):
    assert sentence in refused(csv(**changes))[0][2]


def test_codes_that_differ_only_by_capitals_are_refused_unless_they_are_there(lead):
    ProjectFactory(code="2026-A")
    assert "2026-A" in refused(csv(code="2026-a"))[0][2]
    both = lines("N-1;Un;action;LDR;2.1", "n-1;Deux;action;LDR;2.1", headers=";".join(HEADERS))
    assert "ligne 2" in refused(both)[0][2]


# --- P6 to P10, P12, P13: dates, amounts, texts, headers -------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "start", "end"),
    [
        ({"date_debut": "2024"}, "2024-01-01", None),
        ({"date_fin": "mars 2022"}, None, "2022-03-31"),
        ({"date_debut": "T1 2025", "date_fin": "T2 2025"}, "2025-01-01", "2025-06-30"),
        ({"date_debut": "2022-2026"}, "2022-01-01", "2026-12-31"),
        ({"date_debut": "2022-2026", "date_fin": "30/06/2026"}, "2022-01-01", "2026-06-30"),
        ({"date_debut": "1/9/27", "date_fin": "01102027"}, "2027-09-01", "2027-10-01"),
    ],
)
def test_a_year_a_month_a_quarter_and_a_span_have_a_way_in(lead, cells, start, end):
    project = bring(date_debut=cells.get("date_debut", ""), date_fin=cells.get("date_fin", ""))
    shown = [day and day.isoformat() for day in (project.starts_on, project.ends_on)]
    assert shown == [start, end]


def test_a_serial_number_is_a_date_where_the_column_has_others_else_the_sentence_says_how(lead):
    alone = xlsx(date_fin=47727)
    assert "format « Date »" in refused(alone, "projets.xlsx")[0][2]
    headers = [*HEADERS, "date_fin"]
    both = book(
        headers,
        ["N-1", "Un", "action", "LDR", "2.1.2", 47727],
        ["N-2", "Deux", "action", "LDR", "2.1.2", datetime.date(2027, 1, 1)],
    )
    plan, _ = jobs.apply_file(both, "projets.xlsx", by=None)
    assert plan.problems == []
    assert Project.objects.get(code="N-1").ends_on == datetime.date(2030, 9, 1)


def test_sums_of_a_spreadsheet_are_read_to_the_cent_and_what_is_only_rounded_in_its_display_is_refused(lead):
    assert refused(xlsx(budget=3702.2999999999997), "projets.xlsx") == []
    assert "n’en arrondit que l’affichage" in refused(xlsx(budget=10000 / 3), "projets.xlsx")[0][2]


def test_invisible_signs_are_removed_and_said_and_text_encoded_twice_is_mended(lead):
    project = bring(resume="Un\u200b ré\u00adsu\u200cmé", titre="RÃ©ussite Ã©ducative")
    assert (project.summary, project.title) == ("Un résumé", "Réussite éducative")
    remarks = [str(one) for one in plan_of(csv(code="N-9", resume="Un\u200b", titre="R?ussite")).remarks]
    assert any("U+200B" in one for one in remarks)
    assert any("lettre accentuée" in one for one in remarks)


def test_the_table_is_found_below_a_banner_on_another_sheet_by_the_usual_names_of_its_headers(lead):
    headers = ["identifiant", "Titre*", "Nature", "Structure porteuse", "Objectif", "Date de début"]
    table = [["Programme d’actions 2027"], headers, ["N-1", "Un", "action", "LDR", "2.1.2", "2027"]]
    data = book(["Mode demploi"], ["Écrivez ce que vous voulez."], sheets={"Plan": table})
    plan, _ = jobs.apply_file(data, "projets.xlsx", by=None)
    assert [str(one) for one in plan.refusals()] == []
    assert Project.objects.get().starts_on == datetime.date(2027, 1, 1)


def test_columns_are_mapped_by_hand_on_the_preview_and_the_file_is_read_again(lead, officer, officer_client):
    data = lines("N-1;Un;action;LDR;2.1.2", headers="code;Machin;type;porteur;objectifs")
    job = jobs.create_import(data, "projets.csv", officer)
    address = f"/admin/projects/projectimport/{job.pk}/change/"
    page = officer_client.get(address).text
    assert "Relire le fichier ainsi" in page
    assert "/admin/projects/projectimport/modele/xlsx/" in page  # the refusal leads to the model
    columns = {"code": 0, "title": 1, "kind": 2, "lead": 3, "objectives": 4}
    sent = {f"colonne-{name}": str(place) for name, place in columns.items()}
    answer = officer_client.post(address, {"reread": "1", **sent}, follow=True)
    assert 'name="apply"' in answer.text
    officer_client.post(answer.redirect_chain[-1][0], {"apply": "1"})
    assert Project.objects.get().title == "Un"


# --- P14, P15, P17: real plans fit -----------------------------------------------------------------------------


def test_long_titles_summaries_and_descriptions_fit(lead):
    project = bring(titre="t" * 255, resume="r" * 1000, description="Un.\n\n- deux\n- trois " + "x" * 5000)
    assert (len(project.title), len(project.summary)) == (255, 1000)
    assert project.description.startswith("Un.\n\n- deux\n- trois")
    assert "à 255 au plus" in refused(csv(titre="t" * 256))[0][2]
    assert "à 1000 au plus" in refused(csv(resume="r" * 1001))[0][2]


def test_a_project_without_objective_has_any_state_and_is_listed_until_it_has_one(lead, node):
    project = bring(objectifs="", statut="Retenue")
    assert (project.status, list(Project.objects.unattached())) == ("retained", [project])
    assert any("sans rattachement" in one for one in plan_of(csv(objectifs="", statut="Retenue")).warnings)
    bring(objectifs="2.1.2", statut="Retenue")
    assert not Project.objects.unattached().exists()
    assert "Ce projet a un objectif" in refused(csv(objectifs="", statut="Retenue"))[0][2]


def test_codes_are_sorted_as_people_count(lead):
    for code in ("2026-9", "2026-10", "2026-2"):
        bring(code=code)
    assert [one.code for one in Project.objects.all()] == ["2026-2", "2026-9", "2026-10"]


def test_an_indicator_says_from_how_much_and_which_way_and_one_that_stays_keeps_how_it_is_measured(lead):
    bring(indicateurs="Exclusions : de 12 à 5 élèves (une baisse)|Retards : de 3,5 %|Élèves suivis (baisse)")
    fields = ("name", "baseline", "target", "unit", "direction")
    assert list(Indicator.objects.values_list(*fields)) == [
        ("Exclusions", 12, 5, "élèves", "less"),
        ("Retards", Decimal("3.5"), None, "%", "more"),
        ("Élèves suivis", None, None, "", "less"),
    ]
    Indicator.objects.filter(name="Exclusions").update(method="Registre du collège")
    bring(indicateurs="Exclusions : de 12 à 4 élèves (baisse)")
    assert Indicator.objects.values_list("target", "method").get() == (4, "Registre du collège")


def test_a_file_that_does_not_say_from_how_much_an_indicator_starts_takes_neither_start_nor_way_away(lead):
    bring(indicateurs="Exclusions : de 12 à 5 élèves (baisse)")
    bring(indicateurs="Exclusions : 4 élèves")
    assert Indicator.objects.values_list("baseline", "target", "direction").get() == (12, 4, "less")
    bring(indicateurs="Exclusions : de 10 à 4 élèves")
    assert Indicator.objects.values_list("baseline", "target", "direction").get() == (10, 4, "more")


@pytest.mark.parametrize(
    "text",
    [
        *("Ateliers", "Ateliers : 12", "Ateliers : 12 séances", "Ateliers : de 12 à 40.5 séances", "Ateliers : de 12"),
        *("Exclusions : de 12 à 5 élèves (baisse)", "Exclusions (baisse)", "Retards : de 3 % (baisse)"),
    ],
)
def test_an_indicator_is_written_as_it_is_read(text):
    written = str(measure(text))
    assert written.replace("\u00a0", " ") == text
    assert str(measure(written)) == written


def test_a_name_that_ends_as_a_direction_does_is_read_again_as_it_is():
    for direction in ("more", "less"):
        indicator = Measure("Effectifs (baisse)", None, "", None, direction)
        assert measure(str(indicator)) == indicator


def test_partners_co_leads_funders_and_indicators_are_brought_and_brought_again(lead):
    cells = {
        "co_porteurs": "Centre du Parc",
        "partenaires": "LDR|Les écoles du quartier",
        "financeurs": "L’agglomération : 8 000|CAF de l’Eure : 5 000 / 2 500|Les Amis (aide privée) : 500",
        "indicateurs": "Enfants accueillis : 40 enfants|Ateliers : 12",
    }
    project = bring(**cells)
    assert [one.organization.name for one in CoLead.objects.filter(project=project)] == ["Centre du Parc"]
    assert list(project.partners.all()) == [lead]
    assert [one.name for one in Partnership.objects.all()] == ["Les écoles du quartier"]
    kinds = list(FundingLine.objects.values_list("kind", "requested", "granted"))
    assert kinds == [("agglomeration", 8000, None), ("social_body", 5000, 2500), ("private", 500, None)]
    assert (project.requested, project.version) == (8000, 1)
    assert list(Indicator.objects.values_list("name", "target", "unit")) == [
        ("Enfants accueillis", 40, "enfants"),
        ("Ateliers", 12, ""),
    ]
    FundingLine.objects.filter(kind="social_body").update(state="granted")
    changed = cells | {
        "financeurs": "CAF de l’Eure : 6 000",
        "indicateurs": "",
        "partenaires": "Les écoles du quartier",
    }
    project = bring(**changed)
    line = FundingLine.objects.get()
    assert (line.requested, line.granted, line.state) == (6000, None, "granted")
    assert (project.requested, project.partners.count(), Indicator.objects.count()) == (None, 0, 0)
    assert CoLead.history.count() == 1


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"financeurs": "Les Amis : 500"}, "Dites entre parenthèses ce qu’est « Les Amis »"),
        ({"financeurs": "CAF : beaucoup"}, "Ce n’est pas un montant"),
        ({"financeurs": "CAF : 5|CAF : 6"}, "indiqué deux fois"),
        ({"financeurs": "Agglomération : 5 / 4"}, "se lit dans la décision"),
        ({"indicateurs": "Enfants : 1.2.3 enfants"}, "n’est pas un nombre"),
        ({"co_porteurs": "LDR"}, "porte déjà le projet"),
    ],
)
def test_what_a_list_cannot_say_is_refused(lead, cells, sentence):
    ((column, _, message),) = refused(csv(**cells))
    assert column.startswith(next(iter(cells)))
    assert sentence in message


def test_what_a_lead_declared_is_corrected_in_its_file(lead):
    declaration = DeclarationFactory()
    project = declaration.project
    row = {"code": project.code, "titre": project.title, "porteur": project.organization.name}
    assert "déclaré par sa structure" in refused(csv(**row, partenaires="Quelqu’un"))[0][2]
