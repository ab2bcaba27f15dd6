"""What the working group says of the orientations of a framework: remarks, and questions that wait for an answer."""

from collections.abc import Collection
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from axes.models import Framework, NodeNote, Orientation
from cohesion.lib.people import Person


@dataclass(frozen=True)
class NoteCount:
    """How many notes an orientation bears, and how many of them are questions that nobody answered."""

    notes: int
    questions: int


def note_counts(framework: Framework | None) -> dict[int, NoteCount]:
    """By the key of each orientation that bears some, in one query."""
    if framework is None:
        return {}
    waiting = Count("pk", filter=Q(is_question=True, closed_at=None))
    notes = NodeNote.objects.filter(framework=framework, orientation__isnull=False).order_by()
    rows = notes.values_list("orientation").annotate(total=Count("pk"), waiting=waiting)
    return {pk: NoteCount(total, questions) for pk, total, questions in rows}


def write_note(*, note: NodeNote, by: Person) -> NodeNote:
    """Write an officer's note.

    Raises:
        ValidationError: it says nothing, or too much.
    """
    note.author, note.text = by, note.text.strip()
    note.full_clean()
    note.save()
    return note


@transaction.atomic
def close_note(*, note: NodeNote, answer: str, by: Person) -> NodeNote:
    """Answer a question, or close it without a word.

    Raises:
        ValidationError: somebody closed it before, or the answer is too long.
    """
    current = NodeNote.objects.select_for_update().filter(pk=note.pk).first()
    if current is None or not current.is_question:
        raise ValidationError("Cette question n’existe plus.")
    if current.closed_at is not None:
        raise ValidationError("Quelqu’un a déjà clos cette question : relisez la réponse.")
    current.answer, current.closed_at, current.closed_by = answer.strip(), timezone.now(), by
    current.full_clean()
    current.save()
    return current


def pass_notes(keys: Collection[int], heir: Orientation) -> int:
    """Let the notes on these orientations, by their keys, be notes on another; returns how many."""
    return NodeNote.objects.filter(orientation__in=keys).update(orientation=heir)  # not the tree
