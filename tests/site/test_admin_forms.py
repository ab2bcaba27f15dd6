"""The forms of the officers' screens: each widget is named, long choices are ticked, errors are in sight."""

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.urls import reverse
from justhtml import JustHTML

from cohesion.lib.nouns import Noun
from cohesion.lib.widgets import TickList
from projects.models import Campaign, Organization, Project, Scheme, Territory
from tests.factories import (
    CampaignFactory,
    CommitteeFactory,
    OrganizationFactory,
    ProjectFactory,
    TerritoryFactory,
)
from tests.pages import without_acronym_links
from tests.site.forms import filled

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def administrator(client):
    client.force_login(get_user_model().objects.create_superuser("chef", "chef@exemple.test", "x"))
    return client


def page_of(response):
    return JustHTML(response.content.decode(), sanitize=False)


def above(one):
    while one.parent is not None:
        one = one.parent
        yield one


def text_of(one):
    return " ".join(one.to_text(separator=" ").split())


def name_of(page, one):
    """What a screen reader says of a field or of a button."""
    if one.attrs.get("aria-label"):
        return one.attrs["aria-label"]
    if one.attrs.get("type") == "submit" and one.name == "input":
        return one.attrs.get("value") or ""
    if one.name in ("button", "a"):
        return text_of(one) or one.attrs.get("title") or ""
    labels = [label for label in page.query("label") if label.attrs.get("for") == one.attrs.get("id", "-")]
    labels += [label for label in above(one) if label.name == "label"]
    return " ".join(text_of(label) for label in labels)


def group_of(one):
    """The name of the group that a box stands in."""
    for fieldset in (outer for outer in above(one) if outer.name == "fieldset"):
        legends = [child for child in fieldset.children if getattr(child, "name", "") == "legend"]
        if legends:
            return text_of(legends[0])
    return ""


def is_hidden(one):
    """The line that a script copies is no line yet."""
    return any("empty-form" in ((outer.attrs or {}).get("class") or "") for outer in above(one))


def is_ticked(one):
    return any("data-ticks" in (outer.attrs or {}) for outer in above(one))


def unnamed(page):
    """The fields and the buttons that have no name, and the lists of boxes that are no group with a name."""
    kinds = ("input", "select", "textarea", "button")
    for one in page.query(", ".join(f"#content form {kind}" for kind in kinds)):
        kind = one.attrs.get("type") or one.name
        if kind == "hidden" or is_hidden(one):
            continue
        if not name_of(page, one).strip(" :\u00a0"):
            yield f"{kind} {one.attrs.get('name')}"
        elif kind == "checkbox" and is_ticked(one) and not group_of(one):
            yield f"group of {one.attrs['name']}"


@pytest.fixture
def rows(founding):
    """A row of each kind that officers write, and what the picker and the lists offer."""
    project = ProjectFactory(located_in=[TerritoryFactory(name="Gravigny")])
    OrganizationFactory()
    CommitteeFactory(campaign=CampaignFactory())
    Scheme.objects.create(code="ASV")
    return project


def forms(client):
    for model, screen in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        row = client.get(reverse(f"{name}_changelist")).context["cl"].queryset.first()
        addresses = [reverse(f"{name}_add")] + ([reverse(f"{name}_change", args=[row.pk])] if row else [])
        for address in addresses:
            response = client.get(address)
            if response.status_code == 200 and "adminform" in response.context:
                yield model, screen, address, response


def test_every_widget_of_every_form_has_a_name(administrator, rows):
    wrong, number = {}, 0
    for _, _, address, response in forms(administrator):
        number += 1
        if found := list(unnamed(page_of(response))):
            wrong[address] = found
    assert wrong == {}
    assert number > 25


def test_every_part_of_a_form_says_what_it_is_for(administrator, rows):
    wrong = {}
    for _, _, address, response in forms(administrator):
        if not address.endswith("/add/") or "/auth/" in address or "/user/" in address or "projectimport" in address:
            continue
        silent = [part.name for part in response.context["adminform"] if not (part.name and part.description)]
        if silent:
            wrong[address] = silent
    assert wrong == {}


def test_several_rows_are_chosen_by_ticking_and_never_with_the_control_key(administrator, rows):
    ticked = set()
    for model, _, address, response in forms(administrator):
        fields = response.context["adminform"].form.fields
        assert not page_of(response).query("#content select[multiple]"), address
        ticked |= {
            f"{model._meta.model_name}.{name}" for name, field in fields.items() if isinstance(field.widget, TickList)
        }
    assert ticked >= {
        "action.partners",
        "action.schemes",
        "action.places",
        "referencedocument.orientations",
        "user.groups",
        "user.user_permissions",
        "group.permissions",
    }


def test_what_is_ticked_stands_first_with_its_count_and_its_group_has_a_name(administrator, rows):
    for number in range(12):
        TerritoryFactory(name=f"Commune {number:02}")
    last = TerritoryFactory(name="Zèbreville")
    rows.places.create(territory=last)
    page = page_of(administrator.get(reverse("admin:projects_action_change", args=[rows.pk])))
    (count,) = page.query(".field-places [role=status]")
    assert text_of(count) == "2 territoires cochés"
    boxes = page.query(".field-places input[type=checkbox]")
    assert [("checked" in box.attrs, name_of(page, box)) for box in boxes[:3]] == [
        (True, "Gravigny"),
        (True, "Zèbreville"),
        (False, "Commune 00"),
    ]
    assert group_of(boxes[0]).startswith("Communes et quartiers")
    (group,) = page.query("fieldset.field-group[aria-describedby=id_places_helptext]")
    assert page.query("#id_places_helptext")
    assert group.query("[data-narrows]")


def test_a_list_of_boxes_costs_no_query_a_box(administrator, rows, django_assert_max_num_queries):
    address = reverse("admin:projects_action_add")
    administrator.get(address)
    with django_assert_max_num_queries(30) as few:
        administrator.get(address)
    for _ in range(20):
        TerritoryFactory()
        OrganizationFactory()
    with django_assert_max_num_queries(30) as many:
        administrator.get(address)
    assert len(many) == len(few)


def test_places_are_ticked_and_unticked_one_by_one_and_their_history_says_it(administrator, rows):
    address = reverse("admin:projects_action_change", args=[rows.pk])
    kept, added = rows.places.get(), TerritoryFactory(name="Évreux")
    posted = filled(administrator.get(address)) | {"places": [kept.territory_id, added.pk], "reason": "Réunion"}
    assert administrator.post(address, posted).status_code == 302
    assert set(rows.places.values_list("territory__name", flat=True)) == {"Gravigny", "Évreux"}
    assert rows.places.get(territory=kept.territory).pk == kept.pk
    record = rows.places.get(territory=added).history.get()
    assert (record.history_user.username, record.history_change_reason) == ("chef", "Réunion")
    gone = TerritoryFactory(name="Ancienne commune", valid_to="2001-12-31")
    posted = filled(administrator.get(address)) | {"places": [gone.pk]}
    refused = administrator.post(address, posted)
    assert "« Ancienne commune » n’existe pas aux dates de ce projet" in squeezed(refused)
    assert rows.places.count() == 2


def squeezed(response):
    return without_acronym_links(response.content.decode()).replace("\u00a0", " ")


def test_a_territory_a_structure_and_a_call_ask_little_and_are_added(administrator):
    asked = {
        "territory": {"kind": "commune", "code": "27299", "name": "Gravigny"},
        "organization": {"name": "Les Deux Rives", "kind": "association"},
        "campaign": {"name": "Appel 2027", "opens_at": "2027-01-10T09:00", "closes_at": "2027-02-20T12:00"},
    }
    for name, typed in asked.items():
        address = reverse(f"admin:projects_{name}_add")
        page = administrator.get(address)
        required = [field for field in page.context["adminform"].form.fields.items() if field[1].required]
        first = page.context["adminform"].fieldsets[0][1]["fields"]
        flat = {one for line in first for one in ([line] if isinstance(line, str) else line)}
        # Whoever fills in the first part has filled in all that must be, but for what has a value already.
        blank = {
            key for key, field in required if not (field.initial or page.context["adminform"].form.initial.get(key))
        }
        assert blank <= flat, name
        answer = administrator.post(address, filled(page) | typed)
        assert answer.status_code == 302, (name, answer.context["adminform"].form.errors)
    assert Territory.objects.get(code="27299").is_in_perimeter
    assert Organization.objects.filter(name="Les Deux Rives").exists()
    assert Campaign.objects.get().report_due_on.year == Campaign.objects.get().year + 1


def folded_parts(response):
    page = page_of(response)
    assert not page.query("#content form fieldset > details[open]")
    return [text_of(summary) for summary in page.query("#content form fieldset > details > summary")]


def test_what_is_folded_opens_where_it_holds_an_error(administrator):
    address = reverse("admin:projects_territory_add")
    page = administrator.get(address)
    assert folded_parts(page) == ["Ce qu’on en sait", "Ses dates", "Son contour"]
    typed = {"kind": "commune", "code": "27299", "name": "Gravigny", "siren": "12"}
    answer = administrator.post(address, filled(page) | typed)
    assert "Un SIREN a 9 chiffres." in answer.text
    assert folded_parts(answer) == ["Ses dates", "Son contour"]
    assert not Territory.objects.exists()


def test_the_count_agrees_with_what_is_ticked():
    widget = TickList(noun=Noun("structure", "structures"), choices=[(1, "Une"), (2, "Deux")])
    assert "0\u00a0structure cochée<" in "".join(widget.render("x", []).split("\n"))
    assert "2\u00a0structures cochées<" in "".join(widget.render("x", [1, 2]).split("\n"))


def test_an_orientation_to_choose_shows_the_whole_way_to_it(administrator, founding, node):
    page = administrator.get(f"{reverse('admin:axes_orientation_add')}?parent={node('5.2').pk}")
    groups = dict(page.context["adminform"].form.fields["parent"].choices[1:])
    (education,) = [lines for title, lines in groups.items() if title.startswith("5 ·")]
    words = dict(education)[node("5.2.1").pk]
    assert words.startswith("5 › 5.E1 › 5.2 › 5.2.1 · ")
    assert "framework ()" not in page.text
    assert f"Dans le cadre {founding.name}" in without_acronym_links(page.text)
    assert Project.objects.count() == 0
