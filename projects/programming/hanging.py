"""The envelopes that an orientation has: said before one deletes or merges it, and taken along."""

from collections.abc import Collection, Mapping

from django.urls import reverse

from axes import hanging
from axes.adoption import Hanging
from axes.hanging import Load
from axes.models import Orientation
from cohesion.lib.people import Person
from cohesion.lib.text import NBSP, count_phrase
from projects.catalogue.signing import sign
from projects.programming.models import BudgetEnvelope


class EnvelopesOfOrientations:
    """The credits that only what serves an orientation first may take."""

    def weigh(self, keys: Collection[int]) -> Load:
        rows: dict[int, list[Hanging]] = {}
        for envelope in BudgetEnvelope.objects.filter(orientation__in=keys):
            address = reverse("admin:projects_budgetenvelope_change", args=[envelope.pk])
            rows.setdefault(envelope.orientation_id or 0, []).append(
                Hanging(f"enveloppe «{NBSP}{envelope}{NBSP}»", address)
            )
        number = sum(map(len, rows.values()))
        words = "enveloppe votée porte sur elle", "enveloppes votées portent sur elle"
        return Load([f"{count_phrase(number, *words)}."] if number else [], rows, keeps=True)

    def follow(self, heirs: Mapping[int, Orientation], by: Person, reason: str) -> None:
        for envelope in BudgetEnvelope.objects.filter(orientation__in=heirs):
            envelope.orientation = heirs[envelope.orientation_id or 0]
            sign(envelope, by, reason).save()


def connect() -> None:
    hanging.register(EnvelopesOfOrientations())
