"""What the officers' screens are asked that they do not offer: said no to, or set aside, never broken nor endless."""

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.urls import reverse

from cohesion.roles import OFFICER
from cohesion.screens import MOST_LINES, MOST_SEARCHED, Screen
from projects.models import Organization
from tests.factories import OrganizationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    client.force_login(get_user_model().objects.create_superuser("chef", "chef@exemple.test", "x"))
    return client


def test_every_screen_has_these_bounds():
    assert all(isinstance(screen, Screen) for screen in admin.site._registry.values())


def test_no_screen_has_a_widget_of_the_admin_whose_fields_no_screen_reader_names():
    for screen in admin.site._registry.values():
        assert not any(issubclass(inline, admin.TabularInline) for inline in screen.inlines), screen
        assert not screen.filter_horizontal, screen


@pytest.mark.parametrize(
    "query",
    [
        "id__range=1",
        "name__regex=(a%2B)%2B%24",
        "name__iregex=[",
        "kind=association",
        "created_at__year=99999",
        "memberships=" + "9" * 31,
    ],
)
def test_a_list_is_filtered_by_the_filters_that_it_shows_and_by_nothing_else(administrator, query):
    url = reverse("admin:projects_organization_changelist")
    answer = administrator.get(f"{url}?{query}")
    assert (answer.status_code, answer.headers.get("Location")) == (302, f"{url}?e=1")
    assert administrator.get(f"{url}?kind__exact=association").status_code == 200


def test_a_year_that_no_date_can_have_leads_back_to_the_list(administrator):
    url = reverse("admin:cohesion_auditevent_changelist")
    assert administrator.get(f"{url}?at__year=99999999999").headers["Location"] == f"{url}?e=1"


def test_a_search_of_a_thousand_words_is_said_to_be_too_long_on_every_list(administrator):
    for model in admin.site._registry:
        url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        shown = administrator.get(url, {"q": "mot " * 2_000})
        assert f"La recherche est trop longue : {MOST_SEARCHED} caractères au plus" in shown.text, url


def test_save_as_new_is_obeyed_by_no_screen(administrator):
    organization = OrganizationFactory()
    change = reverse("admin:projects_organization_change", args=[organization.pk])
    for url in (change, reverse("admin:projects_organization_add")):
        assert administrator.post(url, {"_saveasnew": "1"}).status_code == 200
    assert Organization.objects.count() == 1


def test_a_form_that_says_that_it_has_a_million_lines_is_refused_without_making_them(administrator):
    url = reverse("admin:projects_organization_add")
    lines = {"memberships-TOTAL_FORMS": "1000000", "memberships-INITIAL_FORMS": "0"}
    page = administrator.post(url, {"name": "Une structure", "kind": "association", **lines})
    assert str(MOST_LINES) in page.context["inline_admin_formsets"][0].formset.non_form_errors()[0]
    assert len(page.context["inline_admin_formsets"][0].formset.forms) == MOST_LINES
    assert not Organization.objects.exists()


def test_the_group_of_a_role_is_read_and_not_renamed_emptied_or_deleted(administrator):
    role, other = Group.objects.get(name=OFFICER.name), Group.objects.create(name="Stagiaires")
    of_role, of_other = (reverse("admin:auth_group_change", args=[one.pk]) for one in (role, other))
    assert 'name="_save"' not in administrator.get(of_role).text
    assert administrator.post(of_role, {"name": "Autre"}).status_code == 403
    assert administrator.post(reverse("admin:auth_group_delete", args=[role.pk]), {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [role.pk, other.pk], "post": "yes"}
    administrator.post(reverse("admin:auth_group_changelist"), chosen)
    assert Group.objects.filter(pk=role.pk).exists()
    assert 'name="_save"' in administrator.get(of_other).text
