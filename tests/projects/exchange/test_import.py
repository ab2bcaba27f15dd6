"""Projects brought as a table: what each cell may say, what is refused, what is written."""

import datetime
import json
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cohesion.lib import spreadsheets
from cohesion.lib.spreadsheets import Oddity, amounts, days
from cohesion.lib.spreadsheets.damage import is_error_word
from projects.browsing.exports import OFFICER_COLUMNS, table
from projects.catalogue.columns import PROJECTS
from projects.choices import TerritoryKind
from projects.models import Contribution, Organization, Project, Territory
from projects.search import mentions
from tests.axes.exchange.files import book, lines
from tests.factories import OrganizationFactory, ProjectFactory, TerritoryFactory
from tests.projects.exchange import jobs

pytestmark = pytest.mark.django_db
HEADERS = "code;titre;type;porteur;objectifs;communes;date_debut;date_fin;budget;pst;statut"
GOOD = (
    "N-1;Une action;action;Les Deux Rives;2.1.2|1.1.1;Gravigny;1er septembre 2026;30/06/2027;12 500,50 €;PST-1;Retenue"
)


@pytest.fixture
def ground(founding):
    """What the files name: an organisation, a commune, a PST."""
    TerritoryFactory(name="Gravigny", code="27299")
    lead = OrganizationFactory(name="Les Deux Rives", acronym="LDR")
    return ProjectFactory(kind="pst", code="PST-1", organization=lead)


def refusals(*rows: str, headers: str = HEADERS) -> list[str]:
    plan, _ = jobs.examine(lines(*rows, headers=headers), "projets.csv")
    return [str(problem) for problem in plan.problems]


def bring(*rows: str, headers: str = HEADERS, by=None) -> int:
    plan, written = jobs.apply_file(lines(*rows, headers=headers), "projets.csv", by=by)
    assert plan.problems == []
    return written


# --- what is written ------------------------------------------------------------------------------------------


def test_a_row_makes_a_project_with_all_that_it_says(ground, officer):
    assert bring(GOOD, by=officer) == 1
    project = Project.objects.get(code="N-1")
    assert (project.title, project.kind, project.status) == ("Une action", "action", "retained")
    assert project.host == ground
    assert project.organization.name == "Les Deux Rives"
    assert (project.starts_on, project.ends_on) == (datetime.date(2026, 9, 1), datetime.date(2027, 6, 30))
    assert project.total_cost == Decimal("12500.50")
    assert [place.territory.name for place in project.places.all()] == ["Gravigny"]
    assert list(project.contributions.order_by("-is_main").values_list("orientation__code", "is_main")) == [
        ("2.1.2", True),
        ("1.1.1", False),
    ]
    assert Project.objects.filter(mentions("action", is_public=False), pk=project.pk).exists()


def test_the_history_says_who_brought_it_and_from_which_file(ground, officer):
    bring(GOOD, by=officer)
    for history in (Project.objects.get(code="N-1").history, Contribution.history, Organization.history):
        for record in history.filter(history_change_reason__isnull=False):
            assert record.history_user == officer
            assert record.history_change_reason == "Import de « projets.csv »"
    assert Project.objects.get(code="N-1").history.count() == 1


def test_a_second_import_updates_by_code_and_writes_nothing_when_nothing_changes(ground):
    bring(GOOD)
    assert bring(GOOD) == 0
    assert bring(GOOD.replace("Une action", "Une autre")) == 1
    project = Project.objects.get(code="N-1")
    assert (project.title, project.version) == ("Une autre", 2)
    assert project.history.count() == 2


def test_the_main_orientation_changes_places_with_a_secondary_one_and_each_keeps_its_reason(ground):
    bring(GOOD)
    Contribution.objects.filter(orientation__code="1.1.1").update(rationale="Les ateliers y mènent.")
    bring(GOOD.replace("2.1.2|1.1.1", "1.1.1|7.1.1"))
    links = Project.objects.get(code="N-1").contributions.order_by("-is_main")
    assert list(links.values_list("orientation__code", "is_main", "rationale")) == [
        ("1.1.1", True, "Les ateliers y mènent."),
        ("7.1.1", False, ""),
    ]
    gone = Contribution.history.filter(history_type="-").values_list("orientation__code", flat=True)
    assert list(gone) == ["2.1.2"]


def test_a_column_that_is_absent_leaves_what_is_there(ground):
    bring(GOOD)
    bring("N-1;Un titre;action;LDR;2.1.2|1.1.1", headers="code;titre;type;porteur;objectifs")
    project = Project.objects.get(code="N-1")
    assert project.title == "Un titre"
    assert (project.host, project.total_cost, project.status) == (ground, Decimal("12500.50"), "retained")
    assert project.places.count() == 1


def test_an_empty_cell_empties_the_value(ground):
    bring(GOOD)
    bring("N-1;Une action;action;LDR;2.1.2;;;;;;")
    project = Project.objects.get(code="N-1")
    assert (project.starts_on, project.ends_on, project.total_cost) == (None, None, None)
    assert not project.places.exists()


def test_an_empty_pst_or_state_leaves_it_and_hors_pst_takes_the_action_out(ground):
    bring(GOOD)
    bring("N-1;Une action;action;LDR;2.1.2;;;;;;")
    assert Project.objects.get(code="N-1").host == ground
    assert Project.objects.get(code="N-1").status == "retained"
    bring("N-1;Une action;hors PST;LDR;2.1.2;;;;;;")
    assert Project.objects.get(code="N-1").host is None


def test_a_new_project_without_state_is_a_draft(ground):
    bring("N-2;Une action;hors pst;LDR;2.1.2", headers="code;titre;type;porteur;objectifs")
    assert Project.objects.get(code="N-2").status == "draft"


def test_a_pst_of_the_same_file_may_host_whatever_the_order_of_the_rows(ground):
    bring("N-3;Une action;action;LDR;2.1.2;;;;;PST-9;", "PST-9;Un PST;PST;LDR;1.1.1;;;;;;")
    assert Project.objects.get(code="N-3").host.code == "PST-9"


def test_an_unknown_lead_is_created_and_told_of_before(ground):
    data = lines("N-2;Une action;action;La Boussole;2.1.2", headers="code;titre;type;porteur;objectifs")
    plan, _ = jobs.examine(data, "projets.csv")
    assert [entry["name"] for entry in plan.organizations] == ["La Boussole"]
    bring("N-2;Une action;action;La Boussole;2.1.2", headers="code;titre;type;porteur;objectifs")
    assert Organization.objects.get(name="La Boussole").projects.count() == 1


@pytest.mark.parametrize("said", ["Les Deux Rives", "les deux rives", "LDR", "ldr", "LES DEUX-RIVES"])
def test_a_lead_is_known_by_its_name_or_acronym_however_it_is_written(ground, said):
    bring(f"N-2;Une action;action;{said};2.1.2", headers="code;titre;type;porteur;objectifs")
    assert Project.objects.get(code="N-2").organization.name == "Les Deux Rives"


# --- what is refused ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("N-1;", ";", "Il manque le code"),
        ("N-1;", "N 1;", "Ce n’est pas un code"),
        ("Une action", "", "Il manque le titre"),
        ("Une action", "a" * 256, "raccourcissez-le à 255"),
        ("Une action", "-", "Ce n’est pas un titre"),
        (";action;", ";projet;", "écrivez PST, PRH, action ou hors PST"),
        (";action;", ";hors PST;", "Une action hors PST n’a pas de PST"),
        (";action;", ";PST;", "Un PST ne fait partie d’aucun autre projet"),
        ("Les Deux Rives", "", "Il manque la structure porteuse"),
        ("Les Deux Rives", "12345678901234", "Aucune structure n’a ce SIRET"),
        ("2.1.2|1.1.1", "2.1.2|9.9", "Aucune orientation du cadre en vigueur ne porte le code « 9.9 »"),
        ("2.1.2|1.1.1", "2.1.2|2.1.2", "indiquée deux fois"),
        ("Gravigny", "Gravinyy", "est-ce « Gravigny » ?"),
        ("1er septembre 2026", "31/02/2026", "Ce n’est pas une date"),
        ("1er septembre 2026", "01/09/0026", "n’est pas vraisemblable"),
        ("30/06/2027", "30/06/2025", "La date de fin précède la date de début"),
        ("12 500,50 \u20ac", "-1", "Un montant n’est pas négatif"),
        ("12 500,50 \u20ac", "1e400", "Ce n’est pas un montant"),
        ("12 500,50 \u20ac", "10,005", "deux décimales au plus"),
        ("12 500,50 \u20ac", "99999999999", "trop grand"),
        ("PST-1", "PST-2", "Aucun PST ne porte le code « PST-2 »"),
        ("Retenue", "Acceptée", "Cet état n’existe pas"),
    ],
)
def test_a_value_that_cannot_stand_is_refused_with_its_row_and_how_to_mend_it(ground, old, new, sentence):
    before = Project.objects.count()
    found = refusals(GOOD.replace(old, new, 1))
    assert len(found) == 1
    assert found[0].startswith("Ligne 2")
    assert sentence in found[0]
    assert Project.objects.count() == before


def test_a_code_that_stands_twice_is_refused(ground):
    assert "Ce code est déjà à la ligne 2" in refusals(GOOD, GOOD)[0]


def test_a_pst_that_contains_projects_stays_a_pst(ground):
    bring(GOOD)
    assert "Ce PST contient d’autres projets" in refusals("PST-1;Un PST;action;LDR;1.1.1;;;;;;")[0]


def test_two_territories_of_one_name_are_told_apart_by_their_codes(ground):
    for code in ("Q-1", "Q-2"):
        TerritoryFactory(name="Navarre", code=code, kind="other")
    assert "écrivez l’un de ces codes" in refusals(GOOD.replace("Gravigny", "Navarre"))[0]


def test_of_two_quarters_of_one_name_the_one_that_exists_at_the_dates_is_meant(ground):
    kind = TerritoryKind.PRIORITY_QUARTER
    TerritoryFactory(name="Navarre", code="Q-1", kind=kind, valid_to=datetime.date(2023, 12, 31))
    TerritoryFactory(name="Navarre", code="Q-2", kind=kind, valid_from=datetime.date(2024, 1, 1))
    row = GOOD.replace("Gravigny", "Navarre")
    bring(row)
    assert [place.territory.code for place in Project.objects.get(code="N-1").places.all()] == ["Q-2"]
    astride = row.replace("N-1", "N-2").replace("1er septembre 2026", "1er septembre 2023")
    assert "écrivez l’un de ces codes : Q-1, Q-2" in refusals(astride)[0]


def test_a_territory_outside_its_dates_is_refused(ground):
    TerritoryFactory(name="Ancien quartier", code="Q-0", kind="other", valid_to=datetime.date(2014, 12, 31))
    assert "n’existe pas aux dates de ce projet" in refusals(GOOD.replace("Gravigny", "Ancien quartier"))[0]


def test_two_organisations_of_one_name_are_told_apart_by_the_siret(ground):
    OrganizationFactory(name="Les Deux Rives")
    assert "Plusieurs structures portent ce nom" in refusals(GOOD)[0]


@pytest.mark.parametrize("headers", [HEADERS.replace("titre;", ""), HEADERS.replace("objectifs;", "")])
def test_a_file_without_a_mandatory_column_is_refused(ground, headers):
    assert "Il manque la colonne" in refusals("a;b;c;d", headers=headers)[0]


# --- cells ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2026-09-01", "2026-09-01"),
        ("01/09/2026", "2026-09-01"),
        ("1.9.2026", "2026-09-01"),
        ("1er septembre 2026", "2026-09-01"),
        ("3 Août 2026", "2026-08-03"),
        ("mardi 1er septembre 2026", "2026-09-01"),
        ("1 sept. 2026", "2026-09-01"),
        ("01/09/2026 00:00:00", "2026-09-01"),
        (Oddity("date", "sept. 26", "2026-09-01"), "2026-09-01"),
        (Oddity("date", "01/09/2026"), "2026-09-01"),
        ("", None),
        (None, None),
    ],
)
def test_a_day_is_read_as_the_french_or_iso_write_it(said, meant):
    assert days.first_day(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("12500", "12500.00"),
        ("12 500", "12500.00"),
        ("12\u202f500,50\u00a0€", "12500.50"),
        ("12.500", "12500.00"),
        ("12.50", "12.50"),
        ("1.234.567,8 euros", "1234567.80"),
        ("12 500.50 EUR", "12500.50"),
        ("€ 12\u2019500", "12500.00"),
        ("-0", "0.00"),
        (12500.5, "12500.50"),
        ("0", "0.00"),
        ("", None),
    ],
)
def test_an_amount_is_read_as_the_french_write_it(said, meant):
    assert amounts.euros(said) == meant


@pytest.mark.parametrize("said", ["12,500", "12,500.50", "0,001", "12500,000"])
def test_an_amount_that_may_be_read_in_two_ways_is_asked(said):
    with pytest.raises(ValueError, match="montant"):
        amounts.euros(said)


def test_a_list_may_have_one_item_on_a_line(ground):
    assert bring(GOOD.replace("2.1.2|1.1.1", '"2.1.2\n1.1.1"')) == 1
    found = Contribution.objects.order_by("-is_main").values_list("orientation__code", flat=True)
    assert list(found) == ["2.1.2", "1.1.1"]


@given(text=st.text(max_size=30))
@settings(max_examples=200, deadline=None)
def test_a_cell_is_read_or_refused_whatever_it_holds(text):
    for column in PROJECTS.read_columns:
        with suppress(ValueError):
            json.dumps(column.widget.clean(text))


# --- out and in again -----------------------------------------------------------------------------------------


def exported(format: str) -> bytes:
    return spreadsheets.write(format, [table(Project.objects.order_by("code"), OFFICER_COLUMNS)])


@pytest.mark.parametrize("format", ["csv", "xlsx", "ods"])
def test_what_is_exported_comes_back_as_nothing_changed(ground, format):
    bring(GOOD, "N-2;=1+1;hors PST;LDR;2.1.2;;;;0,10;;Clôturée")
    plan, reading = jobs.examine(exported(format), f"projets.{format}")
    assert (plan.problems, plan.counts["unchanged"], plan.writes) == ([], 3, False)
    assert len(reading.rows) == 3


@given(
    title=st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=40),
    cost=st.none() | st.decimals(0, 9_999_999, places=2),
    start=st.none() | st.dates(datetime.date(1990, 1, 1), datetime.date(2100, 12, 31)),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_project_comes_back_as_it_went(ground, title, cost, start):
    assume(not is_error_word(title))  # « ## » is what a spreadsheet shows of a column that is too narrow
    Project.objects.filter(code="N-9").delete()
    ProjectFactory(code="N-9", title=title, total_cost=cost, starts_on=start, ends_on=None, status="draft")
    plan, _ = jobs.examine(exported("csv"), "projets.csv")
    assert (plan.problems, plan.changed, plan.created) == ([], [], [])


@pytest.mark.parametrize("format", ["csv", "xlsx", "ods"])
@pytest.mark.parametrize("quarter", ["Gravigny", "27299", "Le Bourg ; La Noé", "A|B", "-", "´"])
def test_a_quarter_of_any_name_comes_back(ground, format, quarter):
    project = ProjectFactory(code="N-9", organization=OrganizationFactory(name="´"), status="draft", summary="a\r\nb")
    for code in ("QP1", "QP2"):  # two of one name, beside the commune
        project.places.create(territory=TerritoryFactory(name=quarter, code=code, kind=TerritoryKind.PRIORITY_QUARTER))
    project.places.create(territory=Territory.objects.get(code="27299"))
    plan, _ = jobs.examine(exported(format), f"projets.{format}")
    assert (plan.problems, plan.changed, plan.created) == ([], [], [])


def test_a_place_that_is_wrong_is_told_in_its_own_column(ground):
    headers, row = f"{HEADERS};autres_territoires", f"{GOOD};Nulle part"
    assert refusals(row, headers=headers)[0].startswith("Ligne 2, colonne autres_territoires (L) : Aucun territoire")


def test_a_spreadsheets_own_dates_and_numbers_are_read(ground):
    headers = ["code", "titre", "type", "porteur", "objectifs", "date_debut", "budget"]
    data = book(headers, ["N-1", "Une action", "action", "LDR", "2.1.2", datetime.date(2026, 9, 1), 12500.5])
    plan, reading = jobs.examine(data, "projets.xlsx")
    assert plan.problems == []
    assert (reading.rows[0]["starts_on"], reading.rows[0]["total_cost"]) == ("2026-09-01", "12500.50")


# --- many rows ------------------------------------------------------------------------------------------------


def test_an_import_writes_in_batches_not_row_by_row(ground, django_assert_max_num_queries):
    def rows(prefix: str, number: int) -> list[str]:
        return [GOOD.replace("N-1", f"{prefix}-{rank}") for rank in range(number)]

    with django_assert_max_num_queries(40) as few:
        bring(*rows("A", 10))
    # SQLite takes some sixty rows of history in a statement.
    with django_assert_max_num_queries(len(few.captured_queries) + 8):
        bring(*rows("B", 100))


def test_what_the_database_would_refuse_is_told_on_the_preview(ground):
    """A partner too long for its column, an agglomération that is asked twice."""
    long = jobs.examine(lines(f"{GOOD};{'a' * 201}", headers=f"{HEADERS};partenaires"), "a.csv")[0]
    assert "raccourcissez-le à 200" in str(long.problems[0])
    twice = "Agglomération : 5|Agglo du coin : 6"
    asked = jobs.examine(lines(f"{GOOD};{twice}", headers=f"{HEADERS};financeurs"), "a.csv")[0]
    assert "indiqué deux fois" in str(asked.problems[0])
