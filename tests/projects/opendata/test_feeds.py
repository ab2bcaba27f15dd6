"""Feeds and calendars: valid for strict readers, with names that never change, and narrowed by stable addresses."""

import datetime
from xml.etree import ElementTree

import pytest
from icalendar import Calendar

from axes.models import Framework
from projects.choices import OrganizationKind, ProjectStatus
from projects.models import Committee, Contribution, TransitionLog
from tests.factories import CampaignFactory, CommitteeFactory, OrganizationFactory, ProjectFactory, TerritoryFactory

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = ("/donnees/flux/projets.atom", "/tableau-de-bord/decisions.atom", "/donnees/flux/cadre.atom")


def entries(client, address):
    """The entries of a feed, which must be valid (RFC 4287)."""
    response = client.get(address)
    assert response.status_code == 200, address
    assert response["Content-Type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(response.content)  # noqa: S314 — our own
    assert feed.tag == f"{ATOM}feed"
    for wanted in ("id", "title", "updated", "author"):
        assert len(feed.findall(f"{ATOM}{wanted}")) == 1, wanted
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links["self"] == f"http://testserver{address}"
    assert links["alternate"].startswith("http://testserver/")
    found = feed.findall(f"{ATOM}entry")
    for entry in found:
        for wanted in ("id", "title", "updated"):
            assert len(entry.findall(f"{ATOM}{wanted}")) == 1, wanted
        assert entry.findtext(f"{ATOM}id").startswith("urn:uuid:")
        assert entry.find(f"{ATOM}link").get("href").startswith("http://testserver/")
        datetime.datetime.fromisoformat(entry.findtext(f"{ATOM}updated"))
    names = [entry.findtext(f"{ATOM}id") for entry in found]
    assert len(set(names)) == len(names)
    return found


def titles(found):
    return [entry.findtext(f"{ATOM}title") for entry in found]


def public(title, **more):
    project = ProjectFactory(title=title, **more)
    step = {"transition": "x", "source": ProjectStatus.PROPOSED, "target": ProjectStatus.RETAINED}
    TransitionLog.objects.create(project=project, **step)
    return project


@pytest.mark.parametrize("address", FEEDS)
def test_a_feed_is_valid_even_when_it_is_empty(client, founding, address):
    entries(client, address)


def test_a_project_that_becomes_public_has_one_entry_whatever_it_becomes(client, founding):
    project = public("Jardin partagé <b>", summary="Un <script>résumé</script> & plus")
    (entry,) = entries(client, FEEDS[0])
    name, moment = entry.findtext(f"{ATOM}id"), entry.findtext(f"{ATOM}updated")
    assert "&lt;script&gt;" in entry.findtext(f"{ATOM}summary")
    step = {"transition": "y", "source": ProjectStatus.RETAINED, "target": ProjectStatus.RUNNING}
    TransitionLog.objects.create(project=project, **step)
    project.title, project.code = "Autre titre", "autre-code"
    project.save()
    (entry,) = entries(client, FEEDS[0])
    assert (entry.findtext(f"{ATOM}id"), entry.findtext(f"{ATOM}updated")) == (name, moment)
    assert titles([entry]) == ["Autre titre"]


def test_no_feed_tells_what_is_not_public_nor_names_who_may_be_somebody(client, founding):
    public("Brouillon", status=ProjectStatus.DRAFT)
    public("Public", organization=OrganizationFactory(name="Camille", kind=OrganizationKind.OTHER))
    for address in FEEDS[:2]:
        text = client.get(address).content.decode()
        assert "Brouillon" not in text
        assert "Camille" not in text
        assert "Public" in text


@pytest.mark.parametrize("address", FEEDS[:2])
def test_an_address_narrows_to_an_axis_and_to_a_commune(client, founding, address):
    axis = founding.orientations.filter(parent=None).first()
    under = axis.get_descendants().last()
    place = TerritoryFactory(code="27229")
    served, placed = public("Sert l’axe"), public("Est à Évreux")
    Contribution.objects.create(project=served, orientation=under, is_main=True)
    placed.territories.add(place)
    assert len(entries(client, address)) == 2
    assert all("Sert" in title for title in titles(entries(client, f"{address}?axe={axis.code}")))
    assert all("Évreux" in title for title in titles(entries(client, f"{address}?commune=27229")))
    assert entries(client, f"{address}?axe={axis.code}&commune=27229") == []
    assert client.get(f"{address}?axe={under.code}").status_code == 404
    assert client.get(f"{address}?commune=99999").status_code == 404


def test_a_change_of_the_framework_is_told_with_the_page_of_that_evening(client, founding):
    node = founding.orientations.filter(level="operational").first()
    node._change_reason = "Une coquille"
    node.corrected_title = "Autrement"
    node.save()
    found = entries(client, FEEDS[2])
    assert found
    assert f"/cadre/{founding.slug}/au/" in found[0].find(f"{ATOM}link").get("href")


def test_pages_name_their_feeds(client, founding):
    axis = founding.orientations.filter(parent=None).first()
    place = TerritoryFactory(code="27229")
    for page, feed in (
        ("/", "/donnees/flux/projets.atom"),
        ("/projets/", "/donnees/flux/projets.atom"),
        ("/tableau-de-bord/", "/tableau-de-bord/decisions.atom"),
        ("/cadre/", "/donnees/flux/cadre.atom"),
        (f"/orientations/{axis.code}/", f"/donnees/flux/projets.atom?axe={axis.code}"),
        (f"/territoires/{place.code}/", "/donnees/flux/projets.atom?commune=27229"),
    ):
        text = client.get(page).content.decode()
        assert 'type="application/atom+xml"' in text, page
        assert f'href="{feed}"' in text, page


def test_a_feed_asks_a_constant_number_of_queries(client, founding, django_assert_max_num_queries):
    for number in (1, 10):
        for place in range(number):
            public(f"Projet {number}-{place}")
        for address in FEEDS:
            with django_assert_max_num_queries(9):
                client.get(address)


# --- the calendar -----------------------------------------------------------------------------------------------


def test_the_public_calendar_is_valid_and_holds_the_calls_and_no_committee(client, founding):
    CampaignFactory(name="Appel 2027 ; « politique de la ville », suite")
    CommitteeFactory(name="Comité secret")
    response = client.get("/calendrier/calendrier.ics")
    calendar = Calendar.from_ical(response.content)
    assert calendar["VERSION"] == "2.0"
    assert "PRODID" in calendar
    events = list(calendar.walk("VEVENT"))
    assert events
    for event in events:
        assert {"UID", "DTSTAMP", "DTSTART", "SUMMARY"} <= set(event)
    words = response.content.decode()
    assert "Comité secret" not in words
    assert Committee.objects.count() == 1
    assert Framework.objects.in_force().exists()
