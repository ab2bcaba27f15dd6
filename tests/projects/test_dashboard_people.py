"""The page of people: every number is that of the list it opens, small ones are told to nobody but those who may."""

import datetime
import re
from html import unescape
from itertools import chain

import pytest
from justhtml import JustHTML

from projects.catalogue.stamps import raise_revision
from projects.dashboard.people_tables import GROUPS
from projects.figures import people
from projects.figures.periods import Period
from projects.models import Declaration, Project, Report
from tests.costs import cost
from tests.factories import OfficerFactory, OrganizationFactory, ProjectFactory, TerritoryFactory
from tests.pages import squeezed

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-25 12:00+01:00")]
ADDRESS = "/tableau-de-bord/personnes/"
PERIOD = Period(2025, datetime.date(2026, 11, 25))


@pytest.fixture
def ground(founding, node):
    """Two organisations in two communes, a PST with a part, what serves nothing, and a small action."""
    first, second = OrganizationFactory(name="Alpha"), OrganizationFactory(name="Bêta")
    here, there = TerritoryFactory(name="Ici"), TerritoryFactory(name="Là")
    dates = {"starts_on": datetime.date(2025, 1, 1), "ends_on": datetime.date(2025, 12, 31)}
    pst = ProjectFactory(
        kind="pst", title="PST", organization=first, serves=[node("1.1.1")], located_in=[here], **dates
    )
    part = ProjectFactory(
        host=pst, organization=second, serves=[node("5.2.1"), node("1.1.1")], located_in=[here, there], **dates
    )
    small = ProjectFactory(organization=second, granted=1000, **dates)
    for project, expected, reached, quarters in ((pst, 100, 80, 40), (part, 60, 90, None), (small, 4, 3, 2)):
        Declaration.objects.create(project=project, people=expected, women=expected)
        Report.objects.create(
            project=project,
            year=2025,
            due_on="2026-06-30",
            handed_at="2026-05-01T00:00Z",
            people=reached,
            women=reached,
            people_from_quarters=quarters,
        )
    ProjectFactory(title="Sans bilan", organization=first, **dates)
    return small


@pytest.fixture
def officer_client(client):
    client.force_login(OfficerFactory())
    return client


NUMBER = re.compile(r'data-label="([^"]*)">\s*(?:<span>\s*)?<a href="(/projets/[^"]*)">([\d\u202f]+)</a>')
SUMS = {
    "Projets": lambda keys, told: len(keys),
    "Attendues": lambda keys, told: told.expected["people"],
    "Touchées": lambda keys, told: told.people,
    "Bilans reçus": lambda keys, told: len(keys),
}


def lines_of(page):
    """Each line of the detail: its numbers, what they are called and the lists that they open."""
    table = page[page.index('id="detail"') : page.index('id="bilans"')]
    for line in re.findall(r"<tr.*?</tr>", table, re.DOTALL)[1:]:
        yield [(label, unescape(address), int(number)) for label, address, number in NUMBER.findall(line)]


@pytest.mark.parametrize("group", GROUPS)
def test_every_number_is_the_sum_over_the_list_that_it_opens(client, founding, ground, group):
    page = client.get(f"{ADDRESS}?annee=2025&par={group}").text
    JustHTML(page, strict=True)
    lines = list(lines_of(page))
    assert len(lines) > 2
    founding.refresh_from_db()
    counted = people.of_period(founding, PERIOD)
    for label, address, number in chain.from_iterable(lines):
        keys = frozenset(project.pk for project in client.get(address).context["page"].paginator.object_list)
        assert number == SUMS[label](keys, counted.sum(keys)), (label, address)
    assert [number for _, _, number in lines[-1]] == [4, 160, 170, 3]


def test_small_numbers_change_nothing_that_anybody_reads_and_officers_read_them(client, officer_client, ground):
    client.logout()
    addresses = [f"{ADDRESS}?annee=2025&par={group}" for group in GROUPS]
    addresses += ["/tableau-de-bord/?annee=2025", "/tableau-de-bord/?annee=toutes", f"/projets/{ground.code}/"]
    files = [f"/tableau-de-bord/personnes.csv?annee=2025&par={group}" for group in ("axe", "structure")]

    def read():
        return [client.get(address).text for address in addresses] + [client.get(file).getvalue() for file in files]

    before = read()
    assert "ne sont pas comptés" in before[0]
    assert "<b>170</b>" in squeezed(before[0])
    Report.objects.filter(project=ground).update(people=2, women=1, people_from_quarters=1)
    Declaration.objects.filter(project=ground).update(people=3, women=2)
    raise_revision()  # these two write without a signal
    assert read() == before
    client.force_login(OfficerFactory())
    page = squeezed(client.get(addresses[0]).text)
    assert "<b>172</b>" in page
    assert "Nombres exacts" in page
    sheet = squeezed(client.get(f"/projets/{ground.code}/").text)
    assert 'data-label="Touchées en 2025">2</td>' in re.sub(r">\s+|\s+<", lambda sign: sign[0].strip(), sheet)
    assert "no-store" in client.get(addresses[0])["Cache-Control"]


def test_who_reads_the_instruction_reads_which_reports_are_missing(client, founding, ground):
    assert "Sans bilan" not in client.get(f"{ADDRESS}?annee=2025").text
    client.force_login(OfficerFactory())
    page = squeezed(client.get(f"{ADDRESS}?annee=2025").text)
    missing = Project.objects.get(title="Sans bilan")
    assert f'<a href="/instruction/{missing.pk}/">Sans bilan</a>' in page
    assert "30\u00a0juin 2026 · en retard" in page


def test_what_means_nothing_is_said_and_an_empty_year_says_why(client, founding, ground):
    page = squeezed(client.get(f"{ADDRESS}?par=perdu&annee=2019").text)
    assert "perdu\u00a0» ne désigne rien" in page
    assert "Aucun projet public en 2019" in page
    assert "Aucune déclaration, aucun bilan" in page


def test_the_page_costs_as_much_whatever_it_tells(founding, ground):
    addresses = [f"{ADDRESS}?annee=2025&par={group}" for group in ("axe", "orientation", "pst")]
    for _ in range(2):  # what a process asks once is not of the page
        raise_revision()
        before = [cost(address) for address in addresses]
    for _ in range(5):
        project = ProjectFactory(starts_on=datetime.date(2025, 1, 1), kind="pst")
        Report.objects.create(project=project, year=2025, due_on="2026-06-30", handed_at="2026-05-01T00:00Z", people=9)
    assert [cost(address) for address in addresses] == before


def test_the_rows_by_pst_make_the_total_even_where_a_pst_is_not_public_or_there_is_none(client, ground):
    dates = {"starts_on": ground.starts_on, "ends_on": ground.ends_on}
    ProjectFactory(host=ProjectFactory(kind="pst", status="draft", **dates), **dates)
    ProjectFactory(kind="prh", **dates)
    ProjectFactory(kind="pst", title="PST", code="PST-B", **dates)
    page = squeezed(client.get(f"{ADDRESS}?annee=2025&par=pst").text)
    *rows, total = [line[0][2] for line in lines_of(page)]
    assert sum(rows) == total == 7
    assert "Dans un PST pas encore public" in page
    assert "PRH sans PST" in page
    assert "PST (PST-B)" in page  # two of one title
