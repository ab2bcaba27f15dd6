"""What a page weighs on its way: alone, and with all that it loads on a first visit."""

import re

import brotli
import pytest
from django.conf import settings
from django.test import Client

from projects.demo import load_demo_projects
from projects.search.refreshing import refresh_all
from tests.benchmark.filling import Programme
from tests.benchmark.measuring import Size

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PAGES = ("/", "/cadre/", "/orientations/2/", "/projets/", "/territoires/", "/couverture/", "/recherche/?q=jeunes")
NEXT, FIRST = 15_000, 60_000
LOADED = re.compile(r'(?:src|rel="(?:icon|stylesheet)" href)="/static/([^"]+)"')


def packed(address):
    """The page as it is sent, and as it is read."""
    answer = Client().get(address, headers={"Host": "testserver", "Accept-Encoding": "br"})
    assert answer.headers["Content-Encoding"] == "br"
    return answer.content, brotli.decompress(answer.content).decode()


def loaded(page):
    """The weight of what the page loads, compressed as « collectstatic » does."""
    files = [settings.BASE_DIR / "static" / name for name in LOADED.findall(page)]
    assert {file.suffix for file in files} >= {".css", ".js", ".svg"}
    return sum(len(brotli.compress(file.read_bytes())) for file in files)


def test_no_page_of_the_demonstration_is_heavy(founding):
    load_demo_projects(founding)
    refresh_all()  # a search that still waits for what it finds is not kept, so not packed
    for address in PAGES:
        sent, page = packed(address)
        assert len(sent) <= NEXT, address
        assert len(sent) + loaded(page) <= FIRST, address


# Slow: on PostgreSQL, the thousands of rows that these two take back make the tests after them wait for its cleaning.
@pytest.mark.slow
def test_a_large_framework_comes_whole_as_an_outline_and_as_a_table_each_within_the_weight_of_a_first_visit(db):
    Programme(Size(nodes=1_470, links=1, projects=1)).framework()
    for address in ("/cadre/", "/cadre/?tableau=entier"):
        sent, page = packed(address)
        assert page.count('class="wording"') >= 1_470
        assert len(sent) + loaded(page) <= FIRST, address
    for address in ("/", "/couverture/"):
        sent, page = packed(address)
        assert page.count('href="/orientations/') >= 1_000
        assert len(sent) <= NEXT, address


@pytest.mark.slow
def test_what_nobody_serves_is_named_to_the_last_in_pages_of_a_bearable_length(db):
    framework = Programme(Size(nodes=450, links=1, projects=1)).framework()
    found, address = [], "/couverture/"
    while address:
        page = packed(address)[1]
        section = page[page.index('id="vides"') : page.index('id="communes"')]
        found += re.findall(r'class="code" href="/orientations/([^/]+)/"', section)
        following = re.search(r'rel="next" href="([^"]+)#jamais"', section)
        address = following and following[1]
    assert found == [one.code for one in framework.orientations.in_order()]
