"""The tree list: one line an orientation, by axis, with the way down to what is searched; folded when it is large."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from axes.admin.outline import MOST_UNFOLDED
from axes.models import Orientation
from tests.benchmark.filling import Programme
from tests.benchmark.measuring import Size
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
LIST = "/admin/axes/orientation/"


def shown(response):
    """The codes that stand on the page, and those of them that only lead to others."""
    lines = [line for branch in response.context["outline"] for line in (branch.axis, *branch.lines)]
    return (
        [line.orientation.code for line in lines],
        {line.orientation.code for line in lines if not line.is_a_hit},
    )


def test_every_orientation_stands_on_a_line_of_its_own_under_its_axis(officer_client, founding):
    response = officer_client.get(LIST)
    codes, leading = shown(response)
    assert codes == list(founding.orientations.in_order().values_list("code", flat=True))
    assert leading == set()
    assert re.findall(r'data-code="([^"]+)"', response.text) == codes
    assert response.text.count("<details open>") == founding.orientations.filter(parent=None).count()


def test_a_search_keeps_the_way_down_to_what_it_finds(officer_client, founding):
    response = officer_client.get(f"{LIST}?q=5.2.3-a")
    assert shown(response) == (["5", "5.E1", "5.2", "5.2.3", "5.2.3-a"], {"5", "5.E1", "5.2", "5.2.3"})
    assert [row.code for row in response.context["cl"].result_list] == ["5.2.3-a"]
    assert response.text.count("is-path") == 4


def test_a_filter_keeps_it_too(officer_client, founding):
    codes, leading = shown(officer_client.get(f"{LIST}?niveau=challenge"))
    assert leading == {"5", "6", "7", "8"}
    assert {"5.E1", "6.E1", "7.E1", "8.E1"} == set(codes) - leading


@pytest.mark.parametrize(
    ("label", "name"),
    [("Monter 5.2.1", "button"), ("Descendre 5.2.1", "button"), ("Déplacer 5.2.1 vers…", "a")],
)
def test_each_means_of_moving_says_what_it_moves(officer_client, founding, label, name):
    assert re.search(rf'<{name}\b[^>]*aria-label="{label}"', officer_client.get(LIST).text)


def test_a_reader_has_no_means_to_move(founding):
    reader = Client()
    user = UserFactory(is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_orientation"))
    reader.force_login(user)
    page = reader.get(LIST)
    assert page.status_code == 200
    assert "5.2.1" in page.text
    assert 'name="pas"' not in page.text
    assert "draggable" not in page.text


@pytest.fixture
def large(db):
    Programme(Size(nodes=1_470, links=1, projects=1)).framework()
    return Orientation.objects.filter(parent=None).in_order()


def test_a_large_tree_is_folded_and_each_axis_is_unfolded_by_the_address(officer_client, large):
    folded = officer_client.get(LIST)
    codes, _ = shown(folded)
    axes = [axis.code for axis in large]
    assert codes == axes
    assert len(folded.content) < 60_000
    first, second = folded.context["outline"][:2]
    assert (first.is_folded, first.number > 1, first.fold) == (True, True, f"?ouvrir={axes[0]}")
    opened = officer_client.get(LIST + first.fold)
    codes, _ = shown(opened)
    assert len(codes) == len(axes) + first.number
    both = opened.context["outline"][1].fold
    assert both == f"?ouvrir={axes[0]},{axes[1]}"
    assert len(shown(officer_client.get(LIST + both))[0]) == len(axes) + first.number + second.number
    assert officer_client.get(LIST + both).context["outline"][0].fold == f"?ouvrir={axes[1]}"
    assert sum(branch.number for branch in opened.context["outline"]) > MOST_UNFOLDED


def test_a_large_tree_costs_the_same_number_of_queries(officer_client, large, django_assert_max_num_queries):
    with django_assert_max_num_queries(16):
        officer_client.get(f"{LIST}?ouvrir={large[0].code}")


def test_what_moved_is_in_sight_where_it_went(officer_client, founding, node):
    key = node("5.2.1").pk
    response = officer_client.post(f"{LIST}{key}/deplacer/", {"place": f"first-child:{node('8.1').pk}"})
    assert response.url == f"{LIST}?cadre={founding.pk}&ouvrir=8#o-{key}"
