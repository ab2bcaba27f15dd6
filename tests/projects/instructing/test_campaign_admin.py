"""Calls, their late leaves and committees on the officers' screens."""

import datetime

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from cohesion.roles import ELECTED
from projects.models import Campaign, Committee, LateLeave
from tests.factories import CampaignFactory, CommitteeFactory, OrganizationFactory, UserFactory
from tests.site.forms import seen_now

pytestmark = pytest.mark.django_db


def form_of(campaign, *leaves, **changes):
    """What the screen of a call posts; each leave is its fields."""
    opens, closes = (timezone.localtime(at) for at in (campaign.opens_at, campaign.closes_at))
    posted = {
        **seen_now(campaign),
        "name": campaign.name,
        "year": campaign.year,
        "opens_at": f"{opens:%Y-%m-%dT%H:%M:%S}",
        "closes_at": f"{closes:%Y-%m-%dT%H:%M:%S}",
        "report_due_on": campaign.report_due_on.isoformat(),
        "late_after_days": campaign.late_after_days,
        "is_published": "on",
        "leaves-TOTAL_FORMS": len(leaves),
        "leaves-INITIAL_FORMS": 0,
        "late_report_leaves-TOTAL_FORMS": 0,
        "late_report_leaves-INITIAL_FORMS": 0,
        "late_report_rule": "warn",
        "expected_pieces-TOTAL_FORMS": 0,
        "expected_pieces-INITIAL_FORMS": 0,
        **changes,
    }
    return posted | {f"leaves-{n}-{name}": value for n, leave in enumerate(leaves) for name, value in leave.items()}


def test_a_late_leave_names_who_gives_it(officer_client, officer):
    campaign, organization = CampaignFactory(), OrganizationFactory()
    until = timezone.localtime(campaign.closes_at) + datetime.timedelta(days=10)
    leave = {
        "organization": organization.pk,
        "until": f"{until:%Y-%m-%dT12:00:00}",
        "reason": "Panne de réseau le soir de la clôture.",
    }
    answer = officer_client.post(f"/admin/projects/campaign/{campaign.pk}/change/", form_of(campaign, leave))
    assert answer.status_code == 302
    given = LateLeave.objects.get()
    assert (given.by, given.organization) == (officer, organization)
    assert campaign.accepts(organization, given.until - datetime.timedelta(seconds=1))
    assert not campaign.accepts(organization, given.until)


def test_a_call_closes_after_it_opens(officer_client):
    campaign = CampaignFactory()
    page = officer_client.post(
        f"/admin/projects/campaign/{campaign.pk}/change/", form_of(campaign, closes_at="2020-01-01T12:00:00")
    )
    assert "La clôture suit l’ouverture." in page.content.decode()


def test_what_changed_in_a_call_is_in_its_history(officer_client, officer):
    campaign = CampaignFactory(late_after_days=14)
    address = f"/admin/projects/campaign/{campaign.pk}/"
    officer_client.post(f"{address}change/", form_of(campaign, late_after_days=21))
    assert Campaign.objects.get().late_after_days == 21
    page = officer_client.get(f"{address}history/").content.decode()
    assert str(officer) in page
    assert "en retard après (jours)" in page


def test_a_committee_is_added(officer_client):
    officer_client.post("/admin/projects/committee/add/", {"name": "Comité de pilotage", "held_on": "2027-04-14"})
    assert str(Committee.objects.get()) == "Comité de pilotage"


def test_elected_officials_change_neither_call_nor_committee(client):
    elected = UserFactory(is_staff=True)
    elected.groups.add(Group.objects.get(name=ELECTED.name))
    client.force_login(elected)
    campaign, committee = CampaignFactory(), CommitteeFactory()
    for address, typed in [
        (f"/admin/projects/campaign/{campaign.pk}/change/", form_of(campaign, name="Autre")),
        (f"/admin/projects/committee/{committee.pk}/change/", {"name": "Autre", "held_on": f"{committee.held_on}"}),
    ]:
        assert client.get(address).status_code == 200
        assert client.post(address, typed).status_code == 403
    assert "Autre" not in {
        *Campaign.objects.values_list("name", flat=True),
        *Committee.objects.values_list("name", flat=True),
    }


def test_a_report_is_due_after_the_year_that_it_tells_of(officer_client):
    campaign = CampaignFactory()
    due = datetime.date(campaign.year, 6, 30).isoformat()
    address = f"/admin/projects/campaign/{campaign.pk}/change/"
    page = officer_client.post(address, form_of(campaign, report_due_on=due))
    assert f"Les actions de {campaign.year} ne sont pas finies ce jour-là" in page.text
    assert '<a href="#id_report_due_on">' in page.text  # the summary leads to the field
