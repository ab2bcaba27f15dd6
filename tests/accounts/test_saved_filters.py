"""Filters that somebody keeps of a list: theirs alone, taken up by one link, of this site's lists only."""

import pytest

from cohesion.accounts import saved_filters
from cohesion.models import SavedFilter
from tests.factories import OfficerFactory, ProjectFactory
from tests.pages import squeezed

pytestmark = pytest.mark.django_db
LIST = "/admin/projects/action/"
KEEP = "/compte/filtres/"


def keep(client, **values):
    form = {"screen": LIST, "query": "status__exact=running", "name": "En cours"} | values
    return client.post(KEEP, form, follow=True)


def test_a_kept_filter_leads_to_the_list_that_it_narrows(officer_client):
    running = ProjectFactory(status="running")
    ProjectFactory(status="draft")
    page = squeezed(keep(officer_client).text)
    saved = SavedFilter.objects.get()
    assert f'<a href="{saved.address}" aria-current="true">En cours</a>' in page
    assert [row.pk for row in officer_client.get(saved.address).context["cl"].result_list] == [running.pk]


def test_a_name_that_is_there_takes_the_new_filters(officer_client):
    keep(officer_client)
    keep(officer_client, query="status__exact=draft")
    assert [saved.query for saved in SavedFilter.objects.all()] == ["status__exact=draft"]


def test_how_a_list_is_read_is_no_filter(officer_client):
    keep(officer_client, query="status__exact=running&p=3&o=-1&q=")
    assert SavedFilter.objects.get().query == "status__exact=running"


def test_a_filter_without_a_name_is_refused_in_words(officer_client):
    assert "Nom du filtre" in keep(officer_client, name=" ").text
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize("query", ["", " ", "p=3&o=-1", "q="])
def test_what_narrows_nothing_is_not_kept(officer_client, query):
    assert "aucun filtre à garder" in keep(officer_client, query=query).text
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize("query", ["q=" + "é" * 400, "q=" + "a" * 1000])
def test_filters_longer_than_what_is_kept_are_refused_in_words(officer_client, query):
    page = keep(officer_client, query=query).text
    assert "trop longs pour être gardés" in page
    assert "Nom du filtre" not in page
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize("screen", ["https://ailleurs.example/", "//ailleurs.example/", "/nulle-part/"])
def test_nobody_is_led_elsewhere(officer_client, screen):
    assert keep(officer_client, screen=screen).status_code == 404
    assert not SavedFilter.objects.exists()


def test_filters_are_their_owners_alone(officer_client, client):
    keep(officer_client)
    client.force_login(OfficerFactory())
    assert "En cours</a>" not in client.get(LIST).text
    assert client.post(f"{KEEP}{SavedFilter.objects.get().pk}/retirer/").status_code == 404


def test_one_may_be_taken_away(officer_client):
    keep(officer_client)
    officer_client.post(f"{KEEP}{SavedFilter.objects.get().pk}/retirer/")
    assert not SavedFilter.objects.exists()


def test_they_have_a_bound(officer_client, monkeypatch):
    monkeypatch.setattr(saved_filters, "MOST", 1)
    keep(officer_client)
    assert "retirez-en un" in keep(officer_client, name="Autre").text
    assert SavedFilter.objects.count() == 1


def test_the_queue_keeps_its_filters_too(officer_client):
    page = squeezed(
        keep(officer_client, screen="/instruction/", query="etat=submitted&tri=axe", name="À vérifier").text
    )
    assert '<a href="/instruction/?etat=submitted" aria-current="true">À vérifier</a>' in page
    assert "Reprendre le dernier filtre" in officer_client.get("/instruction/").text


def test_a_list_offers_the_filters_that_it_last_had(officer_client):
    assert "Reprendre le dernier filtre" not in officer_client.get(LIST).text
    officer_client.get(LIST, {"status__exact": "running", "o": "1"})
    page = squeezed(officer_client.get(LIST).text)
    assert f'href="{LIST}?status__exact=running">Reprendre le dernier filtre' in page
    assert "Reprendre le dernier filtre" not in officer_client.get(LIST, {"status__exact": "draft"}).text
