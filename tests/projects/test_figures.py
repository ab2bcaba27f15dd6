"""One truth about counts: direct or of the branch, and a project counts once."""

import datetime
import random

import pytest

from axes import document
from cohesion.lib.heat import step
from projects.choices import ProjectKind, ProjectStatus, TerritoryKind
from projects.figures.breakdowns import by_kind, by_territory, by_year, read_rows, spans
from projects.figures.figures import Figures, headlines, serving
from projects.models import Project, Territory
from tests.factories import ProjectFactory, TerritoryFactory

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-25 12:00+01:00")]


@pytest.fixture
def served(founding, node):
    """One project on two orientations of one branch, one on a third, one draft."""
    ProjectFactory(serves=[node("5.2.1-a"), node("5.2.1-b")])
    ProjectFactory(serves=[node("5.2.1"), node("7.1")])
    ProjectFactory(serves=[node("5.2.2")], status=ProjectStatus.DRAFT)
    return document.read_nodes(founding)


def test_a_project_with_two_orientations_of_one_branch_counts_once(served):
    by_code = {n.orientation.code: n.orientation.pk for n in served}
    found = serving(served, Project.objects.published()).tallies
    assert (found[by_code["5.2.1"]].direct, found[by_code["5.2.1"]].branch) == (1, 2)
    assert (found[by_code["5.2"]].direct, found[by_code["5.2"]].branch) == (0, 2)
    assert found[by_code["7"]].branch == 1
    assert found[by_code["5.2.2"]].branch == 0


def test_every_tally_is_the_length_of_the_list_that_it_leads_to(served):
    found = serving(served, Project.objects.published()).tallies
    for each in served:
        listed = Project.objects.published().serving(each.orientation)
        direct = Project.objects.published().serving(each.orientation, direct=True)
        assert (found[each.orientation.pk].branch, found[each.orientation.pk].direct) == (
            listed.count(),
            direct.count(),
        )


def test_all_tallies_cost_one_query(served, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert serving(served, Project.objects.published()).tallies


# --- against naive recounts ---------------------------------------------------------------------------------


@pytest.fixture
def crowd(founding):
    """Projects, links and places drawn at random, the same at each run; some drafts among them."""
    chance = random.Random(74)
    nodes = document.read_nodes(founding)
    evreux = TerritoryFactory(name="Évreux")
    quarter = TerritoryFactory(kind=TerritoryKind.PRIORITY_QUARTER, parent=evreux, is_in_perimeter=False)
    places = [evreux, quarter, *TerritoryFactory.create_batch(4), TerritoryFactory(is_in_perimeter=False)]
    pst = ProjectFactory(kind=ProjectKind.PST, serves=[nodes[0].orientation])
    organization = pst.organization
    for number in range(24):
        start = chance.choice([None, 2023, 2024, 2025])
        ProjectFactory(
            organization=organization,
            kind=chance.choice([ProjectKind.PRH, ProjectKind.ACTION]),
            host=chance.choice([None, pst]),
            status=chance.choice([ProjectStatus.RUNNING, ProjectStatus.CLOSED, ProjectStatus.DRAFT]),
            starts_on=start and datetime.date(start, 5, 1),
            ends_on=start and chance.choice([None, datetime.date(start + number % 2, 12, 31)]),
            serves=[node.orientation for node in chance.sample(nodes[:30], chance.randint(1, 4))],
            located_in=chance.sample(places, chance.randint(0, 3)),
        )
    return nodes


def naive(node, matching, *, direct=False):
    """The projects counted one by one, through the rows."""
    nodes = [node] if direct else [node, *node.descendants]
    keys = {one.orientation.pk for one in nodes}
    return {
        project.pk
        for project in Project.objects.published()
        if {link.orientation_id for link in project.contributions.all()} & keys and matching(project)
    }


def anything(project):
    return True


def recounted(crowd, breakdown, matches):
    """Check each row and column of a matrix, and « all »."""
    served = serving(crowd, Project.objects.published())
    for node in [*crowd[:6], *crowd[10:30:5], crowd[-1]]:
        for direct in (False, True):
            projects = served.projects(node.orientation.pk, direct=direct)
            assert projects == naive(node, anything, direct=direct)
            counts = breakdown.counts(projects)
            for key in breakdown.columns:
                assert counts[key] == len(naive(node, lambda p, key=key: matches(p, key), direct=direct)), (node, key)


def test_the_matrix_by_place_is_the_naive_recount(crowd):
    def matches(project, key):
        declared = [place.territory for place in project.places.select_related("territory")]
        return key in {one.pk for one in declared} | {one.parent_id for one in declared}

    recounted(crowd, by_territory(Project.objects.published()), matches)


def test_the_matrix_by_kind_is_the_naive_recount_and_its_columns_add_up(crowd):
    def matches(project, key):
        if project.kind != ProjectKind.ACTION:
            return key == project.kind
        return key == ("hosted" if project.host_id else "hors")

    kinds = by_kind(read_rows(Project.objects.published()))
    recounted(crowd, kinds, matches)
    assert sum(kinds.totals.values()) == Project.objects.published().count()


def test_the_matrix_by_year_is_the_list_of_each_year(crowd):
    published = Project.objects.published()
    years = by_year(spans(read_rows(published)), datetime.date(2026, 11, 25))

    def matches(project, key):
        found = published.in_year(int(key)) if key.isdecimal() else published.undated()
        return found.filter(pk=project.pk).exists()

    recounted(crowd, years, matches)
    assert list(years.columns) == ["2023", "2024", "2025", "2026", "sans"]
    assert set().union(*(years.members[key] for key in years.columns)) == set(published.values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("dates", "offered"),
    [
        ([], ["2026"]),
        ([(2026, 2099)], ["2026", "2027", "2028"]),
        ([(1900, 1900), (2024, 2024)], ["avant-2024", "2024", "2025", "2026"]),
        ([(2010, None)], [str(year) for year in range(2019, 2027)]),
        ([(2040, 2041)], ["2026", "apres-2026"]),
        ([(None, 2025), (2025, None)], ["2025", "2026", "sans"]),
        ([(2011, 2035)], [str(year) for year in range(2019, 2029)]),
    ],
)
def test_the_years_offered_are_near_today_and_no_project_is_in_none(dates, offered):
    found = dict(enumerate(dates))
    years = by_year(found, datetime.date(2026, 11, 25))
    assert list(years.columns) == offered
    assert set().union(*(years.members[key] for key in years.columns)) == set(found)


def test_the_headlines_are_the_naive_recount(crowd):
    published = Project.objects.published()
    places = by_territory(published)
    found = headlines(crowd, Figures(serving(crowd, published), by_kind(read_rows(published)), places))
    assert found.projects == published.count()
    assert found.actions + found.by_kind["pst"] + found.by_kind["prh"] == found.projects
    assert found.unserved == [node for node in crowd if not naive(node, anything)]
    objectives = [node for node in crowd if node.orientation.level == "operational"]
    assert (found.objectives, found.objectives_served) == (
        objectives,
        [node for node in objectives if naive(node, anything)],
    )
    here = [one for one in Territory.objects.communes().in_perimeter() if published.located_in([one, *one.parts.all()])]
    assert sorted(one.pk for one in found.communes_served) == sorted(one.pk for one in here)
    assert len(found.communes_served) + len(found.communes_empty) == len(found.communes) == 5


def test_figures_cost_the_same_whatever_their_number(crowd, django_assert_num_queries):
    published = Project.objects.published()
    with django_assert_num_queries(4):
        headlines(crowd, Figures(serving(crowd, published), by_kind(read_rows(published)), by_territory(published)))
    with django_assert_num_queries(1):
        by_year(spans(read_rows(published)), datetime.date(2026, 11, 25))


@pytest.mark.parametrize(
    ("number", "expected"), [(0, 0), (1, 1), (2, 2), (3, 2), (4, 3), (6, 3), (7, 4), (10, 4), (11, 5), (9999, 5)]
)
def test_the_ramp_has_six_steps(number, expected):
    assert step(number) == expected
