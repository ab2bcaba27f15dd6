"""A change to many projects: shown first, then whole or not at all, signed, and never over a colleague's change."""

import datetime
import re

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from justhtml import JustHTML

from axes.models import Framework
from cohesion.roles import ELECTED
from cohesion.together import states
from projects.catalogue import actions
from projects.choices import ProjectKind, ProjectStatus
from projects.instructing import bulk
from projects.instructing.bulk import BulkChange
from projects.instructing.changing import change_projects
from projects.models import Project, TransitionLog
from tests.factories import ProjectFactory, TerritoryFactory, UserFactory
from tests.pages import squeezed

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-25 12:00+01:00")]
LIST = "/admin/projects/action/"
BULK = f"{LIST}changer/"
CLOSED = BulkChange(status=ProjectStatus.CLOSED)
LATER = BulkChange(ends_on=datetime.date(2027, 6, 30))


@pytest.fixture
def three(node):
    return [ProjectFactory(code=f"P-{number}", serves=[node("5.2")]) for number in range(3)]


def seen(*projects):
    return {project.pk: project.version for project in projects}


def carried(*projects):
    """What the page brings back of these projects."""
    return {states.FIELD: states.seal({str(key): str(version) for key, version in seen(*projects).items()}, "projects")}


def carries(page):
    """What a page that was shown would bring back."""
    sealed = re.search(r'name="seen_state" value="([^"]+)"', page)[1]
    return {int(key): int(version) for key, version in states.seen({states.FIELD: sealed}, "projects").items()}


def chosen(client, *projects, across=False, query=""):
    posted = {"action": "change_together", "_selected_action": [project.pk for project in projects]}
    return client.post(LIST + query, posted | {"select_across": "1" if across else "0", "index": "0"})


# --- the write ----------------------------------------------------------------------------------------------


def test_all_change_with_their_versions_signed_and_the_revision_rises(officer, founding, three):
    before = Framework.objects.get(pk=founding.pk).revision
    number = change_projects(seen=seen(*three), change=CLOSED, by=officer, reason="Comité du 3 mars")
    assert number == 3
    assert set(Project.objects.values_list("status", "version")) == {("closed", 2)}
    assert Framework.objects.get(pk=founding.pk).revision > before
    for project in three:
        record = project.history.latest()
        assert (record.status, record.history_type, record.history_user, record.history_change_reason) == (
            "closed",
            "~",
            officer,
            "Comité du 3 mars",
        )
        log = TransitionLog.objects.get(project=project)
        assert (log.transition, log.by, log.comment) == ("correct", officer, "Comité du 3 mars")


def test_a_project_that_is_so_already_is_not_written(officer, three, founding):
    Project.objects.filter(pk=three[0].pk).update(status=ProjectStatus.CLOSED)
    assert change_projects(seen=seen(*three), change=CLOSED, by=officer, reason="X") == 2
    three[0].refresh_from_db()
    assert (three[0].version, three[0].history.count()) == (1, 1)


def test_one_refused_and_nothing_changes(officer, three):
    start = BulkChange(starts_on=datetime.date(2026, 6, 1))
    Project.objects.filter(pk=three[2].pk).update(ends_on=datetime.date(2026, 5, 1))
    with pytest.raises(ValidationError, match="Rien n’a été changé"):
        change_projects(seen=seen(*three), change=start, by=officer, reason="X")
    assert set(Project.objects.values_list("starts_on", "version")) == {(datetime.date(2026, 1, 1), 1)}


def test_a_colleague_who_was_quicker_is_told_of_and_nothing_changes(officer, three):
    read = seen(*three)
    three[1].title = "Autrement"
    actions.save_project(project=three[1], by=officer)
    three[2].delete()
    with pytest.raises(ValidationError) as told:
        change_projects(seen=read, change=CLOSED, by=officer, reason="X")
    assert "P-1" in told.value.messages[0]
    assert "supprimé entre-temps" in told.value.messages[1]
    assert not Project.objects.filter(status=ProjectStatus.CLOSED).exists()


@pytest.mark.parametrize(
    ("change", "values", "sentence"),
    [
        (BulkChange(ends_on=datetime.date(2025, 1, 1)), {}, "La fin (01/01/2025) précéderait le début (01/01/2026)."),
        (CLOSED, {"status": ProjectStatus.DRAFT, "serves": ()}, "Il n’a pas d’orientation principale"),
        (BulkChange(status=ProjectStatus.DRAFT), {}, "ne redevient pas un brouillon"),
    ],
)
def test_each_refusal_says_why(node, change, values, sentence):
    project = ProjectFactory(**({"serves": [node("5.2")]} | values))
    found = bulk.plan(bulk.read_projects([project.pk]), change)
    assert sentence in found.refused[0].refusal
    assert not found.changed


def test_a_quarter_outside_the_new_dates_is_a_refusal(node):
    zone = TerritoryFactory(name="Nétreville", valid_to=datetime.date(2026, 6, 30))
    project = ProjectFactory(serves=[node("5.2")], located_in=[zone])
    found = bulk.plan(bulk.read_projects([project.pk]), BulkChange(starts_on=datetime.date(2026, 7, 1)))
    assert "« Nétreville » n’existe pas à ces dates" in found.refused[0].refusal


def test_a_draft_with_its_orientation_may_leave_being_one(officer, node):
    draft = ProjectFactory(serves=[node("5.2")], status=ProjectStatus.DRAFT)
    change_projects(seen=seen(draft), change=BulkChange(status="submitted"), by=officer, reason="X")
    assert Project.objects.get().status == ProjectStatus.SUBMITTED


def test_dates_cost_the_same_for_three_and_for_forty(officer, node, founding):
    def cost(number):
        projects = [ProjectFactory(serves=[node("5.2")]) for _ in range(number)]
        with CaptureQueriesContext(connection) as captured:
            change_projects(seen=seen(*projects), change=LATER, by=officer, reason="X")
        return len(captured)

    assert cost(3) == cost(40) <= 12


# --- the screens --------------------------------------------------------------------------------------------


def test_the_chosen_projects_are_shown_and_nothing_is_written(officer_client, three):
    page = squeezed(chosen(officer_client, *three[:2]).text)
    JustHTML(page, strict=True)
    assert carries(page) == seen(*three[:2])
    assert "P-0" in page
    assert "P-2" not in page


def test_all_that_match_the_filter_may_be_chosen(officer_client, three, node):
    ProjectFactory(code="AUTRE", serves=[node("5.2")], status=ProjectStatus.REFUSED)
    page = squeezed(chosen(officer_client, three[0], across=True, query="?status__exact=running").text)
    assert carries(page) == seen(*three)
    assert 'name="filters" value="status__exact=running"' in page


def test_what_would_change_is_shown_before_and_done_after(officer_client, officer, three):
    posted = {**carried(*three), "status": "closed", "reason": "Comité", "filters": "status__exact=running"}
    page = squeezed(officer_client.post(BULK, posted | {"voir": "1"}).text)
    JustHTML(page, strict=True)
    assert "<strong>3</strong> projets changeraient" in page
    assert '<del><span class="visually-hidden">avant : </span>En cours</del>' in page
    assert not Project.objects.filter(status="closed").exists()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    response = officer_client.post(BULK, {**hidden, "appliquer": "1"})
    assert response.headers["Location"] == f"{LIST}?status__exact=running"
    assert Project.objects.filter(status="closed").count() == 3
    assert three[0].history.latest().history_user == officer


def test_those_that_refuse_are_named_and_may_be_left_out(officer_client, three, node):
    draft = ProjectFactory(code="SANS", status=ProjectStatus.DRAFT)
    posted = {**carried(draft, *three), "status": "closed", "reason": "Comité"}
    page = squeezed(officer_client.post(BULK, posted | {"voir": "1"}).text)
    assert "<strong>1</strong> refuse ce changement" in page
    assert 'name="appliquer"' not in page
    without = squeezed(officer_client.post(BULK, posted | {"ecarter": "1"}).text)
    assert carries(without) == seen(*three)
    assert 'name="appliquer"' in without


def test_a_colleague_s_change_is_told_and_the_page_shows_it_fresh(officer_client, officer, three):
    posted = {**carried(*three), "status": "closed", "reason": "Comité"}
    three[1].title = "Un titre neuf"
    actions.save_project(project=three[1], by=officer)
    page = squeezed(officer_client.post(BULK, posted | {"appliquer": "1"}).text)
    assert "modifié entre-temps par quelqu’un d’autre : P-1" in page
    assert carries(page)[three[1].pk] == 2
    assert "Un titre neuf" in page
    assert not Project.objects.filter(status="closed").exists()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    assert officer_client.post(BULK, {**hidden, "appliquer": "1"}).status_code == 302


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"status": "closed"}, "Dites pourquoi"),
        ({"reason": "X"}, "Choisissez un état ou une date"),
        ({"reason": "X", "starts_on": "2026-02-02", "ends_on": "2026-02-01"}, "La date de fin précède"),
        ({"reason": "X", "starts_on": "hier"}, "date"),
    ],
)
def test_what_is_typed_wrongly_is_told_and_kept(officer_client, three, typed, sentence):
    page = squeezed(officer_client.post(BULK, {**carried(*three), **typed, "appliquer": "1"}).text)
    assert sentence in page
    for value in typed.values():
        assert f'value="{value}"' in page
    assert set(Project.objects.values_list("version", flat=True)) == {1}


def test_a_project_of_another_screen_is_not_changed_from_this_one(officer_client, node):
    pst = ProjectFactory(kind=ProjectKind.PST, serves=[node("1.1")])
    officer_client.post(BULK, {**carried(pst), "status": "closed", "reason": "X", "appliquer": "1"})
    assert Project.objects.get().status == ProjectStatus.RUNNING


def test_a_forged_choice_is_no_error(officer_client, founding):
    for forged in ("", "a:b", "²", states.seal({"1": "2"}, "codes"), states.seal({"9": "1"}, "projects")):
        posted = {states.FIELD: forged, "voir": "1", "status": "closed", "reason": "X"}
        assert officer_client.post(BULK, posted).status_code == 200


def test_an_elected_official_has_no_such_action(client, three):
    elected = UserFactory(is_staff=True)
    elected.groups.add(Group.objects.get(name=ELECTED.name))
    client.force_login(elected)
    assert "change_together" not in squeezed(client.get(LIST).text)
    assert client.post(BULK, {**carried(*three), "status": "closed", "reason": "X"}).status_code == 403


# --- and back -----------------------------------------------------------------------------------------------


def apply(client, *projects):
    posted = {**carried(*projects), "ends_on": "2027-06-30", "reason": "Prolongés", "appliquer": "1"}
    return client.post(BULK, posted, follow=True)


def test_dates_given_to_many_come_back_each_to_what_it_was_once(officer_client, three):
    for number, project in enumerate(three, start=1):
        Project.objects.filter(pk=project.pk).update(ends_on=datetime.date(2026, number, 20) if number > 1 else None)
    before = list(Project.objects.order_by("pk").values_list("starts_on", "ends_on"))
    page = squeezed(apply(officer_client, *three).text)
    assert f'<a href="{BULK}?avant=1">Remettre leurs dates d’avant</a>' in page
    assert "20\u00a0mars 2026" in officer_client.get(f"{BULK}?avant=1").text
    officer_client.post(f"{BULK}?avant=1")
    assert list(Project.objects.order_by("pk").values_list("starts_on", "ends_on")) == before
    assert three[0].history.latest().history_change_reason.startswith("Dates remises")
    assert "sont déjà remises" in officer_client.post(f"{BULK}?avant=1", follow=True).text


def test_dates_do_not_come_back_over_a_colleagues_change(officer_client, three):
    apply(officer_client, *three)
    Project.objects.filter(pk=three[1].pk).update(version=9)
    page = officer_client.post(f"{BULK}?avant=1", follow=True).text
    assert re.search(r"modifié.*P-1", page)
    assert set(Project.objects.values_list("ends_on", flat=True)) == {datetime.date(2027, 6, 30)}


def test_a_change_of_state_offers_no_way_back(officer_client, three):
    posted = {**carried(*three), "status": "closed", "reason": "Comité", "appliquer": "1"}
    assert "Remettre leurs dates" not in officer_client.post(BULK, posted, follow=True).text
