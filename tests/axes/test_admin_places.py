"""The list of orientations and their places in it: buttons, drags, the page to move, branches that go."""

import pytest
from django.urls import reverse

from axes import tree
from axes.models import Orientation
from tests.axes.test_admin import LIST, messages_of
from tests.factories import FrameworkFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_the_list_shows_the_framework_in_force_in_document_order(officer_client, founding):
    FrameworkFactory(name="Autre cadre")
    response = officer_client.get(LIST)
    codes = [row.code for row in response.context["cl"].result_list]
    assert codes == list(founding.orientations.in_order().values_list("code", flat=True))


def test_the_list_costs_the_same_number_of_queries_whatever_its_length(
    officer_client, founding, django_assert_max_num_queries
):
    with django_assert_max_num_queries(14):
        officer_client.get(LIST)


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("q=SANTE", {"7", "7.E1", "7.1", "7.1.1"}),
        ("q=fsih", {"2.1.2-b"}),
        ("q=5.2.3", {"5.2.3", "5.2.3-a"}),
        ("q=%00", None),
        ("axe=4", {"4", "4.1", "4.1-a"}),
        ("niveau=challenge", {"5.E1", "6.E1", "7.E1", "8.E1"}),
        ("priority_type__exact=territorial", {"5.2.3-a", "6.1.1-b"}),
    ],
)
def test_search_and_filters_find_without_accents_or_capitals(officer_client, founding, query, codes):
    found = {row.code for row in officer_client.get(f"{LIST}?{query}").context["cl"].result_list}
    assert codes is None or found >= codes
    assert codes is None or query == "q=SANTE" or found == codes


def test_a_button_moves_one_place_and_says_so(officer_client, node):
    response = officer_client.post(LIST, {"pas": f"bas:{node('5.2.1').pk}"}, follow=True)
    assert "descendue d’une place" in messages_of(response)
    assert list(node("5.2").get_children().values_list("code", flat=True))[:2] == ["5.2.2", "5.2.1"]
    assert tree.check() == []


def test_a_button_at_the_end_of_the_row_says_why_nothing_moves(officer_client, node):
    response = officer_client.post(LIST, {"pas": f"haut:{node('5.2.1').pk}"}, follow=True)
    assert "déjà la première" in messages_of(response)


def test_a_drag_to_a_legal_place_moves(officer_client, node, officer):
    data = {"cmd": "move_node", "cut_item": node("1.1.1").pk, "pasted_on": node("2.1").pk, "position": "last-child"}
    response = officer_client.post(LIST, data)
    assert response.url == f"{LIST}#o-{node('1.1.1').pk}"
    assert node("1.1.1").parent == node("2.1")
    assert node("1.1.1").history.latest().history_user == officer


@pytest.mark.parametrize(
    ("cut", "target", "position", "sentence"),
    [
        ("1.1", "2.1.1", "last-child", "Un objectif stratégique ne se place pas sous un objectif opérationnel"),
        ("1", "2", "last-child", "Un axe ne se place sous aucune autre orientation"),
        ("1.1", "2", "left", "se place sous une autre orientation"),
        ("5.2", "5.2", "left", "par rapport à elle-même"),
        ("5.2", "5.1", "n’importe où", "Position inconnue"),
    ],
)
def test_a_drag_to_an_illegal_place_is_refused_with_the_reason(officer_client, node, cut, target, position, sentence):
    data = {"cmd": "move_node", "cut_item": node(cut).pk, "pasted_on": node(target).pk, "position": position}
    response = officer_client.post(LIST, data, follow=True)
    assert "n’a pas bougé" in messages_of(response)
    assert sentence in messages_of(response)
    assert tree.check() == []


@pytest.mark.parametrize("key", ["", "abc", "999999", "-1"])
def test_a_drag_of_what_is_gone_is_told(officer_client, node, key):
    data = {"cmd": "move_node", "cut_item": key, "pasted_on": node("2.1").pk, "position": "left"}
    assert "n’existe plus" in messages_of(officer_client.post(LIST, data, follow=True))


def test_the_page_to_move_offers_every_legal_place_and_no_other(officer_client, node):
    page = officer_client.get(reverse("admin:axes_orientation_move", args=[node("5.2.1").pk]))
    groups = [group for group, _ in page.context["form"].fields["place"].choices]
    assert any("5.3 ·" in group for group in groups)
    assert not any("5.2.2" in group for group in groups)
    response = officer_client.post(page.request["PATH_INFO"], {"place": f"first-child:{node('8.1').pk}"})
    assert response.status_code == 302
    assert node("8.1").get_children()[0].code == "5.2.1"


def test_the_page_to_move_an_axis_offers_the_places_among_axes(officer_client, node):
    url = reverse("admin:axes_orientation_move", args=[node("3").pk])
    assert len(officer_client.get(url).context["form"].fields["place"].choices) == 8
    officer_client.post(url, {"place": f"right:{node('8').pk}"})
    assert [root.code for root in Orientation.objects.root_nodes().in_order()] == list("12456783")


def test_a_reader_sees_the_list_without_the_means_to_move(client, founding, node):
    from django.contrib.auth.models import Group

    reader = UserFactory(is_staff=True)
    reader.groups.add(Group.objects.get(name="Élu"))
    client.force_login(reader)
    assert client.get(LIST).status_code == 200
    assert client.post(LIST, {"pas": f"bas:{node('5.2.1').pk}"}).status_code == 403
    assert node("5.2").get_children()[0].code == "5.2.1"


def test_a_step_of_a_node_that_a_colleague_moved_is_told_from_where_it_now_stands(officer, node):
    from axes import actions

    stale = node("5.2.1")
    node("5.2.1").move_to(node("5.3"), "last-child")
    assert actions.shift_orientation(orientation=stale, step=-1, by=officer)
    assert [child.code for child in node("5.3").get_children()] == ["5.2.1", "5.3.1"]


@pytest.mark.parametrize(
    "query",
    ["?axe=%00", "?priority_type__exact=%00", "?cadre=²", "?cadre=" + "9" * 30, "?q=%00", "?niveau=x", "?forme=y"],
)
def test_a_forged_address_of_the_list_is_no_error(officer_client, founding, query):
    assert officer_client.get(LIST + query).status_code in (200, 302)


@pytest.mark.parametrize("step", ["haut:²", "haut:", "bas:x", "travers:1"])
def test_a_forged_step_is_no_error(officer_client, founding, step):
    assert officer_client.post(LIST, {"pas": step}).status_code == 302
