"""The officers' screens for projects: what concerns the kind, rules in French, nothing overwritten silently."""

import json

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import reverse

from cohesion.roles import ELECTED
from projects.choices import ProjectKind, ProjectStatus
from projects.models import Action, Organization, Project, ReferenceDocument, Territory
from tests.factories import OrganizationFactory, ProjectFactory, TerritoryFactory, UserFactory
from tests.pages import squeezed
from tests.site.forms import seen_now

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-25 12:00+01:00")]
SQUARE = {"type": "Polygon", "coordinates": [[[1, 49], [1.1, 49], [1.1, 49.1], [1, 49]]]}
NO_LINES = {f"{name}-{count}_FORMS": 0 for name in ("places", "offers") for count in ("TOTAL", "INITIAL")}


def form_of(project, **changes):
    """What the screen of a project posts when nothing but ``changes`` is touched."""
    main = project.contributions.filter(is_main=True).first()
    return {
        **NO_LINES,
        **seen_now(project, apps.get_model("projects", project.kind)),
        "code": project.code,
        "title": project.title,
        "status": project.status,
        "organization": project.organization_id,
        "starts_on": "2026-01-01",
        "ends_on": "2026-12-31",
        "picked_main": main.orientation_id if main else "",
        "places": list(project.places.values_list("territory", flat=True)),
        **changes,
    }


def address(project):
    return f"/admin/projects/{project.kind}/{project.pk}/change/"


def test_each_screen_lists_its_own_kind(officer_client):
    shown = {kind: ProjectFactory(kind=kind, title=f"Celui des {kind}") for kind in ProjectKind.values}
    for kind in shown:
        page = squeezed(officer_client.get(f"/admin/projects/{kind}/").text)
        assert [other for other in shown if f"Celui des {other}" in page] == [kind]


@pytest.mark.parametrize(("kind", "present", "absent"), [("pst", "stage", "host"), ("prh", "host", "stage")])
def test_a_screen_shows_only_what_concerns_its_kind(officer_client, kind, present, absent):
    page = squeezed(officer_client.get(f"/admin/projects/{kind}/add/").text)
    assert f'name="{present}"' in page
    assert f'name="{absent}"' not in page


def test_a_project_is_added_with_its_kind_and_its_orientations(officer_client, officer, node):
    posted = {
        **NO_LINES,
        "code": "2026-900",
        "title": "Nouvelle",
        "status": "retained",
        "organization": OrganizationFactory().pk,
        "picked_main": node("5.2").pk,
        "picked_secondary": [node("1.1").pk],
        f"picked_reason_{node('1.1').pk}": "Par ricochet",
    }
    assert officer_client.post("/admin/projects/action/add/", posted).status_code == 302
    project = Project.objects.get()
    assert project.kind == "action"
    assert project.history.latest().history_user == officer
    found = project.contributions.order_by("-is_main").values_list("orientation__code", "is_main", "rationale")
    assert list(found) == [("5.2", True, ""), ("1.1", False, "Par ricochet")]


def test_what_is_no_draft_any_more_has_a_main_orientation(officer_client, founding):
    project = ProjectFactory(status=ProjectStatus.DRAFT)
    page = squeezed(
        officer_client.post(address(project), form_of(project, status=ProjectStatus.RETAINED)).content.decode()
    )
    assert "Choisissez l’orientation principale" in page
    assert officer_client.post(address(project), form_of(project)).status_code == 302


def test_what_was_imported_without_an_orientation_is_listed_and_edited_until_it_has_one(officer_client, node):
    linked, waiting = ProjectFactory(serves=[node("1.1")]), ProjectFactory(title="Sans rattachement, pour l’instant")
    page = officer_client.get("/admin/projects/action/?rattachement=sans").text
    assert waiting.title in page
    assert linked.title not in page
    posted = form_of(waiting, title="Toujours sans", description="Un paragraphe.\n\n- une puce")
    assert officer_client.post(address(waiting), posted).status_code == 302
    waiting.refresh_from_db()
    assert (waiting.title, waiting.description) == ("Toujours sans", "Un paragraphe.\n\n- une puce")
    draft = ProjectFactory(status=ProjectStatus.DRAFT)
    assert officer_client.post(address(draft), form_of(draft, title="Encore sans")).status_code == 302


@pytest.mark.parametrize(
    ("main", "sentence"), [("5.2", "à la fois principale et secondaire"), (None, "aussi l’orientation principale")]
)
def test_the_picker_says_what_is_wrong_and_keeps_the_choice(officer_client, node, main, sentence):
    project = ProjectFactory(serves=[node("1.1")])
    posted = form_of(project, picked_main=node(main).pk if main else "", picked_secondary=[node("5.2").pk])
    page = squeezed(officer_client.post(address(project), posted).text)
    assert sentence in page
    assert f'name="picked_secondary" value="{node("5.2").pk}" checked' in page
    assert project.contributions.get().orientation == node("1.1")


def test_two_officers_at_once_both_values_are_shown_and_the_next_click_decides(officer_client, node):
    project = ProjectFactory(serves=[node("1.1")], title="Avant")
    mine = form_of(project, title="Le mien")
    assert officer_client.post(address(project), form_of(project, title="Le sien")).status_code == 302
    response = officer_client.post(address(project), mine)
    page = squeezed(response.text)
    assert "Deux personnes ont modifié ce projet" in page
    assert "<td>Le sien</td><td>Le mien</td>" in page
    assert Project.objects.get().title == "Le sien"
    again = mine | {"seen_state": response.context["seen"]}
    assert officer_client.post(address(project), again).status_code == 302
    assert Project.objects.get().title == "Le mien"


def test_the_history_names_the_lead_before_and_after(officer_client, node):
    project = ProjectFactory(serves=[node("1.1")], organization=OrganizationFactory(name="Ancienne"))
    new = OrganizationFactory(name="Nouvelle")
    officer_client.post(address(project), form_of(project, organization=new.pk, reason="Reprise"))
    page = squeezed(officer_client.get(address(project).replace("change", "history")).text)
    assert all(word in page for word in ("Ancienne", "Nouvelle", "Reprise"))


def test_the_lists_filter_by_axis_branch_territory_and_year(officer_client, node):
    place = TerritoryFactory()
    ProjectFactory(title="Celle-ci", serves=[node("5.2")], located_in=[place])
    ProjectFactory(title="Une autre", serves=[node("1.1")], starts_on="2020-01-01", ends_on="2020-12-31")
    for query in (f"axe={node('5').pk}", f"branche={node('5.2').pk}", f"territoire={place.pk}", "annee=2026"):
        page = squeezed(officer_client.get(f"/admin/projects/action/?{query}").text)
        assert "Celle-ci" in page, query
        assert "Une autre" not in page, query


def test_the_list_costs_the_same_whatever_its_length(officer_client, django_assert_max_num_queries, node):
    for _ in range(12):
        ProjectFactory(serves=[node("5.2")])
    with django_assert_max_num_queries(18):
        officer_client.get("/admin/projects/action/")


def test_an_elected_official_reads_and_writes_nothing(client, node):
    elected = UserFactory(is_staff=True)
    elected.groups.add(Group.objects.get(name=ELECTED.name))
    client.force_login(elected)
    project = ProjectFactory(serves=[node("1.1")])
    assert client.get(address(project)).status_code == 200
    assert client.post(address(project), form_of(project, title="Autre")).status_code == 403


SAID = "Très fragile, à suivre"


@pytest.mark.parametrize("make", [OrganizationFactory, lambda: ReferenceDocument.objects.create(title="PLH")])
def test_a_note_for_officers_is_read_by_who_may_change_it_alone(client, officer, make):
    row = make()
    row.note = SAID
    row.save()
    elected = UserFactory(is_staff=True)
    elected.groups.add(Group.objects.get(name=ELECTED.name))
    page = reverse(f"admin:projects_{row._meta.model_name}_change", args=[row.pk])
    pages = (page, page.replace("/change/", "/history/"))
    for address in pages:
        client.force_login(officer)
        assert SAID in client.get(address).text, address
        client.force_login(elected)
        answer = client.get(address)
        assert answer.status_code == 200
        assert SAID not in answer.text, address
        assert "Pour les agents" not in answer.text


def test_every_note_said_to_be_for_officers_is_kept_from_the_others(rf, officer):
    request = rf.get("/")
    request.user = officer
    for model, screen in admin.site._registry.items():
        for _, part in screen.get_fieldsets(request, model()):
            said = str(part.get("description", ""))
            if said.startswith("Pour les agents"):
                assert set(part["fields"]) == set(screen.writers_only), screen


def test_an_outline_is_loaded_as_text_and_kept_afterwards(officer_client):
    quarter = TerritoryFactory()
    posted = {"kind": "commune", "code": quarter.code, "name": quarter.name}
    url = f"/admin/projects/territory/{quarter.pk}/change/"
    drawn = {**posted, **seen_now(quarter), "outline_text": json.dumps(SQUARE)}
    assert officer_client.post(url, drawn).status_code == 302
    assert officer_client.post(url, {**posted, **seen_now(quarter)}).status_code == 302
    assert Territory.objects.get().outline == SQUARE


def test_of_two_outlines_brought_at_once_the_second_is_told_of_the_first(officer_client):
    quarter = TerritoryFactory()
    posted = {"kind": "commune", "code": quarter.code, "name": quarter.name, **seen_now(quarter)}
    url = f"/admin/projects/territory/{quarter.pk}/change/"
    Territory.objects.update(outline=SQUARE)
    assert officer_client.post(url, posted).status_code == 302  # it brings none: theirs stays
    other = json.dumps({"type": "Polygon", "coordinates": [[[2, 49], [2.1, 49], [2.1, 49.1], [2, 49]]]})
    answer = officer_client.post(url, {**posted, "outline_text": other})
    assert "<td>un contour</td>" in answer.content.decode()
    assert Territory.objects.get().outline == SQUARE


def test_an_outline_that_is_not_closed_is_refused_in_french(officer_client):
    quarter = TerritoryFactory()
    open_ring = {"type": "Polygon", "coordinates": [[[1, 49], [1.1, 49], [1.1, 49.1], [1, 49.2]]]}
    posted = {"kind": "commune", "code": quarter.code, "name": quarter.name, "outline_text": json.dumps(open_ring)}
    page = squeezed(officer_client.post(f"/admin/projects/territory/{quarter.pk}/change/", posted).text)
    assert "n’est pas fermé" in page
    assert Territory.objects.get().outline is None


def test_merging_two_organisations_passes_their_projects(officer_client):
    keep, double = OrganizationFactory(), OrganizationFactory()
    ProjectFactory(organization=double)
    url = f"/admin/projects/organization/{keep.pk}/fusionner/"
    assert officer_client.post(url, {"merged": double.pk}).status_code == 302
    assert Organization.objects.get() == keep
    assert Action.objects.get().organization == keep


def test_merging_over_different_siret_asks_first(officer_client):
    keep, double = OrganizationFactory(siret="73282932000074"), OrganizationFactory(siret="35600000000048")
    page = officer_client.post(f"/admin/projects/organization/{keep.pk}/fusionner/", {"merged": double.pk})
    assert "SIRET différents" in squeezed(page.text)
    assert Organization.objects.count() == 2


def test_a_forged_key_of_a_project_is_no_error(officer_client):
    assert officer_client.post("/admin/projects/action/²/change/", {}).status_code == 302
