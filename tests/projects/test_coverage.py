"""Where the framework is served: every figure is a naive recount, and the length of the list that it leads to."""

import csv
import datetime
import io
import random
import re
from decimal import Decimal
from html import unescape

import pytest
from django.http import QueryDict
from justhtml import JustHTML

from axes import document
from projects.catalogue import stamps
from projects.choices import DocumentStatus, ProjectKind, ProjectStatus, TerritoryKind
from projects.figures.coverage import CoverageQuery
from projects.models import Need, Project, ReferenceDocument, Territory
from tests.costs import cost
from tests.factories import OrganizationFactory, ProjectFactory, TerritoryFactory
from tests.pages import squeezed

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-25 12:00+01:00")]


@pytest.fixture
def ground(founding):
    """A PST, PRH and actions over three years, in a town, its quarter and five villages; some drafts."""
    chance = random.Random(27)
    nodes = document.read_nodes(founding)
    town = TerritoryFactory(code="27229", name="Évreux")
    quarter = TerritoryFactory(
        code="navarre", name="Navarre", kind=TerritoryKind.PRIORITY_QUARTER, parent=town, is_in_perimeter=False
    )
    places = [town, quarter, *TerritoryFactory.create_batch(5)]
    pst = ProjectFactory(kind=ProjectKind.PST, serves=[nodes[0].orientation], located_in=[quarter])
    for number in range(16):
        year = 2024 + number % 3
        ProjectFactory(
            organization=pst.organization,
            kind=chance.choice([ProjectKind.PRH, ProjectKind.ACTION, ProjectKind.ACTION]),
            host=chance.choice([None, pst]),
            status=chance.choice([ProjectStatus.RUNNING, ProjectStatus.RUNNING, ProjectStatus.DRAFT]),
            starts_on=datetime.date(year, 2, 1),
            ends_on=chance.choice([None, datetime.date(year, 12, 31)]),
            serves=[node.orientation for node in chance.sample(nodes[:40], 2)],
            located_in=chance.sample(places[:6], chance.randint(0, 3)),
        )
    return nodes


def table(response):
    """The numbers of the CSV file, by orientation and column."""
    return {
        row["code"]: row for row in csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";")
    }


def branch_of(node, *, direct):
    return {node.orientation.pk} if direct else {node.orientation.pk, *(one.orientation.pk for one in node.descendants)}


def recount(nodes, matching, *, direct=False):
    """By orientation, the published projects that match, one by one."""
    published = [
        (project, {link.orientation_id for link in project.contributions.all()})
        for project in Project.objects.published().prefetch_related("contributions", "places__territory")
        if matching(project)
    ]
    return {
        node.orientation.code: sum(1 for _, served in published if served & branch_of(node, direct=direct))
        for node in nodes
    }


def in_year(year):
    def matches(project):
        start, end = project.starts_on, project.ends_on
        return start is not None and start.year <= year and (end is None or end.year >= year)

    return matches


THIS_YEAR = in_year(2026)


def acts_in(territory):
    def matches(project):
        return any(territory.pk in (place.territory_id, place.territory.parent_id) for place in project.places.all())

    return matches


@pytest.mark.parametrize("counting", ["branche", "direct"])
@pytest.mark.parametrize(
    ("filters", "matching"),
    [
        ("", in_year(2026)),
        ("annee=toutes", lambda project: True),
        ("annee=toutes&nature=prh", lambda project: project.kind == "prh"),
        ("nature=hors", lambda project: in_year(2026)(project) and project.kind == "action" and not project.host_id),
        ("annee=2025", in_year(2025)),
    ],
)  # fmt: skip
def test_the_table_by_place_is_the_naive_recount(client, ground, filters, matching, counting):
    found = table(client.get(f"/couverture/export.csv?lignes=priorites&colonnes=toutes&compter={counting}&{filters}"))
    direct = counting == "direct"
    assert {code: int(row["tous"]) for code, row in found.items()} == recount(ground, matching, direct=direct)
    for territory in Territory.objects.all():
        here = acts_in(territory)
        expected = recount(ground, lambda project, here=here: matching(project) and here(project), direct=direct)
        assert {code: int(row.get(territory.name, 0)) for code, row in found.items()} == expected, territory


def test_columns_by_kind_add_up_to_all(client, ground):
    for row in table(client.get("/couverture/export.csv?lignes=priorites&colonnes=nature")).values():
        kinds = ("PST", "PRH", "Actions de PST", "Actions hors PST")
        assert sum(int(row[kind]) for kind in kinds) == int(row["tous"])


def test_columns_by_year_count_what_runs_in_each(client, ground):
    found = table(client.get("/couverture/export.csv?lignes=priorites&colonnes=annee&annee=2024"))
    for year in (2024, 2025, 2026):
        keys = set(Project.objects.in_year(year).values_list("pk", flat=True))
        expected = recount(ground, lambda project, keys=keys: project.pk in keys)
        assert {code: int(row[str(year)]) for code, row in found.items()} == expected


def cells(page):
    """Every number of the page's table that is a link: its address and what it says."""
    matrix = page[page.index('<table class="matrix">') : page.index("</table>")]
    found = re.findall(r'<a href="([^"]+)"[^>]*>(?:<span[^>]*>[^<]*</span>)?(\d+)</a>', matrix)
    return [(unescape(address), int(number)) for address, number in found]


def parameters(address):
    return QueryDict(address.partition("?")[2]).dict()


@pytest.mark.parametrize("columns", ["servies", "toutes", "nature", "annee"])
def test_every_number_is_a_link_to_its_rows_and_zero_is_written(client, ground, columns):
    page = squeezed(client.get(f"/couverture/?lignes=priorites&colonnes={columns}&nature=action").text)
    JustHTML(page, strict=True)
    assert "style=" not in page
    found = cells(page)
    assert found
    assert '<td class="h0"><span>0</span></td>' in page
    for address, number in found:
        assert number
        assert {"orientation", "nature"} <= parameters(address).keys()
    matrix = page[page.index('<table class="matrix">') : page.index("</table>")]
    assert matrix.count("<td") == len(found) + matrix.count("<span>0</span>") + matrix.count('<span class="zero">')


def test_branches_unfold_from_axis_to_priority_by_the_address(client, ground):
    def codes(address):
        page = squeezed(client.get(address).text)
        return re.findall(r'<tr class="[^"]*" id="o-([^"]+)"', page)

    assert codes("/couverture/") == [str(number) for number in range(1, 9)]
    assert codes("/couverture/?deplier=2,2.1,2.1.2") == [
        *("1", "2", "2.1", "2.1.1", "2.1.2", "2.1.2-a", "2.1.2-b", "2.1.3"),
        *(str(number) for number in range(3, 9)),
    ]
    assert 'href="/couverture/?deplier=2#o-2"' in squeezed(client.get("/couverture/").text)
    assert len(codes("/couverture/?lignes=objectifs")) == 8 + 19
    assert len(codes("/couverture/?lignes=priorites")) == 64


@pytest.mark.parametrize("query", ["annee=abc", "annee=99999", "nature=x&lignes=y&colonnes=z&compter=t", "deplier=zz"])
def test_what_the_address_says_wrongly_is_ignored(client, ground, query):
    assert squeezed(client.get(f"/couverture/?{query}").text).count('id="o-') == 8


def test_the_figures_are_the_lengths_of_their_lists(client, ground):
    page = squeezed(client.get("/couverture/").text)
    objectives = [node for node in ground if node.orientation.level == "operational"]
    counts = recount(ground, THIS_YEAR)
    served = sum(1 for node in objectives if counts[node.orientation.code])
    empty = [code for code, number in counts.items() if not number]
    assert f"<b>{served}<small> / 19</small></b>" in page
    assert f'<a href="#vides"><b>{len(empty)}</b>' in page
    listed = page[page.index('id="vides"') : page.index('id="communes"')]
    assert sorted(re.findall(r'href="/orientations/([^"]+)/"', listed)) == sorted(empty)
    communes = Territory.objects.communes().in_perimeter()
    bare = [one for one in communes if not any(map(acts_in(one), filter(THIS_YEAR, Project.objects.published())))]
    assert f'<a href="#communes"><b>{len(bare)}</b>' in page
    named = page[page.index('id="communes"') : page.index('id="attentes"')]
    assert sorted(re.findall(r'href="/territoires/([^"]+)/"', named)) == sorted(one.code for one in bare)


def test_the_lists_name_what_waits_and_what_is_asked_in_vain(client, ground, node):
    owner = OrganizationFactory(name="Direction de l’habitat")
    plh = ReferenceDocument.objects.create(
        title="Programme local de l’habitat", acronym="PLH", owner=owner, review_on=datetime.date(2027, 3, 1)
    )
    plh.orientations.set([node("4.1-a")])
    done = ReferenceDocument.objects.create(title="Déjà là", status=DocumentStatus.APPROVED)
    done.orientations.set([node("4.1-a")])
    place = Territory.objects.first()
    said = {"heard_on": datetime.date(2026, 2, 3), "territory": place, "is_published": True}
    Need.objects.create(wording="Un médecin", **said)
    Need.objects.create(wording="Une fête", orientation=node("8.1-b"), **said)
    Need.objects.create(wording="Secret", **(said | {"is_published": False}))
    page = squeezed(client.get("/couverture/").text)
    waiting = page[page.index('id="attentes"') : page.index('id="besoins"')]
    assert "Direction de l’habitat" in waiting
    assert "1<sup>er</sup>\u00a0mars 2027" in waiting
    assert "Déjà là" not in waiting
    assert "Secret" not in page
    needs = page[page.index('id="besoins"') : page.index('id="sans-besoin"')]
    assert needs.index("Un médecin") < needs.index("Une fête")
    assert "Un besoin entendu le 3\u00a0février 2026" in page
    assert "Attend « PLH », en cours." in page


def test_a_draft_counts_nowhere(client, founding, node):
    place = TerritoryFactory()
    for status in ProjectStatus:
        if status not in ("retained", "partly_retained", "running", "report_due", "report_received", "closed"):
            ProjectFactory(status=status, serves=[node("7.1")], located_in=[place])
    assert all(row["tous"] == "0" for row in table(client.get("/couverture/export.csv")).values())
    assert "<small> / 1</small></b>" in squeezed(client.get("/couverture/").text)


def test_the_page_costs_the_same_whatever_the_number_of_projects(client, ground):
    pages = ["/couverture/", "/couverture/?lignes=priorites&colonnes=toutes", "/couverture/export.csv"]
    client.get("/couverture/")  # what is asked once a process, and once a revision
    before = [cost(page) for page in pages]
    for number in range(5):
        ProjectFactory(serves=[ground[number].orientation], located_in=[TerritoryFactory()])
    client.get("/couverture/")
    assert [cost(page) for page in pages] == before == [3, 3, 3]


def test_without_a_framework_the_page_says_so(client, db):
    assert "Aucun cadre n’est en vigueur" in squeezed(client.get("/couverture/").text)
    assert client.get("/couverture/export.csv").status_code == 200


def test_what_is_asked_is_told_in_the_words_of_the_list():
    asked = CoverageQuery.from_query(QueryDict("annee=2026&nature=hors&compter=direct"))
    assert asked.filters == {"nature": "action", "pst": "hors", "annee": "2026"}
    assert asked.direct


def test_each_line_of_the_file_says_its_page_and_its_last_change(client, ground):
    row = table(client.get("/couverture/export.csv?annee=2024&lignes=priorites"))["5.2"]
    assert row["page_du_site"] == "http://testserver/orientations/5.2/?annee=2024"
    assert client.get(row["page_du_site"].removeprefix("http://testserver")).status_code == 200
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", row["derniere_modification"])


def granted_in(client, address):
    """What is granted to the projects of a list, by its own file, in cents."""
    answer = client.get(address.replace("/projets/?", "/projets/export.csv?"))
    rows = csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig")), delimiter=";")
    return sum(round(float(row["accorde"].replace(",", ".") or 0) * 100) for row in rows)


@pytest.mark.parametrize("asked", ["colonnes=toutes", "colonnes=annee&nature=action", "colonnes=nature&compter=direct"])
def test_a_cell_of_euros_is_what_is_granted_to_the_list_that_it_opens_to_the_cent(client, ground, asked):
    for number, project in enumerate(Project.objects.published(), start=1):
        Project.objects.filter(pk=project.pk).update(granted=Decimal(number * 100_001) / 100)
    stamps.raise_revision()
    page = squeezed(client.get(f"/couverture/?mesure=accorde&lignes=priorites&{asked}").text)
    matrix = page[page.index('<table class="matrix of-amounts">') : page.index("</table>")]
    euros = re.findall(r'href="([^"]+)"[^>]*aria-label="([\d\u202f]+(?:,\d\d)?)\xa0€ accordés', matrix)
    assert len(euros) > 4
    assert "Chaque case dit ce qui est accordé" in page
    assert "Chaque case dit combien de projets" not in page
    for address, amount in euros[::3]:
        cents = round(float(amount.replace("\u202f", "").replace(",", ".")) * 100)
        assert granted_in(client, unescape(address)) == cents, address
    in_file = table(client.get("/couverture/export.csv?mesure=accorde&annee=toutes&lignes=axes"))
    mainly = Project.objects.published().filter(contributions__is_main=True).values_list("granted", flat=True)
    assert sum(Decimal(row["tous"].replace(",", ".")) for row in in_file.values()) == sum(mainly)


def test_amounts_that_are_not_public_are_in_no_cell(client, ground, settings):
    settings.PUBLIC_AMOUNTS = ["cost", "cofunding"]
    page = client.get("/couverture/?mesure=accorde").text
    assert "of-amounts" not in page
    assert "Euros accordés" not in page
