"""The officer's desk: what it counts is what the page behind it lists."""

import datetime
import re

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from axes.models import ImportJob
from cohesion.audit import AuditKind, record
from cohesion.imports.models import every_import
from cohesion.site.desk import FACTS, GROUPS, IMPORT_ADDRESSES
from projects.catalogue.models import TransitionLog
from projects.catalogue.workflow import COMMITTEES_TURN, OFFICERS_TURN
from projects.choices import ProjectStatus
from projects.instructing.models import Review
from projects.instructing.waiting import SHOWN, TASKS, waiting
from tests.factories import (
    CampaignFactory,
    CommitteeFactory,
    DeclarationFactory,
    ProjectFactory,
    UserFactory,
)
from tests.pages import squeezed

DESK = "/admin/"
QUERIES = 42  # four of them ask what is to be paid, signed and agreed, two what was left without an orientation


def plain(response):
    """The page on one line, with ordinary spaces."""
    return squeezed(response.text).replace("\u00a0", " ").replace("\u202f", " ")


def test_each_thing_that_officers_do_has_its_lane():
    assert set(TASKS) == set(OFFICERS_TURN)


def test_the_number_of_a_lane_is_the_number_of_files_that_its_link_lists(officer_client, officer):
    for status in TASKS:
        for _ in range(SHOWN + 1):
            ProjectFactory(status=status)
    for lane in waiting(officer).lanes:
        assert lane.number == SHOWN + 1
        assert len(lane.lines) == SHOWN
        assert officer_client.get(lane.address).context["page"].paginator.count == lane.number


def test_the_oldest_file_comes_first(officer):
    recent, old = ProjectFactory(status=ProjectStatus.SUBMITTED), ProjectFactory(status=ProjectStatus.SUBMITTED)
    for project, days in ((recent, 1), (old, 9)):
        step = TransitionLog.objects.create(project=project, transition="submit", source="draft", target="submitted")
        TransitionLog.objects.filter(pk=step.pk).update(at=timezone.now() - datetime.timedelta(days=days))
    assert [line.project for line in waiting(officer).lanes[0].lines] == [old, recent]


def test_the_committee_that_comes_says_what_is_ready_and_what_is_proposed(officer_client, officer):
    campaign = CampaignFactory(budget=90_000)
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    committee = CommitteeFactory(campaign=campaign, held_on=tomorrow)
    for status, proposed in ((COMMITTEES_TURN[0], 4000), (COMMITTEES_TURN[0], 7700), (ProjectStatus.IN_REVIEW, 9000)):
        Review.objects.create(project=ProjectFactory(status=status), committee=committee, proposed_amount=proposed)
    coming = waiting(officer).coming
    assert (coming.committee, coming.ready, coming.proposed, coming.envelope) == (committee, 2, 11_700, 90_000)
    page = plain(officer_client.get(DESK))
    assert "a 2 dossiers prêts, pour 11 700 € sur une enveloppe de 90 000 €" in page


def test_a_search_that_names_one_file_opens_it_and_any_other_lists_what_it_names(officer_client):
    first, _ = (ProjectFactory(title=f"Atelier {word}", status="submitted") for word in ("couture", "cuisine"))
    assert 'name="ouvrir" value="1"' in officer_client.get(DESK).text
    queue = reverse("projects:instruction")
    opened = officer_client.get(f"{queue}?q=couture&ouvrir=1")
    assert opened.headers["Location"] == reverse("projects:instruction_file", args=[first.pk])
    assert officer_client.get(f"{queue}?q=atelier&ouvrir=1").status_code == 200
    assert officer_client.get(f"{queue}?q=rien&ouvrir=1").status_code == 200
    assert officer_client.get(f"{queue}?ouvrir=1").status_code == 200
    assert officer_client.get(f"{queue}?q=couture").status_code == 200


def test_every_subject_has_its_place_in_the_order_of_the_work():
    placed = [model for _, models in GROUPS for model in models]
    assert len(placed) == len(set(placed))
    assert {model.__name__ for model in admin.site._registry} == set(placed)
    assert set(FACTS) <= set(placed)


def test_the_desk_of_an_officer_lists_what_they_may_open_and_nothing_else(officer_client):
    page = plain(officer_client.get(DESK))
    subjects = re.findall(r'<li>\s*<a href="(/admin/[a-z]+/[a-z]+/)">', page)
    assert subjects
    assert {officer_client.get(address).status_code for address in subjects} == {200}
    assert "/admin/cohesion/user/" not in subjects


def test_who_does_not_instruct_sees_no_queue(client, db):
    client.force_login(UserFactory(is_staff=True))
    assert client.get(DESK).context["waiting"] is None


@pytest.fixture(autouse=True)
def whole(settings):
    settings.CONTACT_EMAIL, settings.LOG_RETENTION_DAYS = "contact@exemple.fr", 30


def test_officers_are_told_what_the_page_on_personal_data_cannot_say(client, officer_client, db, settings):
    settings.LOG_RETENTION_DAYS = 0
    (alert,) = officer_client.get(DESK).context["alerts"]
    assert "la durée du journal du serveur" in alert.text
    assert "LOG_RETENTION_DAYS" in alert.text
    assert officer_client.get(alert.address).status_code == 200
    client.force_login(UserFactory(is_staff=True))
    assert client.get(DESK).context["alerts"] == []  # who does not instruct answers for none of it
    settings.LOCAL = True
    assert officer_client.get(DESK).context["alerts"] == []  # of this machine alone


def test_what_is_to_be_mended_is_told_to_whoever_may_mend_it(client, officer_client, officer, founding):
    assert officer_client.get(DESK).context["alerts"] == []
    job = ImportJob.objects.create(framework=founding, owner=officer, filename="cadre.xlsx", digest="0" * 64)
    (alert,) = officer_client.get(DESK).context["alerts"]
    assert "cadre.xlsx" in alert.text
    assert alert.address == f"/admin/axes/framework/{founding.pk}/importer/{job.pk}/"
    record(AuditKind.TREE_CHECKED, on="arbres", after={"défauts": 3, "restants": 2})
    assert len(officer_client.get(DESK).context["alerts"]) == 1
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    assert any("2\u00a0défauts" in alert.text for alert in client.get(DESK).context["alerts"])


def test_late_reports_are_counted_and_lead_to_a_message_to_their_leads(officer_client):
    campaign = CampaignFactory(report_due_on=timezone.localdate() - datetime.timedelta(days=1))
    DeclarationFactory(campaign=campaign, project__status=ProjectStatus.REPORT_DUE)
    (alert,) = officer_client.get(DESK).context["alerts"]
    assert alert.text == "1\u00a0bilan est en retard."
    page = officer_client.get(alert.address)
    assert page.context["who"].errors == {}


def test_every_kind_of_import_has_its_page():
    assert set(IMPORT_ADDRESSES) == set(every_import())


@pytest.mark.parametrize("number", [1, 6])
def test_the_desk_costs_the_same_for_any_number_of_files(officer_client, django_assert_num_queries, number):
    for status in TASKS:
        for _ in range(number):
            ProjectFactory(status=status)
    officer_client.get(DESK)
    with django_assert_num_queries(QUERIES):
        officer_client.get(DESK)
