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
from cohesion.lib.dates import french_date
from cohesion.lib.people import Person
from cohesion.lib.refusals import Errors, RowsRefused, by_field
from cohesion.lib.text import euros
from cohesion.together.states import ChangedMeanwhile, while_you_wrote
from projects.catalogue.granting import change_refusal, grant_of, hold_agreements
from projects.catalogue.models import Project
from projects.catalogue.steps import step
from projects.catalogue.workflow import GRANTED, OUTCOMES
from projects.choices import ProjectStatus
from projects.instructing.models import Committee, Decision

GRANTING = (ProjectStatus.RETAINED, ProjectStatus.PARTLY_RETAINED)
NOTHING_DECIDED = "Rien n’a été décidé : corrigez les lignes signalées."
NOT_BEGUN = (*GRANTING, ProjectStatus.REFUSED)  # where what is decided may still change where the project stands


@dataclass(frozen=True)
class Ruling:
    """A decision as it is brought: the outcome is one of :attr:`projects.models.Decision.OUTCOMES`."""

    outcome: str
    decided_on: datetime.date | None
    amount: Decimal | None = None
    deliberation: str = ""
    reason: str = ""
    committee: Committee | None = None


def refusal(project: Project, ruling: Ruling) -> Errors:
    """What is wrong in a ruling about a project, by field; nothing when it may be written."""
    wrong: Errors = {}
    if ruling.outcome not in OUTCOMES:
        return {"outcome": ["Choisissez une décision."]}
    if ruling.decided_on is None:
        wrong["decided_on"] = ["Indiquez le jour de la décision."]
    elif ruling.decided_on > timezone.localdate():
        wrong["decided_on"] = ["Ce jour n’est pas encore venu : une décision se saisit une fois prise."]
    if ruling.outcome in GRANTING:
        if sentence := _amount_refusal(project, ruling):
            wrong["amount"] = [sentence]
        if not ruling.deliberation.strip():
            wrong["deliberation"] = ["Indiquez la délibération : elle donne son droit à la subvention."]
    else:
        if ruling.amount is not None:
            wrong["amount"] = ["Cette décision n’accorde rien : laissez le montant vide."]
        if not ruling.reason.strip():
            wrong["reason"] = ["Dites pourquoi : la structure le lira."]
    if sentence := _early_refusal(ruling):
        wrong.setdefault("reason", []).append(sentence)
    return wrong


def _early_refusal(ruling: Ruling) -> str:
    """A decision may come before its committee (by another body, after a consultation), never without a word."""
    if ruling.committee is None or ruling.decided_on is None or ruling.reason.strip():
        return ""
    if ruling.decided_on >= ruling.committee.held_on:
        return ""
    return (
        f"Le {french_date(ruling.decided_on)} précède le comité, qui se tient le "
        f"{french_date(ruling.committee.held_on)} : corrigez le jour, ou dites ici qui a décidé avant lui."
    )


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


def decide(project: Project, ruling: Ruling, *, by: Person) -> Decision:
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
        decision = _written(locked, ruling, by)
    project.granted = locked.granted
    return decision


def _written(project: Project, ruling: Ruling, by: Person) -> Decision:
    """The row of a decision about a project that is locked. The database says the amount on the project too."""
    day: Any = ruling.decided_on
    decision = Decision(
        project=project,
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
    before = {"état": project.status, "accordé": project.granted}
    after = {"décision": ruling.outcome, "accordé": ruling.amount, "délibération": decision.deliberation}
    record(AuditKind.DECISION, on=project, by=by, before=before, after=after)
    project.granted = ruling.amount
    if ruling.outcome in GRANTING:
        grant_of(project)
    return decision


def amendments(project: Project) -> tuple[ProjectStatus, ...]:
    """What a decision may become: what has begun stays retained."""
    if project.status in NOT_BEGUN:
        return NOT_BEGUN
    return GRANTING if project.status in GRANTED else ()


class DecisionConflict(ChangedMeanwhile):
    """Somebody decided anew since the decisions were read. ``last`` is what they wrote."""

    def __init__(self, last: Decision) -> None:
        self.last = last
        amount = "" if last.amount is None else f", {euros(last.amount)}"
        author = last.by.display_name
        words = f"« {last.get_outcome_display()} »{amount}"
        super().__init__(while_you_wrote(author, f"saisi une autre décision : {words}"))


def amend(project: Project, ruling: Ruling, *, seen: int, by: Person) -> Decision:
    """Write the decision anew: entered wrongly, changed by another deliberation, or taken before the project was here.

    The former one stays in the list of decisions. What has not begun takes the state that the new one says; what has
    goes on. ``seen`` is the key of the last decision that was read, 0 for none.

    Raises:
        AlreadyMoved: it is not decided.
        DecisionConflict: somebody else decided since.
        ValidationError: the ruling is not complete, breaks a rule, or gives no reason; by field.
    """
    if wrong := _amend_refusal(project, ruling):  # told before the step asks for its comment, in its own words
        raise ValidationError(wrong)
    with step(project, "amend", by=by, comment=ruling.reason) as locked:
        last = locked.decisions.select_related("by").last()
        if last is not None and last.pk != seen:
            raise DecisionConflict(last)
        if wrong := _amend_refusal(locked, ruling):
            raise ValidationError(wrong)
        decision = _written(locked, ruling, by)
        if locked.status in NOT_BEGUN:
            locked.status = ruling.outcome
    project.granted = locked.granted
    return decision


def _amend_refusal(project: Project, ruling: Ruling) -> Errors:
    if ruling.outcome not in amendments(project):
        return {"outcome": ["Choisissez une décision : ce qui a commencé reste retenu, et s’abandonne au besoin."]}
    wrong = refusal(project, ruling)
    if sentence := change_refusal(project, ruling.amount):
        wrong.setdefault("amount", []).append(sentence)
    if not ruling.reason.strip():
        wrong["reason"] = ["Dites pourquoi la décision est rectifiée : la structure le lira."]
    last = project.decisions.last()
    if last is not None and (last.outcome, last.amount, last.deliberation, last.decided_on) == (
        *(ruling.outcome, ruling.amount, ruling.deliberation.strip(), ruling.decided_on),
    ):
        wrong[""] = ["C’est déjà ce que dit la décision : rien n’est à rectifier."]
    return wrong


def decide_together(rulings: Mapping[int, Ruling], *, by: Person) -> int:
    """Decide of many projects, by key, all or none; returns how many.

    Raises:
        RowsRefused: with what is wrong in each.
    """
    wrong: dict[int, Errors] = {}
    with transaction.atomic():
        # In one order for everybody, so that two officers never wait for each other in a ring.
        rows = Project.objects.select_for_update().filter(pk__in=list(rulings)).order_by("pk")
        projects = {project.pk: project for project in rows}
        hold_agreements(projects)
        for pk, ruling in sorted(rulings.items()):
            try:
                if pk not in projects:
                    raise ValidationError("Ce dossier a été supprimé entre-temps.")
                decide(projects[pk], ruling, by=by)
            except ValidationError as error:
                wrong[pk] = by_field(error)
        if wrong:
            raise RowsRefused(wrong, NOTHING_DECIDED)
    return len(rulings)
