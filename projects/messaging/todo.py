"""Whose turn it is, in figures: what waits for somebody, in the two parts of the site."""

from dataclasses import dataclass

from django.db.models import Q

from cohesion.lib.people import Person
from cohesion.lib.text import typographic
from projects.catalogue.models import Project
from projects.catalogue.workflow import OFFICERS_TURN
from projects.members import rules as member_rules
from projects.messaging.telling import QUEUE, SPACE


@dataclass(frozen=True)
class ToDo:
    """So many files wait for somebody, to do ``what``; ``path`` is where they are, ``nothing`` what none is called."""

    number: int
    path: str
    what: str
    nothing: str


def to_do(user: Person) -> list[ToDo]:
    """What waits for the organisations that they act for, and, for an officer, for them or for no officer yet."""
    entries = []
    if member_rules.memberships(user):
        own = Project.objects.of(user).waiting_for_lead()
        what = "à terminer, à compléter, ou dont le bilan est à remettre"
        entries.append(ToDo(own.count(), SPACE, what, "Rien n’attend votre structure."))
    if member_rules.is_officer(user):
        mine = Q(review__assigned_to=None) | Q(review__assigned_to=user) | Q(review__assigned_to__is_active=False)
        waiting = Project.objects.filter(mine, status__in=OFFICERS_TURN)
        what = "à instruire, ou dont le bilan est à vérifier : ceux que vous suivez et ceux que personne ne suit"
        entries.append(ToDo(waiting.count(), QUEUE, typographic(what), "Aucun dossier ne vous attend."))
    return entries
