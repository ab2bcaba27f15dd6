"""The pages of envelopes: numbers that open their rows, files, and grants that are put by hand."""

import datetime
import re
from decimal import Decimal

import pytest
from django.contrib.auth.models import Group

from cohesion.models import AuditEvent
from cohesion.roles import ELECTED
from projects.models import BudgetEnvelope, EnvelopeChoice, Scheme
from tests.costs import cost
from tests.factories import CampaignFactory, LeadFactory, ProjectFactory, UserFactory
from tests.pages import squeezed

pytestmark = pytest.mark.django_db
YEAR = 2027
WITHIN = {"starts_on": datetime.date(YEAR, 1, 1), "ends_on": datetime.date(YEAR, 12, 31)}
PAGE, GRANTS = f"/instruction/enveloppes/?annee={YEAR}", "/instruction/enveloppes/subventions/"


@pytest.fixture
def general():
    return BudgetEnvelope.objects.create(year=YEAR, label="Cohésion sociale", voted=10_000)


def grant(amount=1_000, **values):
    return ProjectFactory(granted=amount, **WITHIN | values)


def test_the_page_adds_up_and_each_number_opens_its_rows(officer_client, general):
    grant(Decimal("1000.50"))
    grant(2_000)
    page = squeezed(officer_client.get(PAGE).text)
    assert "3\u202f000,50\xa0€" in page
    assert "6\u202f999,50\xa0€" in page
    address = re.search(rf'href="({GRANTS}\?annee={YEAR}&amp;enveloppe={general.pk})"', page)[1].replace("&amp;", "&")
    listed = squeezed(officer_client.get(address).text)
    assert "2\xa0subventions" in listed


def test_beside_the_calls_the_gap_with_the_envelopes_is_a_figure(client, officer, general):
    """As an elected official reads it too; the public reads none of it."""
    CampaignFactory(year=YEAR, budget=7_500)
    grant(Decimal("1000.50"))  # outside any call
    address = f"/tableau-de-bord/argent/?annee={YEAR}"
    elected = UserFactory()
    elected.groups.add(Group.objects.get(name=ELECTED.name))
    for reader in (officer, elected):
        client.force_login(reader)
        sums = client.get(address).context["beside"]
        assert [(foot.voted, foot.granted, foot.left) for foot in sums] == [
            (7_500, 0, 7_500),
            (10_000, Decimal("1000.50"), Decimal("8999.50")),
            (2_500, Decimal("1000.50"), Decimal("1499.50")),
        ]
    assert "Deux totaux, et tous deux justes" in squeezed(client.get(address).text)
    client.logout()
    assert not client.get(address).context["beside"]


def test_what_no_envelope_holds_has_its_own_line_and_its_sentence(officer_client, general):
    general.scheme = Scheme.objects.create(code="ASV")
    general.save()
    grant(300)
    page = squeezed(officer_client.get(PAGE).text)
    assert "Hors enveloppe" in page
    assert "1\xa0subvention n’est dans aucune enveloppe\xa0: 300\xa0€." in page
    assert "1\xa0subvention" in squeezed(officer_client.get(f"{GRANTS}?annee={YEAR}&enveloppe=aucune").text)


def test_an_exceeded_envelope_is_told(officer_client, general):
    grant(12_000)
    page = squeezed(officer_client.get(PAGE).text)
    assert "« Cohésion sociale » est dépassée de 2\u202f000\xa0€" in page.replace("\xa0»", " »").replace("«\xa0", "« ")


def test_an_address_that_means_nothing_is_told(officer_client):
    assert "ne désigne rien" in officer_client.get("/instruction/enveloppes/?annee=abc").text
    assert "n’est pas de" in officer_client.get(f"{GRANTS}?annee={YEAR}&enveloppe=999").text


def test_grants_are_put_in_an_envelope_by_hand_and_given_back_to_the_rule(officer_client, general):
    state = BudgetEnvelope.objects.create(year=YEAR, label="État", voted=5_000, is_delegated=True)
    project = grant()
    page = officer_client.post(f"{GRANTS}?annee={YEAR}", {"projet": project.pk, "vers": state.pk}, follow=True)
    assert "rangée à la main" in page.text
    assert EnvelopeChoice.objects.get().envelope == state
    assert AuditEvent.objects.filter(after={"enveloppe": str(state)}).count() == 1
    again = officer_client.post(f"{GRANTS}?annee={YEAR}", {"projet": project.pk, "vers": state.pk}, follow=True)
    assert "rien n’a changé" in again.text
    officer_client.post(f"{GRANTS}?annee={YEAR}", {"projet": project.pk, "vers": "regle"})
    assert not EnvelopeChoice.objects.exists()


@pytest.mark.parametrize("form", [{}, {"vers": "regle"}, {"projet": "1"}, {"projet": "x", "vers": "y"}])
def test_a_form_that_says_nothing_changes_nothing(officer_client, general, form):
    assert "Rien n’a été changé" in officer_client.post(f"{GRANTS}?annee={YEAR}", form, follow=True).text


def test_what_is_no_longer_granted_is_not_put_away(officer_client, general):
    project = grant(status="abandoned")
    form = {"projet": project.pk, "vers": general.pk}
    assert "n’est plus rien accordé" in officer_client.post(f"{GRANTS}?annee={YEAR}", form, follow=True).text


@pytest.mark.parametrize("format", ["csv", "xlsx", "ods"])
def test_the_tables_are_taken_away_and_what_a_spreadsheet_would_run_is_defused(officer_client, format):
    BudgetEnvelope.objects.create(year=YEAR, label="=1+1", voted=10)
    grant(title="=cmd()")
    for address in ("/instruction/enveloppes", "/instruction/enveloppes/subventions"):
        response = officer_client.get(f"{address}.{format}?annee={YEAR}")
        assert response.status_code == 200
        if format == "csv":
            text = b"".join(response.streaming_content).decode("utf-8-sig")
            assert "'=" in text
            assert "1000" in text.replace(" ", "").replace("\u202f", "")


def test_the_pages_cost_the_same_for_two_grants_and_for_twenty(officer_client, general, node):
    def fill(number):
        for _ in range(number):
            grant(100, serves=[node("5.2")])

    fill(2)
    cost(PAGE, officer_client)  # what a process keeps once it has been asked
    few = [cost(PAGE, officer_client), cost(f"{GRANTS}?annee={YEAR}", officer_client)]
    fill(18)
    assert [cost(PAGE, officer_client), cost(f"{GRANTS}?annee={YEAR}", officer_client)] == few


def test_nobody_else_reads_the_envelopes(client):
    assert client.get(PAGE).status_code == 302
    client.force_login(LeadFactory())
    assert client.get(PAGE).status_code == 404
