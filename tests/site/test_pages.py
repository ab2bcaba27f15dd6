"""Pages about the site, its small files, and what it answers when something is wrong."""

import datetime
from urllib.parse import urljoin, urlsplit

import pytest
from django.db import InterfaceError, OperationalError
from django.test import Client
from django.urls import reverse
from justhtml import JustHTML

from axes.choices import FrameworkStatus
from tests.pages import squeezed

pytestmark = pytest.mark.django_db

STATIC_PAGES = ["legal", "accessibility", "privacy", "plan", "glossary"]
HTML_PAGES = ["home", "axes:cadre", "axes:search", *STATIC_PAGES]


def read(response):
    """The page, by a parser that refuses what is not well-formed."""
    return JustHTML(response.content.decode(), strict=True, sanitize=False)


def text(node):
    return " ".join(node.to_text().split())


@pytest.mark.parametrize("name", HTML_PAGES)
def test_every_page_is_well_formed_in_french_with_one_heading_of_first_level(client, founding, name):
    response = client.get(reverse(name))
    assert response.status_code == 200
    document = read(response)
    assert document.query("html")[0].attrs["lang"] == "fr"
    assert len(document.query("h1")) == len(document.query("main")) == len(document.query("title")) == 1
    assert not document.query("[style]")
    assert not document.query("style")
    scripts = [script.attrs for script in document.query("script")]
    assert all("src" in script or script["type"] == "application/ld+json" for script in scripts)


def test_titles_are_unique(client, founding):
    titles = [text(read(client.get(reverse(name))).query("title")[0]) for name in HTML_PAGES]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("name", HTML_PAGES)
def test_pages_stand_without_a_framework_too(client, db, name):
    assert client.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("name", HTML_PAGES)
def test_reading_leaves_no_cookie(client, founding, name):
    assert not client.get(reverse(name)).cookies


@pytest.mark.once
def test_no_internal_link_of_the_public_pages_is_dead(client, founding):
    seen: set[str] = set()
    waiting = ["/"]
    while waiting:
        address = waiting.pop()
        response = client.get(address)
        assert response.status_code == 200, address
        if not response.headers["Content-Type"].startswith("text/html"):
            continue
        anchors = {e.attrs["id"] for e in read(response).query("[id]")}
        for link in read(response).query("a[href]"):
            target = urlsplit(urljoin(address, link.attrs["href"]))
            if target.scheme not in ("", "http") or target.netloc not in ("", "testserver"):
                continue
            if target.path == urlsplit(address).path and target.fragment:
                assert target.fragment in anchors, (address, target.fragment)
            page = target.path + (f"?{target.query}" if target.query else "")
            is_reserved = target.path.startswith(("/admin/", "/static/"))
            # Facets and outlines combine without end: one page of each kind is enough.
            if is_reserved or page in seen or (target.query and urlsplit(address).query):
                continue
            seen.add(page)
            waiting.append(page)
    assert len(seen) > 70


@pytest.mark.parametrize("name", [name for name in STATIC_PAGES[:3] if name != "privacy"])  # which has no blank
def test_what_the_authority_has_not_given_is_said_to_be_missing(client, settings, name):
    settings.CONTACT_EMAIL = ""
    assert "à renseigner par la collectivité" in client.get(reverse(name)).content.decode()
    settings.CONTACT_EMAIL = "cohesion@exemple.fr"
    settings.PUBLICATION_DIRECTOR, settings.HOSTING = "La présidente", "Hébergeur, 1 rue du Test"
    settings.ACCESSIBILITY_REVIEWED_ON, settings.LOG_RETENTION_DAYS = datetime.date(2027, 3, 1), 90
    page = client.get(reverse(name)).content.decode()
    assert 'href="mailto:cohesion@exemple.fr"' in page
    assert "à renseigner par la collectivité" not in page


def test_the_page_on_personal_data_says_the_lengths_that_the_settings_hold(client, settings):
    settings.AUDIT_RETENTION_DAYS, settings.LOG_RETENTION_DAYS, settings.BACKUP_RETENTION_DAYS = 200, 45, 1
    settings.LEAD_SESSION, settings.STAFF_SESSION = (60, 5 * 3600), (60, 3 * 3600)
    page = client.get(reverse("privacy")).content.decode()
    for words in ("200\u00a0jours", "45\u00a0jours", "1\u00a0jour\u00a0:", "5\u00a0heures", "3\u00a0heures"):
        assert words in page
    for kept in ("Représentant et contacts", "Coordonnées bancaires", "Journal des événements", "Sauvegardes"):
        assert kept in page
    cells = read(client.get(reverse("privacy"))).query("main td")
    assert all(text(cell) for cell in cells)


def test_the_page_on_personal_data_names_what_people_keep_and_write_beside_their_files(client):
    page = squeezed(client.get(reverse("privacy")).text)
    for words in ("filtres gardés", "notes entre agents", "calendrier", "étapes de la visite"):
        assert words in page, words


def test_the_notices_state_nothing_of_one_document_as_everybodys(client, settings):
    assert "ne numérote que les axes" not in client.get(reverse("legal")).content.decode()
    settings.ACCESSIBILITY_REVIEWED_ON = datetime.date(2027, 3, 1)
    assert "établie le 1<sup>er</sup>\u00a0mars 2027" in squeezed(client.get(reverse("accessibility")).text)


def test_the_footer_and_the_declaration_state_the_same_conformity(client):
    page = read(client.get(reverse("accessibility")))
    assert "non conforme" in text(page.query("main")[0])
    assert "non conforme" in text(page.query("footer")[0])


def test_robots_are_told_where_the_sitemap_is(client):
    response = client.get("/robots.txt")
    assert response.headers["Content-Type"].startswith("text/plain")
    assert "Sitemap: http://testserver/sitemap.xml" in response.content.decode().splitlines()


def test_the_sitemap_holds_every_orientation_in_force_and_no_other(client, founding, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        page = client.get("/sitemap.xml").content.decode()
    for orientation in founding.orientations.all():
        assert f"http://testserver{reverse('axes:orientation', args=[orientation.code])}<" in page
    assert page.count("<lastmod>") == 64 + 7
    founding.status = FrameworkStatus.DRAFT
    founding.save()
    assert "testserver/orientations/" not in client.get("/sitemap.xml").content.decode()


def test_the_icon_and_the_manifest_are_found(client):
    icon = client.get("/favicon.ico")
    assert b"".join(icon.streaming_content).startswith(b"\x00\x00\x01\x00")
    assert client.get("/site.webmanifest").json()["lang"] == "fr"


def test_a_contact_for_security_is_published_when_there_is_one(client, settings):
    settings.CONTACT_EMAIL = ""
    assert client.get("/.well-known/security.txt").status_code == 404
    settings.CONTACT_EMAIL = "cohesion@exemple.fr"
    lines = client.get("/.well-known/security.txt").content.decode().splitlines()
    assert lines[0] == "Contact: mailto:cohesion@exemple.fr"
    assert lines[1].startswith("Expires: 20")


def test_health_is_good_when_the_database_answers_and_is_up_to_date(client, django_assert_num_queries):
    client.get("/sante/")
    with django_assert_num_queries(1):
        response = client.get("/sante/")
    assert response.status_code == 200
    assert response.json()["etat"] == "ok"
    assert "no-store" in response.headers["Cache-Control"]


def test_health_names_the_migrations_that_are_missing(client):
    from django.db.migrations.recorder import MigrationRecorder

    MigrationRecorder.Migration.objects.filter(app="axes").delete()
    response = client.get("/sante/")
    assert response.status_code == 503
    assert "axes.0" in response.json()["cause"]
    assert int(response.headers["Retry-After"]) > 0


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_health_is_bad_when_the_database_is_away(client, monkeypatch, error):
    break_database(monkeypatch, error)
    response = client.get("/sante/")
    assert response.status_code == 503
    assert response.json() == {"etat": "indisponible", "cause": "base de données injoignable"}
    assert int(response.headers["Retry-After"]) > 0


def break_database(monkeypatch, error):
    """Every query fails as when the server is away."""

    def away(*args, **kwargs):
        raise error("la base ne répond pas")

    monkeypatch.setattr("django.db.backends.utils.CursorWrapper.execute", away)


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
@pytest.mark.parametrize("address", ["/", "/cadre/", "/recherche/?q=sante", "/orientations/5.2/", "/page-inconnue/"])
def test_a_database_that_is_away_makes_the_page_unavailable_not_broken(founding, monkeypatch, error, address):
    break_database(monkeypatch, error)
    response = Client(raise_request_exception=False).get(address)
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert "no-store" in response.headers["Cache-Control"]
    assert "momentanément indisponible" in text(read(response).query("h1")[0])


def test_a_session_lost_with_the_database_makes_the_page_unavailable_too(officer_client, monkeypatch):
    officer_client.raise_request_exception = False
    break_database(monkeypatch, OperationalError)
    assert officer_client.get(reverse("admin:index")).status_code == 503


def test_pages_that_ask_nothing_of_the_database_stand_while_it_is_away(client, monkeypatch):
    client.get("/robots.txt")
    break_database(monkeypatch, OperationalError)
    assert client.get("/robots.txt").status_code == 200


def test_an_unknown_address_offers_the_search_and_the_framework(client, founding):
    response = client.get("/page-inconnue/")
    assert response.status_code == 404
    document = read(response)
    assert document.query("form[role=search]")[0].attrs["action"] == reverse("axes:search")
    assert reverse("axes:cadre") in [a.attrs["href"] for a in document.query("main a[href]")]
    assert document.query("meta[name=robots]")[0].attrs["content"] == "noindex"


def test_an_error_of_the_site_is_told_in_french_without_the_database(monkeypatch):
    def fail(*args, **kwargs):
        raise ZeroDivisionError("secret du site")

    monkeypatch.setattr("cohesion.site.pages._about", fail)
    monkeypatch.setattr("cohesion.context.is_demo", fail)
    response = Client(raise_request_exception=False).get(reverse("legal"))
    assert response.status_code == 500
    assert "secret du site" not in response.content.decode()
    assert text(read(response).query("h1")[0]) == "Le site n’a pas su répondre"


@pytest.mark.parametrize(
    ("parameters", "headers"),
    [({f"p{number}": "x" for number in range(6_000)}, {}), ({}, {"HTTP_HOST": "ailleurs.example"})],
    ids=["too many parameters", "a host that is not ours"],
)
def test_a_request_that_makes_no_sense_gets_a_french_page(founding, parameters, headers):
    response = Client(raise_request_exception=False).get("/recherche/", parameters, **headers)
    assert response.status_code == 400
    assert "pas été comprise" in response.content.decode()


def test_an_expired_form_gets_a_french_page(officer):
    client = Client(enforce_csrf_checks=True)
    response = client.post(reverse("account_login"), {"login": "x", "password": "y"})
    assert response.status_code == 403
    assert "n’est plus valable" in read(response).query("h1")[0].to_text()


@pytest.mark.parametrize("name", ["400.html", "500.html", "503.html"])
def test_pages_of_last_resort_need_no_request(name, django_assert_num_queries):
    from django.template.loader import render_to_string

    with django_assert_num_queries(0):
        page = render_to_string(name, {"site_name": "Cohésion"})
    assert len(JustHTML(page, strict=True, sanitize=False).query("h1")) == 1
