"""Invented declarations, at each stage of their life: what leads and officers of the demonstration find to do.

They are data, in ``fixtures/demo/declarations.json``: what their leads answered, page by page, and the steps taken.
"""

import datetime
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from axes.models import Framework, Orientation
from cohesion.models import User
from projects.catalogue.models import Project, TransitionLog
from projects.catalogue.steps import step
from projects.declaring.drafts import begin
from projects.declaring.handing_in import hand_in
from projects.declaring.models import Campaign, Declaration, Submission
from projects.demo.calendar import OPENED_FOR, Calendar
from projects.demo.files import DemoFiles
from projects.instructing.checking import ANSWER_WITHIN
from projects.instructing.models import Committee, Review
from projects.members.models import Membership, Organization
from projects.territory.models import Territory

CLOSING_TIME = datetime.time(18)
HANDED_IN = "submit"  # the step of leads; officers take the others
Answers = dict[str, dict[str, Any]]  # by page, then by field


def load_demo_declarations(
    framework: Framework, calendar: Calendar, *, leads: Mapping[str, User], officer: User
) -> int:
    """Open a call and declare the actions of the file in it, each by the lead of its organisation; returns their
    number."""
    document = DemoFiles(calendar).document("declarations.json")
    call = _DemoCall(document, framework, calendar, officer)
    for declared in document["declarations"]:
        call.declare(declared, leads[declared["organization"]])
    return len(document["declarations"])


class _DemoCall:
    """The next call, open now, and the committee that will look at what is declared in it."""

    def __init__(self, document: dict[str, Any], framework: Framework, calendar: Calendar, officer: User) -> None:
        self.answers: Answers = document["answers"]  # what all declarations answer alike
        self.officer = officer
        self.orientations = dict(Orientation.objects.filter(framework=framework).values_list("code", "pk"))
        call = document["call"]
        report_due_on = datetime.date.fromisoformat(call["report_due_on"])
        closes_at = datetime.datetime.combine(calendar.call_closes_on, CLOSING_TIME, timezone.get_current_timezone())
        self.campaign = Campaign.objects.create(
            year=calendar.call_year,
            opens_at=timezone.now() - OPENED_FOR,
            closes_at=closes_at,
            committee_on=calendar.committee_on,
            is_published=True,
            **(call | {"report_due_on": report_due_on}),
        )
        for piece in document["expected_pieces"]:
            self.campaign.expected_pieces.create(**piece)
        self.committee = Committee.objects.create(
            name=document["committee"], held_on=calendar.committee_on, campaign=self.campaign
        )

    def declare(self, declared: dict[str, Any], lead: User) -> None:
        organization = Organization.objects.get(name=declared["organization"])
        declaration = begin(organization=organization, title=declared["title"], by=lead, campaign=self.campaign)
        declaration.answers |= self._answers(declared)
        declaration.save()
        project = declaration.project
        role = Membership.objects.get(user=lead, organization=organization).role
        for taken in declared["steps"]:
            if taken["step"] == HANDED_IN:
                hand_in(project=project, by=lead, role=role)
            else:
                self._take(project, taken)
        if declared["steps"]:
            _age(project, declared["days"])

    def _answers(self, declared: dict[str, Any]) -> Answers:
        """The pages that the file answers, with what all answer alike, codes of orientations and quarters looked up."""
        answers: Answers = {
            slug: self.answers.get(slug, {}) | answered for slug, answered in declared["answers"].items()
        }
        answers["action"] |= {"title": declared["title"]}
        if "rattachement" in answers:
            answers["rattachement"] |= {"main": str(self.orientations[answers["rattachement"]["main"]])}
        quarters = Territory.objects.filter(code__in=answers["territoire"]["quarters"]).order_by("code")
        answers["territoire"] |= {"quarters": [str(quarter.pk) for quarter in quarters]}
        return answers

    def _take(self, project: Project, taken: dict[str, Any]) -> None:
        """A step of the officer, and what goes with it: remarks, notes, or an opinion for the committee."""
        with step(project, taken["step"], by=self.officer, comment=taken.get("comment", "")) as locked:
            for remark in taken.get("remarks", ()):
                locked.remarks.create(by=self.officer, **remark)
            if "notes" in taken:
                review = Review.objects.create(project=locked, assigned_to=self.officer)
                for criterion, note in taken["notes"].items():
                    review.notes.create(criterion=criterion, note=note)
            if "opinion" in taken:
                Review.objects.filter(project=locked).update(committee=self.committee, **taken["opinion"])


def _age(project: Project, days: int) -> None:
    """Let the last step be so many days old, and the others a day older each."""
    logs = TransitionLog.objects.filter(project=project).order_by("-at", "-pk")
    for rank, log in enumerate(logs):
        TransitionLog.objects.filter(pk=log.pk).update(at=timezone.now() - datetime.timedelta(days=days + rank))
    asked_on = timezone.localdate() - datetime.timedelta(days=days)
    project.remarks.filter(closed_at=None).update(due_on=asked_on + datetime.timedelta(days=ANSWER_WITHIN))
    first = TransitionLog.objects.filter(project=project).order_by("at").first()
    Submission.objects.filter(project=project).update(at=first.at if first else timezone.now())
    Declaration.objects.filter(project=project).update(saved_at=timezone.now() - datetime.timedelta(days=days + 5))
