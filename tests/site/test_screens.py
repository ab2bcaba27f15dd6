"""What the officers' screens are asked that they do not offer: said no to, or set aside, never broken nor endless."""

import re

import pytest
from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import models
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import escape

from cohesion.lib.natural import NaturalKeyField
from cohesion.roles import OFFICER
from cohesion.screens import MOST_LINES, MOST_SEARCHED, Screen
from projects.housekeeping.admin import OrganizationAdmin
from projects.models import Organization, ReferenceDocument, Scheme
from tests.factories import OrganizationFactory, ProjectFactory, TerritoryFactory
from tests.pages import squeezed

pytestmark = [pytest.mark.django_db, pytest.mark.once]


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


CODES = {"code", "siret", "username", "email", "address", "slug"}  # a machine's words, or unique beside a name
BIG = {"cohesion.AuditEvent"}  # the log: too many rows for any order but the database's


def names_in_no_french_order(rows):
    """The texts that these rows are ordered by and that no French dictionary would put so."""
    compiler = rows.query.get_compiler("default")
    compiler.pre_sql_setup()
    found = []
    for term, _ in compiler.get_order_by():
        field = getattr(term.expression, "target", None)
        is_text = isinstance(field, models.CharField | models.TextField) and not field.choices
        is_own = isinstance(field, NaturalKeyField) or getattr(field, "name", "") in {*CODES, "search_text"}
        if is_text and not is_own:
            found.append(str(field))
    return found


def test_every_list_puts_names_in_the_order_of_a_french_dictionary(rf):
    request = rf.get("/")
    request.user = get_user_model()(is_superuser=True, is_staff=True, is_active=True)
    wrong, ordered = {}, 0
    for model, screen in admin.site._registry.items():
        if model._meta.label in BIG:
            continue
        columns = [f"o=-{number}" for number in range(len(screen.get_list_display(request)) + 1)]
        for turn in ("", *columns):
            request.GET = QueryDict(turn)
            rows = screen.get_changelist_instance(request).get_queryset(request)
            if found := names_in_no_french_order(rows):
                wrong[f"{model._meta.label} {turn}"] = found
            ordered += "COLLATE" in str(rows.query)
    assert wrong == {}
    assert ordered > 20


def test_every_choice_of_a_row_puts_names_in_the_order_of_a_french_dictionary(rf):
    request = rf.get("/")
    request.user = get_user_model()(is_superuser=True, is_staff=True, is_active=True)
    wrong, asked = {}, 0
    for model, screen in admin.site._registry.items():
        if not screen.has_add_permission(request):
            continue
        inlines = [inline.get_formset(request).form for inline in screen.get_inline_instances(request)]
        for form in (screen.get_form(request), *inlines):
            for name, field in form.base_fields.items():
                if isinstance(field, forms.ModelChoiceField) and field.queryset.model is not Permission:
                    asked += 1
                    if found := names_in_no_french_order(field.queryset):
                        wrong[f"{model._meta.label} {form.__name__} {name}"] = found
    assert wrong == {}
    assert asked > 20


@pytest.mark.parametrize(
    ("list_name", "column", "make"),
    [
        ("organization", "name", lambda name: OrganizationFactory(name=name)),
        ("territory", "name", lambda name: TerritoryFactory(name=name)),
        ("scheme", "code", lambda name: Scheme.objects.create(code=name)),
        ("referencedocument", "title", lambda name: ReferenceDocument.objects.create(title=name, status="approved")),
        ("action", "headline", lambda name: ProjectFactory(title=name)),
    ],
)
def test_evreux_stands_under_e_in_the_lists(administrator, list_name, column, make):
    names = ["Fauville", "Évreux", "étage", "Zone", "Emalleville"]
    rows = {make(name).pk: name for name in names}
    ordered = ["Emalleville", "étage", "Évreux", "Fauville", "Zone"]
    address = reverse(f"admin:projects_{list_name}_changelist")
    number = administrator.get(address).context["cl"].list_display.index(column)
    asked = {f"{number}": ordered, f"-{number}": ordered[::-1]}
    for turn, expected in asked.items() if list_name == "action" else {"": ordered, **asked}.items():
        page = administrator.get(address, {"o": turn} if turn else {})
        assert [rows[row.pk] for row in page.context["cl"].result_list if row.pk in rows] == expected


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


def test_every_list_and_form_says_what_it_is_for(administrator):
    bare = [str(model) for model, screen in admin.site._registry.items() if not screen.purpose]
    assert bare == []
    for page in ("", "add/"):
        assert OrganizationAdmin.purpose in administrator.get(f"/admin/projects/organization/{page}").text


def test_every_page_of_officers_and_of_leads_says_what_it_is_for():
    """In one paragraph under its title, and what happens next."""
    folders = ("instruction", "instruction/mailings", "instruction/papers", "programming", "space")
    pages = [path for folder in folders for path in (settings.BASE_DIR / "templates" / folder).glob("[a-z]*.html")]
    bare = [
        path.name
        for path in pages
        if 'class="page-head"' in (text := path.read_text("utf-8")) and not re.search(r'class="[^"]*\bpurpose"', text)
    ]
    assert len(pages) > 30
    assert bare == []


def test_each_cell_of_a_list_bears_the_name_of_its_column(administrator):
    territory = TerritoryFactory(name="Le <Bourg>", population=12_500, is_in_perimeter=True)
    page = squeezed(administrator.get("/admin/projects/territory/").text)
    row = re.search(r"<tbody>.*?</tr>", page, re.DOTALL)[0]
    assert re.findall(r'data-label="([^"]*)"', row) == [
        "Nom",
        "Nature",
        "Code",
        "Habitants",
        "Dans le périmètre",
        "Existence",
    ]
    assert f'change/">{escape(territory.name)}</a>' in row
    assert ">12\u202f500<" in row
    assert ">oui<" in row
    assert "True" not in row
