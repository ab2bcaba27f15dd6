"""A project lives at its code for ever: what it was called before leads there, and says nothing of what is hidden."""

import pytest
from django.test import Client
from django.urls import reverse

from projects.choices import ProjectStatus
from projects.models import FormerCode, Project
from projects.search.models import SearchEntry
from projects.search.refreshing import refresh_all
from tests.factories import MembershipFactory, OfficerFactory, ProjectFactory

pytestmark = pytest.mark.django_db


def rename(project, code):
    """As the form of officers does; the trigger keeps what was there."""
    project.code = code
    project.save()
    return project


def leads_to(client, address):
    """Where an address leads: the next one if it moved for ever, its own if it answers, nothing if there is none."""
    answer = client.get(address)
    if answer.status_code == 301:
        return answer.url
    return address if answer.status_code == 200 else ""


def test_a_project_lives_at_its_code_and_its_number_leads_there(client, founding):
    project = ProjectFactory(code="2026-12.b_c", title="Jardin")
    assert project.get_absolute_url() == reverse("projects:detail", args=["2026-12.b_c"]) == "/projets/2026-12.b_c/"
    assert "Jardin" in client.get("/projets/2026-12.b_c/").text
    assert leads_to(client, f"/projets/{project.pk}/") == "/projets/2026-12.b_c/"
    assert leads_to(client, f"/projets/{project.pk}/?annee=2025&x=é") == "/projets/2026-12.b_c/?annee=2025&x=%C3%A9"
    assert leads_to(client, f"/projets/{project.pk}/fiche.pdf?annee=2025") == (
        "/projets/2026-12.b_c/fiche.pdf?annee=2025"
    )


def test_a_code_that_is_a_number_wins_over_the_number_of_another(client, founding):
    other = ProjectFactory(code="PST-1")
    numbered = ProjectFactory(code=str(other.pk), title="Numérotée")
    assert "Numérotée" in client.get(f"/projets/{other.pk}/").text
    assert leads_to(client, f"/projets/{numbered.pk}/") == f"/projets/{other.pk}/"
    rename(numbered, "autre")  # and so does one that was a number
    assert leads_to(client, f"/projets/{other.pk}/") == "/projets/autre/"


@pytest.mark.parametrize("write", ["save", "update", "bulk"])
def test_each_code_that_a_project_had_leads_to_it_whoever_wrote(client, founding, write):
    project = ProjectFactory(code="A1")
    for code in ("A2", "A3"):
        if write == "save":
            rename(project, code)
        elif write == "update":
            Project.objects.filter(pk=project.pk).update(code=code)
        else:
            project.code = code
            Project.objects.bulk_update([project], ["code"])
    assert [leads_to(client, f"/projets/{code}/") for code in ("A1", "A2", "A3")] == ["/projets/A3/"] * 3
    Project.objects.filter(pk=project.pk).update(title="Autre")  # what changes no code keeps none
    assert set(FormerCode.objects.values_list("code", flat=True)) == {"A1", "A2"}


def test_a_code_given_again_is_that_of_who_bears_it_today(client, founding):
    former = rename(ProjectFactory(code="A1"), "A2")
    heir = ProjectFactory(code="A1", title="L’héritière")
    assert "L’héritière" in client.get("/projets/A1/").text
    rename(heir, "A3")  # freed again: of the two that had it, the last
    assert leads_to(client, "/projets/A1/") == "/projets/A3/"
    rename(former, "A1")
    assert client.get("/projets/A1/").status_code == 200
    assert leads_to(client, "/projets/A2/") == "/projets/A1/"


def test_a_code_typed_again_in_other_capitals_leads_there_unless_two_are_meant(client, founding):
    ProjectFactory(code="Pst-Rives")
    assert leads_to(client, "/projets/pst-rives/") == "/projets/Pst-Rives/"
    ProjectFactory(code="PST-RIVES")
    assert leads_to(client, "/projets/PST-RIVES/") == "/projets/PST-RIVES/"
    assert client.get("/projets/pst-rives/").status_code == 404


@pytest.mark.parametrize("address", ["A1", "{pk}", "a2"])
def test_a_hidden_project_answers_as_one_that_never_was(client, founding, address):
    hidden = rename(ProjectFactory(code="A1", status=ProjectStatus.DRAFT), "A2")
    path = f"/projets/{address.format(pk=hidden.pk)}/"
    assert client.get(path).status_code == 404
    assert client.get(f"{path}fiche.pdf").status_code == 404
    officer, lead, stranger = Client(), Client(), Client()
    officer.force_login(OfficerFactory())
    lead.force_login(MembershipFactory(organization=hidden.organization).user)
    stranger.force_login(MembershipFactory().user)
    assert leads_to(officer, path) == leads_to(lead, path) == "/projets/A2/"
    assert officer.get(path).headers["Cache-Control"] == "no-store, private"
    assert leads_to(stranger, path) == ""


def test_a_hidden_project_that_bears_a_code_hides_none_that_had_it(client, founding):
    rename(ProjectFactory(code="A1"), "A2")
    before = leads_to(client, "/projets/A1/")
    ProjectFactory(code="A1", status=ProjectStatus.DRAFT)
    assert leads_to(client, "/projets/A1/") == before == "/projets/A2/"


@pytest.mark.parametrize("address", ["é", "%20", "a%2Fb", "x" * 300, "9" * 30, "²", "%00", "..%2F"])
def test_what_no_code_may_be_is_not_there(client, founding, address):
    ProjectFactory()
    assert client.get(f"/projets/{address}/").status_code in (400, 404)


def test_a_redirection_is_asked_again_for_a_code_may_be_given_again(client, founding):
    rename(ProjectFactory(code="A1"), "A2")
    answer = client.get("/projets/A1/")
    assert (answer.status_code, "must-revalidate" in answer.headers["Cache-Control"]) == (301, True)


def test_what_is_deleted_leaves_no_address(client, founding):
    project = rename(ProjectFactory(code="A1"), "A2")
    project.delete()
    assert leads_to(client, "/projets/A1/") == ""
    assert not FormerCode.objects.exists()


def test_a_project_whose_code_changes_is_found_at_its_new_address(founding, node):
    project = ProjectFactory(code="A1", title="Zorglub")
    refresh_all()
    rename(project, "A2")
    refresh_all()
    assert SearchEntry.objects.get(kind="project", key=project.pk).address == "/projets/A2/"
