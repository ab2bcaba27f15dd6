"""What a file answers, read and written on the file, in each programme and in the frameworks of its time."""

import pytest
from django.urls import reverse

from axes.choices import FrameworkStatus
from axes.models import Framework
from projects.models import Project, UncarriedLink
from tests.costs import cost
from tests.factories import FrameworkFactory, OrientationFactory, ProjectFactory
from tests.pages import squeezed
from tests.site.forms import filled

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(founding, node):
    return ProjectFactory(serves=[node("5.2"), node("8")])


@pytest.fixture
def archived(founding, project):
    """The framework of the project's time, one orientation of which is in force still."""
    former = FrameworkFactory(slug="avant", name="Cadre d’avant")
    same = OrientationFactory(framework=former, code="3", title="Se loger", uid=founding.orientations.get(code="8").uid)
    gone = OrientationFactory(framework=former, code="4", title="Disparue")
    Framework.objects.filter(pk=former.pk).update(status=FrameworkStatus.ARCHIVED)
    project.contributions.create(orientation=same, is_main=True)
    UncarriedLink.objects.create(link=project.contributions.create(orientation=gone))
    return former


def links_page(project):
    return reverse("projects:instruction_links", args=[project.pk])


def file_page(project):
    return reverse("projects:instruction_file", args=[project.pk])


def codes(project, framework):
    links = project.contributions.filter(orientation__framework=framework).order_by("-is_main", "orientation__code")
    return [(link.orientation.code, link.is_main) for link in links]


def sent(client, project, **typed):
    form = filled(client.get(links_page(project)), "form.file-links")
    return client.post(links_page(project), {**form, **typed}, follow=True)


def test_a_file_is_read_in_the_framework_of_its_time_and_in_that_of_today(officer_client, project, archived):
    page = squeezed(officer_client.get(file_page(project)).text)
    assert "Dans le cadre d’avant" in page
    assert "Cadre d’avant" in page
    assert "Orientation secondaire, rattachement à refaire" in page
    assert "Aujourd’hui" in page


def test_the_sheet_of_officers_says_the_frameworks_of_its_time_too(officer_client, project, archived):
    address = reverse(f"admin:projects_{project.kind}_change", args=[project.pk])
    page = squeezed(officer_client.get(address).text)
    assert "Dans les cadres de son temps" in page
    assert "Cadre d’avant" in page
    assert "<strong>rattachement à refaire</strong>" in page
    Framework.objects.filter(pk=archived.pk).update(status=FrameworkStatus.DRAFT)
    assert "Dans les cadres de son temps" not in officer_client.get(address).text


def test_an_officer_writes_from_the_file_one_main_orientation_in_each_programme(
    officer_client, founding, city, node, project
):
    second = city.orientations.get(code="1.1")
    page = sent(officer_client, project, **{f"cadre_{city.pk}_main": [str(second.pk)]})
    assert "Les rattachements sont enregistrés." in page.text
    assert codes(project, city) == [("1.1", True)]
    assert codes(project, founding) == [("5.2", True), ("8", False)]
    assert "Au titre d’un autre programme" in page.text
    sent(officer_client, project, **{f"cadre_{city.pk}_main": [""]})
    assert codes(project, city) == []
    assert "Rien n’a changé" in sent(officer_client, project).text


def test_a_file_keeps_a_main_orientation_in_the_framework_of_reference(officer_client, founding, project):
    page = sent(officer_client, project, **{f"cadre_{founding.pk}_main": [""], f"cadre_{founding.pk}_secondary": []})
    assert "garde une dans le cadre de référence" in page.text
    assert codes(project, founding) == [("5.2", True), ("8", False)]


def test_links_that_a_colleague_changed_meanwhile_are_not_written_over(officer_client, founding, city, node, project):
    form = filled(officer_client.get(links_page(project)), "form.file-links")
    project.contributions.filter(orientation=node("8")).delete()
    second = str(city.orientations.get(code="1.1").pk)
    answer = officer_client.post(links_page(project), {**form, f"cadre_{city.pk}_main": [second]})
    assert "changé ces rattachements" in squeezed(answer.text)
    assert f'value="{second}" checked' in squeezed(answer.text)  # nothing typed is lost
    assert codes(project, city) == []
    assert codes(project, founding) == [("5.2", True)]


def test_a_form_shown_again_for_another_fault_does_not_hide_what_a_colleague_changed(
    officer_client, founding, city, node, project
):
    form = filled(officer_client.get(links_page(project)), "form.file-links")
    project.contributions.filter(orientation=node("8")).delete()
    reference = f"cadre_{founding.pk}"
    lacking = {name: values for name, values in form.items() if not name.startswith(reference)}
    again = officer_client.post(links_page(project), {**lacking, f"{reference}_main": [""]})
    assert "garde une dans le cadre de référence" in again.text
    seen = filled(again, "form.file-links")["seen_state"]
    answer = officer_client.post(links_page(project), {**form, "seen_state": seen})
    assert "changé ces rattachements" in squeezed(answer.text)
    assert codes(project, founding) == [("5.2", True)]


def test_a_draft_has_no_links_page_for_officers(officer_client, founding, project):
    Project.objects.filter(pk=project.pk).update(status="draft")
    assert officer_client.get(links_page(project)).status_code == 404


def test_reading_the_links_costs_the_same_however_many_there_are(officer_client, city, node, project):
    officer_client.get(links_page(project))
    few = cost(links_page(project), officer_client)
    for code in ("3", "4", "6"):
        project.contributions.create(orientation=node(code))
    assert cost(links_page(project), officer_client) == few
