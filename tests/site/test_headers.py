"""Headers and cookies of what the walk by roles (test_rights) does not meet: refusals, files, streams, production."""

import json

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from projects.declaring.attachments import receive
from tests.factories import LeadFactory, OrganizationFactory, ProjectFactory, UserFactory
from tests.site.headers import header_faults
from tests.site.rights import named_addresses
from tests.site.test_house import PRODUCTION, run
from tests.site.test_pages import break_database

pytestmark = [pytest.mark.django_db, pytest.mark.once]
METHODS = ("HEAD", "OPTIONS", "TRACE", "PUT", "PATCH", "DELETE", "WICKED")


def faults(response, **said):
    return list(header_faults(response, **said))


@pytest.fixture
def site():
    return Client(raise_request_exception=False)


@pytest.fixture
def known(site):
    site.force_login(UserFactory(is_staff=True, is_superuser=True))
    return site


def test_a_fault_of_a_header_is_seen(client):
    response = client.get("/robots.txt", secure=True)
    assert faults(response) == []
    response.headers["Content-Security-Policy"] += " 'unsafe-inline'"
    del response.headers["X-Frame-Options"]
    response.set_cookie("essai", "x", samesite="None")
    assert len(faults(response, is_known=True)) == 4


@pytest.mark.parametrize(
    ("address", "extra", "status"),
    [
        ("/recherche/?q=x", {"HTTP_HOST": "ailleurs.example"}, 400),
        ("/page-inconnue/", {}, 404),
        ("/projets/999999/", {}, 404),
        ("/a%00b/", {}, 404),
        ("/admin/", {}, 302),
        ("/cadre", {}, 301),
        ("/static/cohesion.css", {}, 200),
        ("/static/favicon.svg", {}, 200),
        ("/static/inconnu.css", {}, 404),
        ("/favicon.ico", {}, 200),
        ("/projets/export.csv", {}, 200),
        ("/projets/export.xlsx", {}, 200),
        ("/cadre/export.pdf", {}, 200),
        ("/couverture/besoins.csv", {}, 200),
        ("/sante/", {}, 200),
    ],
)
def test_refusals_redirects_static_files_and_exports_are_closed_as_pages_are(site, founding, address, extra, status):
    response = site.get(address, secure=True, **extra)
    assert response.status_code == status
    assert faults(response) == []


def test_what_is_refused_before_anybody_looks_who_asks_is_kept_by_no_cache(known, founding):
    for address, extra, status in (("/inconnue/", {}, 404), ("/admin/", {"HTTP_HOST": "ailleurs.example"}, 400)):
        response = known.get(address, secure=True, **extra)
        assert (response.status_code, faults(response, is_known=True)) == (status, [])


def test_a_session_that_is_none_is_taken_away_by_a_closed_cookie(site, founding, settings):
    site.cookies[settings.SESSION_COOKIE_NAME] = "inventee"
    response = site.get("/compte/", secure=True)
    assert response.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == 0
    assert faults(response) == []


def test_production_sends_plain_http_to_https_with_a_closed_answer(site, founding, settings):
    settings.SECURE_SSL_REDIRECT = True
    for extra, status in (({}, 301), ({"HTTP_HOST": "ailleurs.example"}, 400)):
        response = site.get("/cadre/", **extra)
        assert response.status_code == status
        missing = {fault.partition(" : ")[0] for fault in faults(response, is_secure=False)}
        # SecurityMiddleware answers before it adds its own; a redirect has nothing that they would protect.
        assert missing <= {"X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy"}


@pytest.mark.parametrize("method", METHODS)
def test_no_method_opens_anything_on_any_address(known, founding, method):
    wrong = []
    for name, arguments in named_addresses():
        if arguments:
            continue
        response = known.generic(method, reverse(name), secure=True)
        is_known = name != "account_logout"
        expected = OPEN_TO_OTHERS.get(name, []) if method in ("HEAD", "OPTIONS") else []
        wrong += [f"{name} : {fault}" for fault in faults(response, is_known=is_known) if fault not in expected]
    assert not wrong, "\n".join(wrong)


# What pages of other sites may read: the files of open data, and nothing else (tests/projects/opendata).
OPEN_TO_OTHERS = {"projects:open_catalogue": ["Cross-Origin-Resource-Policy : 'cross-origin'"]}


def test_a_page_that_is_kept_bears_what_the_first_one_bore(site, founding):
    first, again = (site.get("/cadre/", secure=True, headers={"Host": "testserver"}) for _ in range(2))
    assert faults(first) == faults(again) == []
    assert first.headers.keys() == again.headers.keys()


def test_forbidden_expired_and_too_many_are_closed(founding, settings):
    settings.RATE_LIMITS = {"filters": (0, 60)}
    client = Client(enforce_csrf_checks=True)
    expired = client.post(reverse("account_login"), {"login": "x"}, secure=True)
    client.get("/recherche/?q=1", secure=True)
    refused = client.get("/recherche/?q=2", secure=True)
    client.force_login(UserFactory())
    forbidden = client.get(reverse("admin:login"), secure=True)
    assert [answer.status_code for answer in (expired, refused, forbidden)] == [403, 429, 403]
    assert faults(expired) == faults(refused) == faults(forbidden, is_known=True) == []


def test_an_error_and_an_outage_are_closed(known, founding, monkeypatch):
    def fail(*args, **kwargs):
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr("cohesion.site.pages._about", fail)
        answer = known.get(reverse("legal"), secure=True)
        assert (answer.status_code, faults(answer, is_known=True)) == (500, [])
    break_database(monkeypatch, OperationalError)
    for address in ("/", "/admin/", "/sante/"):
        answer = Client(raise_request_exception=False).get(address, secure=True)
        assert (answer.status_code, faults(answer)) == (503 if address != "/admin/" else 302, [])
    assert faults(known.get("/admin/", secure=True)) == []


def test_an_attachment_is_saved_never_shown_and_may_run_nothing(site, founding):
    organization = OrganizationFactory()
    lead = LeadFactory(acts_for=organization)
    upload = SimpleUploadedFile("statuts.pdf", b"%PDF-1.7 %%EOF")
    file = receive(upload=upload, kind="statutes", by=lead, organization=organization)
    site.force_login(lead)
    answer = site.get(reverse("projects:attachment", args=[file.pk]), secure=True)
    assert faults(answer, is_known=True) == []
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_what_officers_take_away_is_kept_by_no_cache(known, founding):
    ProjectFactory()
    for name in ("admin:projects_action_export", "admin:cohesion_auditevent_export"):
        address = reverse(name, args=["csv"] if "action" in name else [])
        assert faults(known.get(address, secure=True), is_known=True) == []


def test_cookies_of_production_are_the_hosts_own(founding, settings):
    asked = (
        "import json, cohesion.settings as site; print(json.dumps({name: getattr(site, name) for name in dir(site) "
        "if name.startswith(('SESSION_COOKIE', 'CSRF_COOKIE'))}))"
    )
    for name, value in json.loads(run("-c", asked, **PRODUCTION).stdout).items():
        setattr(settings, name, value)
    password = "quatre tournesols et un vélo"
    person = get_user_model().objects.create_user("lea@exemple.test", "lea@exemple.test", password)
    client = Client()
    page = client.get(reverse("account_login"), secure=True)
    fields = {"login": person.email, "password": password}
    inside = client.post(reverse("account_login"), fields, secure=True)
    cookies = page.cookies | inside.cookies
    assert set(cookies) == {"__Host-csrftoken", "__Host-sessionid"}
    for cookie in cookies.values():
        assert cookie["secure"]
        assert cookie["httponly"]
        assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Lax", "/", "")
