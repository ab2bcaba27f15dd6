"""The home page, with and without a framework in force."""

import re

import pytest
from justhtml import JustHTML

from axes.choices import FrameworkStatus
from cohesion.models import DemoMark
from tests.costs import cost
from tests.factories import FrameworkFactory
from tests.pages import squeezed

pytestmark = pytest.mark.django_db


def test_the_home_page_shows_the_framework_in_force(client, founding):
    page = client.get("/")
    JustHTML(page.text, strict=True)
    assert founding.name in squeezed(page.text)
    assert "Huit axes, 19\u00a0objectifs opérationnels, 23\u00a0priorités" in squeezed(page.text)
    assert 'action="/recherche/"' in page.text
    assert not page.cookies


def test_each_count_leads_to_the_rows_that_it_counts(client, founding):
    page = squeezed(client.get("/").text)
    for slug, number in {
        "axe": 8,
        "enjeu": 4,
        "objectif-strategique": 10,
        "objectif-operationnel": 19,
        "priorite": 23,
    }.items():
        assert re.search(rf'<a href="/cadre/\?niveau={slug}"> ?<b>{number}</b>', page)


def test_the_glance_links_every_orientation(client, founding):
    page = squeezed(client.get("/").text)
    glance = page[page.index('class="icicle"') : page.index("</table>")]
    assert glance.count("<a href=") == 64


def test_the_other_versions_do_not_hide_the_one_in_force(client, founding):
    for status in (FrameworkStatus.ARCHIVED, FrameworkStatus.DRAFT):
        FrameworkFactory(name=f"Autre {status}", status=status)
    page = squeezed(client.get("/").text)
    assert founding.name in page
    assert "Autre" not in page


def test_without_a_framework_the_home_page_tells_officers_what_to_do(client):
    page = client.get("/")
    JustHTML(page.text, strict=True)
    assert "Aucun cadre n’est en vigueur" in page.text
    assert "/admin/axes/framework/" in page.text


def test_a_framework_without_orientation_has_a_home_page(client):
    FrameworkFactory(status=FrameworkStatus.IN_FORCE)
    assert client.get("/").status_code == 200
    assert "pas encore d’orientation" in client.get("/cadre/").text


def test_only_a_demonstration_says_that_it_is_one(client, founding):
    assert "Site de démonstration" not in client.get("/").text


def test_a_demonstration_says_so_on_every_page(client, founding):
    DemoMark.objects.create()
    for address in ("/", "/cadre/", "/orientations/1/"):
        assert "Site de démonstration" in client.get(address).text


def test_the_home_page_costs_few_queries_once_its_index_is_kept(client, founding):
    client.get("/")
    assert cost("/") == 3
