"""The page of money: against a recount in plain SQL, and each of its numbers against the list that it opens."""

import datetime
import random
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import QueryDict
from django.urls import reverse

from axes import document
from cohesion.lib.text import fold
from projects.browsing import sums
from projects.browsing.filters import ProjectFilter
from projects.catalogue import publicity
from projects.choices import PUBLIC_STATUSES, FunderKind, FundingState, ProjectKind, ProjectStatus, TerritoryKind
from projects.dashboard.money_table import ROW_CHOICES, MoneyQuery, money_table
from projects.figures.money import Item
from projects.models import BudgetLine, CoLead, FundingLine, Project, Review, Scheme
from tests.factories import (
    CampaignFactory,
    FrameworkFactory,
    OfficerFactory,
    OrganizationFactory,
    OrientationFactory,
    ProjectFactory,
    TerritoryFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-25 12:00+01:00")]

AMOUNTS = ["0", "0.01", "33.33", "1000", "2500.50", None]


def some_amount(chance):
    amount = chance.choice(AMOUNTS)
    return amount and Decimal(amount) * chance.randint(1, 40)


@pytest.fixture
def nasty(founding):
    """Projects of all sorts, drawn at random, the same at each run: several years, no end, no beginning, PST with
    parts, links to two frameworks, no link, no main link, quarters, several places, several leads, all funders."""
    chance = random.Random(16)
    nodes = document.read_nodes(founding)
    former = OrientationFactory(framework=FrameworkFactory())
    towns = TerritoryFactory.create_batch(4)
    quarter = TerritoryFactory(kind=TerritoryKind.PRIORITY_QUARTER, parent=towns[0], is_in_perimeter=False)
    region = TerritoryFactory(kind=TerritoryKind.OTHER, is_in_perimeter=False)
    leads, scheme = OrganizationFactory.create_batch(3), Scheme.objects.create(code="ASV")
    psts = []
    for number in range(36):
        kind = ProjectKind.PST if number < 4 else chance.choice([ProjectKind.PRH, ProjectKind.ACTION])
        start = chance.choice([None, 2024, 2025, 2026, 2026, 2027])
        length = chance.choice([0, 0, 1, 2, None])
        serves = [node.orientation for node in chance.sample(nodes, chance.choice([0, 1, 2, 3]))]
        project = ProjectFactory(
            kind=kind,
            host=chance.choice([None, *psts]) if number >= 4 else None,
            status=chance.choice([ProjectStatus.RUNNING, ProjectStatus.CLOSED, ProjectStatus.RUNNING, "submitted"]),
            organization=chance.choice(leads),
            starts_on=start and datetime.date(start, chance.choice([1, 12]), 31),
            ends_on=None if start is None or length is None else datetime.date(start + length, 12, 31),
            total_cost=some_amount(chance),
            requested=some_amount(chance),
            serves=[*serves, former] if number % 5 == 0 else serves,
            located_in=chance.sample([*towns[:3], quarter, region], chance.choice([0, 1, 2, 3])),
        )
        Project.objects.filter(pk=project.pk, status__in=PUBLIC_STATUSES).update(granted=some_amount(chance))
        if number % 9 == 0:
            project.contributions.filter(is_main=True).delete()
        if number % 7 == 0:
            project.schemes.add(scheme)
            CoLead.objects.create(project=project, organization=next(o for o in leads if o != project.organization))
        Review.objects.create(project=project, proposed_amount=some_amount(chance))
        for account in chance.sample(["601", "756", "own", "70", "860", "870"], 3):
            BudgetLine.objects.create(project=project, account=account, amount=some_amount(chance) or 1)
        for kind_of_funder in chance.sample(FunderKind.values, 4):
            ours = kind_of_funder == FunderKind.AGGLOMERATION
            FundingLine.objects.create(
                project=project,
                kind=kind_of_funder,
                state=chance.choice(["", *FundingState.values]),
                requested=some_amount(chance),
                granted=None if ours else chance.choice([None, some_amount(chance)]),
                funding_class=chance.choice(["", "ordinary", "specific"]),
            )
        psts += [project] if kind == ProjectKind.PST else []
    founding.refresh_from_db()
    return founding


# What has never seen our code: whole cents, the projects of a year, what a PST says again left out.
POPULATION = """
WITH pop AS (
  SELECT p.* FROM projects_project p
  WHERE p.status IN ('retained', 'partly_retained', 'running', 'report_due', 'report_received', 'closed') {year}
), line AS (
  SELECT f.project_id, f.kind, CAST(ROUND(COALESCE(f.granted, f.requested) * 100) AS BIGINT) AS cents
  FROM projects_fundingline f JOIN pop ON pop.id = f.project_id
  WHERE f.kind <> 'agglomeration' AND COALESCE(f.granted, f.requested) > 0
    AND (f.granted IS NOT NULL OR f.state = 'obtained')
), counted AS (
  SELECT pop.id, CAST(ROUND(COALESCE(pop.granted, 0) * 100) AS BIGINT) AS granted,
    CASE WHEN EXISTS (SELECT 1 FROM pop part WHERE part.host_id = pop.id AND part.total_cost > 0) THEN 0
      ELSE CAST(ROUND(COALESCE(pop.total_cost, 0) * 100) AS BIGINT) END AS cost,
    CASE WHEN EXISTS (SELECT 1 FROM pop part JOIN line ON line.project_id = part.id WHERE part.host_id = pop.id)
      THEN 0 ELSE 1 END AS speaks
  FROM pop
), amount AS (
  SELECT counted.id, counted.granted, counted.cost, counted.speaks,
    counted.speaks * COALESCE((SELECT SUM(cents) FROM line WHERE line.project_id = counted.id), 0) AS obtained
  FROM counted
)
"""
SUMS = "COUNT(*), COALESCE(SUM(amount.granted), 0), COALESCE(SUM(amount.obtained), 0), COALESCE(SUM(amount.cost), 0)"
BY_AXIS = f"""
SELECT root.code, {SUMS} FROM amount
  JOIN projects_contribution c ON c.project_id = amount.id AND c.is_main
  JOIN axes_orientation o ON o.id = c.orientation_id AND o.framework_id = %s
  JOIN axes_orientation root ON root.tree_id = o.tree_id AND root.parent_id IS NULL GROUP BY root.code
"""
BY_PLACE = f"""
SELECT t.name, {SUMS} FROM projects_territory t JOIN amount ON EXISTS (
  SELECT 1 FROM projects_place place JOIN projects_territory inside ON inside.id = place.territory_id
  WHERE place.project_id = amount.id AND (inside.id = t.id OR inside.parent_id = t.id AND t.kind = 'commune'))
WHERE t.parent_id IS NULL GROUP BY t.name
"""
BY_FUNDER = """
SELECT line.kind, COUNT(DISTINCT line.project_id), SUM(line.cents * amount.speaks)
FROM line JOIN amount ON amount.id = line.project_id GROUP BY line.kind
"""


def recounted(sql, year, *parameters):
    of_year = f"AND p.starts_on <= '{year}-12-31' AND (p.ends_on IS NULL OR p.ends_on >= '{year}-01-01')"
    with connection.cursor() as cursor:
        cursor.execute(POPULATION.format(year=of_year if year else "") + sql, parameters)
        return {row[0]: tuple(int(number) for number in row[1:]) for row in cursor.fetchall()}


def table_of(framework, address, readable=publicity.ALL):
    nodes = document.kept(framework)
    return money_table(framework, nodes, MoneyQuery.from_query(QueryDict(address), readable), readable)


def numbers(line, *items):
    by_label = {cell.label: cell.cents for cell in line.cells}
    return (line.projects, *(by_label[Item(item).label] for item in items))


SHOWN = ("granted", "cofunding", "cost")


def test_every_total_is_that_of_a_recount_in_plain_sql(nasty):
    for year in (2024, 2025, 2026, 2027, None):
        address = f"annee={year or 'toutes'}"
        (whole,) = recounted(f"SELECT 'all', {SUMS} FROM amount", year).values()

        table = table_of(nasty, address)
        assert numbers(table.total, *SHOWN) == whole
        axes = {line.row.node.orientation.code: numbers(line, *SHOWN) for line in table.lines if line.row.node}
        assert {code: row for code, row in axes.items() if row[0]} == recounted(BY_AXIS, year, nasty.pk)
        assert tuple(map(sum, zip(*(numbers(line, *SHOWN) for line in table.lines), strict=True))) == whole
        shared = table_of(nasty, f"{address}&repartir=oui")
        assert tuple(map(sum, zip(*(numbers(line, *SHOWN)[1:] for line in shared.lines), strict=True))) == whole[1:]

        places = table_of(nasty, f"{address}&par=commune").lines
        by_place = {line.row.label: numbers(line, *SHOWN) for line in places if line.projects}
        by_place.pop("Sans lieu déclaré", None)
        assert by_place == recounted(BY_PLACE, year)
        shared = table_of(nasty, f"{address}&par=commune&repartir=oui").lines
        assert tuple(map(sum, zip(*(numbers(line, *SHOWN)[1:] for line in shared), strict=True))) == whole[1:]

        ours, *funders = table_of(nasty, f"{address}&par=financeur").lines
        assert numbers(ours, "granted")[1] == whole[1]
        by_kind = {line.row.parameters["financeur"]: numbers(line, "cofunding") for line in funders}
        assert by_kind == recounted(BY_FUNDER, year)

        by_year = {line.row.label: numbers(line, *SHOWN) for line in table_of(nasty, "par=annee").lines}
        if year:
            assert by_year[str(year)] == whole


def test_every_number_leads_to_exactly_its_projects_and_their_sums(nasty):
    officer = OfficerFactory()
    for rows in ROW_CHOICES:
        for more in ("", "&annee=toutes&deplier=tout", "&repartir=oui&deplier=5,5.2", "&colonnes=financeurs"):
            table = table_of(nasty, f"par={rows}{more}")
            assert table.lines
            for line in [*table.lines, *([table.total] if table.total else [])]:
                if not line.address:
                    assert not line.projects
                    continue
                asked = ProjectFilter(QueryDict(line.address.partition("?")[2]), nasty)
                assert (asked.keys(), asked.ignored) == (line.row.keys, []), (rows, more, line.row.label)
                if table.query.is_by_payer or table.query.shows_funders:
                    continue
                listed = dict(sums.of_list(asked, officer).sums)
                for cell in line.cells[:2]:
                    assert listed[cell.label[:1].lower() + cell.label[1:]] * 100 == cell.cents, (rows, more, line)


def test_a_visitor_reads_what_the_setting_says_and_no_more(nasty, settings):
    def labels():
        return [cell.label for cell in table_of(nasty, "", publicity.readable_by(AnonymousUser())).total.cells]

    assert labels() == ["Accordé", "Cofinancements obtenus"]
    settings.PUBLIC_AMOUNTS = ["granted", "cofunding", "own"]
    assert labels() == ["Accordé", "Cofinancements obtenus"]
    settings.PUBLIC_AMOUNTS = ["cofunding"]
    table = table_of(nasty, "colonnes=financeurs", publicity.readable_by(AnonymousUser()))
    assert not table.has_lever
    assert "L’agglomération" not in [column.label for column in table.columns]


@pytest.mark.parametrize("public", [[], ["granted"], ["cofunding"]])
def test_what_is_not_public_orders_no_row_and_names_no_payer(nasty, settings, public):
    settings.PUBLIC_AMOUNTS = public
    for rows in ("financeur", "credits"):
        table = table_of(nasty, f"par={rows}&annee=toutes", publicity.public_items())
        assert table.query.rows == "axe"
        assert table.query.ignored
    labels = [line.row.label for line in table_of(nasty, "par=structure", publicity.public_items()).lines]
    assert (labels == sorted(labels, key=fold)) is ("granted" not in public)


def test_the_page_says_it_to_visitors_and_to_officers_and_its_file_has_the_same(
    nasty, client, django_assert_num_queries
):
    CampaignFactory(name="Appel 2026", year=2026, budget=50_000, is_published=True)
    address = reverse("projects:dashboard_money")
    page = client.get(address + "?par=structure&colonnes=rien")
    assert page.status_code == 200
    text = page.content.decode()
    assert "Colonnes\u00a0: «\u00a0rien\u00a0» ne désigne rien" in text
    assert not any(words in text for words in ("Enveloppe", "Coût<", "Demandé<", "50\u202f000"))
    for path in ("", "?par=annee", "?par=commune&repartir=oui", "?par=financeur", "?colonnes=financeurs&deplier=tout"):
        assert client.get(address + path).status_code == 200
    file = client.get(reverse("projects:dashboard_money_export", args=["csv"]))
    lines = file.getvalue().decode("utf-8-sig").splitlines()
    assert lines[0] == "Année;Code;Orientation;Projets;Accordé;Cofinancements obtenus;programme;cadre"
    table = table_of(nasty, "", publicity.public_items())
    granted = Decimal(table.total.cells[0].cents) / 100
    assert lines[-1].split(";")[4] == f"{granted.normalize():f}".replace(".", ",")
    assert len(lines) == len(table.lines) + 2

    # Once the amounts are read, no row costs a query: PST alone are asked for their titles.
    for query, queries in (("?par=axe&deplier=tout", 1), ("?par=structure", 1), ("?par=pst", 2), ("?par=annee", 1)):
        with django_assert_num_queries(queries):
            client.get(address + query)
    client.force_login(OfficerFactory())
    page = client.get(address)
    assert page.headers["Cache-Control"] == "no-store, private"
    text = page.content.decode()
    assert all(words in text for words in ("Appel 2026", "50\u202f000\u00a0€", "Coût", "Proposé"))
