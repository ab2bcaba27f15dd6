"""An action that runs over several years says the part of each; the parts make the totals wherever they are read."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from cohesion.together.merging import seal
from projects.browsing.exports import OFFICER_COLUMNS, rows_of
from projects.choices import MembershipRole
from projects.declaring.budget_sheet import sheet_of
from projects.declaring.drafts import renew
from projects.declaring.handing_in import hand_in, states
from projects.declaring.pages import BY_SLUG
from projects.declaring.pdf import submission_pdf
from projects.models import Declaration, Project
from tests.pages import squeezed
from tests.pdf import text_of

SHORT = {"ends_on": "18/12/2027"}
YEARS = {"cost_in-2027": "7 500,50", "cost_in-2028": "5000", "requested_in-2027": "4000", "requested_in-2028": "2000"}


def spaced(text):
    return re.sub(r"[\u00a0\u202f]", " ", text)


def lengthen(declaration, ends_on="30/06/2028", **parts):
    declaration.answers["calendrier"]["ends_on"] = ends_on
    declaration.answers["budget"] |= parts
    declaration.save()


def to_mend(declaration):
    return [gap.sentence for state in states(declaration) for gap in (*state.faults, *state.gaps)]


@pytest.fixture
def handed_in(complete, lead):
    lengthen(complete, **YEARS)
    return hand_in(project=complete.project, by=lead, role=MembershipRole.SIGNATORY)


def test_within_one_year_nothing_more_is_asked_even_where_it_touches_two_school_years(client, lead, complete):
    client.force_login(lead)
    page = client.get(reverse("projects:declaration_page", args=[complete.project_id, "budget"])).text
    assert "La part de chaque année" not in page
    assert to_mend(complete) == []


def test_over_several_years_each_is_asked_and_handing_in_waits_for_it(client, lead, complete):
    lengthen(complete)
    client.force_login(lead)
    page = squeezed(client.get(reverse("projects:declaration_page", args=[complete.project_id, "budget"])).text)
    assert "Charges de 2027" in page
    assert "Demandé pour 2028" in page
    assert to_mend(complete)[0] == "Donnez les charges de 2027, ou 0."
    assert len(to_mend(complete)) == 4


def test_a_date_mistyped_by_centuries_asks_for_no_year(complete):
    lengthen(complete, ends_on="30/06/2999")
    assert all("Donnez les charges" not in sentence for sentence in to_mend(complete))


def test_the_totals_of_the_years_follow_what_is_typed(client, lead, complete):
    lengthen(complete)
    client.force_login(lead)
    url = reverse("projects:declaration_page", args=[complete.project_id, "budget"])
    typed = complete.answers["budget"] | {"cost_in-2027": "7 500,50"}
    live = client.post(url, typed, headers={"accept": "application/json"}).json()
    assert live["sums"]["years_cost"] == "7\u202f500,50\u00a0€ sur 12\u202f500,50\u00a0€"
    assert "il manque 5\u202f000\u00a0€" in live["told"][0]["sentence"]
    assert "7\u202f500,50\u00a0€ sur 12\u202f500,50\u00a0€" in client.get(url).text  # and without a script


def test_what_was_handed_in_reads_alike_in_the_rows_the_file_the_paper_and_the_export(handed_in):
    project = Project.objects.get()
    parts = list(project.budget_years.values_list("year", "cost", "requested"))
    assert parts == [(2027, Decimal("7500.50"), 4000), (2028, 5000, 2000)]
    assert sum(cost for _, cost, _ in parts) == project.total_cost
    assert sum(requested for *_, requested in parts) == project.requested
    years = sheet_of(handed_in, project.declaration).years
    assert [(line.label, line.share) for line in years] == [
        ("2027", "60\u00a0%"),
        ("2028", "40\u00a0%"),
        ("Ensemble", "100\u00a0%"),
    ]
    assert "La part de chaque année" in text_of(submission_pdf(handed_in))
    (row,) = rows_of(Project.objects.all(), is_complete=True)
    assert row["budget_by_year"] == ["2027 (7500.50 / 4000.00)", "2028 (5000.00 / 2000.00)"]
    assert "budget_par_annee" in [column.header for column in OFFICER_COLUMNS if not column.is_public]


def test_a_copy_reads_the_years_of_its_own_dates(handed_in):
    declaration = Declaration.objects.get()
    declaration.answers["calendrier"]["ends_on"] = "18/12/2027"
    assert [line.label for line in sheet_of(handed_in, declaration).years] == ["2027", "2028", "Ensemble"]


@pytest.mark.parametrize("corrected", [{"total_cost": 13000}, {"ends_on": "2029-06-30"}, {"ends_on": "2027-12-18"}])
def test_the_export_leaves_out_years_that_no_longer_make_a_corrected_total_or_run(handed_in, corrected):
    Project.objects.update(**corrected)
    (row,) = rows_of(Project.objects.all(), is_complete=True)
    assert row["budget_by_year"] == []


def test_dates_brought_back_into_one_year_take_the_parts_away_and_lose_nothing_typed(complete, lead):
    lengthen(complete, ends_on="18/12/2027", **YEARS)
    hand_in(project=complete.project, by=lead, role=MembershipRole.SIGNATORY)
    assert not Project.objects.get().budget_years.exists()
    assert Declaration.objects.get().answers["budget"]["cost_in-2028"] == "5000"


def test_what_was_typed_of_a_year_that_a_colleague_took_away_stays_on_the_page_that_says_so(client, lead, complete):
    lengthen(complete)
    client.force_login(lead)
    url = reverse("projects:declaration_page", args=[complete.project_id, "budget"])
    page = client.get(url)
    shown = {"base": page.context["base"]} | complete.answers["budget"]
    Declaration.objects.update(answers=complete.answers | {"calendrier": complete.answers["calendrier"] | SHORT})
    for way in ({"next": "1"}, {"look": "1"}):
        saved = squeezed(client.post(url, shown | YEARS | way).text)
        assert "5 000 € de charges et 2 000 € demandés pour 2028 ne comptent plus" in spaced(saved)
        assert 'value="5000"' in saved  # in its field, where it is taken from
    assert Declaration.objects.get().answers["budget"]["requested_in-2028"] == "2000"
    lines = [label for label, _ in BY_SLUG["budget"].form(complete, complete.answers["budget"] | YEARS).words()]
    assert "Charges de 2028" in lines
    complete.refresh_from_db()
    lines = [label for label, _ in BY_SLUG["budget"].form(complete, complete.answers["budget"]).words()]
    assert "Charges de 2028" not in lines  # what is handed in says nothing of it


def test_what_was_typed_in_a_question_that_is_asked_no_more_is_kept_and_told(client, lead, complete):
    """A colleague takes the call away while the reason of a missing piece is typed."""
    client.force_login(lead)
    url = reverse("projects:declaration_page", args=[complete.project_id, "pieces"])
    typed = {"pourquoi-statuts": "L’assemblée est en juin."}
    base = seal({"pourquoi-statuts": ""})
    answer = client.post(url, complete.answers["pieces"] | typed | {"base": base}, follow=True)
    assert "Ce que vous y aviez écrit est gardé" in answer.text
    assert typed["pourquoi-statuts"] in squeezed(answer.text)
    assert Declaration.objects.get().answers["pieces"]["pourquoi-statuts"] == typed["pourquoi-statuts"]


def test_an_action_taken_up_again_says_its_years_anew(handed_in, lead):
    again = renew(project=handed_in.project, by=lead)
    assert not [name for name in again.answers["budget"] if "_in-" in name]
