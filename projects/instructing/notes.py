"""Notes between colleagues on a file: who is to hear of one, by their name in it or ticked beside it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.dispatch import Signal

from cohesion.lib.people import Person
from cohesion.lib.text import fold
from projects.catalogue.models import Project
from projects.instructing.models import FileNote

# Sent within the transaction, with ``note``, the :class:`FileNote` that was written.
note_written = Signal()
_MENTION = re.compile(r"(?<![\w@.+-])@([^\W\d_][\w’'-]*)")


@dataclass(frozen=True)
class Mentions:
    """Whom a text names by « @prénom »; ``shared`` are names that several bear, ``unknown`` those that nobody does."""

    people: list[Person]
    shared: list[str]
    unknown: list[str]


def mentions_in(
    text: str, colleagues: Iterable[Person], chosen: Iterable[Person] = (), author: Person | None = None
) -> Mentions:
    """The colleagues that a text names by their first name, in any case and without accents if one likes.

    Where several bear a name, those among them that are ``chosen`` already are meant. Its ``author`` may name
    themselves: nobody else is meant by that, where nobody else bears the name.
    """
    by_name: dict[str, list[Person]] = {}
    for colleague in colleagues:
        by_name.setdefault(fold(colleague.first_name), []).append(colleague)
    already = {person.pk for person in chosen}
    mentions = Mentions([], [], [])
    for name in dict.fromkeys(_MENTION.findall(text)):
        bearers = by_name.get(fold(name), [])
        if len(bearers) == 1:
            mentions.people.append(bearers[0])
        elif not bearers and author is not None and fold(name) == fold(author.first_name):
            continue
        elif not bearers:
            mentions.unknown.append(name)
        elif not any(bearer.pk in already for bearer in bearers):
            mentions.shared.append(name)
    return mentions


@transaction.atomic
def write_note(project: Project, *, text: str, by: Person, recipients: Iterable[Person]) -> FileNote:
    """Keep a note; whom it is for hear of it with the next mail, each once.

    Raises:
        ValidationError: the text is refused.
    """
    note = FileNote(project=project, text=text.strip(), by=by)
    note.full_clean(exclude=["project", "by"])
    note.save()
    note.recipients.set({person.pk for person in recipients} - {by.pk})
    note_written.send(sender=FileNote, note=note)
    return note
