"""What closes, waits or is late is told on the days that count, once, however often the command runs."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from projects.choices import ProjectStatus
from projects.messaging.reminders import remind
from projects.models import Message, Remark, Report, Review, TransitionLog
from tests.factories import (
    CampaignFactory,
    DeclarationFactory,
    MembershipFactory,
    OfficerFactory,
    OrganizationFactory,
    ProjectFactory,
)

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
NOW = datetime.datetime(2027, 1, 13, 8, tzinfo=PARIS)  # a Wednesday


def days(number):
    return datetime.timedelta(days=number)


def a_file(status=ProjectStatus.DRAFT, **campaign):
    """A declaration of a call that closes on 20 January at noon, and a member of its lead."""
    closes = datetime.datetime(2027, 1, 20, 12, tzinfo=PARIS)
    dates = {"opens_at": closes - days(60), "closes_at": closes, "report_due_on": datetime.date(2028, 6, 30)}
    project = ProjectFactory(status=status, title="Jardin partagé")
    DeclarationFactory(project=project, campaign=CampaignFactory(**(dates | campaign)))
    MembershipFactory(organization=project.organization)
    return project


def moved(project, target, at):
    log = TransitionLog.objects.create(project=project, transition="x", source="draft", target=target)
    TransitionLog.objects.filter(pk=log.pk).update(at=at)


def told_over(first, number, kind):
    """On which of so many days, from the first, something of this kind was told."""
    told = []
    for day in range(number):
        before = Message.objects.filter(key__startswith=kind).count()
        remind(first + days(day))
        if Message.objects.filter(key__startswith=kind).count() > before:
            told.append((first + days(day)).date())
    return told


def test_a_draft_is_reminded_a_week_and_two_days_before_the_call_closes():
    project = a_file()
    told = told_over(NOW - days(2), 10, "closing")
    assert told == [datetime.date(2027, 1, 13), datetime.date(2027, 1, 18)]
    message = Message.objects.first()
    assert "20\u00a0janvier 2027 à 12\u00a0h\u00a000" in message.text
    assert message.path == f"/espace/declarations/{project.pk}/"
    assert message.project == project


def test_a_morning_that_was_missed_is_made_up_for_once():
    a_file()
    assert told_over(NOW + days(2), 3, "closing") == [datetime.date(2027, 1, 15)]


@pytest.mark.parametrize("status", [one for one in ProjectStatus if one != ProjectStatus.DRAFT])
def test_what_was_handed_in_is_not_reminded_of_the_closing(status):
    a_file(status)
    assert told_over(NOW, 3, "closing") == []


def test_a_call_that_is_not_announced_or_is_over_reminds_nobody():
    a_file(is_published=False)
    a_file(closes_at=NOW - days(1))
    assert told_over(NOW, 2, "closing") == []


def test_a_call_that_closes_later_than_was_said_is_reminded_of_again():
    project = a_file()
    remind(NOW)
    project.declaration.campaign.closes_at += days(5)
    project.declaration.campaign.save()
    assert told_over(NOW + days(1), 8, "closing") == [datetime.date(2027, 1, 18)]


def test_a_complement_is_reminded_once_a_fortnight_after_it_was_asked_for():
    project = a_file(ProjectStatus.TO_COMPLETE)
    moved(project, "to_complete", NOW)
    assert told_over(NOW + days(12), 6, "waiting") == [(NOW + days(14)).date()]
    assert "13\u00a0janvier 2027" in Message.objects.get(key__startswith="waiting").text


def test_a_complement_that_is_asked_for_again_is_reminded_again():
    project = a_file(ProjectStatus.TO_COMPLETE)
    moved(project, "to_complete", NOW)
    remind(NOW + days(15))
    moved(project, "to_complete", NOW + days(20))
    assert told_over(NOW + days(32), 4, "waiting") == [(NOW + days(34)).date()]


def asked(project, due_on):
    officer = OfficerFactory()
    return Remark.objects.create(project=project, page="budget", text="Le devis ?", by=officer, due_on=due_on)


def test_a_complement_with_a_day_is_reminded_once_before_it_and_once_after():
    project = a_file(ProjectStatus.TO_COMPLETE)
    moved(project, "to_complete", NOW)
    due = (NOW + days(15)).date()
    asked(project, due)
    assert told_over(NOW, 30, "complete") == [due - days(3), due + days(1)]
    before, after = Message.objects.filter(key__startswith="complete").order_by("pk")
    assert before.title.startswith("À compléter avant le")
    assert after.title.startswith("Complément en retard")
    assert not Message.objects.filter(key__startswith="waiting").exists()


def test_whoever_was_asked_today_is_not_reminded_today():
    project = a_file(ProjectStatus.TO_COMPLETE)
    moved(project, "to_complete", NOW)
    asked(project, (NOW + days(2)).date())
    assert told_over(NOW, 2, "complete") == [(NOW + days(1)).date()]


def test_what_was_answered_is_reminded_no_more():
    project = a_file(ProjectStatus.SUBMITTED)
    moved(project, "submitted", NOW)
    asked(project, (NOW + days(2)).date())
    assert told_over(NOW + days(1), 9, "complete") == []


REPORT_DAYS = [datetime.date(2028, *day) for day in ((5, 31), (6, 23), (7, 7), (7, 30))]


@pytest.mark.parametrize("status", [ProjectStatus.RUNNING, ProjectStatus.REPORT_DUE])
def test_a_report_is_reminded_a_month_and_a_week_before_and_after_it_is_due(status):
    a_file(status)
    assert told_over(datetime.datetime(2028, 5, 29, 8, tzinfo=PARIS), 66, "report") == REPORT_DAYS
    assert [title[:14] for title in Message.objects.order_by("pk").values_list("title", flat=True)] == [
        "Bilan attendu ",
        "Bilan attendu ",
        "Bilan en retar",
        "Bilan en retar",
    ]


def test_the_date_of_the_report_itself_comes_before_that_of_the_call():
    project = a_file(ProjectStatus.REPORT_DUE)
    Report.objects.create(project=project, year=2026, due_on=datetime.date(2027, 6, 30))
    Report.objects.create(project=project, year=2027, due_on=datetime.date(2028, 9, 30))
    told = told_over(datetime.datetime(2028, 8, 25, 8, tzinfo=PARIS), 32, "report")
    assert told == [datetime.date(2028, 8, 31), datetime.date(2028, 9, 23)]


@pytest.mark.parametrize("status", [ProjectStatus.REPORT_RECEIVED, ProjectStatus.CLOSED, ProjectStatus.ABANDONED])
def test_a_report_that_is_handed_in_is_not_reminded(status):
    a_file(status)
    assert told_over(datetime.datetime(2028, 6, 25, 8, tzinfo=PARIS), 3, "report") == []


def test_what_goes_on_after_its_report_is_not_reminded_of_it():
    project = a_file(ProjectStatus.RUNNING)
    day = datetime.date(2028, 6, 20)
    Report.objects.create(project=project, year=2027, due_on=day, handed_at="2028-06-01T00:00Z")
    assert told_over(datetime.datetime(2028, 6, 25, 8, tzinfo=PARIS), 3, "report") == []


def test_a_project_without_a_date_for_its_report_is_left_alone():
    MembershipFactory(organization=ProjectFactory(status=ProjectStatus.RUNNING).organization)
    assert remind(NOW) == 0


# --- officers -----------------------------------------------------------------------------------------------


def test_officers_get_one_digest_a_week_of_what_is_late():
    mine, colleague = OfficerFactory(), OfficerFactory()
    for title, officer in (("À moi", mine), ("À l’autre", colleague), ("À personne", None)):
        project = a_file(ProjectStatus.SUBMITTED, late_after_days=14)
        project.title = title
        project.save()
        Review.objects.create(project=project, assigned_to=officer)
        moved(project, "submitted", NOW)
    # Late on 27 January, a Wednesday: told on the 28th, then every Monday.
    told = told_over(NOW, 24, "late")
    assert told == [datetime.date(2027, 1, day) for day in (28,)] + [datetime.date(2027, 2, day) for day in (1,)]
    (message,) = Message.objects.filter(key__startswith="late:2027-01-25", user=mine)
    assert message.title == "En retard\u00a0: 2\u00a0dossiers"
    assert "À moi" in message.text
    assert "À personne" in message.text
    assert "À l’autre" not in message.text
    assert "déposée depuis le 13\u00a0janvier 2027" in message.text
    assert message.path == "/instruction/"


def test_what_an_officer_who_left_had_in_hand_is_late_for_all():
    officer = OfficerFactory()
    project = a_file(ProjectStatus.SUBMITTED)
    Review.objects.create(project=project, assigned_to=OfficerFactory(is_active=False))
    moved(project, "submitted", NOW - days(100))
    remind(NOW)
    assert Message.objects.get(key__startswith="late").user == officer


@pytest.mark.parametrize("status", [ProjectStatus.DRAFT, ProjectStatus.TO_COMPLETE, ProjectStatus.RETAINED])
def test_what_does_not_wait_for_officers_is_not_late(status):
    OfficerFactory()
    moved(a_file(status), status, NOW - days(100))
    remind(NOW)
    assert not Message.objects.filter(key__startswith="late").exists()


def test_a_long_digest_says_how_many_it_does_not_name():
    OfficerFactory()
    for _ in range(32):
        moved(a_file(ProjectStatus.SUBMITTED), "submitted", NOW - days(100))
    remind(NOW)
    text = Message.objects.get(key__startswith="late").text
    assert text.count("Jardin partagé") == 30
    assert text.endswith("… et 2\u00a0autres.")


# --- all of them --------------------------------------------------------------------------------------------


def test_reminders_go_to_the_organisation_where_nobody_has_an_account():
    organization = OrganizationFactory(email="contact@structure.test")
    DeclarationFactory(
        project=ProjectFactory(status="draft", organization=organization),
        campaign=CampaignFactory(opens_at=NOW - days(9), closes_at=NOW + days(2)),
    )
    assert remind(NOW) == 1
    assert Message.objects.get().email == "contact@structure.test"


def test_the_command_is_idempotent(capsys):
    a_file(opens_at=timezone.now() - days(9), closes_at=timezone.now() + days(2))
    for written in ("1\u00a0rappel écrit.\n", "0\u00a0rappel écrit.\n"):
        call_command("send_reminders")
        assert capsys.readouterr().out == written


def test_reminding_costs_the_same_for_one_file_and_for_ten():
    OfficerFactory()
    costs = []
    for number in (1, 9):
        for _ in range(number):
            a_file()
            a_file(ProjectStatus.RUNNING, report_due_on=NOW.date() + days(30))
            moved(a_file(ProjectStatus.TO_COMPLETE), "to_complete", NOW - days(20))
            moved(a_file(ProjectStatus.SUBMITTED), "submitted", NOW - days(100))
        with CaptureQueriesContext(connection) as captured:
            assert remind(NOW) >= 3 * number
        costs.append(len(captured))
    assert costs[0] == costs[1]
