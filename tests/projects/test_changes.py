"""What changed from a year to a later one: recounted in plain SQL, and by hand on plain data."""

import datetime
import random
from decimal import Decimal

import pytest
from django.db import connection
from django.http import QueryDict

from axes import document
from projects.browsing.filters import ProjectFilter
from projects.choices import ProjectStatus
from projects.figures import changes
from projects.figures.changes import Lineage, series, turnover
from projects.figures.periods import Period
from projects.models import Declaration, Project
from tests.factories import OrganizationFactory, ProjectFactory, TerritoryFactory

TODAY = datetime.date(2026, 11, 25)


def test_a_title_without_its_years_is_that_of_the_series():
    assert (
        len(
            {
                series(title)
                for title in ("Été actif 2025", "ete actif (2026)", "Été  actif, 2025-2026", "Été actif 2025/26")
            }
        )
        == 1
    )
    assert series("Atelier 3") != series("Atelier 4")
    assert series("2026") != series("2025")  # nothing else tells them apart


def test_each_project_is_in_one_set_of_its_year_and_a_renewal_tells_from_which():
    mine = {1: "Jardin 2025", 2: "JARDIN 2026", 4: "Bus", 5: "Bus", 12: "Bus 2026"}
    titles = {pk: (7, title) for pk, title in mine.items()} | {3: (8, "Jardin 2026")}
    titles |= {pk: (9, f"Autre {pk}") for pk in (6, 10, 11, 13, 14)}
    # 10 continues 6 by way of 20, which runs in neither year; 13 and 14 say that they continue each other
    lineage = Lineage({10: 20, 20: 6, 11: 5, 13: 14, 14: 13}, titles)
    turned = turnover({1, 4, 5, 6, 14}, {2, 3, 5, 10, 11, 12, 13}, lineage)
    assert turned.sources == {2: {1}, 10: {6}, 11: {5}, 12: {4, 5}, 13: {14}}
    assert turned.going_on == {5}
    assert turned.began == {3}
    assert turned.stopped == set()
    assert turned.taken_up == {1, 4, 6, 14}
    within = turned.within({3, 12, 1})
    assert (within.began, within.renewed, within.taken_up) == ({3}, {12}, {1})


@pytest.fixture
def crowd(founding):
    """Projects of eight organisations and five titles over seven years: some renew others by name, some by title."""
    chance = random.Random(25)
    organizations = [OrganizationFactory() for _ in range(8)]
    stems = ("jardin", "été", "œuvre", "bus", "l’an")
    states = [ProjectStatus.RUNNING, ProjectStatus.CLOSED, ProjectStatus.REFUSED, ProjectStatus.DRAFT]
    projects = []
    for number in range(240):
        start, stem = chance.choice((None, *range(2022, 2029))), chance.choice(stems)
        end = chance.choice((None, start, start + 1, start + 2)) if start else None
        written = chance.choice(
            (stem, stem.upper(), f"{stem} {start or 2026}", f"{stem} ({start or 2026}-{end or 2027})")
        )
        projects.append(
            Project(
                kind="action",
                code=f"P{number}",
                code_key=f"P{number}",
                title=written,
                summary=stem,
                organization=chance.choice(organizations),
                status=chance.choice(states),
                starts_on=start and datetime.date(start, chance.choice((1, 12)), 31),
                ends_on=end and datetime.date(end, 12, 31),
                granted=chance.choice((None, Decimal("0.10"), Decimal("1234.57"), 9000)),
            )
        )
    projects = Project.objects.bulk_create(projects)
    drawn = [(project, chance.choice(projects)) for project in projects if chance.random() < 0.3]
    Declaration.objects.bulk_create([Declaration(project=project, previous=previous) for project, previous in drawn])
    return projects


# The stem of a title stands in its summary: the recount folds nothing.
RECOUNT = """
WITH RECURSIVE public AS (
  SELECT * FROM projects_project
  WHERE status IN ('retained', 'partly_retained', 'running', 'report_due', 'report_received', 'closed')
), before AS (
  SELECT * FROM public WHERE starts_on <= '{since}-12-31' AND (ends_on IS NULL OR ends_on >= '{since}-01-01')
), after AS (
  SELECT * FROM public WHERE starts_on <= '{year}-12-31' AND (ends_on IS NULL OR ends_on >= '{year}-01-01')
), line(project, ancestor) AS (
  SELECT d.project_id, d.previous_id FROM projects_declaration d JOIN public p ON p.id = d.project_id
  WHERE d.previous_id IS NOT NULL
  UNION
  SELECT l.project, d.previous_id FROM line l JOIN public p ON p.id = l.ancestor
  JOIN projects_declaration d ON d.project_id = l.ancestor WHERE d.previous_id IS NOT NULL
), renewal AS (
  SELECT a.id AS project, b.id AS source FROM after a JOIN before b ON
    (b.organization_id = a.organization_id AND b.summary = a.summary)
    OR EXISTS (SELECT 1 FROM line WHERE line.project = a.id AND line.ancestor = b.id)
  WHERE a.id NOT IN (SELECT id FROM before)
)
SELECT 'began', count(*), coalesce(sum(granted), 0) FROM after
  WHERE id NOT IN (SELECT id FROM before) AND id NOT IN (SELECT project FROM renewal)
UNION ALL SELECT 'renewed', count(*), coalesce(sum(granted), 0) FROM after WHERE id IN (SELECT project FROM renewal)
UNION ALL SELECT 'going on', count(*), coalesce(sum(granted), 0) FROM after WHERE id IN (SELECT id FROM before)
UNION ALL SELECT 'taken up', count(*), coalesce(sum(granted), 0) FROM before
  WHERE id NOT IN (SELECT id FROM after) AND id IN (SELECT source FROM renewal)
UNION ALL SELECT 'stopped', count(*), coalesce(sum(granted), 0) FROM before
  WHERE id NOT IN (SELECT id FROM after) AND id NOT IN (SELECT source FROM renewal)
"""


@pytest.mark.django_db
def test_what_began_was_renewed_and_stopped_is_what_plain_sql_counts(crowd, founding):
    def number_listed(year, moved):
        query = QueryDict(f"annee={year}&changement={moved}")
        return ProjectFilter(query, founding).filter(Project.objects.published()).count()

    nodes = document.read_nodes(founding)
    for year, since in ((2026, 2025), (2025, 2024), (2026, 2023), (2028, 2027)):
        changed = changes.changes(founding, nodes, Period(year, TODAY), since)
        with connection.cursor() as cursor:
            cursor.execute(RECOUNT.format(year=year, since=since))
            recounted = {name: (number, round(float(euros) * 100)) for name, number, euros in cursor.fetchall()}
        counts = {
            "began": changed.began,
            "renewed": changed.renewed.after,
            "going on": changed.going_on,
            "taken up": changed.renewed.before,
            "stopped": changed.stopped,
        }
        assert {name: (count.number, count.cents) for name, count in counts.items()} == recounted
        assert min(number for number, _ in recounted.values()) > 0, "the base tries every case"
        parts = (changed.began, changed.renewed.after, changed.going_on)
        assert changed.all.after.number == sum(count.number for count in parts)
        assert changed.all.after.cents == sum(count.cents for count in parts)
        moves = {"nouveaux": "began", "reconduits": "renewed", "poursuivis": "going on"}
        for name, counted in moves.items():
            assert number_listed(year, f"{name}-{since}") == recounted[counted][0]
        for name, counted in {"repris": "taken up", "arretes": "stopped"}.items():
            assert number_listed(since, f"{name}-{year}") == recounted[counted][0]
        parts = (changed.renewed.before, changed.going_on, changed.stopped)
        assert changed.all.before.cents == sum(count.cents for count in parts)


@pytest.mark.django_db
@pytest.mark.time_machine("2026-11-25 12:00+01:00")
def test_what_is_served_in_one_of_two_years_is_gained_or_lost_with_its_money(
    founding, node, django_assert_max_num_queries
):
    here, there = TerritoryFactory(), TerritoryFactory()
    old, new = {"starts_on": datetime.date(2024, 1, 1), "ends_on": datetime.date(2025, 12, 31)}, {"granted": 50}
    ProjectFactory(serves=[node("7.1")], located_in=[there], granted=Decimal("10.01"), **old)
    ProjectFactory(serves=[node("5.2.1")], located_in=[here], **new)
    ProjectFactory(serves=[node("5.2.1")], status=ProjectStatus.REFUSED)
    ProjectFactory(serves=[node("5.2.2")], status=ProjectStatus.REFUSED, **old)
    nodes = document.read_nodes(founding)
    with django_assert_max_num_queries(12):
        changed = changes.changes(founding, nodes, Period(2026, TODAY), 2025)
    assert [moved.of.orientation.code for moved in changed.gained] == ["5", "5.E1", "5.2", "5.2.1"]
    assert [moved.of.orientation.code for moved in changed.lost] == ["7", "7.E1", "7.1"]
    assert {moved.otherwise.words for moved in changed.lost} == {"jusqu’en 2025"}
    assert [(moved.of, moved.compared.after.cents) for moved in changed.communes_gained] == [(here, 5000)]
    assert [(moved.of, moved.compared.before.cents) for moved in changed.communes_lost] == [(there, 1001)]
    assert (changed.all.difference, changed.all.difference_in_cents) == (0, 3999)
    assert [project.starts_on.year for project in changes.refused(2026)] == [2026]
    with pytest.raises(ValueError, match="came before"):
        changes.changes(founding, nodes, Period(2026, TODAY), 2026)


@pytest.mark.django_db
@pytest.mark.time_machine("2026-11-25 12:00+01:00")
def test_a_change_that_means_nothing_of_the_year_is_set_aside_and_said(client, founding):
    ProjectFactory()
    odd = ["nouveaux-2027", "arretes-2025", "nouveaux-2026", "x-2025", "nouveaux", "nouveaux-"]
    queries = [f"annee=2026&changement={value}" for value in odd]
    for query in (*queries, "annee=toutes&changement=nouveaux-2025", "annee=sans&changement=repris-2027"):
        asked = client.get(f"/projets/?{query}").context["asked"]
        assert not asked.is_active
        assert "ce filtre est laissé de côté" in asked.ignored[0]
