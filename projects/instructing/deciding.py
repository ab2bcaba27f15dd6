"""What a committee decides: one project, or all those of a meeting together."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from cohesion.audit import AuditKind, record
from projects.choices import ProjectStatus
from projects.models import Committee, Decision, Project
from projects.steps import step
from projects.workflow import OUTCOMES

GRANTING = (ProjectStatus.RETAINED, ProjectStatus.PARTLY_RETAINED)
Errors = dict[str, list[str]]


@dataclass(frozen=True)
class Ruling:
    """A decision as it is brought: the outcome is one of :attr:`projects.models.Decision.OUTCOMES`."""

    outcome: str
    decided_on: datetime.date | None
    amount: Decimal | None = None
    deliberation: str = ""
    reason: str = ""
    committee: Committee | None = None


class NotDecided(ValidationError):
    """Nothing was decided. ``rows``: what is wrong, by key of the project, then by field (« » for the whole)."""

    def __init__(self, rows: dict[int, Errors]) -> None:
        self.rows = rows
        super().__init__("Rien n’a été décidé : corrigez les lignes signalées.", code="rows")


def refusal(project: Project, ruling: Ruling) -> Errors:
    """What is wrong in a ruling about a project, by field; nothing when it may be written."""
    wrong: Errors = {}
    if ruling.outcome not in OUTCOMES:
        return {"outcome": ["Choisissez une décision."]}
    if ruling.decided_on is None:
        wrong["decided_on"] = ["Indiquez le jour de la décision."]
    elif ruling.decided_on > timezone.localdate():
        wrong["decided_on"] = ["Ce jour n’est pas encore venu : une décision se saisit une fois prise."]
    if ruling.outcome in GRANTING:
        if sentence := _amount_refusal(project, ruling):
            wrong["amount"] = [sentence]
        if not ruling.deliberation.strip():
            wrong["deliberation"] = ["Indiquez la délibération : elle donne son droit à la subvention."]
    else:
        if ruling.amount is not None:
            wrong["amount"] = ["Cette décision n’accorde rien : laissez le montant vide."]
        if not ruling.reason.strip():
            wrong["reason"] = ["Dites pourquoi : la structure le lira."]
    return wrong


def _amount_refusal(project: Project, ruling: Ruling) -> str:
    if ruling.amount is None:
        return "Indiquez le montant accordé."
    if ruling.amount < 0:
        return "Un montant n’est pas négatif."
    if project.requested is None:
        return ""
    if ruling.outcome == ProjectStatus.RETAINED and ruling.amount > project.requested:
        return "Le montant accordé dépasse ce qui est demandé."
    if ruling.outcome == ProjectStatus.PARTLY_RETAINED and ruling.amount >= project.requested:
        return "Retenir partiellement, c’est accorder moins que ce qui est demandé."
    return ""


def decide(project: Project, ruling: Ruling, *, by: Any) -> Decision:
    """Write what was decided of a project, and what it is granted.

    Raises:
        AlreadyMoved: somebody was quicker.
        ValidationError: the ruling is not complete, or breaks a rule; by field.
    """
    if ruling.outcome not in OUTCOMES:
        raise ValidationError({"outcome": "Choisissez une décision."})
    if wrong := refusal(project, ruling):  # told before the step asks for its comment, in its own words
        raise ValidationError(wrong)
    name = OUTCOMES[ProjectStatus(ruling.outcome)]
    with step(project, name, by=by, comment=ruling.reason) as locked:
        if wrong := refusal(locked, ruling):
            raise ValidationError(wrong)
        day: Any = ruling.decided_on
        decision = Decision(
            project=locked,
            outcome=ruling.outcome,
            amount=ruling.amount,
            deliberation=ruling.deliberation.strip(),
            decided_on=day,
            committee=ruling.committee,
            reason=ruling.reason.strip(),
            by=by,
        )
        decision.full_clean(exclude=["project", "by"])
        decision.save()
        locked.granted = ruling.amount
        after = {"décision": ruling.outcome, "accordé": ruling.amount, "délibération": decision.deliberation}
        record(AuditKind.DECISION, on=locked, by=by, before={"état": locked.status}, after=after)
    project.granted = locked.granted
    return decision


def decide_together(rulings: Mapping[int, Ruling], *, by: Any) -> int:
    """Decide of many projects, by key, all or none; returns how many.

    Raises:
        NotDecided: with what is wrong in each.
    """
    wrong: dict[int, Errors] = {}
    with transaction.atomic():
        # In one order for everybody, so that two officers never wait for each other in a ring.
        rows = Project.objects.select_for_update().filter(pk__in=list(rulings)).order_by("pk")
        projects = {project.pk: project for project in rows}
        for pk, ruling in sorted(rulings.items()):
            try:
                if pk not in projects:
                    raise ValidationError("Ce dossier a été supprimé entre-temps.")
                decide(projects[pk], ruling, by=by)
            except ValidationError as error:
                wrong[pk] = by_field(error)
        if wrong:
            raise NotDecided(wrong)
    return len(rulings)


def by_field(error: ValidationError) -> Errors:
    """What a refusal says of each field; what it says of the whole is under « »."""
    return error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
