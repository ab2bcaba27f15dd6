"""Paying and being paid back: each written under the row of the project, with all that was paid read again there."""

import datetime
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone

from cohesion.audit import AuditKind, record
from cohesion.lib.dates import french_date
from cohesion.lib.people import Person
from cohesion.lib.refusals import Errors, RowsRefused, by_field
from cohesion.lib.text import euros
from cohesion.together.states import ChangedMeanwhile, while_you_wrote
from projects.catalogue.granting import grant_of, hold_agreements
from projects.catalogue.models import Grant, Payment, Project
from projects.catalogue.signing import sign
from projects.catalogue.workflow import GRANTED
from projects.choices import PaymentKind
from projects.paying.standing import Standing, report_is_in, standing_of
from projects.paying.threshold import asks_agreement, sentence

Above = Mapping[tuple[int, int], Decimal]
# Sent within the transaction, with ``payment``, the row that was written.
payment_written = Signal()


@dataclass(frozen=True)
class PaymentEntry:
    """A payment as it is brought. ``note``: why a balance does not wait for the report, or what a refund is for;
    ``settles``: nothing more is to be paid after it."""

    kind: str
    amount: Decimal | None
    paid_on: datetime.date | None
    reference: str = ""
    note: str = ""
    settles: bool = False


class GrantConflict(ChangedMeanwhile):
    """Somebody wrote about the grant since its page was read."""

    def __init__(self, grant: Grant) -> None:
        self.grant = grant
        last = grant.history.select_related("history_user").first()
        author = last.history_user.display_name if last is not None and last.history_user else "quelqu’un"
        done = last.history_change_reason if last is not None and last.history_change_reason else "modifié"
        super().__init__(while_you_wrote(author, f"écrit sur cette subvention ({done.lower()})"))


@contextmanager
def writing(project: int, *, by: Person, seen: int | None, done: str) -> Iterator[Grant]:
    """The grant of a project, under the lock of both rows; ``seen``: its version as the page showed it. What ``done``
    says goes into its history.

    Raises:
        GrantConflict: somebody wrote about it since.
        ValidationError: the project is gone, or is granted nothing.
    """
    with transaction.atomic():
        owner = Project.objects.select_for_update().filter(pk=project).first()
        if owner is None:
            raise ValidationError("Ce dossier a été supprimé entre-temps.", code="deleted")
        if owner.granted is None:
            raise ValidationError("Rien n’est accordé à cette action : il n’y a rien à verser.")
        made = grant_of(owner)
        grant = Grant.objects.select_for_update(of=("self",)).select_related("agreement").get(pk=made.pk)
        grant.project = owner
        if seen is not None and grant.version != seen:
            raise GrantConflict(grant)
        yield grant
        grant.version += 1
        grant.full_clean(exclude=["project"])
        sign(grant, by, done).save()


def refusal(grant: Grant, standing: Standing, entry: PaymentEntry) -> Errors:
    """What is wrong in a payment, by field; nothing when it may be written."""
    wrong: Errors = {}
    if sentence_of := door(grant, standing, entry.kind):
        wrong[""] = [sentence_of]
    if sentence_of := amount_refusal(standing, entry):
        wrong["amount"] = [sentence_of]
    if sentence_of := day_refusal(grant, entry.paid_on):
        wrong["paid_on"] = [sentence_of]
    if entry.kind == PaymentKind.BALANCE and not entry.note.strip() and not report_is_in(grant):
        wrong["note"] = [
            f"Le bilan {grant.year} n’est pas reçu : attendez-le, ou dites ici pourquoi le solde est versé sans lui."
        ]
    return wrong


def door(grant: Grant, standing: Standing, kind: str, over: Above | None = None) -> str:
    """Why nothing of this kind may be written about a grant, whatever the amount; nothing when it may. ``over``: as of
    :func:`projects.paying.threshold.asks_agreement`."""
    if kind == PaymentKind.REFUND:
        return "" if standing.net > 0 else "Rien n’est versé de cette subvention : rien ne peut être remboursé."
    if grant.project.status not in GRANTED:
        state = grant.project.get_status_display().lower()
        return f"Cette action n’est plus retenue ({state}) : rien ne lui est versé."
    if grant.is_settled:
        return f"Cette subvention est soldée depuis le {french_date(grant.settled_on)} : rouvrez-la d’abord."
    agreement = grant.agreement
    if agreement is not None and not agreement.is_signed:
        return f"La convention {agreement.number} n’est pas signée : notez d’abord le jour de sa signature."
    total = asks_agreement(grant, over)
    if total is not None:
        due = sentence(grant.project.organization, grant.year, total)
        return f"{due} Faites-la, ou rattachez cette subvention à celle qui existe, puis versez."
    return ""


def amount_refusal(standing: Standing, entry: PaymentEntry) -> str:
    if entry.amount is None or entry.amount <= 0:
        return "Indiquez un montant plus grand que zéro."
    if entry.kind == PaymentKind.REFUND:
        return "" if entry.amount <= standing.net else f"Il n’y a que {euros(standing.net)} versés à rembourser."
    if entry.amount <= standing.left:
        return ""
    return f"Il ne reste que {euros(standing.left)} à verser, sur {euros(standing.granted)} accordés."


def day_refusal(grant: Grant, day: datetime.date | None) -> str:
    if day is None:
        return "Indiquez le jour du versement."
    if day > timezone.localdate():
        return "Ce jour n’est pas encore venu : un versement se saisit une fois fait."
    decision = grant.project.decisions.order_by("pk").first()
    if decision is not None and day < decision.decided_on:
        return f"Ce jour précède la décision, du {french_date(decision.decided_on)}."
    agreement = grant.agreement
    if agreement is not None and agreement.signed_on is not None and day < agreement.signed_on:
        return f"Ce jour précède la signature de la convention, le {french_date(agreement.signed_on)}."
    return ""


def pay(project: int, entry: PaymentEntry, *, by: Person, seen: int | None = None) -> Payment:
    """Write a payment, a balance or a refund.

    Raises:
        GrantConflict: somebody wrote about the grant since it was read.
        ValidationError: with what is wrong, by field.
    """
    with writing(project, by=by, seen=seen, done=PaymentKind(entry.kind).label) as grant:
        standing = standing_of(grant)
        wrong = refusal(grant, standing, entry)
        if wrong or entry.paid_on is None:
            raise ValidationError({name or NON_FIELD_ERRORS: sentences for name, sentences in wrong.items()})
        payment = Payment(
            grant=grant,
            kind=entry.kind,
            paid_on=entry.paid_on,
            amount=entry.amount,
            reference=entry.reference.strip(),
            note=entry.note.strip(),
            by=by,
        )
        payment.full_clean(exclude=["grant", "by"])
        sign(payment, by, "").save()
        if entry.settles or entry.kind == PaymentKind.BALANCE:
            grant.settled_on = entry.paid_on
        record(AuditKind.PAYMENT, on=grant.project, by=by, before=_words(standing), after=written(payment))
        payment_written.send(sender=Payment, payment=payment)
    return payment


def _words(standing: Standing) -> dict[str, str]:
    return {"accordé": str(standing.granted), "versé": str(standing.net), "reste": str(standing.left)}


def written(payment: Payment) -> dict[str, str]:
    return {
        "nature": payment.kind,
        "montant": str(payment.amount),
        "le": payment.paid_on.isoformat(),
        "référence": payment.reference,
        "précision": payment.note,
    }


def pay_together(entries: Mapping[int, PaymentEntry], *, seen: Mapping[int, int], by: Person) -> int:
    """Write a list of payments, by key of the project, all or none; returns how many.

    Raises:
        RowsRefused: with what is wrong in each.
    """
    wrong: dict[int, Errors] = {}
    with transaction.atomic():
        # In one order for everybody, so that two officers never wait for each other in a ring.
        list(Project.objects.select_for_update().filter(pk__in=list(entries)).order_by("pk").values_list("pk"))
        hold_agreements(entries)
        for project, entry in sorted(entries.items()):
            try:
                pay(project, entry, by=by, seen=seen.get(project))
            except ValidationError as error:
                wrong[project] = by_field(error)
        if wrong:
            raise RowsRefused(wrong)
    return len(entries)
