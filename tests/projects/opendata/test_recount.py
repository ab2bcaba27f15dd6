"""Whoever counts again, from the open files alone, has the totals of the dashboard."""

import csv
import io
from decimal import Decimal

import pytest

from axes import document
from axes.models import Framework
from projects.browsing import exports
from projects.choices import MoneyItem
from projects.demo import load_demo_projects
from projects.figures import figures, money
from projects.figures.periods import Period
from tests.factories import this_year
from tests.founding import founding_framework

pytestmark = [pytest.mark.django_db, pytest.mark.once]


class OpenFiles:
    """The files as anybody takes them: nothing else is asked of the site."""

    def __init__(self, client):
        self.client = client

    def rows(self, name):
        text = self.client.get(f"/donnees/{name}.csv").content.decode()
        return list(csv.DictReader(io.StringIO(text)))

    def running(self, year):
        """The codes of the projects that run a day of a year."""
        first, last = f"{year}-01-01", f"{year}-12-31"
        return {
            row["code"]
            for row in self.rows("projets")
            if row["date_debut"] and row["date_debut"] <= last and (not row["date_fin"] or row["date_fin"] >= first)
        }

    def granted(self, codes):
        return sum(Decimal(row["accorde"] or 0) for row in self.rows("argent") if row["code"] in codes)

    def cofunding(self, codes):
        """Without the PST of which a part, among these, says it again."""
        rows = [row for row in self.rows("argent") if row["code"] in codes and row["cofinancements_obtenus"]]
        again = {row["pst"] for row in rows}
        return sum(Decimal(row["cofinancements_obtenus"]) for row in rows if row["code"] not in again)

    def objectives_served(self, codes):
        """The operational objectives of the framework in force that these serve, or of which they serve a part."""
        (slug,) = {row["cadre"] for row in self.rows("cadres") if row["etat"] == "En vigueur"}
        nodes = {row["code"]: row for row in self.rows("orientations") if row["cadre"] == slug}
        served = set()
        for link in self.rows("rattachements"):
            if link["code_projet"] in codes and link["cadre"] == slug:
                code = link["code_orientation"]
                while code:
                    served.add(code)
                    code = nodes[code]["parent_code"]
        return {code for code in served if nodes[code]["niveau"] == "objectif opérationnel"}

    def by_axis(self, codes):
        """Which of these serve each axis of the framework in force, itself or what it contains."""
        (slug,) = {row["cadre"] for row in self.rows("cadres") if row["etat"] == "En vigueur"}
        above = {row["code"]: row["parent_code"] for row in self.rows("orientations") if row["cadre"] == slug}
        serving = {code: set() for code, parent in above.items() if not parent}
        for link in self.rows("rattachements"):
            if link["code_projet"] in codes and link["cadre"] == slug:
                code = link["code_orientation"]
                while above[code]:
                    code = above[code]
                serving[code].add(link["code_projet"])
        return serving

    def communes(self, codes):
        return {row["code_commune"] for row in self.rows("lieux") if row["code_projet"] in codes} - {""}


@pytest.fixture(scope="module")
def programme(lasting_rows):
    load_demo_projects(founding_framework())
    return Framework.objects.in_force().get()


@pytest.mark.parametrize("ago", [0, 1])
def test_the_files_alone_give_the_figures_of_a_year(client, programme, ago):
    files, period = OpenFiles(client), Period.from_query({"annee": str(this_year() - ago)})
    codes = files.running(this_year() - ago)
    nodes = document.kept(programme)
    known = figures.headlines(nodes, figures.of_period(programme, nodes, period))
    ledger = money.of_period(programme, period)
    assert len(codes) == known.projects > 0
    assert files.granted(codes) * 100 == ledger.total(MoneyItem.GRANTED)
    assert files.cofunding(codes) * 100 == ledger.total(MoneyItem.COFUNDING)
    assert files.objectives_served(codes) == {node.orientation.code for node in known.objectives_served}
    ours = {commune.code for commune in known.communes}
    assert files.communes(codes) & ours == {commune.code for commune in known.communes_served}


@pytest.mark.parametrize("ago", [0, 1])
def test_the_files_alone_give_the_money_of_each_axis_in_a_year(client, programme, ago):
    files, year = OpenFiles(client), this_year() - ago
    by_axis = files.by_axis(files.running(year))
    assert any(by_axis.values())
    for axis, codes in by_axis.items():
        told = client.get("/api/v1/montants/", {"annee": year, "axe": axis}).json()
        assert told["projets"] == len(codes)
        assert Decimal(str(told["montants"][exports.TOTALLED[MoneyItem.GRANTED].header])) == files.granted(codes)


def test_the_page_of_the_year_says_what_the_files_give(client, programme):
    files = OpenFiles(client)
    codes = files.running(this_year())
    page = client.get("/tableau-de-bord/").content.decode()
    granted = f"{int(files.granted(codes)):,}".replace(",", "\u202f")
    assert granted in page
    assert f">{len(codes)}<" in page


def test_a_file_of_projects_and_one_of_links_say_the_same(client, programme):
    files = OpenFiles(client)
    linked = {row["code_projet"] for row in files.rows("rattachements")}
    assert linked <= {row["code"] for row in files.rows("projets")}
    assert {row["code"] for row in files.rows("argent")} == {row["code"] for row in files.rows("projets")}
    places = {row["code_territoire"] for row in files.rows("lieux")}
    assert places <= {row["code"] for row in files.rows("territoires")}
