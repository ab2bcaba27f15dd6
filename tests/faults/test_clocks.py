"""Moments at which clocks lie: both changes of hour, leap day, year's end, midnight here and not in UTC, elsewhere."""

import datetime
import os
import subprocess
import sys
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings as site
from django.urls import reverse
from django.utils import timezone

from cohesion.backup.restoring import former_name
from cohesion.lib.dates import clock, french_date
from projects.choices import MailFrequency, ProjectStatus
from projects.declaring.drafts import begin
from projects.messaging.reminders import remind
from projects.messaging.sending import due
from projects.models import Campaign, MailChoice, Message, Project
from projects.reporting.actions import current
from tests.accounts.test_login import log_in
from tests.factories import (
    CampaignFactory,
    DeclarationFactory,
    MembershipFactory,
    OfficerFactory,
    OrganizationFactory,
    ProjectFactory,
    UserFactory,
)

PARIS = ZoneInfo("Europe/Paris")
SECOND = datetime.timedelta(seconds=1)
MINUTE = datetime.timedelta(minutes=1)
DAY = datetime.timedelta(days=1)


def utc(*parts):
    return datetime.datetime(*parts, tzinfo=datetime.UTC)


# What the wall says in Paris at that moment, and the day.
CLOCKS = {
    "heure d’été : 2 h n’existe pas": (utc(2026, 3, 29, 1), "3 h", (2026, 3, 29)),
    "heure d’hiver : 2 h 30, la première fois": (utc(2026, 10, 25, 0, 30), "2 h 30", (2026, 10, 25)),
    "heure d’hiver : 2 h 30, la seconde": (utc(2026, 10, 25, 1, 30), "2 h 30", (2026, 10, 25)),
    "29 février": (utc(2028, 2, 29, 11), "12 h", (2028, 2, 29)),
    "dernière seconde de l’année": (utc(2026, 12, 31, 22, 59, 59), "23 h 59", (2026, 12, 31)),
    "nouvel an ici, pas encore en UTC": (utc(2026, 12, 31, 23), "0 h", (2027, 1, 1)),
    "minuit passé ici, la veille en UTC": (utc(2026, 7, 14, 22, 30), "0 h 30", (2026, 7, 15)),
    "fin des secondes sur 32 bits": (utc(2038, 1, 19, 3, 14, 8), "4 h 14", (2038, 1, 19)),
}
pytestmark = pytest.mark.django_db
each_clock = pytest.mark.parametrize(
    ("moment", "wall", "day"),
    [(moment, wall, datetime.date(*day)) for moment, wall, day in CLOCKS.values()],
    ids=list(CLOCKS),
)


@pytest.fixture
def at():
    """Go to a moment, and stand there."""
    with time_machine.travel(0, tick=False) as machine:
        yield machine.move_to


@each_clock
def test_what_is_shown_is_the_wall_clock_of_paris(at, moment, wall, day):
    at(moment)
    assert timezone.localdate() == day
    assert clock(timezone.now()).replace("\u00a0", " ") == wall
    assert str(day.year) in french_date(timezone.now())


@each_clock
def test_a_call_opens_and_closes_to_the_second(at, moment, wall, day):
    at(moment - DAY)
    call = CampaignFactory(opens_at=moment, closes_at=moment + SECOND)
    for gap, is_open in ((-SECOND, False), (0 * SECOND, True), (SECOND, False), (61 * MINUTE, False)):
        at(moment + gap)
        call.refresh_from_db()
        assert call.is_open() is is_open, gap
        assert Campaign.objects.open_at(timezone.now()).exists() is is_open, gap
        assert call.accepts(OrganizationFactory()) is is_open


@each_clock
def test_a_call_that_closes_is_told_once_on_its_week_whatever_the_hour(at, moment, wall, day):
    """A week is seven days of the calendar: one of them may have twenty-five hours."""
    closes = datetime.datetime.combine(day + 7 * DAY, datetime.time(23, 59), PARIS)
    at(moment - 30 * DAY)
    project = ProjectFactory(status=ProjectStatus.DRAFT)
    DeclarationFactory(project=project, campaign=CampaignFactory(opens_at=moment - 20 * DAY, closes_at=closes))
    MembershipFactory(organization=project.organization)
    at(datetime.datetime.combine(day, datetime.time(0, 10), PARIS) - DAY)
    assert remind() == 0
    at(datetime.datetime.combine(day, datetime.time(0, 10), PARIS))
    assert (remind(), remind()) == (1, 0)
    at(moment)
    assert remind() == 0
    assert Message.objects.get().key.startswith(f"closing-7:{project.pk}:{day + 7 * DAY}")


@each_clock
def test_a_report_is_of_the_year_here_and_due_within_six_months_of_its_end(at, moment, wall, day):
    at(moment)
    project = ProjectFactory(status=ProjectStatus.RUNNING, starts_on=day - 400 * DAY, ends_on=day)
    report = current(project)
    assert report.year == project.starts_on.year
    assert report.due_on == datetime.date(report.year + 1, 6, 30)
    whole = ProjectFactory(status=ProjectStatus.RUNNING, starts_on=day, ends_on=day + 800 * DAY)
    assert current(whole).year == day.year


@each_clock
def test_a_report_is_reminded_a_month_of_days_before_it_is_due(at, moment, wall, day):
    at(moment)
    project = ProjectFactory(status=ProjectStatus.REPORT_DUE)
    call = CampaignFactory(report_due_on=day + 30 * DAY)
    DeclarationFactory(project=project, campaign=call)
    MembershipFactory(organization=project.organization)
    assert (remind(), remind()) == (1, 0)
    assert Message.objects.get().key.startswith("report-30:")
    at(moment - DAY)
    assert remind() == 0


@each_clock
def test_a_session_lasts_as_long_as_it_should_though_the_hour_jumps(at, client, moment, wall, day):
    idle = site.STAFF_SESSION[0] * SECOND
    at(moment - idle + MINUTE)
    client.force_login(OfficerFactory())
    address = reverse("account")
    assert client.get(address).status_code == 200
    at(moment)
    assert client.get(address).status_code == 200
    at(moment + idle - SECOND)
    assert client.get(address).status_code == 200
    at(moment + 2 * idle + MINUTE)
    assert client.get(address).status_code == 302


@each_clock
def test_failed_logins_are_counted_over_fifteen_minutes_though_the_hour_jumps(at, client, moment, wall, day):
    person = UserFactory()
    at(moment - 5 * MINUTE)
    for _ in range(5):
        log_in(client, person.email, "pas-le-bon-mot-de-passe")
    at(moment + 9 * MINUTE)
    assert "Trop d’essais" in log_in(client, person.email).content.decode()
    at(moment + 11 * MINUTE)
    assert log_in(client, person.email).status_code == 302


@each_clock
def test_codes_are_of_the_year_that_follows_the_one_here(at, moment, wall, day):
    at(moment)
    lead, organization = UserFactory(), OrganizationFactory()
    codes = [begin(organization=organization, title="Chorale", by=lead).project.code for _ in range(2)]
    assert codes == [f"{day.year + 1}-001", f"{day.year + 1}-002"]


@each_clock
def test_a_project_runs_in_the_years_of_its_days(at, moment, wall, day):
    at(moment)
    one_day = ProjectFactory(starts_on=day, ends_on=day)
    until_the_last = ProjectFactory(starts_on=day, ends_on=datetime.date(day.year, 12, 31))
    for year, expected in ((day.year - 1, set()), (day.year, {one_day, until_the_last}), (day.year + 1, set())):
        assert set(Project.objects.in_year(year)) == expected


@each_clock
def test_a_daily_mail_leaves_at_seven_by_the_wall(at, moment, wall, day):
    at(moment - 2 * DAY)
    reader = UserFactory()
    MailChoice.objects.create(user=reader, frequency=MailFrequency.DAILY)
    seven = datetime.datetime.combine(day, datetime.time(7), PARIS)
    message = Message.objects.create(
        key="essai", user=reader, title="Essai", text="Essai", path="/espace/", mailed=True
    )
    Message.objects.filter(pk=message.pk).update(at=seven - 6 * 60 * MINUTE)
    at(seven - SECOND)
    assert list(due()) == []
    at(seven)
    assert [[one.pk for one in mail] for mail in due()] == [[message.pk]]


@each_clock
def test_two_restorations_never_give_what_was_there_the_same_name(at, moment, wall, day):
    names = set()
    for gap in (0, 60, 120):
        at(moment + gap * MINUTE)
        names.add(former_name())
    assert len(names) == 3


@pytest.mark.parametrize("night", ["29/03/2026", "25/10/2026"])
def test_an_hour_that_does_not_exist_or_exists_twice_is_refused_in_a_sentence(officer_client, night):
    typed = {"name": "Appel", "year": "2026", "report_due_on": "30/06/2027"}
    typed |= {"opens_at": "01/01/2026 09:00", "closes_at": f"{night} 02:30"}
    page = officer_client.post(reverse("admin:projects_campaign_add"), typed)
    assert page.status_code == 200
    assert "fuseau horaire" in page.text
    assert f'value="{night} 02:30"' in page.text
    assert not Campaign.objects.exists()


def test_a_server_that_stands_in_the_pacific_lives_by_the_clock_of_paris():
    asked = (
        "import django, datetime; django.setup(); from django.utils import timezone; "
        "print(datetime.datetime.now().hour == timezone.localtime().hour, timezone.localtime().tzinfo)"
    )
    kept = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    environment = kept | {"TZ": "Pacific/Tahiti", "DJANGO_SETTINGS_MODULE": "cohesion.settings", "MAINTENANCE": "1"}
    said = subprocess.run(
        [sys.executable, "-c", asked], cwd=site.BASE_DIR, env=environment, capture_output=True, text=True, check=True
    )
    assert said.stdout.split() == ["True", "Europe/Paris"]
