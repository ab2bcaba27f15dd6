"""Who changed what, when: readable from the page of each object, links and places included."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from projects.choices import DocumentStatus
from projects.models import Contribution, Need, Offer, OfferSite, Place, ReferenceDocument, Scheme
from tests.factories import ProjectFactory, TerritoryFactory
from tests.projects.test_admin import form_of
from tests.site.forms import seen_now

pytestmark = pytest.mark.django_db


def history(client, model, pk):
    return client.get(f"/admin/projects/{model}/{pk}/history/").text


def made(model):
    place = TerritoryFactory(name="Gravigny")
    return {
        "scheme": lambda: Scheme.objects.create(code="ASV", name="Avant"),
        "referencedocument": lambda: ReferenceDocument.objects.create(title="Avant"),
        "need": lambda: Need.objects.create(wording="Avant", heard_on=datetime.date(2026, 1, 2), territory=place),
        "offer": lambda: Offer.objects.create(name="Avant", kind="other", project=ProjectFactory()),
        "territory": lambda: TerritoryFactory(name="Avant"),
    }[model]()


@pytest.mark.parametrize(
    ("model", "field"),
    [("scheme", "name"), ("referencedocument", "title"), ("need", "wording"), ("offer", "name"), ("territory", "name")],
)
def test_the_history_shows_both_values(officer_client, model, field):
    row = made(model)
    setattr(row, field, "Après")
    row.save()
    page = history(officer_client, model, row.pk)
    assert '<del><span class="visually-hidden">avant : </span>Avant</del>' in page
    assert '<ins><span class="visually-hidden">après : </span>Après</ins>' in page


def test_the_screen_of_a_need_signs_its_history(officer_client, officer, founding):
    need = made("need")
    posted = {
        **seen_now(need),
        "wording": "Après",
        "heard_on": "2026-01-02",
        "territory": need.territory_id,
        "times": 1,
    }
    assert officer_client.post(f"/admin/projects/need/{need.pk}/change/", posted).status_code == 302
    assert need.history.first().history_user == officer


def test_the_orientations_that_wait_for_a_document_are_in_its_history(officer_client, node):
    document = made("referencedocument")
    document.orientations.set([node("4.1-a")])
    document.orientations.set([node("7.1.1-a"), node("4.1-a")])
    document.status = DocumentStatus.APPROVED
    document.save()
    page = history(officer_client, "referencedocument", document.pk)
    assert "après : </span>4.1-a, 7.1.1-a</ins>" in page
    assert page.count("priorités qui l’attendent") == 2  # a save that changes no link shows none


def test_the_history_of_a_project_shows_its_links_and_places(officer_client, officer, node):
    project = ProjectFactory(serves=[node("1.1")], located_in=[TerritoryFactory(name="Gravigny")])
    posted = form_of(project, picked_main=node("5.2").pk, reason="Réunion du 3 mars")
    posted |= {"picked_secondary": [node("1.1").pk], f"picked_reason_{node('1.1').pk}": "Par ricochet"}
    posted["places"] = []
    assert officer_client.post(f"/admin/projects/action/{project.pk}/change/", posted).status_code == 302
    page = history(officer_client, "action", project.pk)
    assert "<strong>Rattachement à 5.2</strong> : création" in page
    assert "<strong>Rattachement à 1.1</strong> : modification" in page
    assert "Par ricochet" in page
    assert "<strong>Lieu Gravigny</strong> : suppression" in page
    for model in (Contribution, Place):
        assert model.history.first().history_user == officer
    assert Contribution.history.get(orientation=node("5.2").pk).history_change_reason == "Réunion du 3 mars"


def test_the_history_of_an_offer_shows_its_sites(officer_client):
    offer = made("offer")
    OfferSite.objects.create(offer=offer, territory=TerritoryFactory(name="Huest"))
    assert "<strong>Site Huest</strong> : création" in history(officer_client, "offer", offer.pk)


def test_the_history_of_a_project_costs_the_same_whatever_its_length(officer_client, node):
    def cost():
        with CaptureQueriesContext(connection) as captured:
            history(officer_client, "action", project.pk)
        return len(captured)

    project = ProjectFactory(serves=[node("1.1")], located_in=[TerritoryFactory()])
    cost()
    before = cost()
    for code in ("5.2", "7.1", "8.1"):
        Contribution.objects.create(project=project, orientation=node(code))
        Place.objects.create(project=project, territory=TerritoryFactory())
        project.save()
    assert cost() == before <= 16
