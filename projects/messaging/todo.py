"""Whose turn it is, in figures: what waits for somebody, in the two parts of the site."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from projects import rules
from projects.messaging.telling import QUEUE
from projects.models import Project
from projects.workflow import LEADS_TURN, OFFICERS_TURN

SPACE = "/espace/"


@dataclass(frozen=True)
class ToDo:
    """So many files wait for somebody; ``path`` is where they are."""

    number: int
    whom: str
    path: str


def to_do(user: Any) -> list[ToDo]:
    """What waits for the organisations that they act for, and, for an officer, for them or for no officer yet."""
    found = []
    if rules.memberships(user):
        own = Project.objects.of(user).filter(status__in=LEADS_TURN)
        found.append(ToDo(own.count(), "votre structure", SPACE))
    if rules.is_officer(user):
        mine = Q(review__isnull=True) | Q(review__assigned_to=None) | Q(review__assigned_to=user)
        waiting = Project.objects.filter(mine, status__in=OFFICERS_TURN)
        found.append(ToDo(waiting.count(), "vous, ou un agent qui s’en saisisse", QUEUE))
    return found
