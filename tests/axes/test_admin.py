"""The officers' screens: the same rules, told in French, and nothing typed is lost."""

import pytest
from django.urls import reverse

from axes import tree
from axes.levels import Level
from axes.models import Orientation
from cohesion.together.states import seen
from tests.factories import OrientationFactory, UserFactory
from tests.pages import squeezed
from tests.site.forms import seen_by, seen_now

pytestmark = pytest.mark.django_db


LIST = "/admin/axes/orientation/"


def form_of(orientation, **changes):
    """What the change form posts when nothing but ``changes`` is touched."""
    values = {
        "framework": orientation.framework_id,
        **seen_now(orientation),
        "level": orientation.level,
        "code": orientation.code,
        "label": orientation.label,
        "title": orientation.title,
        "corrected_title": orientation.corrected_title,
        "columns": orientation.columns,
        "priority_type": orientation.priority_type,
        "source_line": orientation.source_line or "",
        "reason": "",
    }
    if orientation.applies_to.exists():
        values["applies_to"] = list(orientation.applies_to.values_list("pk", flat=True))
    return values | changes


def change_url(orientation):
    return reverse("admin:axes_orientation_change", args=[orientation.pk])


def messages_of(response):
    return " ".join(str(message) for message in response.context["messages"])


def test_adding_below_proposes_the_level_and_a_free_code(officer_client, founding, node):
    url = reverse("admin:axes_orientation_add")
    page = officer_client.get(url, {"framework": founding.pk, "parent": node("5.2").pk})
    form = page.context["adminform"].form
    assert (form.initial["level"], form.initial["code"]) == (Level.OPERATIONAL, "5.2.5")
    data = {
        "framework": founding.pk,
        "parent": node("5.2").pk,
        "level": "operational",
        "code": "5.2.5",
        "title": "  Ouvrir des lieux d’étude \u00a0",
        "corrected_title": "",
        "priority_type": "",
    }
    response = officer_client.post(url, data)
    assert response.status_code == 302
    assert node("5.2.5").title == "Ouvrir des lieux d’étude"
    assert node("5.2").get_children().last() == node("5.2.5")
    assert tree.check() == []


def test_an_illegal_level_is_refused_in_the_form_and_nothing_typed_is_lost(officer_client, founding, node):
    data = {
        "framework": founding.pk,
        "parent": node("5.2.1").pk,
        "level": "strategic",
        "code": "5.9",
        "title": "Texte tapé longuement",
        "corrected_title": "",
        "priority_type": "",
    }
    response = officer_client.post(reverse("admin:axes_orientation_add"), data)
    assert "ne se place pas sous un objectif opérationnel" in str(response.context["adminform"].form.errors["parent"])
    assert "Texte tapé longuement" in response.content.decode()


def test_an_edit_is_kept_with_its_author_and_its_reason(officer_client, officer, node):
    edited = node("7.1")
    response = officer_client.post(change_url(edited), form_of(edited, corrected_title="Mieux dit", reason="Relecture"))
    assert response.status_code == 302, response.context["adminform"].form.errors
    assert node("7.1").corrected_title == "Mieux dit"
    record = node("7.1").history.latest()
    assert (record.history_user, record.history_change_reason) == (officer, "Relecture")


def test_saving_an_unchanged_form_changes_nothing_of_the_merged_cells(officer_client, node):
    for code in ("5.2.3-a", "1.1", "8.1-a"):
        before = form_of(node(code))
        response = officer_client.post(change_url(node(code)), before)
        assert response.status_code == 302, response.context["adminform"].form.errors
        after = form_of(node(code))
        assert seen(after, "screen") == seen(before, "screen")
        assert after | {"seen_state": ""} == before | {"seen_state": ""}


def test_the_second_of_two_editors_sees_both_wordings_and_loses_nothing(officer_client, node):
    mine = form_of(node("7.1"), corrected_title="Mon texte à moi")
    colleague = node("7.1")
    colleague.corrected_title = "Le texte du collègue"
    colleague._history_user = UserFactory(first_name="Camille", last_name="Leroy")
    colleague.save()
    response = officer_client.post(change_url(node("7.1")), mine)
    page = response.content.decode()
    assert response.status_code == 200
    assert "Mon texte à moi" in page
    assert "Le texte du collègue" in page
    assert node("7.1").corrected_title == "Le texte du collègue"
    # The form now carries the state that was just shown: saving again is a choice.
    again = mine | {"seen_state": response.context["seen"]}
    assert officer_client.post(change_url(node("7.1")), again).status_code == 302
    assert node("7.1").corrected_title == "Mon texte à moi"


def test_a_form_that_does_not_say_what_it_showed_is_a_conflict(officer_client, node):
    data = form_of(node("7.1"), corrected_title="Sans version")
    del data["seen_state"]
    assert officer_client.post(change_url(node("7.1")), data).status_code == 200
    assert node("7.1").corrected_title == ""


def test_a_locked_framework_asks_for_a_reason_at_every_door(officer_client, founding, node):
    founding.is_locked = True
    founding.save()
    refused = officer_client.post(change_url(node("7.1")), form_of(node("7.1"), corrected_title="Sans motif"))
    assert "motif" in str(refused.context["adminform"].form.errors["reason"])
    moved = officer_client.post(LIST, {"pas": f"bas:{node('5.2.1').pk}"}, follow=True)
    assert "dites pourquoi" in moved.content.decode()
    delete = reverse("admin:axes_orientation_delete", args=[node("7.1").pk])
    gone = officer_client.post(delete, {"post": "yes", **seen_by(officer_client, delete)}, follow=True)
    assert "motif" in messages_of(gone)
    assert node("7.1").corrected_title == ""
    officer_client.post(LIST, {"pas": f"bas:{node('5.2.1').pk}", "reason": "Décision du bureau"})
    assert node("5.2.1").history.latest().history_change_reason == "Décision du bureau"


def test_deleting_shows_the_whole_branch_before_it_asks(officer_client, node):
    url = reverse("admin:axes_orientation_delete", args=[node("5.2").pk])
    page = squeezed(officer_client.get(url).text)
    assert "9 orientations disparaissent avec elle" in page
    assert Orientation.objects.filter(code="5.2").exists()
    officer_client.post(url, {"post": "yes", **seen_by(officer_client, url)})
    assert not Orientation.objects.filter(code__startswith="5.2").exists()
    assert tree.check() == []


def test_the_history_of_a_node_says_who_when_and_which_wording_before(officer_client, officer, node):
    edited = node("7.1")
    officer_client.post(change_url(edited), form_of(edited, corrected_title="Mieux dit", reason="Relecture"))
    page = officer_client.get(reverse("admin:axes_orientation_history", args=[edited.pk])).content.decode()
    for expected in ("Mieux dit", "(vide)", "Relecture", officer.username, "Texte fondateur"):
        assert expected in page


def test_the_journal_keeps_what_was_deleted(officer_client, founding, node):
    delete = reverse("admin:axes_orientation_delete", args=[node("7.1.1-a").pk])
    officer_client.post(delete, {"post": "yes", **seen_by(officer_client, delete)})
    page = officer_client.get(reverse("admin:axes_framework_journal", args=[founding.pk])).content.decode()
    assert "Suppression" in page
    assert "7.1.1-a" in page


@pytest.mark.parametrize(
    "name", ["axes_orientation_move", "axes_orientation_change", "axes_orientation_delete", "axes_orientation_history"]
)
def test_somebody_without_the_right_is_turned_away(client, node, name):
    client.force_login(UserFactory(is_staff=True))
    assert client.get(reverse(f"admin:{name}", args=[node("1").pk])).status_code == 403


@pytest.mark.parametrize("level", ["axis", "strategic", "operational", "priority"])
def test_an_illegal_level_in_the_change_form_is_told_and_nothing_typed_is_lost(officer_client, node, level):
    data = form_of(node("1.1"), level=level, corrected_title="Tapé longuement")
    response = officer_client.post(change_url(node("1.1")), data)
    if level == "strategic":
        assert response.status_code == 302
        return
    assert response.status_code == 200
    assert response.context["adminform"].form.errors["level"]
    assert "Tapé longuement" in response.content.decode()
    assert node("1.1").level == "strategic"


def test_a_conflict_shows_the_columns_and_the_line_too(officer_client, node):
    mine = form_of(node("1.1"))
    colleague = node("1.1")
    colleague.columns, colleague.source_line = [], 99
    colleague.save()
    page = officer_client.post(change_url(node("1.1")), mine).content.decode()
    assert "Colonnes du tableau</th>" in page
    assert "99" in page


def test_each_deleted_node_keeps_the_reason(officer_client, founding, node):
    key = node("5.2.1").pk
    delete = reverse("admin:axes_orientation_delete", args=[key])
    officer_client.post(delete, {"post": "yes", "reason": "Doublon", **seen_by(officer_client, delete)})
    gone = Orientation.history.filter(framework_id=founding.pk, history_type="-")
    assert {record.code: record.history_change_reason for record in gone} == dict.fromkeys(
        ["5.2.1", "5.2.1-a", "5.2.1-b"], "Doublon"
    )


@pytest.mark.parametrize("query", ["framework=²", "parent=²", "level=zz", "parent=" + "9" * 30])
def test_a_forged_address_of_the_form_is_no_error(officer_client, founding, query):
    assert officer_client.get(f"{reverse('admin:axes_orientation_add')}?{query}").status_code == 200


def test_a_branch_that_grew_since_it_was_read_is_shown_again_before_it_goes(officer_client, node):
    url = reverse("admin:axes_orientation_delete", args=[node("7.1.1").pk])
    shown = seen_by(officer_client, url)
    OrientationFactory(parent=node("7.1.1"), level=Level.PRIORITY, code="7.1.1-b")
    refused = officer_client.post(url, {"post": "yes", **shown}, follow=True)
    assert "a changé depuis" in messages_of(refused)
    assert node("7.1.1-b").pk
    officer_client.post(url, {"post": "yes", **seen_by(officer_client, url)})
    assert not Orientation.objects.filter(code__startswith="7.1.1").exists()
