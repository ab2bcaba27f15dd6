"""The officers' screens: the same rules, told in French, and nothing typed is lost."""

import pytest
from django.urls import reverse

from axes import tree
from axes.choices import FrameworkStatus
from axes.levels import Level
from axes.models import Framework, Orientation
from cohesion.together.states import seen
from tests.factories import FrameworkFactory, OrientationFactory, UserFactory
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


def test_renumbering_shows_old_and_new_before_it_writes(officer_client, founding, node):
    officer_client.post(LIST, {"pas": f"haut:{node('8').pk}"})
    url = reverse("admin:axes_framework_renumber", args=[founding.pk])
    page = officer_client.get(url)
    shown = {"seen_state": page.context["seen"]}
    assert ("7", "8") in [(p.old, p.new) for p in page.context["proposals"]]
    assert node("8").title.startswith("ANIMATION")
    officer_client.post(LIST, {"pas": f"haut:{node('7').pk}"})
    stale = officer_client.post(url, shown, follow=True)
    assert "il n’y a rien à renuméroter" in stale.content.decode() or "a changé" in messages_of(stale)
    assert node("8").title.startswith("ANIMATION")


def test_a_version_is_prepared_then_put_in_force(officer_client, founding):
    officer_client.post(reverse("admin:axes_framework_next", args=[founding.pk]))
    successor = Framework.objects.get(predecessor=founding)
    url = reverse("admin:axes_framework_adopt", args=[successor.pk])
    page = officer_client.get(url)
    assert page.status_code == 200
    decided = {"adopted_on": "2020-06-01", "deliberation": "2026-14"}
    assert "Relisez ci-dessous" in officer_client.post(url, decided).content.decode()
    early = decided | {"adopted_on": "2999-01-01", "seen_state": page.context["seen"]}
    assert "est à venir" in officer_client.post(url, early).content.decode()
    assert Framework.objects.get(pk=successor.pk).is_draft
    officer_client.post(url, decided | {"seen_state": page.context["seen"]})
    successor.refresh_from_db()
    founding.refresh_from_db()
    assert (successor.status, founding.status) == (FrameworkStatus.IN_FORCE, FrameworkStatus.ARCHIVED)


def test_the_titles_of_the_columns_are_typed_one_a_line(officer_client, founding):
    url = reverse("admin:axes_framework_change", args=[founding.pk])
    form = officer_client.get(url).context["adminform"].form
    data = {name: form.initial.get(name) or "" for name in form.fields if name != "is_locked"}
    data |= seen_by(officer_client, url)
    assert data["column_titles"].splitlines()[0] == "Enjeux"
    assert officer_client.post(url, data | {"column_titles": "A\nB\n\nC\nD"}).status_code == 302
    founding.refresh_from_db()
    assert founding.column_titles == ["A", "B", "C", "D"]
    refused = officer_client.post(url, data | {"column_titles": "A\nB"})
    assert "4 intitulés" in str(refused.context["adminform"].form.errors["column_titles"])


def test_two_officers_on_the_form_of_a_framework_do_not_overwrite_each_other(officer_client, founding):
    url = reverse("admin:axes_framework_change", args=[founding.pk])
    form = officer_client.get(url).context["adminform"].form
    data = {name: form.initial.get(name) or "" for name in form.fields if name != "is_locked"}
    data |= {**seen_by(officer_client, url), "predecessor": ""}
    founding.authority = "Écrit par un collègue"
    founding.save()
    response = officer_client.post(url, data | {"perimeter": "Mon périmètre"})
    assert response.status_code == 200
    assert "Écrit par un collègue" in response.content.decode()
    assert "Mon périmètre" in response.content.decode()
    founding.refresh_from_db()
    assert founding.authority == "Écrit par un collègue"


@pytest.mark.parametrize(
    "name", ["axes_orientation_move", "axes_orientation_change", "axes_orientation_delete", "axes_orientation_history"]
)
def test_somebody_without_the_right_is_turned_away(client, node, name):
    client.force_login(UserFactory(is_staff=True))
    assert client.get(reverse(f"admin:{name}", args=[node("1").pk])).status_code == 403


@pytest.mark.parametrize(
    "name",
    [f"axes_framework_{screen}" for screen in ("renumber", "journal", "adopt", "next", "succession")],
)
def test_the_screens_of_a_framework_are_for_officers(client, founding, name):
    client.force_login(UserFactory(is_staff=True))
    assert client.get(reverse(f"admin:{name}", args=[founding.pk])).status_code == 403


def test_a_reader_sees_the_list_without_the_means_to_move(client, founding, node):
    from django.contrib.auth.models import Group

    reader = UserFactory(is_staff=True)
    reader.groups.add(Group.objects.get(name="Élu"))
    client.force_login(reader)
    assert client.get(LIST).status_code == 200
    assert client.post(LIST, {"pas": f"bas:{node('5.2.1').pk}"}).status_code == 403
    assert node("5.2").get_children()[0].code == "5.2.1"


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


def test_renumbering_a_locked_framework_asks_why(officer_client, founding, node):
    officer_client.post(LIST, {"pas": f"haut:{node('8').pk}"})
    founding.refresh_from_db()
    founding.is_locked = True
    founding.save()
    url = reverse("admin:axes_framework_renumber", args=[founding.pk])
    shown = seen_by(officer_client, url)
    assert "motif" in messages_of(officer_client.post(url, shown, follow=True))
    assert node("8").title.startswith("ANIMATION")
    officer_client.post(url, {**shown, "reason": "Décidé"})
    assert node("7").title.startswith("ANIMATION")


def test_unlocking_a_framework_asks_why(officer_client, founding):
    founding.is_locked = True
    founding.save()
    url = reverse("admin:axes_framework_change", args=[founding.pk])
    form = officer_client.get(url).context["adminform"].form
    data = {name: form.initial.get(name) or "" for name in form.fields if name != "is_locked"} | {"predecessor": ""}
    data |= seen_by(officer_client, url)
    assert officer_client.post(url, data).status_code == 200
    founding.refresh_from_db()
    assert founding.is_locked
    assert officer_client.post(url, data | {"reason": "Nouvelle délibération"}).status_code == 302
    assert founding.history.latest().history_change_reason == "Nouvelle délibération"


def test_the_address_of_a_framework_that_was_public_no_longer_changes(officer_client, founding):
    url = reverse("admin:axes_framework_change", args=[founding.pk])
    form = officer_client.get(url).context["adminform"].form
    assert "slug" not in form.fields


def test_each_deleted_node_keeps_the_reason(officer_client, founding, node):
    key = node("5.2.1").pk
    delete = reverse("admin:axes_orientation_delete", args=[key])
    officer_client.post(delete, {"post": "yes", "reason": "Doublon", **seen_by(officer_client, delete)})
    gone = Orientation.history.filter(framework_id=founding.pk, history_type="-")
    assert {record.code: record.history_change_reason for record in gone} == dict.fromkeys(
        ["5.2.1", "5.2.1-a", "5.2.1-b"], "Doublon"
    )


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


@pytest.mark.parametrize("query", ["framework=²", "parent=²", "level=zz", "parent=" + "9" * 30])
def test_a_forged_address_of_the_form_is_no_error(officer_client, founding, query):
    assert officer_client.get(f"{reverse('admin:axes_orientation_add')}?{query}").status_code == 200


@pytest.mark.parametrize("step", ["haut:²", "haut:", "bas:x", "travers:1"])
def test_a_forged_step_is_no_error(officer_client, founding, step):
    assert officer_client.post(LIST, {"pas": step}).status_code == 302


def test_a_branch_that_grew_since_it_was_read_is_shown_again_before_it_goes(officer_client, node):
    url = reverse("admin:axes_orientation_delete", args=[node("7.1.1").pk])
    shown = seen_by(officer_client, url)
    OrientationFactory(parent=node("7.1.1"), level=Level.PRIORITY, code="7.1.1-b")
    refused = officer_client.post(url, {"post": "yes", **shown}, follow=True)
    assert "a changé depuis" in messages_of(refused)
    assert node("7.1.1-b").pk
    officer_client.post(url, {"post": "yes", **seen_by(officer_client, url)})
    assert not Orientation.objects.filter(code__startswith="7.1.1").exists()
