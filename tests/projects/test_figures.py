"""One truth about counts: direct or of the branch, and a project counts once."""

import pytest

from axes import document
from projects.choices import ProjectStatus
from projects.figures import tallies
from projects.models import Project
from tests.factories import ProjectFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def served(founding, node):
    """One project on two orientations of one branch, one on a third, one draft."""
    ProjectFactory(serves=[node("5.2.1-a"), node("5.2.1-b")])
    ProjectFactory(serves=[node("5.2.1"), node("7.1")])
    ProjectFactory(serves=[node("5.2.2")], status=ProjectStatus.DRAFT)
    return document.read(founding)


def test_a_project_with_two_orientations_of_one_branch_counts_once(served):
    by_code = {n.orientation.code: n.orientation.pk for n in served}
    found = tallies(served, Project.objects.published())
    assert (found[by_code["5.2.1"]].direct, found[by_code["5.2.1"]].branch) == (1, 2)
    assert (found[by_code["5.2"]].direct, found[by_code["5.2"]].branch) == (0, 2)
    assert found[by_code["7"]].branch == 1
    assert found[by_code["5.2.2"]].branch == 0


def test_every_tally_is_the_length_of_the_list_that_it_leads_to(served):
    found = tallies(served, Project.objects.published())
    for each in served:
        listed = Project.objects.published().serving(each.orientation)
        direct = Project.objects.published().serving(each.orientation, direct=True)
        assert (found[each.orientation.pk].branch, found[each.orientation.pk].direct) == (
            listed.count(),
            direct.count(),
        )


def test_all_tallies_cost_one_query(served, django_assert_num_queries):
    with django_assert_num_queries(1):
        tallies(served, Project.objects.published())
