"""A framework of many orientations: its outline comes folded, its table has a page of its own."""

import re

import pytest

from axes import document, outline
from tests.benchmark.filling import Programme
from tests.benchmark.measuring import Size

pytestmark = pytest.mark.django_db
FOLDED, APART = outline.MOST_OPEN + 10, document.LARGE + 10
OPEN = re.compile(r'<details data-code="([^"]+)" open>')
CLOSED = re.compile(r'<details data-code="([^"]+)">')


def made(nodes):
    return Programme(Size(nodes=nodes, links=1, projects=1)).framework()


def test_beyond_150_orientations_the_outline_shows_its_second_level_closed(client):
    framework = made(FOLDED)
    page = client.get("/cadre/").text
    roots = set(framework.orientations.filter(parent=None).values_list("code", flat=True))
    assert set(OPEN.findall(page)) <= roots
    assert not roots & set(CLOSED.findall(page))
    assert CLOSED.findall(page)
    assert page.count('class="wording"') >= 2 * FOLDED  # closed, not left out


def test_what_the_address_says_opens_a_large_outline(client):
    made(FOLDED)
    assert CLOSED.findall(client.get("/cadre/?ouvert=tout").text) == []


def test_the_table_of_a_very_large_framework_has_a_page_of_its_own_and_each_leads_to_the_other(client):
    framework = made(APART)
    whole, table = client.get("/cadre/").text, client.get("/cadre/?tableau=entier").text
    assert '<table class="doc' not in whole
    assert 'href="?tableau=entier#tableau"' in whole
    assert 'class="outline"' not in table
    assert 'href="/cadre/"' in table[table.index('id="tableau"') :]
    written = re.findall(r'class="code" href="/orientations/([^/]+)/"', table[table.index('<table class="doc') :])
    assert sorted(written) == sorted(framework.orientations.values_list("code", flat=True))
