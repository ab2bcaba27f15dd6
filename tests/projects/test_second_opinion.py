"""Every figure of the public pages is recounted from the rows of the invented programme (see ``rows``)."""

import re
from html import unescape

import pytest
import time_machine
from django.db import transaction

from axes.founding import load_founding_framework
from projects.demo import load_demo_projects
from projects.models import Need, Offer, Project, Territory
from tests.factories import ProjectFactory
from tests.pages import squeezed
from tests.projects.rows import Rows

# One programme for all: it is loaded once where they run one after another.
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.xdist_group("second_opinion"),
    pytest.mark.time_machine("2026-11-25 12:00+01:00"),
]
COMMUNES = ("27229", "27299", "27347", "27031", "QPV-NAVARRE", "QPV-2024-MADELEINE", "EPN")
YEAR = 2026
LINK = re.compile(r'<a [^>]*?href="(/projets/(?:\?[^"]*)?)"[^>]*>(.*?)</a>', re.DOTALL)


@pytest.fixture(scope="module")
def programme(django_db_setup, django_db_blocker):
    """The demonstration, loaded once, with what it does not have: a quarter served, a draft, the whole agglomération,
    a secret."""
    with time_machine.travel(f"{YEAR}-11-25"), django_db_blocker.unblock(), transaction.atomic():
        founding = load_founding_framework()
        load_demo_projects(founding)
        node = founding.orientations.get
        town, quarter, whole = (Territory.objects.get(code=code) for code in ("27229", "QPV-NAVARRE", "EPN"))
        ProjectFactory(
            code="X-1",
            serves=[node(code="7.1.1-a"), node(code="7.1")],
            located_in=[quarter, town],
            starts_on="2022-01-01",
            ends_on="2023-06-30",
        )
        ProjectFactory(code="X-2", serves=[node(code="5.2.1-b")], located_in=[whole], ends_on=None)
        hidden = ProjectFactory(code="X-3", serves=[node(code="8.1-b")], located_in=[town], status="draft")
        Offer.objects.create(project=hidden, kind="tutoring", name="Cachée", places=99)
        Offer.objects.create(project=Project.objects.get(code="PRH-01"), kind="other", name="Sans lieu ni places")
        Need.objects.create(wording="Tu", heard_on="2026-02-03", territory=town, is_published=False)
        yield Rows()
        transaction.set_rollback(True)


def text(fragment):
    """What one reads of it, hidden words left out."""
    fragment = re.sub(r'<span class="hidden">.*?</span>', "", fragment, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", " ", fragment))


def dated(territory):
    """How a territory is called: with its years once it is over."""
    first, last = territory["valid_from"], territory["valid_to"]
    return f"{territory['name']}, {first.year}–{last.year}" if last and first else territory["name"]


def numbers_that_open_a_list(page):
    """Each link to projects that says a number, with the last number that it says; amounts have a recount of theirs."""
    found = [(unescape(address), text(words)) for address, words in LINK.findall(page)]
    numbers = [(address, re.findall(r"\d+", words)) for address, words in found if "€" not in words]
    return [(address, int(said[-1])) for address, said in numbers if said]


def read(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return squeezed(answer.text)


def section(page, anchor):
    return unescape(page[page.index(f'id="{anchor}"') :].partition("</section>")[0])


def figures(page):
    """The figures at the head of a page: what each says, and of how many."""
    block = page[page.index('<ul class="figures') :].partition("</ul>")[0]
    found = re.findall(r"<b>(\d+)(?:<small> / (\d+)</small>)?</b>", block)
    return [(int(number), int(of)) if of else int(number) for number, of in found]


@pytest.mark.parametrize(
    ("address", "least"),
    [
        ("/", 10),
        ("/?annee=toutes", 13),
        ("/?annee=2024", 8),
        ("/orientations/1/", 20),
        ("/orientations/5/?annee=toutes", 40),
        ("/orientations/2.1/?annee=2025", 5),
        ("/couverture/", 50),
        ("/couverture/?annee=toutes", 70),
        ("/couverture/?lignes=priorites&colonnes=nature&compter=direct", 20),
        ("/couverture/?lignes=servis&annee=toutes", 17),
        ("/couverture/?lignes=objectifs&colonnes=annee&nature=action", 50),
        ("/couverture/?annee=2025&nature=hors&colonnes=toutes", 5),
        *((f"/territoires/{code}/", 1) for code in COMMUNES if code != "27031"),
        ("/territoires/", 10),
        ("/territoires/?annee=toutes&montrer=servies", 21),
        ("/territoires/?annee=2025&nature=action", 5),
    ],
)
def test_every_number_that_opens_a_list_is_what_the_rows_say(client, programme, address, least):
    found = numbers_that_open_a_list(read(client, address))
    assert len(found) >= least
    for target, number in found:
        assert len(programme.listed(target)) == number, target


YEARS = pytest.mark.parametrize(("year", "query"), [(YEAR, ""), (2024, "?annee=2024"), (None, "?annee=toutes")])


@YEARS
def test_the_figures_of_home(client, programme, year, query):
    programme = programme.of_year(year) if year else programme
    page = read(client, f"/{query}")
    objectives = programme.in_order("operational")
    communes = programme.perimeter()
    kinds = [sum(1 for row in programme.projects.values() if row["kind"] == kind) for kind in ("pst", "prh", "action")]
    assert figures(page) == [
        len(programme.projects),
        (sum(1 for code in objectives if programme.serving(code)), len(objectives)),
        (sum(1 for code in communes if programme.located(code)), len(communes)),
        *kinds,
    ]
    told = re.search(r'<p class="small tallies">(.*?)</p>', page)[1]
    levels = ("axis", "challenge", "strategic", "operational", "priority")
    assert [int(n) for n in re.findall(r"<b>(\d+)</b>", told)] == [len(programme.in_order(one)) for one in levels]
    empty = [code for code in programme.in_order() if not programme.serving(code)]
    assert f"{len(empty)}\u00a0orientations sans aucun projet" in page
    for axis, tally in zip(programme.in_order("axis"), re.findall(r'<p class="tally">(.*?)</p>', page), strict=True):
        below = [code for code in objectives if programme.codes[code] in programme.branch(axis)]
        served = [code for code in below if programme.serving(code)]
        said = re.search(r"(\d+)\u00a0objectifs? sur (\d+)", tally)
        assert (tuple(map(int, said.groups())) if said else (0, 0)) == (len(served), len(below)), axis


@YEARS
@pytest.mark.parametrize("address", ["/", "/orientations/5/", "/orientations/8/"])
def test_the_glance_says_the_branch_of_every_orientation(client, programme, address, year, query):
    programme = programme.of_year(year) if year else programme
    page = read(client, address + query)
    glance = page[page.index('class="icicle"') :].partition("</table>")[0]
    said = re.findall(
        r'href="/orientations/([^"]+)/[^"]*"[^>]*>(?:(?!</a>).)*<b>(\d+)<span class="hidden"> projet', glance
    )
    under = programme.branch(address.split("/")[2]) if address != "/" else set(programme.orientations)
    assert {code for code, _ in said} == {programme.orientations[key]["code"] for key in under}
    assert {code: int(number) for code, number in said} == {code: len(programme.serving(code)) for code, _ in said}


@YEARS
@pytest.mark.parametrize("code", ["1", "5", "7", "8", "2.1", "5.2.1-b"])
def test_the_figures_of_an_orientation(client, programme, code, year, query):
    programme = programme.of_year(year) if year else programme
    page = read(client, f"/orientations/{code}/{query}")
    served = programme.serving(code)
    communes = [one for one in programme.perimeter() if served & programme.located(one)]
    hors = {
        key for key in served if programme.projects[key]["kind"] == "action" and not programme.projects[key]["host_id"]
    }
    needs = [one for one in programme.needs if one["orientation_id"] in programme.branch(code)]
    assert figures(page) == [
        len(served),
        len(programme.serving(code, direct=True)),
        len(hors),
        (len(communes), len(programme.perimeter())),
        len(needs),
    ]
    where = page[page.index('id="ou"') :].partition("</section>")[0]
    assert set(re.findall(r'href="/territoires/([^"]+)/[^"]*"', where)) == set(communes)
    for child, number in re.findall(r'href="/orientations/([^"]+)/(?:\?annee=\w+)?#fait">(\d+)', page):
        assert len(programme.serving(child)) == int(number), child
    for name, options in re.findall(r'<select id="f-[a-z]+" name="([a-z]+)">(.*?)</select>', page, re.DOTALL):
        for value, number in re.findall(r'<option value="([^"]*)"[^>]*>[^<]*\((\d+)\)</option>', options):
            assert len(programme.listed(f"?annee=toutes&orientation={code}&{name}={value}")) == int(number), (
                name,
                value,
            )


@pytest.mark.parametrize(
    "query", ["", "annee=toutes", "annee=2025", "nature=prh", "nature=hors&annee=2026", "compter=direct"]
)
def test_every_cell_of_coverage_zeros_too(client, programme, query):
    page = read(client, f"/couverture/?lignes=priorites&colonnes=toutes&{query}")
    direct, narrowing = query == "compter=direct", query.replace("nature=hors", "nature=action&pst=hors")
    programme = programme if "annee" in query else programme.of_year(YEAR)
    asked = programme.listed("" if direct else f"?{narrowing}")
    table = page[page.index('<table class="matrix">') :].partition("</table>")[0]
    names = [text(one).strip() for one in re.findall(r'<th scope="col"(?: class="q")?>(.*?)</th>', table)][1:]
    codes = {dated(row): row["code"] for row in programme.territories.values()}
    lines = re.findall(r'<tr class="[^"]*" id="o-([^"]+)">(.*?)</tr>', table, re.DOTALL)
    assert [code for code, _ in lines] == programme.in_order()
    for code, line in lines:
        cells = [int(text(one)) for one in re.findall(r"<td[^>]*>(.*?)</td>", line, re.DOTALL)]
        served = programme.serving(code, direct=direct) & asked
        expected = [len(served & programme.located(codes[name])) for name in names]
        assert cells == [len(served), *expected], code


@pytest.mark.parametrize("query", ["", "annee=toutes", "annee=2025", "nature=prh"])
def test_the_figures_and_lists_of_coverage(client, programme, query):
    page = read(client, f"/couverture/?{query}")
    programme = programme if "annee" in query else programme.of_year(YEAR)
    asked = programme.listed(f"?{query}")
    objectives, communes = programme.in_order("operational"), programme.perimeter()
    served = {code for code in programme.in_order() if programme.serving(code) & asked}
    bare = [code for code in communes if not programme.located(code) & asked]
    empty = [code for code in programme.in_order() if code not in served]
    assert figures(page) == [
        len(asked),
        (len(served & set(objectives)), len(objectives)),
        len(empty),
        (len(communes) - len(bare), len(communes)),
        len(bare),
    ]
    shown = re.findall(r'<a class="code" href="/orientations/([^"]+)/[^"]*"', section(page, "vides"))
    assert sorted(shown) == sorted(empty)
    assert sorted(re.findall(r'href="/territoires/([^"]+)/[^"]*"', section(page, "communes"))) == sorted(bare)
    of_code = {row["code"]: key for key, row in programme.orientations.items()}
    heard = {one["orientation_id"] for one in programme.needs}
    unheard = [code for code in programme.in_order() if not programme.branch(code) & heard]
    in_vain = [one for one in programme.needs if one["orientation_id"] in {of_code[code] for code in empty}]
    needs = section(page, "besoins")
    assert [int(number) for number in re.findall(r"<b>(\d+)</b>", needs)] == [
        sum(1 for one in programme.needs if one["orientation_id"] not in programme.orientations),
        len(unheard),
        len(in_vain),
        sum(1 for code in unheard if code not in served),
    ]
    assert f"{len(programme.needs)}\u00a0besoins entendus" in needs


@YEARS
@pytest.mark.parametrize("code", COMMUNES)
def test_the_page_of_a_territory_zeros_too(client, programme, code, year, query):
    programme = programme.of_year(year) if year else programme
    page = read(client, f"/territoires/{code}/{query}")
    located = programme.located(code)
    here = programme.territory(code)
    if not located:
        assert "Aucun projet" in section(page, "axes-ici")
        assert 'id="manque-ici"' not in page
        return
    assert f">{len(located)}\u00a0projet" in section(page, "axes-ici")
    axes = re.findall(
        r'href="/orientations/([^"]+)/[^"]*">.*?(?:>(\d+)\u00a0projets?<|aucun projet)', section(page, "axes-ici")
    )
    assert {axis: int(number or 0) for axis, number in axes} == {
        axis: len(programme.serving(axis) & located) for axis in programme.in_order("axis")
    }
    nothing = r'href="/territoires/([^"]+)/[^"]*">(?:(?!</a>).)*</a> <span class="zero">aucun projet'
    for other in re.findall(nothing, page):
        assert not programme.located(other), other
    inside = programme.inside(code)
    needs = [one for one in programme.needs if one["territory_id"] in inside]
    assert page.count("<time ") == len(needs)
    if here["kind"] == "agglomeration":
        assert 'id="manque-ici"' not in page
        return
    bare = [one for one in programme.in_order() if not programme.serving(one) & located]
    missing = section(page, "manque-ici")
    assert f"{len(bare)}\u00a0orientations sur {len(programme.orientations)}" in missing
    assert re.findall(r'<a class="code" href="/orientations/([^"]+)/[^"]*"', missing) == bare
    levels = ("axis", "challenge", "strategic", "operational", "priority")
    of = [programme.in_order(one) for one in levels]
    said = re.findall(r"(\d+)\u00a0[a-zé ]+ sur (\d+)", missing.partition("Une orientation")[0].partition("</div>")[2])
    assert [tuple(map(int, one)) for one in said] == [(len(set(all_) & set(bare)), len(all_)) for all_ in of]
    by_axis = [int(n) for pair in re.findall(r'<span class="soft">(\d+) sur (\d+)</span>', missing) for n in pair]
    trees = [
        {programme.orientations[key]["code"] for key in programme.branch(one)} for one in programme.in_order("axis")
    ]
    assert by_axis == [n for tree in trees if tree & set(bare) for n in (len(tree & set(bare)), len(tree))]


@pytest.mark.parametrize("code", COMMUNES)
def test_the_offers_of_a_territory(client, programme, code):
    shown = section(read(client, f"/territoires/{code}/"), "offres-ici")
    lines = re.findall(r"<li>(.*?)</li>", shown, re.DOTALL)
    if not programme.offered(YEAR, commune=code):
        assert not lines
        assert "Aucune offre n’y est donnée" in shown
        return
    assert len(lines) == 5
    for kind, line in zip(("language", "tutoring", "early_childhood", "reception", "other"), lines, strict=True):
        here = programme.offered(YEAR, kind, code)
        said = re.search(r">(\d+)\u00a0offres?<", line)
        assert int(said[1] if said else 0) == len(here)
        places, hours = re.search(r"(\d+)\u00a0places?", line), re.search(r"(\d+) heures", line)
        assert int(places[1] if places else 0) == sum(one["places"] or 0 for one in here)
        assert int(hours[1] if hours else 0) == sum(one["weekly_hours"] or 0 for one in here)


@pytest.mark.parametrize("year", [2024, 2026, None])
def test_every_figure_of_the_offers(client, programme, year):
    page = read(client, f"/couverture/offres/?annee={year or 'toutes'}")
    kinds = ["language", "tutoring", "early_childhood", "reception", "other"]
    kinds = [kind for kind in kinds if kind != "other" or programme.offered(year, "other")]
    table = section(page, "maillage")
    lines = re.findall(r'<tr(?: class="sum")?><th scope="row">(.*?)</th>(.*?)</tr>', table, re.DOTALL)
    codes = {row["name"]: row["code"] for row in programme.territories.values() if row["kind"] == "commune"}
    codes |= {"Toutes, chacune une fois": "", "Sans lieu déclaré": "aucune"}
    for name, line in lines[:-1]:
        cells = [text(one) for one in re.findall(r"<td[^>]*>(.*?)</td>", line, re.DOTALL)]
        for kind, cell in zip([*kinds, ""], cells, strict=True):
            found = programme.offered(year, kind, codes[text(name).strip()])
            places = sum(one["places"] or 0 for one in found)
            said = re.findall(r"\d+|non dit", cell)
            untold = found and all(one["places"] is None for one in found)
            assert said == (["non dit" if untold else str(places), str(len(found))] if found else ["0"]), (name, kind)
    bare = [
        [code for code in programme.perimeter() if not programme.offered(year, kind, code)] for kind in [*kinds, ""]
    ]
    assert [int(text(one)) for one in re.findall(r"<td[^>]*>(.*?)</td>", lines[-1][1])] == [len(one) for one in bare]
    assert sorted(re.findall(r'href="/territoires/([^"]+)/"', section(page, "sans-offre"))) == sorted(bare[-1])
    everything = programme.offered(year)
    listed = section(page, "offres")
    assert f"{len(everything)}\u00a0offres" in listed
    assert f"{sum(one['places'] or 0 for one in everything)}\u00a0places" in listed


@pytest.mark.parametrize("year", [2024, 2026])
def test_the_offers_of_coverage_kind_by_kind(client, programme, year):
    lines = re.findall(
        r'<tr(?: class="sum")?>\s*<th scope="row">(.*?)</tr>',
        section(read(client, f"/couverture/?annee={year}"), "offres"),
        re.DOTALL,
    )
    kinds = ["language", "tutoring", "early_childhood", "reception"]
    other = ["other"] if programme.offered(year, "other") else []
    communes = programme.perimeter()
    for kind, line in zip([*kinds, *other, ""], lines, strict=True):
        found = programme.offered(year, kind)
        hours = sum(one["weekly_hours"] or 0 for one in found)
        without = sum(1 for code in communes if not programme.offered(year, kind, code))
        served, of = len(communes) - without, len(communes)
        expected = [len(found), sum(one["places"] or 0 for one in found), int(hours), served, of, without]
        assert [int(n) for n in re.findall(r"\d+", text(line.partition("</th>")[2]))] == expected, kind
