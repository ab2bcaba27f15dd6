"""What one may ask: 120 filtered pages a minute, 10 files an hour, then 429 in French with the time to wait."""

import pytest
import time_machine
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import resolve, reverse

from cohesion.site import limits
from tests.at_once import each_at_once
from tests.factories import ProjectFactory, UserFactory
from tests.site.files import EXPORTS
from tests.site.rights import named_addresses
from tests.site.test_house import PRODUCTION, run
from tests.site.test_pages import read, text

pytestmark = pytest.mark.django_db
LIMITS = {
    "filters": (3, 60),
    "exports": (2, 3600),
    "exports_of_accounts": (4, 3600),
    "draft_links": (3, 300),
    "remarks": (2, 600),
}
FILTERED = ("/projets/?q=jardin", "/recherche/?q=sante", "/couverture/?compter=tous", "/territoires/?tri=nom")
# A secret may be guessed; the API counts by itself.
OTHERS = {"axes:draft_opened": "draft_links"} | dict.fromkeys(
    (
        *("api:root", "api:frameworks", "api:framework", "api:orientations", "api:orientation", "api:orientation_move"),
        *("api:projects", "api:project", "api:project_indicators", "api:links", "api:territories", "api:territory"),
        *("api:organizations", "api:organization", "api:offers", "api:needs", "api:need", "api:coverage", "api:money"),
        *("api:results", "api:declarations", "api:declaration", "api:nothing"),
    )
)
WHILE_TYPING = {"axes:suggestions"}  # each letter asks
# A part of each parameter that an address may take.
SOMETHING = {"slug": "x", "format": "csv", "code": "5.2", "pk": 1, "object_id": 1, "job_pk": 1, "id": 1, "record_pk": 1}
SOMETHING |= {"framework_pk": 1, "orientation_pk": 1, "scenario_pk": 1}
SOMETHING |= {"section": "projets", "table": "projets", "file_name": "projets.csv"}
SOMETHING |= {"day": "2000-01-01", "cadre": "x", "numero": 1, "partie": "x", "lost": "x"}
SOMETHING |= {"uid": "5f0f6b0e-5c6f-4f6e-9d0e-3d0a2f1b7c11"}
SOMETHING |= {"token": "x", "uidb36": "1", "key": "abc-123", "app_label": "axes", "content_type_id": 1}


@pytest.fixture(autouse=True)
def _limited(settings):
    settings.RATE_LIMITS = LIMITS
    cache.clear()


def statuses(client, addresses, **extra):
    return [client.get(address, **extra).status_code for address in addresses]


def different(number, page="/recherche/"):
    return [f"{page}?q=mot{one}" for one in range(number)]


def writes(client, address, **headers):
    """The statements by which a request writes to the database."""
    with CaptureQueriesContext(connection) as captured:
        status = client.get(address, headers={"Host": "testserver", **headers}).status_code
    return status, [query["sql"] for query in captured if query["sql"].lstrip().startswith(("INSERT", "UPDATE"))]


# --- what is counted ----------------------------------------------------------------------------------------


def test_the_values_are_those_that_were_promised_and_only_a_demonstration_goes_without():
    said = "import cohesion.settings as site; print(site.RATE_LIMITS)"
    promised = (
        "{'filters': (120, 60), 'exports': (10, 3600), 'exports_of_accounts': (100, 3600), "
        "'api': (240, 60), 'api_tokens': (600, 60), 'api_unknown_tokens': (20, 300)}\n"
    )
    assert run("-c", said, **PRODUCTION).stdout == promised
    assert run("-c", said, RATE_LIMITS="oui", DEMO="1", **PRODUCTION).stdout == promised
    assert run("-c", said, RATE_LIMITS="non", **PRODUCTION).stdout == "{}\n"
    assert run("-c", said, DEMO="1", **PRODUCTION).stdout == "{}\n"


def test_every_address_of_the_site_is_counted_as_it_should():
    wrong = []
    for name, arguments in named_addresses():
        address = reverse(name, kwargs={key: SOMETHING[key] for key in arguments})
        for query, expected in (("", None), ("?q=x", "filters")):
            request = RequestFactory().get(address + query)
            request.resolver_match = resolve(address)
            found = limits.counted(request)
            counted = "suggestions" if query and name in WHILE_TYPING else expected
            if found != OTHERS.get(name, "exports" if name in EXPORTS else counted):
                wrong.append(f"{name} {address}{query} : {found}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("address", FILTERED)
def test_one_filtered_page_too_many_is_refused_in_french_with_the_time_to_wait(client, founding, address):
    with time_machine.travel("2026-11-25T10:00:00+00:00", tick=False) as clock:
        assert statuses(client, [f"{address}&n={number}" for number in range(3)]) == [200] * 3
        refused = client.get(f"{address}&n=3")
        assert refused.status_code == 429
        assert refused.headers["Retry-After"] == "60"
        assert refused.headers["Cache-Control"] == "no-store"
        assert text(read(refused).query("h1")[0]) == "Trop de demandes en peu de temps"
        assert "60\u00a0secondes" in refused.text
        assert statuses(client, ["/", "/projets/", "/cadre/"]) == [200] * 3  # plain pages stay open
        clock.shift(61)
        assert client.get(f"{address}&n=3").status_code == 200


def test_a_script_is_told_in_json(client, founding):
    statuses(client, different(3))
    refused = client.get("/recherche/?q=x", headers={"Accept": "application/json, text/javascript, */*; q=0.01"})
    assert refused.status_code == 429
    assert refused.json()["error"].startswith("Trop de demandes en peu de temps")
    assert int(refused.headers["Retry-After"]) > 0


@pytest.mark.parametrize("address", ["/projets/export.csv", "/cadre/export.xlsx", "/couverture/export.csv"])
def test_one_file_too_many_is_refused_even_when_it_is_always_the_same(client, founding, address):
    assert statuses(client, [address] * 3, headers={"Host": "testserver"}) == [200, 200, 429]
    assert int(client.get(address).headers["Retry-After"]) > 3500


def test_files_and_filters_are_counted_apart(client, founding):
    statuses(client, different(3))
    assert statuses(client, ["/recherche/?q=x", "/projets/export.csv?q=x"]) == [429, 200]


def test_accounts_are_counted_by_themselves_and_have_more(client, founding):
    for _ in range(2):
        statuses(client, ["/projets/export.csv"])
    people = UserFactory(), UserFactory()
    for person in people:  # from the same address
        client.force_login(person)
        assert statuses(client, ["/projets/export.csv"] * 5) == [200] * 4 + [429]
        assert statuses(client, different(5)) == [200] * 5


def test_a_cookie_that_opens_nothing_makes_nobody_an_account(client, founding):
    client.cookies["sessionid"] = "inventée"
    assert statuses(client, different(4)) == [200, 200, 200, 429]


# --- from where ---------------------------------------------------------------------------------------------


def test_each_network_address_has_its_own_count_and_a_forged_one_is_not_believed(client, founding):
    assert statuses(client, different(4), REMOTE_ADDR="198.51.100.7")[-1] == 429
    assert statuses(client, different(1), REMOTE_ADDR="198.51.100.8") == [200]
    forged = {"REMOTE_ADDR": "198.51.100.7", "HTTP_X_FORWARDED_FOR": "203.0.113.9"}
    assert statuses(client, different(1), **forged) == [429]


def test_behind_one_frontal_the_last_address_counts(client, founding, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(3):
        statuses(client, different(1), HTTP_X_FORWARDED_FOR=f"10.0.0.{number}, 198.51.100.7")
    assert statuses(client, different(1), HTTP_X_FORWARDED_FOR="10.9.9.9, 198.51.100.7") == [429]
    assert statuses(client, different(1), HTTP_X_FORWARDED_FOR="198.51.100.7, 10.9.9.9") == [200]


def test_a_reader_of_ipv6_is_counted_by_network(client, founding):
    for number in range(3):
        statuses(client, different(1), REMOTE_ADDR=f"2001:db8:1:2::{number}")
    assert statuses(client, different(1), REMOTE_ADDR="2001:db8:1:2:ffff::1") == [429]
    assert statuses(client, different(1), REMOTE_ADDR="2001:db8:1:3::1") == [200]


@pytest.mark.parametrize("forwarded", ["", "n’importe quoi", "198.51.100.7", ",,,", "x" * 5000])
def test_an_address_that_makes_no_sense_breaks_neither_a_page_nor_the_login(client, founding, settings, forwarded):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    extra = {"HTTP_X_FORWARDED_FOR": forwarded}
    assert statuses(client, different(4), **extra) == [200, 200, 200, 429]
    fields = {"login": "lea@exemple.test", "password": "pas-le-bon-mot-de-passe"}
    assert client.post(reverse("account_login"), fields, **extra).status_code == 200


# --- what it costs ------------------------------------------------------------------------------------------


def test_a_plain_page_a_kept_page_and_one_that_has_not_changed_cost_no_write(client, founding):
    ProjectFactory()
    for address in ("/", "/cadre/", "/projets/", "/couverture/"):
        assert writes(client, address) == (200, [])
    address = "/projets/?axe=5"
    assert len(writes(client, address)[1]) == 1
    assert writes(client, address) == (200, [])  # kept whole
    tag = client.get(address, headers={"Host": "testserver"}).headers["ETag"]
    stranger = Client()  # whose process has kept nothing
    assert writes(stranger, address, **{"If-None-Match": tag}) == (304, [])
    assert len(writes(stranger, "/projets/?axe=4", **{"If-None-Match": '"inventé"'})[1]) == 1


def test_who_floods_after_the_refusal_costs_no_query_at_all(client, founding):
    statuses(client, different(4))
    with CaptureQueriesContext(connection) as captured:
        assert statuses(client, different(5)) == [429] * 5
    assert len(captured) == 0


def test_a_form_is_not_counted(client, founding):
    assert [client.post("/recherche/?q=x").status_code for _ in range(5)] == [405] * 5


# --- together, and without the counter ----------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_get_no_more_than_the_limit_whichever_process_they_ask(settings, monkeypatch):
    monkeypatch.setattr("cohesion.lib.counting.PATIENCE", 10_000)  # a loaded machine is no reason to count less
    settings.RATE_LIMITS = {**LIMITS, "filters": (20, 3600)}

    def ask(number):
        return Client().get(f"/recherche/?q=mot{number}").status_code  # each client its own middlewares

    found = each_at_once(ask, range(32))
    assert (found.count(200), found.count(429)) == (20, 12)


def test_a_counter_that_is_away_refuses_nobody_and_is_not_asked_at_each_page(client, founding, monkeypatch):
    asked = []

    def away(key, **limit):
        asked.append(key)
        raise OperationalError("la base ne répond pas")

    monkeypatch.setattr("cohesion.site.limits.wait_for", away)
    assert statuses(client, different(5)) == [200] * 5
    assert len(asked) == 1


def test_the_refusal_of_a_login_says_how_long_to_wait_too(client):
    fields = {"login": "lea@exemple.test", "password": "x"}
    found = [client.post(reverse("account_login"), fields) for _ in range(31)][-1]
    assert (found.status_code, found.headers["Retry-After"]) == (429, "60")


def test_secrets_are_not_guessed_at_leisure_and_reading_what_a_link_shows_is_not_counted():
    client = Client()
    guesses = [client.get(reverse("axes:draft_opened", args=[f"secret-{number}"])).status_code for number in range(4)]
    assert guesses == [404, 404, 404, 429]
    shown = reverse("axes:draft", args=[1])
    assert {client.get(shown).status_code for _ in range(5)} == {404}
    assert [client.post(shown).status_code for _ in range(3)] == [404, 404, 429]
