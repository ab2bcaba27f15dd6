"""The dates of the demonstration: whatever its day of reference, they are of a programme that is alive."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from axes.models import Framework
from cohesion import demo
from projects.choices import ProjectStatus
from projects.demo import Calendar
from projects.demo.files import DemoFiles
from projects.models import (
    Campaign,
    Committee,
    Contribution,
    Decision,
    Declaration,
    Need,
    Project,
    ReferenceDocument,
    Report,
    TransitionLog,
)

DAY = datetime.timedelta(days=1)
FOUR_YEARS = [datetime.date(2027, 1, 1) + rank * DAY for rank in range(4 * 365 + 1)]
TELLING = [
    "2030-12-31 22:59",
    *(pytest.param(moment, marks=pytest.mark.slow) for moment in ("2028-02-29 12:00", "2031-01-01 00:30")),
]


def documents_reviewed_on(calendar):
    rows = DemoFiles(calendar).rows("documents.csv")
    return [datetime.date.fromisoformat(row["a_revoir_le"]) for row in rows]


def test_its_calendar_is_coherent_whatever_the_day():
    for today in FOUR_YEARS:
        calendar = Calendar(today)
        assert calendar.dated("{year}") == str(today.year)
        assert calendar.adopted_on < today
        assert calendar.adopted_on.weekday() == 3
        assert calendar.draft_years[0] > today.year
        assert calendar.call_closes_on > today + demo.KEPT_DAYS * DAY
        assert calendar.call_year >= calendar.call_closes_on.year
        assert calendar.committee_on > calendar.call_closes_on
        assert calendar.committee_on.weekday() == 2
        assert all(day > today for day in documents_reviewed_on(calendar))


@pytest.mark.parametrize(
    ("made_on", "today", "aged"),
    [
        ((2026, 11, 29), (2026, 11, 29), False),
        ((2026, 11, 29), (2026, 12, 29), False),
        ((2026, 11, 29), (2026, 12, 30), True),
        ((2026, 12, 31), (2027, 1, 1), True),
        ((2027, 12, 31), (2026, 12, 31), True),  # the clock was wrong
    ],
)
def test_it_ages_with_its_month_or_its_year(made_on, today, aged):
    assert demo.has_aged(datetime.date(*made_on), datetime.date(*today)) is aged


@pytest.mark.django_db
@pytest.mark.parametrize("moment", TELLING)
def test_it_is_alive_on_the_day_it_is_made(moment):
    with time_machine.travel(f"{moment}+00:00", tick=False):
        today = demo.seed()
        assert today == timezone.localdate()
        (call,) = Campaign.objects.open_at(timezone.now())
        assert call.is_open()
        assert f"{call.year}" in call.name
    actions = Project.objects.filter(kind="action").exclude(declaration__campaign=call)
    assert {int(action.code[:4]) for action in actions} == {today.year - 2, today.year - 1, today.year}
    assert all(action.starts_on.year == int(action.code[:4]) for action in actions)
    declared = Declaration.objects.filter(campaign=call).values_list("project__code", flat=True)
    assert {code[:4] for code in declared} == {str(call.year)}
    its_past_is_past(today)
    assert Project.objects.filter(status=ProjectStatus.REPORT_DUE, ends_on__year=today.year - 1).exists()
    assert Project.objects.filter(status=ProjectStatus.RUNNING).in_year(today.year).exists()
    assert not Need.objects.filter(heard_on__gt=today).exists()
    assert not ReferenceDocument.objects.filter(review_on__lte=today).exists()
    adopted, draft = Framework.objects.in_force().get(), Framework.objects.get(status="draft")
    assert str(adopted.adopted_on) in adopted.deliberation
    assert draft.slug == f"essai-{today.year + 1}-{today.year + 6}"


def its_past_is_past(today):
    """What is over was done before today, one step after another, and led each project to where it is."""
    now = datetime.datetime.combine(today, datetime.time(23, 59), timezone.get_current_timezone())
    calls = Campaign.objects.exclude(pk__in=Campaign.objects.open_at(now).values("pk"))
    assert calls.count() == 3
    assert not calls.filter(closes_at__gte=now).exists()
    assert not Committee.objects.filter(campaign__in=calls, held_on__gte=today).exists()
    assert not Decision.objects.filter(decided_on__gte=today).exists()
    assert not TransitionLog.objects.filter(at__gt=now).exists()
    handed = Report.objects.exclude(handed_at=None)
    assert handed.exists()
    assert not handed.filter(handed_at__gt=now).exists()
    late = Report.objects.filter(handed_at=None, due_on__lt=today)
    assert late.exists()
    for project in Project.objects.exclude(log=None).prefetch_related("log", "decisions"):
        steps = list(project.log.all())
        days = [step.at for step in steps]
        assert days == sorted(days), project
        sources, targets = [step.source for step in steps], [step.target for step in steps]
        assert sources == [ProjectStatus.DRAFT, *targets[:-1]], project
        assert targets[-1] == project.status, project
        if project.declaration.campaign in calls:
            evening = timezone.localtime(days[-1]).replace(hour=23)
            assert Project.history.as_of(evening).get(pk=project.pk).status == project.status
            assert not Project.history.as_of(days[0] - DAY).filter(pk=project.pk).exists()
            assert Contribution.history.as_of(evening).filter(project=project.pk).exists()
        for decision in project.decisions.all():
            (step,) = [step for step in steps if step.target == decision.outcome][:1]
            assert timezone.localdate(step.at) <= decision.decided_on, project
