"""The grid, the opinion and what is proposed: written by several officers, none over another without knowing."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from cohesion.lib.people import Person
from cohesion.together.merging import Answer, Typed, merge
from cohesion.together.states import ChangedMeanwhile, while_you_wrote
from projects.catalogue.models import Project
from projects.catalogue.steps import plain, step
from projects.choices import Criterion, ProjectStatus
from projects.declaring.answers import as_typed
from projects.declaring.models.campaign import campaign_of
from projects.instructing.assigning import tell_assigned
from projects.instructing.checking import take_in
from projects.instructing.models import Committee, Review, ReviewNote

# While these last an officer writes; afterwards the committee decides on what it was given.
OPEN = (ProjectStatus.SUBMITTED, ProjectStatus.TO_COMPLETE, ProjectStatus.ADMISSIBLE, ProjectStatus.IN_REVIEW)
FIELDS = ("opinion", "text", "proposed_amount", "committee", "assigned_to")
CLOSED = "L’instruction est close : reprenez-la d’abord (« Reprendre l’instruction »). Rien n’a été enregistré."


@dataclass(frozen=True)
class Notes:
    """All that an officer writes of a project. ``notes``: by criterion, the note (or None) and what it rests on."""

    notes: Mapping[str, tuple[int | None, str]] = field(default_factory=dict)
    opinion: str = ""
    text: str = ""
    proposed_amount: Decimal | None = None
    committee: Committee | None = None
    assigned_to: Any = None

    @classmethod
    def of(cls, review: Review | None) -> "Notes":
        """What an instruction says."""
        if review is None or not review.pk:
            return cls()
        rows = {row.criterion: (row.note, row.comment) for row in review.notes.all()}
        return cls(rows, **{name: getattr(review, name) for name in FIELDS})

    @property
    def answers(self) -> dict[str, Answer]:
        """Each value as a text, by the name of its field: to be compared with what somebody else wrote."""
        answers: dict[str, Answer] = {}
        for criterion in Criterion:
            note, comment = self.notes.get(criterion.value, (None, ""))
            answers[f"note_{criterion}"] = "" if note is None else str(note)
            answers[f"comment_{criterion}"] = as_typed(comment)
        amount = self.proposed_amount
        return answers | {
            "opinion": self.opinion,
            "text": as_typed(self.text),
            "proposed_amount": "" if amount is None else f"{amount:.2f}",
            "committee": str(self.committee.pk) if self.committee else "",
            "assigned_to": str(self.assigned_to.pk) if self.assigned_to else "",
        }

    def with_theirs(self, theirs: "Notes", names: Collection[str]) -> "Notes":
        """The same, with what a colleague wrote in these fields."""
        notes = {}
        for criterion in Criterion:
            note, comment = self.notes.get(criterion.value, (None, ""))
            their_note, their_comment = theirs.notes.get(criterion.value, (None, ""))
            notes[criterion.value] = (
                their_note if f"note_{criterion}" in names else note,
                their_comment if f"comment_{criterion}" in names else comment,
            )
        return Notes(notes, **{name: getattr(theirs if name in names else self, name) for name in FIELDS})


@dataclass(frozen=True)
class SavedGrid:
    """What became of a grid that was saved. ``clashes``: fields that a colleague wrote otherwise, left to them;
    ``taken``: fields that a colleague changed alone.
    """

    review: Review
    clashes: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()


class ReviewConflict(ChangedMeanwhile):
    """Somebody wrote since the grid was read. ``review`` is what they left; ``taken``, what they changed alone."""

    def __init__(self, review: Review, taken: Collection[str] = ()) -> None:
        self.review = review
        self.taken = taken
        super().__init__(while_you_wrote(review.author, "modifié cette instruction"))


def read_review(project: Project) -> Review | None:
    """The instruction of a project with its grid, in two queries."""
    reviews = Review.objects.filter(project=project)
    return reviews.select_related("committee", "assigned_to", "saved_by").prefetch_related("notes").first()


@transaction.atomic
def save_review(
    project: Project,
    *,
    written: Notes,
    base: Typed | None,
    by: Person,
    leaves_clashes: bool = False,
) -> SavedGrid:
    """Write what an officer thinks of a project, complete or not.

    ``base`` is what was read, as :attr:`Notes.answers`: what a colleague changed since in other fields is kept too.
    Where both changed a field differently, nothing is written; with ``leaves_clashes`` all but these fields is. None
    when it is not known: whatever differs from what is there was changed by both.

    Raises:
        ReviewConflict: somebody else wrote since.
        ValidationError: the instruction is closed, or a value is refused.
    """
    locked = Project.objects.select_for_update().filter(pk=project.pk).first()
    if locked is None:
        raise ValidationError("Ce dossier a été supprimé entre-temps.", code="deleted")
    if locked.status not in OPEN:
        raise ValidationError(CLOSED, code="closed")
    review = read_review(locked) or Review(project=locked, version=0)
    theirs = Notes.of(review)
    merged = merge(base, theirs.answers, written.answers)
    clashes = tuple(clash.field for clash in merged.clashes)
    is_new = review.pk is None
    # A double click, two colleagues of one mind; or, while somebody types elsewhere on the page, nothing yet.
    if theirs.answers == written.answers and (leaves_clashes or not is_new):
        return SavedGrid(review)
    if clashes and not leaves_clashes:
        raise ReviewConflict(review, merged.taken)
    written = written.with_theirs(theirs, {*clashes, *merged.taken})
    if is_new or written.answers != theirs.answers:
        _write(review, written, by)
    return SavedGrid(review, clashes, tuple(merged.taken))


def _write(review: Review, written: Notes, by: Person) -> None:
    holder, former = written.assigned_to, review.assigned_to_id
    for name in FIELDS:
        setattr(review, name, getattr(written, name))
    review.version += 1
    review.saved_by, review.saved_at = by, timezone.now()
    requested = review.project.requested
    if review.proposed_amount and requested is not None and review.proposed_amount > requested:
        raise ValidationError({"proposed_amount": "Le montant proposé dépasse ce qui est demandé."})
    review.full_clean(exclude=["project"])
    review.save()
    if holder is not None and holder.pk != former:
        tell_assigned([review.project], to=holder, by=by)
    rows = {row.criterion: row for row in review.notes.all()}
    for criterion in Criterion:
        row = rows.get(criterion) or ReviewNote(review=review, criterion=criterion)
        row.note, row.comment = written.notes.get(criterion.value, (None, ""))
        row.full_clean(exclude=["review"])
        row.save()


def usual_committee(project: Project) -> Committee | None:
    """The one that takes a file unless an officer says otherwise: the only one to come of its call."""
    campaign = campaign_of(project)
    coming = Committee.objects.filter(campaign=campaign, held_on__gte=timezone.localdate())
    committees = list(coming[:2]) if campaign is not None else []
    return committees[0] if len(committees) == 1 else None


def missing(review: Review | None, usual: Committee | None = None) -> list[str]:
    """What a committee could not do without, in words; nothing when it can be given the project. ``usual``: the
    committee that takes it where none is chosen."""
    if review is None:
        return ["la grille", "l’avis", "le comité"]
    noted = {row.criterion for row in review.notes.all() if row.note is not None}
    blank = [criterion.label for criterion in Criterion if criterion not in noted]
    lacking = [f"la note « {label} »" for label in blank]
    if not review.opinion:
        lacking.append("l’avis")
    if review.committee_id is None and usual is None:
        lacking.append("le comité")
    return lacking


def propose(project: Project, *, by: Person, comment: str = "") -> None:
    """Give it to the committee that was chosen, else to the only one to come: the grid is complete, with an opinion.

    Raises:
        ValidationError: something is missing.
    """
    with step(project, "propose", by=by, comment=comment) as locked:
        review = read_review(locked)
        usual = usual_committee(locked) if review is not None and review.committee_id is None else None
        if lacking := missing(review, usual):
            raise ValidationError(f"Avant de proposer au comité, il manque : {', '.join(lacking)}.", code="incomplete")
        if review is not None and usual is not None:
            review.committee = usual
            review.version += 1
            review.saved_by, review.saved_at = by, timezone.now()
            review.save()


withdraw = plain("withdraw")  # taken back from the committee


@transaction.atomic
def propose_at_once(project: Project, *, by: Person, comment: str = "") -> None:
    """Say that it is admissible, take it in hand and give it to the committee: for a file whose grid is complete.

    Raises:
        ValidationError: something is missing; no step is taken.
    """
    take_in(project, by=by, comment=comment)
    propose(project, by=by)
