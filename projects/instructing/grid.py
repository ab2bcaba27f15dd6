"""The grid, the opinion and what is proposed: written by several officers, none over another without knowing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from projects.choices import Criterion, ProjectStatus
from projects.models import Committee, Project, Review, ReviewNote
from projects.steps import step

# While these last an officer writes; afterwards the committee decides on what it was given.
OPEN = (ProjectStatus.SUBMITTED, ProjectStatus.TO_COMPLETE, ProjectStatus.ADMISSIBLE, ProjectStatus.IN_REVIEW)
CLOSED = "L’instruction est close : reprenez-la d’abord (« Reprendre l’instruction »). Rien n’a été enregistré."


@dataclass(frozen=True)
class Notes:
    """All that an officer writes of a project. ``notes``: by criterion, the note (or None) and what it rests on."""

    notes: Mapping[str, tuple[int | None, str]] = field(default_factory=dict)
    opinion: str = ""
    text: str = ""
    proposed_amount: Decimal | None = None
    committee: Committee | None = None
    assigned_to: Any = None


class ReviewConflict(ValidationError):
    """Somebody wrote since the grid was read. ``review`` is what they left."""

    def __init__(self, review: Review) -> None:
        self.review = review
        super().__init__(
            f"Pendant que vous écriviez, {review.author} a modifié cette instruction. Rien de ce que vous avez tapé "
            "n’est perdu : comparez, puis enregistrez à nouveau.",
            code="conflict",
        )


def read(project: Project) -> Review | None:
    """The instruction of a project with its grid, in two queries."""
    found = Review.objects.filter(project=project)
    return found.select_related("committee", "assigned_to", "saved_by").prefetch_related("notes").first()


@transaction.atomic
def save_review(project: Project, *, written: Notes, seen: int, by: Any) -> Review:
    """Write what an officer thinks of a project, complete or not; ``seen`` is the version that was read, 0 for none.

    Raises:
        ReviewConflict: somebody else wrote since.
        ValidationError: the instruction is closed, or a value is refused.
    """
    locked = Project.objects.select_for_update().filter(pk=project.pk).first()
    if locked is None:
        raise ValidationError("Ce dossier a été supprimé entre-temps.", code="deleted")
    if locked.status not in OPEN:
        raise ValidationError(CLOSED, code="closed")
    review = read(locked) or Review(project=locked, version=0)
    if review.version != seen:
        if _says(review, written):  # a double click, or two colleagues of one mind
            return review
        raise ReviewConflict(review)
    review.opinion, review.text, review.proposed_amount = written.opinion, written.text, written.proposed_amount
    review.committee, review.assigned_to = written.committee, written.assigned_to
    review.version += 1
    review.saved_by, review.saved_at = by, timezone.now()
    if review.proposed_amount and locked.requested is not None and review.proposed_amount > locked.requested:
        raise ValidationError({"proposed_amount": "Le montant proposé dépasse ce qui est demandé."})
    review.full_clean(exclude=["project"])
    review.save()
    rows = {row.criterion: row for row in review.notes.all()}
    for criterion in Criterion:
        row = rows.get(criterion) or ReviewNote(review=review, criterion=criterion)
        row.note, row.comment = written.notes.get(criterion.value, (None, ""))
        row.full_clean(exclude=["review"])
        row.save()
    return review


def _says(review: Review, written: Notes) -> bool:
    """Whether what was written is there already."""
    names = ("opinion", "text", "proposed_amount", "committee", "assigned_to")
    rows = {row.criterion: (row.note, row.comment) for row in review.notes.all()} if review.pk else {}
    return all(getattr(review, name) == getattr(written, name) for name in names) and all(
        rows.get(criterion, (None, "")) == written.notes.get(criterion, (None, "")) for criterion in Criterion
    )


def missing(review: Review | None) -> list[str]:
    """What a committee could not do without, in words; nothing when it can be given the project."""
    if review is None:
        return ["la grille", "l’avis", "le comité"]
    noted = {row.criterion for row in review.notes.all() if row.note is not None}
    blank = [criterion.label for criterion in Criterion if criterion not in noted]
    found = [f"la note « {label} »" for label in blank]
    if not review.opinion:
        found.append("l’avis")
    if review.committee_id is None:
        found.append("le comité")
    return found


def propose(project: Project, *, by: Any, comment: str = "") -> None:
    """Give it to the committee: the grid is complete, with an opinion.

    Raises:
        ValidationError: something is missing.
    """
    with step(project, "propose", by=by, comment=comment) as locked:
        if found := missing(read(locked)):
            raise ValidationError(f"Avant de proposer au comité, il manque : {', '.join(found)}.", code="incomplete")


def withdraw(project: Project, *, by: Any, comment: str) -> None:
    """Take it back from the committee."""
    with step(project, "withdraw", by=by, comment=comment):
        pass
