"""What is asked, what is planned, what is done: the needs and orientations that do not meet, one by one."""

import csv
import datetime
import io
import re
from html import unescape

import pytest

from projects.models import Need, Territory
from tests.factories import OrientationFactory, ProjectFactory
from tests.pages import squeezed
from tests.projects.test_coverage import branch_of, ground, recount

__all__ = ["ground"]
pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-25 12:00+01:00")]


@pytest.fixture
def asked(ground, node):
    """Needs of every sort: with no orientation, with one of another framework, served, not served, unpublished."""
    earlier = OrientationFactory()  # of another framework
    said = {"heard_on": datetime.date(2026, 2, 3), "territory": Territory.objects.first(), "is_published": True}
    ProjectFactory(serves=[node("2.1.2-a")])
    for wording, orientation in (
        ("Sans rien", None),
        ("D’un autre temps", earlier),
        ("Servi par sa branche", node("2.1.2")),
        ("Attendu", node("8.1-b")),
        ("Attendu aussi", node("8.1-b")),
    ):
        Need.objects.create(wording=wording, orientation=orientation, **said)
    Need.objects.create(wording="Tu", orientation=node("7"), **(said | {"is_published": False}))
    return ground


def needs_recount(nodes):
    """The four lists, need by need and orientation by orientation."""
    counts = recount(nodes, lambda project: True)
    here = {node.orientation.pk: node for node in nodes}
    needs = list(Need.objects.filter(is_published=True))
    heard = [node for node in nodes if {one.orientation_id for one in needs} & branch_of(node, direct=False)]
    unheard = [node.orientation.code for node in nodes if node not in heard]
    return {
        "sans-orientation": sorted(one.wording for one in needs if one.orientation_id not in here),
        "sans-projet": sorted(
            one.wording
            for one in needs
            if one.orientation_id in here and not counts[here[one.orientation_id].orientation.code]
        ),
        "servies-sans-besoin": [code for code in unheard if counts[code]],
        "ni-l-un-ni-l-autre": [code for code in unheard if not counts[code]],
    }


def test_needs_and_orientations_that_do_not_meet_are_counted_and_each_count_opens_its_list(client, asked):
    page = squeezed(client.get("/couverture/?annee=toutes").text)
    expected = needs_recount(asked)
    assert [len(expected[one]) for one in ("sans-orientation", "sans-projet")] == [2, 2]
    unheard = len(expected["servies-sans-besoin"]) + len(expected["ni-l-un-ni-l-autre"])
    assert "5\u00a0besoins entendus" in page
    for anchor, number in (
        ("sans-orientation", 2),
        ("sans-besoin", unheard),
        ("sans-projet", 2),
        ("ni-l-un-ni-l-autre", len(expected["ni-l-un-ni-l-autre"])),
    ):
        assert f'<a href="#{anchor}"><b>{number}</b>' in page
        assert page.count(f'id="{anchor}"') == 1
    for anchor, names in expected.items():
        listed = unescape(page[page.index(f'id="{anchor}"') :])
        listed = listed[: listed.index("<h3") if "<h3" in listed else None].partition("</section>")[0]
        if anchor in ("sans-orientation", "sans-projet"):
            assert sorted(re.findall(r'<p class="wording">«\u00a0(.+?)\u00a0»', listed)) == names
        else:
            assert re.findall(r'href="/orientations/([^"]+)/[^"]*"', listed) == names


def test_the_file_of_needs_has_the_lines_of_the_lists(client, asked):
    text = client.get("/couverture/besoins.csv?annee=toutes").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    expected = needs_recount(asked)
    lists = ("besoin sans orientation", "besoin sans projet")
    for name, anchor in zip(lists, ("sans-orientation", "sans-projet"), strict=True):
        assert sorted(row["besoin"] for row in rows if row["liste"] == name) == expected[anchor]
    lists = ("orientation sans besoin", "orientation sans besoin ni projet")
    for name, anchor in zip(lists, ("servies-sans-besoin", "ni-l-un-ni-l-autre"), strict=True):
        assert [row["code"] for row in rows if row["liste"] == name] == expected[anchor]
