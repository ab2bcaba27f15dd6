"""The same question asked on any page gives the same number: each figure is the length of the list it leads to."""

import re
from html import unescape

import pytest
from justhtml import JustHTML

from projects.catalogue.stamps import raise_revision
from projects.models import Contribution, Need, Offer, Project, Territory
from tests.costs import cost
from tests.factories import ProjectFactory, TerritoryFactory
from tests.pages import squeezed
from tests.projects.test_coverage import THIS_YEAR, acts_in, cells, ground, recount

__all__ = ["ground"]
pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-25 12:00+01:00")]

FIGURE = re.compile(r'<a href="(/projets/[^"]*)"><b>(\d+)</b>')
PHRASE = re.compile(
    r'<a href="(/projets/[^"]*)">(\d+)\u00a0(?:projets?|hors PST)|<a href="(/projets/[^"]*)">(\d+) hors PST'
)


def listed(client, address):
    return client.get(address).context["page"].paginator.count


def figures(page):
    found = [(unescape(a), int(n)) for a, n in FIGURE.findall(page)]
    return found + [(unescape(a or c), int(b or d)) for a, b, c, d in PHRASE.findall(page)]


def exported(client, address):
    """The number of rows of the file that holds the same list."""
    path, _, query = address.partition("?")
    return len(client.get(f"{path}export.csv?{query}").getvalue().decode().strip().splitlines()) - 1


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/?annee=toutes",
        "/couverture/",
        "/couverture/?nature=prh&annee=2025",
        "/orientations/1/",
        "/orientations/2.1/",
    ],
)
def test_every_figure_is_the_length_of_its_list_and_of_its_file(client, ground, address):
    page = squeezed(client.get(address).text)
    JustHTML(page, strict=True)
    found = figures(page)
    assert len(found) >= 1
    for target, number in found:
        assert (listed(client, target), exported(client, target)) == (number, number), target


@pytest.mark.parametrize(
    "query",
    [
        "colonnes=toutes",
        "lignes=objectifs&colonnes=nature&compter=direct",
        "colonnes=annee&annee=2025",
        "nature=hors&annee=2025",
        "nature=hosted&lignes=objectifs&annee=toutes",
        "lignes=servis",
    ],
)
def test_every_cell_of_the_table_is_the_length_of_its_list(client, ground, query):
    found = cells(squeezed(client.get(f"/couverture/?{query}").text))
    assert found
    for target, number in found:
        assert listed(client, target) == number, target


def test_every_cell_of_the_glance_is_the_figure_of_its_page(client, ground):
    page = squeezed(client.get("/").text)
    glance = page[page.index('class="icicle"') : page.index("</table>")]
    written = re.findall(r'href="/orientations/([^"]+)/"[^>]*>.*?<b>(\d+)<span class="hidden"> projet', glance)
    assert {code: int(number) for code, number in written} == recount(ground, THIS_YEAR)
    assert glance.count('class="h0"') == sum(1 for code, number in written if number == "0" and "." in code)


def test_the_outline_says_branch_and_direct(client, ground):
    page = squeezed(client.get("/cadre/").text)
    written = re.findall(r' : </span><b(?: class="zero")?>(\d+)</b>', page)
    assert list(map(int, written)) == list(recount(ground, THIS_YEAR).values())
    direct = recount(ground, THIS_YEAR, direct=True)
    told = [int(number) for number in re.findall(r"dont (\d+) à ce niveau", page)]
    branches = [node for node in ground if node.children]
    assert told == [direct[node.orientation.code] for node in branches if direct[node.orientation.code]]


def test_the_page_of_an_orientation_tells_direct_from_branch(client, ground):
    branch, direct = (recount(ground, THIS_YEAR, direct=each) for each in (False, True))
    for node in ground[::7]:
        code = node.orientation.code
        page = squeezed(client.get(f"/orientations/{code}/").text)
        if f"orientation={code}" not in page:
            assert not branch[code]
            continue
        assert f'<a href="/projets/?orientation={code}&amp;annee=2026"><b>{branch[code]}</b>' in page
        address = f"/projets/?orientation={code}&amp;compter=direct&amp;annee=2026"
        assert f'<a href="{address}"><b>{direct[code]}</b>' in page
        table = page[page.index('id="fait"') : page.index('id="besoins"')]
        assert len(re.findall(r'href="/projets/[^"/?]+/"', table)) == branch[code]


def test_secondary_links_are_marked(client, founding, node):
    ProjectFactory(serves=[node("7.1"), node("2.1.2-a")])
    assert "secondaire</span>" in squeezed(client.get("/orientations/2.1.2/").text)
    assert "secondaire</span>" not in squeezed(client.get("/orientations/7/").text)


def test_communes_served_are_told_with_their_number(client, ground):
    branch = {1, *(one.orientation.pk for one in ground[0].descendants)} | {ground[0].orientation.pk}
    page = squeezed(client.get("/orientations/1/").text)
    where = page[page.index('id="ou"') :]
    for commune in Territory.objects.communes().in_perimeter():
        here = acts_in(commune)
        number = sum(
            1
            for project in Project.objects.published()
            if here(project)
            and THIS_YEAR(project)
            and {link.orientation_id for link in project.contributions.all()} & branch
        )
        address = f"/projets/?orientation=1&amp;annee=2026&amp;commune={commune.code}"
        assert (address in where) == bool(number)
        if number:
            assert listed(client, unescape(address)) == number


def test_home_counts_objectives_and_communes_as_a_naive_recount(client, ground):
    page = squeezed(client.get("/").text)
    counts = recount(ground, THIS_YEAR)
    served = [n for n in ground if n.orientation.level == "operational" and counts[n.orientation.code]]
    assert f"<b>{len(served)}<small> / 19</small></b>" in page
    communes = Territory.objects.communes().in_perimeter()
    filled = [one for one in communes if any(map(acts_in(one), filter(THIS_YEAR, Project.objects.published())))]
    assert f"<b>{len(filled)}<small> / {len(communes)}</small></b>" in page
    empty = [code for code, number in counts.items() if not number]
    assert f"{len(empty)}\u00a0orientations sans aucun projet" in page


def test_needs_published_for_a_branch_are_on_its_pages_only(client, founding, node):
    place = TerritoryFactory()
    said = {"heard_on": "2026-02-03", "territory": place, "orientation": node("2.1.2")}
    Need.objects.create(wording="Un four à pain", is_published=True, **said)
    Need.objects.create(wording="Un secret", is_published=False, **said)
    for code, is_there in (("2.1.2", True), ("2", True), ("2.1.2-a", False), ("3", False)):
        page = squeezed(client.get(f"/orientations/{code}/").text)
        assert ("Un four à pain" in page) == is_there
        assert "Un secret" not in page


def costs(address):
    """Of a page after a change, and again while nothing changes."""
    raise_revision()
    return cost(address), cost(address)


def test_pages_of_the_framework_cost_the_same_whatever_is_done(client, ground):
    pages = ["/", "/cadre/", "/orientations/1/", "/orientations/2.1.2/", "/orientations/8.1-b/"]
    for address in pages:
        client.get(address)  # what is asked once a process
    before = [costs(address) for address in pages]
    for number in range(4):
        ProjectFactory(serves=[ground[number].orientation], located_in=[TerritoryFactory()])
    assert [costs(address) for address in pages[:3]] == before[:3]
    assert before[1][1] == 1
    assert max(changed for changed, _ in before) <= 38, (
        before
    )  # an orientation: six filters, one query each, and the panel of two years
    assert max(again for _, again in before) <= 16, before  # their counts are kept while nothing changes


def test_a_link_taken_away_is_seen_at_once(client, founding, node):
    project = ProjectFactory(serves=[node("7.1")])
    known = client.get("/cadre/").headers["ETag"]
    assert client.get("/cadre/", headers={"If-None-Match": known}).status_code == 304
    Contribution.objects.get(project=project).delete()
    assert client.get("/cadre/", headers={"If-None-Match": known}).status_code == 200


def counts_of(page):
    return re.findall(r" : </span><b[^>]*>(\d+)</b>", page)


def test_an_archived_version_keeps_its_counts(client, ground, founding):
    before = counts_of(squeezed(client.get("/cadre/?annee=toutes").text))
    assert len(before) == 64
    founding.status = "archived"
    founding.save()
    assert counts_of(squeezed(client.get(f"/cadre/{founding.slug}/").text)) == before


def codes_of(page):
    return re.findall(r'<tr class="[^"]*" id="o-([^"]+)">', page)


@pytest.mark.parametrize("query", ["", "?annee=2025", "?annee=toutes"])
@pytest.mark.parametrize("address", ["/", "/couverture/"])
def test_objectives_and_communes_that_have_a_project_open_exactly_themselves(client, ground, address, query):
    page = squeezed(client.get(address + query).text)
    figure = r'<a href="([^"]+)"> ?<b>(\d+)<small> / \d+</small></b> ?<span> ?([a-z]+)'
    found = {noun.rstrip("s"): (unescape(target), int(number)) for target, number, noun in re.findall(figure, page)}
    target, number = found["objectif"]
    context = client.get(target).context
    assert codes_of(squeezed(client.get(target).text)) == [
        n.orientation.code for n in context["headlines"].objectives_served
    ]
    assert len(context["rows"]) == number
    assert all(row.total.number for row, _ in context["rows"])
    target, number = found["commune"]
    rows = client.get(target).context["rows"]
    assert len(rows) == number
    assert all(row["number"] for row in rows)
    for row in rows:
        assert listed(client, row["address"]) == row["number"]


@pytest.mark.parametrize("query", ["", "?annee=2025", "?annee=toutes"])
def test_what_is_told_direct_opens_what_is_direct(client, ground, query):
    pages = [squeezed(client.get(f"{address}{query}").text) for address in ("/cadre/", "/orientations/1/")]
    direct = r'href="(/orientations/[^"]*compter=direct[^"]*)">(?:<span[^>]*>[^<]*</span>)?(?:dont )?(\d+)'
    told = re.findall(direct, "".join(pages))
    assert told
    for target, number in told:
        assert client.get(unescape(target)).context["page"].paginator.count == int(number), target


@pytest.mark.parametrize("address", ["/territoires/", "/territoires/?annee=2025&nature=action", "/territoires/27229/"])
def test_every_number_of_the_territories_is_the_length_of_its_list(client, ground, address):
    page = squeezed(client.get(address).text)
    found = re.findall(r'<a href="(/projets/[^"]*)">(\d+)', page)
    assert found
    for target, number in found:
        assert listed(client, unescape(target)) == int(number), target


def test_every_number_of_the_offers_is_the_length_of_its_list(client, ground):
    project = Project.objects.published().filter(starts_on__year=2026).first()
    Offer.objects.create(project=project, kind="language", name="Atelier", places=8)
    Offer.objects.create(project=ProjectFactory(starts_on=None, ends_on=None), kind="other", name="Un jour")
    for address in ("/couverture/offres/", "/couverture/offres/?annee=toutes", "/couverture/"):
        page = squeezed(client.get(address).text)
        number = (
            r'<a href="(/couverture/offres/[^"]*#offres)">(?:(\d+)</a>|(\d+)\u00a0offres? sans date|'
            r'[^<]*<span class="hidden">[^<]*</span> <span class="soft">\((\d+))'
        )
        found = re.findall(number, page)
        assert found, address
        for target, *numbers in found:
            assert client.get(unescape(target)).context["total"].offers == int("".join(numbers)), target
