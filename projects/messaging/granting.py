"""Telling leads of their money: a convention to sign, a payment, a refund that came, a withdrawal."""

from typing import Any

from django.conf import settings

from cohesion.lib.dates import french_date
from cohesion.lib.text import capital, euros
from projects.catalogue.models import Agreement, Payment, Project, Withdrawal
from projects.choices import PaymentKind
from projects.messaging import readers
from projects.messaging.telling import SPACE, News, contact_of, lead_path, tell
from projects.messaging.wording import AGREEMENT_TO_SIGN, BALANCE_PAID, GIVEN_BACK, PAID, WITHDRAWN
from projects.paying.agreements import agreement_to_sign
from projects.paying.paying import payment_written
from projects.paying.standing import standing_of
from projects.paying.withdrawing import grant_withdrawn

WORDS = {PaymentKind.PAYMENT: PAID, PaymentKind.BALANCE: BALANCE_PAID, PaymentKind.REFUND: GIVEN_BACK}


def connect() -> None:
    payment_written.connect(_tell_payment, dispatch_uid="projects.messaging")
    agreement_to_sign.connect(_tell_agreement, dispatch_uid="projects.messaging")
    grant_withdrawn.connect(_tell_withdrawal, dispatch_uid="projects.messaging")


def _tell_payment(sender: object, payment: Payment, **kwargs: Any) -> None:
    project, standing = payment.grant.project, standing_of(payment.grant)
    facts = {
        "project": project.title,
        "authority": capital(settings.SITE_AUTHORITY),
        "amount": euros(payment.amount),
        "paid_on": french_date(payment.paid_on),
        "reference": payment.reference,
        "note": payment.note,
        "left": euros(standing.left) if standing.left else "",
        "paid": euros(standing.net),
    }
    title, text = WORDS[PaymentKind(payment.kind)].fill(facts)
    _tell(project, News(f"payment:{payment.pk}", title, text, lead_path(project), project))


def _tell_agreement(sender: object, agreement: Agreement, **kwargs: Any) -> None:
    grants = list(agreement.grants.select_related("project__declaration__campaign"))
    project = grants[0].project
    facts = {
        "number": agreement.number,
        "amount": euros(sum(agreement.amounts.values_list("amount", flat=True))),
        "projects": ", ".join(f"{grant.project.title} ({grant.project.code})" for grant in grants),
        "contact": contact_of(project),
    }
    title, text = AGREEMENT_TO_SIGN.fill(facts)
    path = lead_path(project) if len(grants) == 1 else SPACE
    _tell(project, News(f"agreement:{agreement.pk}", title, text, path, project))


def _tell_withdrawal(sender: object, withdrawal: Withdrawal, **kwargs: Any) -> None:
    project = withdrawal.grant.project
    facts = {
        "project": project.title,
        "decided_on": french_date(withdrawal.decided_on),
        "reason": withdrawal.reason,
        "computation": withdrawal.computation,
        "contact": contact_of(project),
    }
    title, text = WITHDRAWN.fill(facts)
    _tell(project, News(f"withdrawal:{withdrawal.pk}", title, text, lead_path(project), project))


def _tell(project: Project, news: News) -> None:
    tell((news, reader) for reader in readers.leads([project.organization])[project.organization_id])
