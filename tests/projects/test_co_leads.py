"""Several structures lead a project, one first: the others read of it what that one reads, and write nothing."""

import re

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from axes.actions import prepare_next_version
from projects.choices import ProjectStatus
from projects.housekeeping.merging import merge_organizations
from projects.models import CoLead, Project
from tests.factories import CoLeadFactory, DeclarationFactory, LeadFactory, OrganizationFactory, ProjectFactory
from tests.pages import squeezed

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(founding):
    return DeclarationFactory().project


@pytest.fixture
def beside(draft, client):
    """Somebody who acts for an organisation that leads the draft beside the first."""
    organization = OrganizationFactory(name="La Boussole")
    CoLeadFactory(project=draft, organization=organization)
    user = LeadFactory(acts_for=organization)
    client.force_login(user)
    return user


def test_a_co_lead_reads_the_draft_and_its_money_and_finds_it_in_their_space(draft, beside, client):
    assert draft.status == ProjectStatus.DRAFT
    assert draft in Project.objects.visible_to(beside)
    page = squeezed(client.get(f"/projets/{draft.code}/").text)
    assert "votre structure le porte avec" in page
    assert "Coût total" in page
    assert "La Boussole" in page
    home = squeezed(client.get("/espace/").text)
    assert "Portés avec une autre structure" in home
    assert f'href="/projets/{draft.code}/"' in home
    assert "À vous de jouer" in home


@pytest.mark.parametrize("address", ["/espace/declarations/{pk}/", "/espace/declarations/{pk}/action/"])
def test_a_co_lead_writes_nothing_of_it(draft, beside, client, address):
    assert client.get(address.format(pk=draft.pk)).status_code == 404
    assert client.post(address.format(pk=draft.pk), {"title": "Le mien"}).status_code in (404, 405)
    assert not Project.objects.of(beside).exists()


def test_a_stranger_still_finds_nothing(draft, client):
    client.force_login(LeadFactory())
    assert client.get(f"/projets/{draft.code}/").status_code == 404


def test_a_public_sheet_shows_the_leads_the_description_and_no_html_of_it(client, founding):
    project = ProjectFactory(description="Un <b>texte</b> :\n\n- une puce", title="t" * 255, summary="mot " * 250)
    CoLeadFactory(project=project, organization=OrganizationFactory(name="La Boussole"))
    page = squeezed(client.get(f"/projets/{project.code}/").text)
    assert "<ul><li>une puce</li></ul>" in page
    assert "&lt;b&gt;texte&lt;/b&gt;" in page
    assert "avec La Boussole" in " ".join(strip_tags(page).split())


@pytest.fixture
def together(founding):
    """A project of two leads, one of the second alone, and another's."""
    first, beside = OrganizationFactory(name="Atelier du Pont"), OrganizationFactory(name="La Boussole")
    both, alone = ProjectFactory(organization=first), ProjectFactory(organization=beside)
    CoLeadFactory(project=both, organization=beside)
    ProjectFactory()
    return first, beside, both, alone


def test_a_project_is_listed_and_counted_for_each_of_its_leads(client, together):
    first, beside, both, alone = together
    for lead, projects in ((first, [both]), (beside, [both, alone])):
        context = client.get(f"/projets/?porteur={lead.pk}").context
        assert [project.pk for project in context["page"]] == [project.pk for project in projects]
        (chosen,) = [choice for choice in context["choices"]["porteur"] if choice.is_chosen]
        assert (chosen.label, chosen.count) == (lead.name, len(projects))
        rows = client.get(f"/projets/export.csv?porteur={lead.pk}").getvalue().decode().splitlines()
        assert [row.split(";")[0].strip('"') for row in rows[1:]] == [project.code for project in projects]


def test_a_list_and_a_sheet_name_all_leads_and_each_leads_to_its_projects(client, together):
    first, beside, both, _ = together
    assert "Atelier du Pont, La Boussole" in squeezed(client.get("/projets/").text)
    assert both in client.get("/projets/?q=boussole").context["page"].object_list
    page = squeezed(client.get(f"/projets/{both.code}/").text)
    for lead in (first, beside):
        address = reverse("projects:organization", args=[lead.pk])
        assert re.search(rf'<a href="{re.escape(address)}">\s?{lead.name}</a>', page)
    assert "Atelier du Pont, La Boussole, «" in page  # as it is cited


def test_what_is_said_of_leads_changes_with_them(client, together):
    _, beside, both, _ = together
    assert client.get("/projets/", {"porteur": beside.pk}).context["page"].paginator.count == 2
    both.co_leaders.get().delete()
    assert client.get("/projets/", {"porteur": beside.pk}).context["page"].paginator.count == 1


def test_officers_filter_their_list_by_each_lead(officer_client, together):
    first, beside, both, alone = together
    for lead, projects in ((first, [both]), (beside, [both, alone])):
        page = officer_client.get(f"/admin/projects/action/?porteur={lead.pk}")
        assert sorted(page.context["cl"].queryset.values_list("pk", flat=True)) == [one.pk for one in projects]
        assert f"?porteur={lead.pk}" in page.text


def test_merging_two_organisations_passes_on_what_they_lead_together(officer, founding):
    keep, merged = OrganizationFactory(), OrganizationFactory()
    theirs, both, own = ProjectFactory(), ProjectFactory(), ProjectFactory(organization=keep)
    for project, organization in ((theirs, merged), (both, merged), (both, keep), (own, merged)):
        CoLeadFactory(project=project, organization=organization)
    merge_organizations(keep=keep, merged=merged, by=officer)
    found = CoLead.objects.values_list("project", "organization")
    assert sorted(found) == sorted([(theirs.pk, keep.pk), (both.pk, keep.pk)])


def test_context_and_description_of_an_orientation_are_shown_and_copied(founding, officer, client):
    axis = founding.orientations.get(code="1")
    axis.context, axis.description = "Un constat.\n\n- un", "Ce <i>que</i> c’est."
    axis._change_reason = "Textes longs"
    axis.save()
    page = squeezed(client.get("/orientations/1/").text)
    assert "<p>Un constat.</p><ul><li>un</li></ul>" in page
    assert "&lt;i&gt;que&lt;/i&gt;" in page
    assert axis.history.first().context == axis.context
    copy = prepare_next_version(framework=founding, by=officer).orientations.get(code="1")
    assert (copy.context, copy.description) == (axis.context, axis.description)
