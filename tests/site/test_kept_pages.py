"""Public pages kept whole: the same bytes again to whoever bears no cookie, never after a change, never to others."""

import gzip
from contextlib import nullcontext

import brotli
import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_started
from django.db import close_old_connections, connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from axes.http import current_stamp, held_lately
from axes.models import Framework
from cohesion.lib.kept import Kept, KeptPage, Pages, coding
from cohesion.site.kept_pages import InFront, KeptPages
from projects.choices import ProjectStatus
from projects.models import Project
from tests.factories import ProjectFactory

pytestmark = pytest.mark.django_db
PAGES = ("/", "/cadre/", "/orientations/2.1.2/", "/projets/", "/territoires/", "/couverture/")


def asked(client, address, **headers):
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address, headers={"Host": "testserver", **headers})
    return response, len(captured)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_asked_again_is_the_same_and_costs_one_query(client, founding, address):
    first, _ = asked(client, address)
    again, cost = asked(client, address)
    assert (again.status_code, cost) == (200, 1)
    assert again.content == first.content
    numbers = [page.headers.pop("X-Request-ID") for page in (first, again)]
    assert len(set(numbers)) == 2  # each request has its own
    assert dict(again.items()) == dict(first.items())


@pytest.mark.parametrize("address", PAGES)
def test_who_holds_a_kept_page_is_told_that_nothing_changed(client, founding, address):
    first, _ = asked(client, address)
    again, cost = asked(client, address, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, cost, again.content) == (304, 1, b"")
    assert {again.headers[name] for name in ("ETag", "Vary", "Cache-Control")} == {
        first.headers[name] for name in ("ETag", "Vary", "Cache-Control")
    }


def test_a_change_is_on_the_next_page_whoever_wrote_it(client, founding, node):
    asked(client, "/orientations/2.1.2/")
    project = ProjectFactory(serves=[node("2.1.2")], title="Atelier du jeudi")
    assert "Atelier du jeudi" in asked(client, "/orientations/2.1.2/")[0].text
    project.status = ProjectStatus.DRAFT
    project.save()
    assert "Atelier du jeudi" not in asked(client, "/orientations/2.1.2/")[0].text
    one = node("2.1.2")
    one.title = "Autrement dit"
    one.save()
    assert "Autrement dit" in asked(client, "/orientations/2.1.2/")[0].text
    # Another process: nothing of this one is told.
    with connection.cursor() as cursor:
        cursor.execute("UPDATE axes_orientation SET title = 'Dit ailleurs' WHERE id = %s", [one.pk])
        cursor.execute("UPDATE axes_framework SET revision = revision + 1 WHERE id = %s", [founding.pk])
    assert "Dit ailleurs" in asked(client, "/orientations/2.1.2/")[0].text


def test_a_framework_taken_out_of_force_is_no_longer_served(client, founding):
    asked(client, "/cadre/")
    Framework.objects.filter(pk=founding.pk).update(status="draft")
    assert "aucun cadre" in asked(client, "/cadre/")[0].text.lower()


def test_nothing_is_kept_for_somebody_who_bears_a_cookie(founding, officer):
    client = Client()
    client.force_login(officer)
    for _ in range(2):
        _, cost = asked(client, "/projets/")
        assert cost > 1


def test_a_page_that_is_not_found_is_never_kept(client, founding, node):
    address = f"/projets/{ProjectFactory(status=ProjectStatus.DRAFT).code}/"
    assert asked(client, address)[0].status_code == 404
    Project.objects.update(status=ProjectStatus.RUNNING)
    assert asked(client, address)[0].status_code == 200


def test_each_coding_is_kept_apart_and_says_the_same(client, founding):
    plain, _ = asked(client, "/cadre/")
    for name, opened in (("br", brotli.decompress), ("gzip", gzip.decompress)):
        for _ in range(2):
            packed, _ = asked(client, "/cadre/", **{"Accept-Encoding": name})
            assert packed.headers["Content-Encoding"] == name
            assert opened(packed.content) == plain.content
            assert int(packed.headers["Content-Length"]) == len(packed.content) < len(plain.content) / 4


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip;q=1.0, br;q=0", "gzip"),
        ("br; q=0.0, gzip; q=0", ""),
        ("", ""),
        ("identity", ""),
        ("GZIP", "gzip"),
    ],
)
def test_the_coding_is_one_that_the_reader_takes(accepted, expected):
    assert coding(accepted) == expected


def test_a_head_request_gets_the_headers_alone(client, founding):
    page, _ = asked(client, "/cadre/")
    for _ in range(2):
        head = client.head("/cadre/", headers={"Host": "testserver"})
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["ETag"] == page.headers["ETag"]


def test_addresses_are_kept_apart_with_their_filters(client, founding, node):
    ProjectFactory(serves=[node("2.1.2")], title="Atelier du jeudi")
    everything, _ = asked(client, "/projets/")
    filtered, _ = asked(client, "/projets/?axe=5")
    assert asked(client, "/projets/")[0].content == everything.content != filtered.content


def test_while_the_database_is_away_no_kept_page_is_given(client, founding, monkeypatch):
    from django.db import OperationalError

    asked(client, "/cadre/")

    def away():
        raise OperationalError("away")

    monkeypatch.setattr("cohesion.site.kept_pages.current_stamp", away)
    _, cost = asked(client, "/cadre/")
    assert cost >= 1  # the view was asked: it says what is wrong


def test_what_is_kept_is_bounded():
    pages = Pages(most_bytes=100_000, most_pages=20)
    for number in range(100):
        pages.keep(("", number), KeptPage((), {"ETag": "x"}, b"." * 3_000))
    assert len(pages) <= 20
    assert pages.weight <= 100_000
    assert pages.find(("", 99)) is not None
    assert pages.find(("", 0)) is None
    pages.keep(("", "huge"), KeptPage((), {}, b"." * 50_000))
    assert pages.find(("", "huge")) is None


def test_the_least_asked_for_goes_first():
    pages = Pages(most_bytes=10_000_000, most_pages=2)
    for name in ("a", "b"):
        pages.keep(name, KeptPage((), {}, b""))
    pages.find("a")
    pages.keep("c", KeptPage((), {}, b""))
    assert pages.find("b") is None
    assert pages.find("a") is not None


def test_a_value_is_made_once_for_each_key():
    made = []
    kept = Kept(2)
    for key in (1, 1, 2, 3, 1):
        assert kept.get(key, lambda key=key: made.append(key) or key) == key
    assert made == [1, 2, 3, 1]


def test_an_installation_may_keep_nothing(settings):
    from django.core.exceptions import MiddlewareNotUsed

    settings.KEPT_PAGES_MB = 0
    with pytest.raises(MiddlewareNotUsed):
        KeptPages(lambda request: None)


def test_a_process_may_trust_the_last_state_for_a_while(client, founding, settings):
    settings.STAMP_SECONDS = 3600
    asked(client, "/cadre/")
    asked(client, "/cadre/")
    Framework.objects.filter(pk=founding.pk).update(name="Pas encore vu", revision=founding.revision + 5)
    page, cost = asked(client, "/cadre/")
    assert (cost, "Pas encore vu" in page.text) == (0, False)
    client.cookies["sessionid"] = "somebody"  # who may have written it sees it
    assert "Pas encore vu" in client.get("/cadre/", headers={"Host": "testserver"}).text
    client.cookies.clear()
    assert "Pas encore vu" in asked(client, "/cadre/")[0].text  # and so does everybody from then on


def test_while_one_makes_a_page_anew_the_others_get_that_of_a_moment_ago(client, founding, settings, monkeypatch):
    settings.STAMP_SECONDS = 0.000001
    before = asked(client, "/cadre/")[0].text
    Framework.objects.filter(pk=founding.pk).update(name="Pas encore fait", revision=founding.revision + 5)
    pages = KeptPages.of_this_process
    (key,) = (key for key in pages._pages if "/cadre/" in key and key[3] == "testserver")
    with pages.turn(key):  # as who makes it does
        assert asked(client, "/cadre/")[0].text == before
        monkeypatch.setattr("axes.http.LATELY", 0)  # too long ago: whoever asks waits
        monkeypatch.setattr(Pages, "turn", lambda self, key: nullcontext())
        assert "Pas encore fait" in asked(client, "/cadre/")[0].text


def test_where_no_state_is_trusted_nobody_gets_that_of_a_moment_ago(client, founding):
    asked(client, "/cadre/")
    assert not held_lately(current_stamp())


# --- in front of Django ---------------------------------------------------------------------------------------


@pytest.fixture
def served(settings):
    """Ask as a server does: the status, the headers, the body, and whether Django was asked."""
    settings.STAMP_SECONDS = 3600
    site = WSGIHandler()
    asked_of_django = []

    def counted(environ, start_response):
        asked_of_django.append(environ["PATH_INFO"])
        return site(environ, start_response)

    front = InFront(counted)

    def ask(address, method="GET", **headers):
        asked_of_django.clear()
        answer = {}
        environ = RequestFactory().generic(method, address, headers={"Host": "testserver", **headers}).environ
        sent = front(environ, lambda status, headers: answer.update(status=status, headers=dict(headers)))
        body = b"".join(sent)
        return answer["status"], answer["headers"], body, bool(asked_of_django)

    request_started.disconnect(close_old_connections)  # it would close the test's own
    yield ask
    request_started.connect(close_old_connections)


def test_a_kept_page_is_given_in_front_of_django_as_django_gave_it(founding, served):
    status, headers, body, was_asked = served("/cadre/", **{"Accept-Encoding": "br"})
    assert (status, was_asked) == ("200 OK", True)
    again = served("/cadre/", **{"Accept-Encoding": "br"})
    names = [said.pop("X-Request-ID") for said in (headers, again[1])]
    assert again == (status, headers, body, False)
    assert len(set(names)) == 2
    named = served("/cadre/", **{"Accept-Encoding": "br", "X-Request-ID": "nom-donne-par-nginx"})
    assert named[1]["X-Request-ID"] == "nom-donne-par-nginx"


def test_who_holds_the_page_is_told_so_in_front_of_django(founding, served):
    known = served("/cadre/")[1]["ETag"]
    status, headers, body, was_asked = served("/cadre/", **{"If-None-Match": known})
    assert (status, body, was_asked) == ("304 Not Modified", b"", False)
    assert headers["ETag"] == known
    assert {"Vary", "Cache-Control", "X-Request-ID"} <= set(headers)
    assert served("/cadre/", **{"If-None-Match": '"autre"'})[::3] == ("200 OK", True)


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("GET", {"Cookie": "sessionid=x"}),
        ("GET", {"Authorization": "Basic eDp5"}),
        ("GET", {"Host": "ailleurs.example"}),
        ("GET", {"X-Forwarded-Proto": "https"}),
        ("GET", {"Accept-Encoding": "gzip"}),
        ("HEAD", {}),
        ("POST", {}),
    ],
)
def test_what_is_not_the_same_request_goes_to_django(founding, served, method, headers):
    served("/cadre/")
    assert served("/cadre/")[3] is False
    assert served("/cadre/", method, **headers)[3] is True


def test_when_the_stamp_is_no_longer_trusted_django_is_asked(founding, served, settings):
    served("/cadre/")
    settings.STAMP_SECONDS = 0
    assert served("/cadre/")[3] is True
