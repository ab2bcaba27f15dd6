"""From what was handed in to its instruction: is it admissible, what is missing, who takes it in hand; and the steps
that ask for no more than a word: begun, its report asked for, given up at any time."""

import datetime
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from cohesion.lib.people import Person
from projects.catalogue.models import Project
from projects.catalogue.steps import plain, step
from projects.declaring.drafts import take_corrections
from projects.declaring.models import Remark, Submission
from projects.instructing.models import Committee, Review

ANSWER_WITHIN = 15  # days to complete a file, unless the officer says otherwise


def last_submission(project: Project) -> Submission | None:
    return project.submissions.order_by("-number").first()


def pages(submission: Submission | None) -> dict[str, str]:
    """The pages of the form as they were handed in: title by address part, in their order."""
    return {slug: title for slug, title, _ in submission.shown} if submission is not None else {}


admit = plain("admit")  # nothing keeps it from being instructed
reject = plain("reject")  # it cannot be instructed
reconsider = plain("reconsider")
start, ask_report = plain("start"), plain("ask_report")
abandon = plain("abandon")


def send_back(
    project: Project,
    *,
    remarks: Mapping[str, str],
    by: Person,
    comment: str = "",
    due_on: datetime.date | None = None,
) -> None:
    """Ask the lead to complete some pages of the form; each remark says what, on one page. ``due_on`` is the last day
    for the answer.

    Raises:
        ValidationError: nothing is asked, or a page is not in what was handed in.
    """
    requests = {page: text.strip() for page, text in remarks.items() if text.strip()}
    with step(project, "return", by=by, comment=comment) as locked:
        if not requests:
            raise ValidationError("Dites ce qui manque, dans une partie du formulaire au moins.", code="required")
        known = pages(last_submission(locked))
        if unknown := sorted(requests.keys() - known.keys()):
            raise ValidationError(f"Ce dépôt n’a pas de partie « {unknown[0]} ».", code="unknown_page")
        pages_asked = [page for page in known if page in requests]
        rows = [Remark(project=locked, page=page, text=requests[page], by=by, due_on=due_on) for page in pages_asked]
        _check(rows)
        for row in rows:
            row.save()
        take_corrections(locked)


def start_review(project: Project, *, by: Person, comment: str = "") -> None:
    """Take it in hand: who starts it has it, unless somebody has it already; it goes before the meeting of its call,
    where only one is still to come."""
    with step(project, "review", by=by, comment=comment) as locked:
        review, _ = Review.objects.get_or_create(project=locked)
        before = (review.assigned_to_id, review.committee_id)
        review.assigned_to = review.assigned_to or by
        review.committee = review.committee or _only_meeting(locked)
        if before != (review.assigned_to_id, review.committee_id):
            review.saved_by, review.saved_at = by, timezone.now()
            review.version += 1
            review.save()


@transaction.atomic
def take_in(project: Project, *, by: Person, comment: str = "") -> None:
    """Say that nothing keeps it from being instructed, and take it in hand: both steps at once."""
    admit(project, by=by, comment=comment)
    start_review(project, by=by)


def _only_meeting(project: Project) -> Committee | None:
    """The meeting of its call that is still to come, where there is no other."""
    declaration = getattr(project, "declaration", None)
    if declaration is None or declaration.campaign_id is None:
        return None
    to_come = Committee.objects.filter(campaign=declaration.campaign_id, held_on__gte=timezone.localdate())[:2]
    return to_come[0] if len(to_come) == 1 else None


def _check(rows: list[Remark]) -> None:
    """What is wrong in the remarks, page by page."""
    wrong: dict[str, list[str]] = {}
    for row in rows:
        try:
            row.full_clean(exclude=["project", "by"])
        except ValidationError as error:
            wrong[row.page] = error.messages
    if wrong:
        raise ValidationError(wrong)
