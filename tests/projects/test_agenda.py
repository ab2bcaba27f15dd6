"""The calendar: what everybody may know, what is one's own, and the file that other programs follow."""

import datetime
import re

import pytest
from django.test import Client
from django.utils import timezone

from cohesion.accounts.erasing import erase
from projects.agenda.feed import open_feed, token_of
from projects.choices import ProjectStatus
from projects.models import ExpectedPiece, LateLeave, ReferenceDocument, Report, Review
from tests.costs import cost
from tests.factories import (
    CampaignFactory,
    CommitteeFactory,
    FrameworkFactory,
    LeadFactory,
    OfficerFactory,
    OrganizationFactory,
    OrientationFactory,
    ProjectFactory,
    UserFactory,
    this_year,
)
from tests.pages import squeezed

pytestmark = pytest.mark.django_db
PAGE, FILE, SUBSCRIBE = "/calendrier/", "/calendrier/calendrier.ics", "/calendrier/abonnement/"
SOON = datetime.timedelta(days=20)


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def reporting(days=20, **fields):
    """An action whose report is due in so many days."""
    project = ProjectFactory(status=ProjectStatus.REPORT_DUE, **fields)
    due = timezone.localdate() + datetime.timedelta(days=days)
    Report.objects.create(project=project, year=this_year(), due_on=due)
    return project


def awaited(orientation, **fields):
    """A document that an orientation waits for."""
    soon = timezone.localdate() + SOON
    document = ReferenceDocument.objects.create(**{"title": "PLH", "review_on": soon} | fields)
    document.orientations.add(orientation)
    return document


@pytest.fixture
def everything(node):
    """Something of each kind, in the days to come."""
    soon = timezone.localdate() + SOON
    campaign = CampaignFactory(name="Appel annoncé", committee_on=soon)
    ExpectedPiece.objects.create(campaign=campaign, moment="request", kind="statutes")
    ExpectedPiece.objects.create(campaign=campaign, moment="report", kind="accounts")
    CampaignFactory(name="Appel en préparation", is_published=False)
    CommitteeFactory(name="Comité de printemps", held_on=soon)
    awaited(node("7.1"))
    return campaign


def test_anybody_sees_the_calls_and_the_documents_and_nothing_else(client, everything):
    reporting(title="Jardin")
    for text in (squeezed(client.get(PAGE).text), client.get(FILE).text.replace("\r\n ", "")):
        assert "Clôture de l’appel «\u00a0Appel annoncé\u00a0»" in text
        assert "À revoir\u00a0: «\u00a0PLH\u00a0»" in text
        assert "Pièces attendues\u00a0: Statuts." in text
        for hidden in ("en préparation", "Comité", "Jardin"):
            assert hidden not in re.sub(r"<meta[^>]*>", "", text), hidden


def test_a_document_that_no_public_page_names_is_for_those_who_read_the_instruction(client, node, everything):
    service = OrganizationFactory(name="Service discret")
    awaited(OrientationFactory(framework=FrameworkFactory(status="draft")), title="Plan en préparation", owner=service)
    awaited(node("7.1"), title="Plan approuvé", status="approved", owner=service)
    ReferenceDocument.objects.create(title="Plan de personne", owner=service, ends_on=timezone.localdate() + SOON)
    hidden = ("Plan en préparation", "Plan approuvé", "Plan de personne")
    lead, officer = LeadFactory(), OfficerFactory()
    for reader, address in ((client, PAGE), (client, FILE), (client_of(lead), PAGE), (client, own_file_of(lead))):
        text = reader.get(address).text
        assert "PLH" in text
        for title in (*hidden, "Service discret"):
            assert title not in text, (address, title)
    for reader, address in ((client_of(officer), PAGE), (client, own_file_of(officer))):
        text = reader.get(address).text
        assert all(title in text for title in ("PLH", *hidden)), address


def test_without_a_framework_in_force_no_document_is_public(client):
    awaited(OrientationFactory(framework=FrameworkFactory(status="draft")))
    assert "PLH" not in client.get(FILE).text


def own_file_of(user):
    open_feed(user)
    return f"/calendrier/{token_of(user)}.ics"


def test_who_reads_the_instruction_sees_the_committees_and_the_day_that_a_call_foresees(officer_client, everything):
    page = officer_client.get(PAGE).text
    assert "Comité de printemps" in page
    assert "Comité prévu pour «\u00a0Appel annoncé\u00a0»" in page
    CommitteeFactory(name="Comité fixé", campaign=everything, held_on=timezone.localdate() + SOON)
    assert "Comité prévu" not in officer_client.get(PAGE).text


def test_a_lead_sees_the_reports_of_their_own_organisation_and_an_officer_those_that_they_follow(everything):
    lead, officer = LeadFactory(), OfficerFactory()
    mine = reporting(title="Jardin", organization=lead.memberships.get().organization)
    followed = reporting(title="Cuisine")
    Review.objects.create(project=followed, assigned_to=officer)
    reporting(title="Chez d’autres")
    handed = reporting(title="Remis", organization=mine.organization)
    handed.reports.update(handed_at=timezone.now())
    LateLeave.objects.create(
        campaign=everything,
        organization=mine.organization,
        until=timezone.now() + SOON,
        reason="Retard du courrier",
        by=officer,
    )
    page = client_of(lead).get(PAGE).text
    assert f'href="/espace/bilans/{mine.pk}/"' in page
    assert "Dépôt tardif possible" in page
    for hidden in ("Cuisine", "Chez d’autres", "Remis", "Comité"):
        assert hidden not in page
    page = client_of(officer).get(PAGE).text
    assert f'href="/instruction/{followed.pk}/"' in page
    assert "Jardin" not in page


def test_the_list_is_cut_by_month_and_filtered_by_kind_and_year(client, everything):
    CampaignFactory(
        name="Appel d’autrefois",
        opens_at=datetime.datetime(2020, 1, 6, 8, tzinfo=datetime.UTC),
        closes_at=datetime.datetime(2020, 2, 3, 11, tzinfo=datetime.UTC),
    )
    page = squeezed(client.get(PAGE).text)
    assert "autrefois" not in page
    page = squeezed(client.get(f"{PAGE}?annee=2020").text)
    assert re.findall(r'scope="rowgroup">([^<]*)<', page) == ["Janvier 2020", "Février 2020"]
    assert '<time datetime="2020-02-03">lundi 3\u00a0février 2020</time>' in page
    assert "12\u00a0h" in page
    page = client.get(f"{PAGE}?nature=document").text
    assert "PLH" in page
    assert "Clôture" not in squeezed(page)
    for nonsense in ("?annee=9999", "?annee=x", "?nature=x", "?annee=" + "9" * 400):
        assert client.get(PAGE + nonsense).status_code == 200


def test_a_month_without_anything_says_so(client):
    assert "Rien n’est prévu" in client.get(PAGE).text


def test_the_public_calendar_is_not_sent_again_to_who_has_it(client, everything):
    for address in (PAGE, FILE):
        tag = client.get(address).headers["ETag"]
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
        everything.name += " (prolongé)"
        everything.save()
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_what_is_made_for_somebody_is_kept_by_nobody(officer_client, everything):
    answer = officer_client.get(PAGE)
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert not answer.has_header("ETag")


def test_the_calendar_costs_the_same_for_one_event_as_for_ten(officer_client, officer, node, everything):
    officer_client.get(PAGE)
    Review.objects.create(project=reporting(), assigned_to=officer)
    both = cost(PAGE), cost(FILE), cost(PAGE, officer_client)
    for number in range(9):
        CampaignFactory()
        CommitteeFactory()
        awaited(node("7.1"), title=f"Document {number}")
        Review.objects.create(project=reporting(), assigned_to=officer)
    assert (cost(PAGE), cost(FILE), cost(PAGE, officer_client)) == both


# --- one's own, for a program that cannot log in --------------------------------------------------------------------


def own_address(client):
    match = re.search(r'href="http://testserver(/calendrier/[^"]+\.ics)"', client.get(PAGE).text)
    return match[1] if match else None


def test_ones_own_calendar_has_an_address_once_it_is_asked_for_and_no_more_once_it_is_taken_back():
    lead = LeadFactory()
    reporting(title="Jardin", organization=lead.memberships.get().organization)
    client, stranger = client_of(lead), Client()
    assert own_address(client) is None
    client.post(SUBSCRIBE, {"open": "1"})
    first = own_address(client)
    answer = stranger.get(first)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert "Jardin" in answer.text
    client.post(SUBSCRIBE, {"open": "1"})
    second = own_address(client)
    assert [stranger.get(first).status_code, stranger.get(second).status_code] == [404, 200]
    client.post(SUBSCRIBE, {"close": "1"})
    assert own_address(client) is None
    assert stranger.get(second).status_code == 404


def test_the_address_is_of_no_use_without_the_key_of_the_site_nor_after_the_account(settings):
    lead, administrator = LeadFactory(), UserFactory(is_superuser=True)
    client_of(lead).post(SUBSCRIBE, {"open": "1"})
    lead.refresh_from_db()
    address = f"/calendrier/{token_of(lead)}.ics"
    client = Client()
    assert client.get(address).status_code == 200
    for forged in (lead.calendar_key, f"{lead.calendar_key}~x", "~", f"{'x' * 22}~{token_of(lead).partition('~')[2]}"):
        assert client.get(f"/calendrier/{forged}.ics").status_code == 404
    lead.is_active = False
    lead.save()
    assert client.get(address).status_code == 404
    erase(user=lead, by=administrator)
    lead.refresh_from_db()
    assert lead.calendar_key == ""


def test_nobody_opens_the_calendar_of_another():
    assert Client().post(SUBSCRIBE, {"open": "1"}).status_code == 302
    lead = LeadFactory()
    client_of(lead).post(SUBSCRIBE, {})
    lead.refresh_from_db()
    assert lead.calendar_key == ""
