"""What was entered wrongly of a payment, a grant settled too soon: mended with a reason. What nobody signed goes."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from cohesion.audit import AuditKind, record
from cohesion.lib.people import Person
from cohesion.lib.text import euros
from projects.catalogue.granting import left_of_year
from projects.catalogue.models import Agreement, Amendment, Grant, Payment
from projects.catalogue.signing import sign
from projects.catalogue.workflow import GRANTED
from projects.choices import PaymentKind
from projects.instructing.deciding import Errors
from projects.paying.agreements import changing, locked_agreement
from projects.paying.paying import PaymentEntry, amount_refusal, day_refusal, writing, written
from projects.paying.standing import Standing, standing_of

ZERO = Decimal(0)


def correct(payment: Payment, entry: PaymentEntry, *, why: str, by: Person, seen: int | None = None) -> None:
    """Write a payment anew, that was entered wrongly: its day, its amount, its reference.

    Raises:
        GrantConflict: somebody wrote about the grant since it was read.
        ValidationError: no reason is given, or a rule is broken; by field.
    """
    if not why.strip():
        raise ValidationError({"why": "Dites pourquoi ce versement est corrigé."})
    with writing(payment.grant.project_id, by=by, seen=seen, done="Versement corrigé") as grant:
        locked = _still_there(payment)
        before = written(locked)
        wrong = _correction_refusal(grant, locked, entry)
        if wrong or entry.amount is None or entry.paid_on is None:
            raise ValidationError(wrong)
        if grant.settled_on == locked.paid_on:
            grant.settled_on = entry.paid_on
        locked.amount, locked.paid_on, locked.reference = entry.amount, entry.paid_on, entry.reference.strip()
        locked.full_clean(exclude=["grant", "by"])
        sign(locked, by, why).save()
        after = written(locked) | {"motif": why.strip()}
        record(AuditKind.PAYMENT, on=grant.project, by=by, before=before, after=after)


def cancel(payment: Payment, *, why: str, by: Person, seen: int | None = None) -> None:
    """Take away a payment that was never made; its history and the log keep it.

    Raises:
        GrantConflict: somebody wrote about the grant since it was read.
        ValidationError: no reason is given, or a refund of it stays.
    """
    if not why.strip():
        raise ValidationError({"why": "Dites pourquoi ce versement est annulé."})
    with writing(payment.grant.project_id, by=by, seen=seen, done="Versement annulé") as grant:
        locked = _still_there(payment)
        standing = standing_of(grant)
        if locked.is_refund and standing.net + locked.amount > standing.granted:
            raise ValidationError("Sans ce remboursement, ce qui est versé dépasserait ce qui est accordé.")
        if not locked.is_refund and standing.net < locked.amount:
            raise ValidationError("Un remboursement de ce versement est enregistré : annulez-le d’abord.")
        before = written(locked)
        if refused := given_up_refusal(grant, locked.amount if locked.is_refund else ZERO):
            raise ValidationError(refused)
        if _settled_it(grant, locked):
            grant.settled_on = None
        sign(locked, by, why).delete()
        record(AuditKind.PAYMENT, on=grant.project, by=by, before=before, after={"annulé": why.strip()})


def _settled_it(grant: Grant, payment: Payment) -> bool:
    """Whether a grant was settled by this payment: its balance, or a refund after which nothing more was to be paid."""
    closes = payment.is_balance or payment.is_refund
    others = grant.payments.exclude(pk=payment.pk).filter(paid_on=payment.paid_on, kind=PaymentKind.BALANCE)
    return closes and grant.settled_on == payment.paid_on and not others.exists()


def given_up_refusal(grant: Grant, more: Decimal) -> str:
    """Why what is paid of an action that was given up may not grow by so much; nothing when it may: what it freed
    of its convention may be another's by now."""
    if grant.agreement is None or grant.project.status in GRANTED or more <= 0:
        return ""
    locked = Agreement.objects.select_for_update().get(pk=grant.agreement.pk)
    left = left_of_year(locked, grant.year)
    if more <= left:
        return ""
    return (
        f"Cette action n’est plus retenue, et la convention {grant.agreement.number} ne laisse plus que "
        f"{euros(max(left, ZERO))} pour {grant.year} : ce qu’elle libérait est accordé à une autre."
    )


def _still_there(payment: Payment) -> Payment:
    locked = Payment.objects.select_for_update().filter(pk=payment.pk).first()
    if locked is None:
        raise ValidationError("Ce versement a été annulé entre-temps.", code="deleted")
    return locked


def _without(standing: Standing, payment: Payment) -> Standing:
    """As if it had not been written, and the grant not been settled by it."""
    values = vars(standing) | {"is_settled": False}
    name = "refunded" if payment.is_refund else "paid"
    return Standing(**values | {name: values[name] - payment.amount})


def _correction_refusal(grant: Grant, former: Payment, entry: PaymentEntry) -> Errors:
    """What is wrong in a correction, by field. What it leaves as it was, or lowers, was taken once: what came since (a
    withdrawal, a convention) does not make that wrong."""
    wrong: Errors = {}
    standing = _without(standing_of(grant), former)
    is_no_more = entry.amount is not None and 0 < entry.amount <= former.amount
    if not is_no_more and (sentence_of := amount_refusal(standing, entry)):
        wrong["amount"] = [sentence_of]
    if entry.amount is not None and not wrong:
        net = standing.net - entry.amount if former.is_refund else standing.net + entry.amount
        if net < 0:
            wrong["amount"] = ["Un remboursement ne dépasse pas ce qui a été versé."]
        elif former.is_refund and net > standing.granted:
            wrong["amount"] = ["Avec un remboursement moindre, ce qui est versé dépasserait ce qui est accordé."]
        elif refused := given_up_refusal(grant, net - standing_of(grant).net):
            wrong["amount"] = [refused]
    if entry.paid_on != former.paid_on and (sentence_of := day_refusal(grant, entry.paid_on)):
        wrong["paid_on"] = [sentence_of]
    return wrong


def reopen(project: int, *, why: str, by: Person, seen: int | None = None) -> None:
    """Say that something is to be paid again of a grant that was settled.

    Raises:
        ValidationError: no reason is given, or it is not settled.
    """
    if not why.strip():
        raise ValidationError({"why": "Dites pourquoi la subvention est rouverte."})
    with writing(project, by=by, seen=seen, done="Rouverte") as grant:
        if not grant.is_settled:
            raise ValidationError("Cette subvention n’est pas soldée.")
        before = {"soldée le": str(grant.settled_on)}
        grant.settled_on = None
        record(AuditKind.GRANT, on=grant.project, by=by, before=before, after={"rouverte": why.strip()})


# --- agreements -------------------------------------------------------------------------------------------------


def drop_amendment(amendment: Amendment, *, by: Person) -> None:
    """Take away an amendment that nobody signed."""
    with changing(amendment.agreement_id, by=by, seen=None, done=f"Avenant {amendment.number} supprimé"):
        locked = Amendment.objects.select_for_update().filter(pk=amendment.pk, signed_on=None).first()
        if locked is None:
            raise ValidationError("Cet avenant est signé, ou déjà supprimé.")
        locked.delete()


def drop_agreement(agreement: int, *, by: Person, seen: int | None = None) -> str:
    """Take away an agreement that nobody signed, and say its number: its grants stay, without any. What was issued of
    it stays too.

    Raises:
        AgreementConflict: somebody wrote about it since.
        ValidationError: it is signed, or gone already.
    """
    with transaction.atomic():
        locked = locked_agreement(agreement, seen)
        if locked.is_signed:
            raise ValidationError("Cette convention est signée : elle ne se supprime plus, un avenant la change.")
        before = {"numéro": locked.number, "structure": str(locked.organization)}
        for grant in locked.grants.select_for_update():
            grant.agreement, grant.joined_once_signed = None, False
            grant.version += 1
            sign(grant, by, f"Convention {locked.number} supprimée").save()
        record(AuditKind.AGREEMENT, on=locked, by=by, before=before, after={"fait": "Supprimée"})
        sign(locked, by, "Supprimée avant d’être signée").delete()
    return locked.number
