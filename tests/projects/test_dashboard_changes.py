"""The page of what changed: its numbers are those of its lists, its file adds up, refusals are not public."""

import csv
import datetime
import io
import re
from decimal import Decimal
from html import unescape

import pytest

from projects.catalogue import stamps
from projects.choices import ProjectStatus
from projects.models import Declaration
from tests.costs import cost
from tests.factories import OfficerFactory, ProjectFactory, TerritoryFactory

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-25 12:00+01:00")]
PAGE = "/tableau-de-bord/changements/"
FILE = "/tableau-de-bord/changements.csv"


def of(first, last):
    return {"starts_on": datetime.date(first, 2, 1), "ends_on": last and datetime.date(last, 6, 30)}


@pytest.fixture
def programme(founding, node):
    town = TerritoryFactory(name="Ici", code="ICI")
    former, again = (
        ProjectFactory(
            code=f"A-{year - 2000}", granted=granted, serves=[node("7.1")], located_in=places, **of(year, year)
        )
        for year, granted, places in ((2025, Decimal("1000.50"), []), (2026, 1200, [town]))
    )
    Declaration.objects.create(project=again, previous=former)
    ProjectFactory(code="B-26", title="Neuf", granted=300, serves=[node("5.2.1")], **of(2026, 2026))
    ProjectFactory(code="C-24", title="Long", granted=50, **of(2024, None))
    ProjectFactory(code="D-25", title="Fini", granted=700, serves=[node("3.1")], **of(2024, 2025))
    ProjectFactory(code="R-26", title="Écarté", requested=4000, status=ProjectStatus.REFUSED, **of(2026, 2026))


def lines(client, query=""):
    text = client.get(f"{FILE}{query}").getvalue().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_each_number_of_the_figures_is_the_length_of_the_list_that_it_opens(client, programme):
    for query in ("", "?comparer=2024", "?annee=2025&comparer=2026", "?annee=2025"):
        page = unescape(client.get(f"{PAGE}{query}").text)
        figures = page[page.index('<ul class="figures deltas"') :].partition("</ul>")[0]
        links = re.findall(
            r'<a href="(/projets/[^"]+)">\s*(?:<b>)?(?:de )?(\d+)(?!\d* ?\d*<small> €)(?:</b>| en )', figures
        )
        assert len(links) >= 6
        for address, number in links:
            assert client.get(address).context["page"].paginator.count == int(number), address
        for row in re.findall(r'<a href="(/projets/\?(?:orientation|commune)=[^"]+)">(\d+)', page):
            assert client.get(row[0]).context["page"].paginator.count == int(row[1])


def test_the_page_says_what_began_was_renewed_and_stopped_with_amounts(client, programme):
    page = client.get(PAGE)
    changed = page.context["changed"]
    assert (changed.began.cents, changed.renewed.after.cents, changed.renewed.before.cents) == (30000, 120000, 100050)
    assert (changed.going_on.cents, changed.stopped.cents) == (5000, 70000)
    assert "Ce qui a changé depuis 2025" in page.text
    assert "+\u00a0199,50\u00a0€" in page.text
    for words in ('<td class="num" data-label="Accordé en 2025">1', '<td class="num" data-label="Accordé en 2026">3'):
        assert words in page.text  # what a narrow screen says before each amount
    assert page.text.count('<table class="rows amounts">') == 3
    assert "servie jusqu’en 2025" in page.text
    assert "Ce qui a changé depuis 2024" in client.get(f"{PAGE}?comparer=2024").text
    assert "ne désigne aucune autre année ni aucun soir passé" in client.get(f"{PAGE}?comparer=2026").text
    assert "« hier »" in client.get(f"{PAGE}?comparer=hier").text.replace("\u00a0", " ")
    assert "voici 2026" in client.get(f"{PAGE}?annee=toutes").text


def test_the_file_holds_each_project_of_both_years_and_adds_up(client, programme):
    rows = [line for line in lines(client) if line["quoi"] == "projet"]
    changes = {row["code"]: row["changement"] for row in rows}
    assert changes == {
        "A-25": "reconduit en 2026",
        "A-26": "reconduit",
        "B-26": "commence",
        "C-24": "se poursuit",
        "D-25": "arrêté",
    }
    sums = [sum(float(row[f"accorde_{year}"].replace(",", ".") or 0) for row in rows) for year in (2025, 2026)]
    assert sums == [1750.5, 1550]
    assert {row["reconduit_de"] for row in rows} == {"", "A-25"}
    moved = {line["code"]: line["changement"] for line in lines(client) if line["quoi"] != "projet"}
    assert (moved["5.2.1"], moved["3.1"], moved["ICI"]) == ("nouvellement servi", "plus servi", "nouvellement servi")


def test_what_was_refused_is_for_officers_and_elected_officials(client, programme, settings):
    assert "Écarté" not in client.get(PAGE).text
    assert "demande" not in lines(client)[0]
    settings.PUBLIC_AMOUNTS = []
    ProjectFactory(code="E-26", title="Le plus aidé", granted=9000, **of(2026, 2026))
    hidden = client.get(f"{PAGE}?comparer=2024")
    assert not {"accorde_2024", "accorde_2026", "ecart"} & set(lines(client, "?comparer=2024")[0])
    assert "1\u202f200" not in hidden.text
    assert "ccordé" not in hidden.text
    keys = [row.project.pk for row in hidden.context["reading"].began]
    assert keys == sorted(keys)  # the order would tell who receives the most
    client.force_login(OfficerFactory())
    page = client.get(PAGE)
    assert page.headers["Cache-Control"] == "no-store, private"
    assert "Écarté" in page.text
    assert [float(row["demande"]) for row in lines(client) if row["changement"] == "refusé"] == [4000]


def test_the_page_costs_as_many_queries_for_many_projects(client, programme, node):
    stamps.raise_revision()
    few = cost(PAGE)
    for number in range(30):
        ProjectFactory(title=f"Jardin {number}", serves=[node("7.1")], **of(2025 + number % 2, 2025 + number % 2))
    assert cost(PAGE) <= few <= 18
