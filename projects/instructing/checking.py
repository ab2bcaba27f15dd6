"""From what was handed in to its instruction: is it admissible, what is missing, who takes it in hand."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils import timezone

from cohesion.lib.people import Person
from projects.catalogue.models import Project
from projects.catalogue.steps import step
from projects.declaring.drafts import take_corrections
from projects.declaring.models import Remark, Submission
from projects.instructing.models import Review


def last_submission(project: Project) -> Submission | None:
    return project.submissions.order_by("-number").first()


def pages(submission: Submission | None) -> dict[str, str]:
    """The pages of the form as they were handed in: title by address part, in their order."""
    return {slug: title for slug, title, _ in submission.shown} if submission is not None else {}


def admit(project: Project, *, by: Person, comment: str = "") -> None:
    """Say that nothing keeps it from being instructed."""
    with step(project, "admit", by=by, comment=comment):
        pass


def reject(project: Project, *, by: Person, comment: str) -> None:
    """Say that it cannot be instructed, and why."""
    with step(project, "reject", by=by, comment=comment):
        pass


def reconsider(project: Project, *, by: Person, comment: str) -> None:
    """Take back that it cannot be instructed."""
    with step(project, "reconsider", by=by, comment=comment):
        pass


def send_back(project: Project, *, remarks: Mapping[str, str], by: Person, comment: str = "") -> None:
    """Ask the lead to complete some pages of the form; each remark says what, on one page.

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
        rows = [Remark(project=locked, page=page, text=requests[page], by=by) for page in known if page in requests]
        _check(rows)
        for row in rows:
            row.save()
        take_corrections(locked)


def start_review(project: Project, *, by: Person, comment: str = "") -> None:
    """Take it in hand: who starts it has it, unless somebody has it already."""
    with step(project, "review", by=by, comment=comment) as locked:
        review, _ = Review.objects.get_or_create(project=locked)
        if review.assigned_to_id is None:
            review.assigned_to = by
            review.saved_by, review.saved_at = by, timezone.now()
            review.version += 1
            review.save()


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
