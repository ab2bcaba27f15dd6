"""The lead hears of its money, each thing once."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from projects.catalogue.models import Agreement, Withdrawal
from projects.models import Message
from projects.paying.agreements import Terms, make_agreement, next_number
from projects.paying.paying import PaymentEntry, pay
from projects.paying.withdrawing import withdraw
from tests.factories import GrantFactory, LeadFactory, OrganizationFactory, ProjectFactory, this_year

pytestmark = pytest.mark.django_db


@pytest.fixture
def grant():
    organization = OrganizationFactory()
    LeadFactory(acts_for=organization)
    return GrantFactory(project=ProjectFactory(organization=organization, granted=Decimal(3000), title="Jardin"))


def told():
    message = Message.objects.latest("pk")
    return message.title, message.text.replace("\xa0", " ").replace("\u202f", " ")


def today():
    return timezone.localdate()


def test_a_payment_a_balance_and_a_refund_are_told(grant, officer):
    pay(grant.project_id, PaymentEntry("payment", Decimal(1000), today(), "M-1"), by=officer)
    title, text = told()
    assert title.replace("\xa0", " ") == "Versement : Jardin"
    assert "vous a versé 1 000 €" in text
    assert "Reste à verser : 2 000 €" in text
    assert "Référence : M-1." in text
    pay(grant.project_id, PaymentEntry("balance", Decimal(500), today(), note="Fin"), by=officer)
    assert "En tout, 1 500 € vous ont été versés." in told()[1]
    assert "Référence" not in told()[1]
    pay(grant.project_id, PaymentEntry("refund", Decimal(100), today()), by=officer)
    assert "votre remboursement de 100 €" in told()[1]
    assert Message.objects.count() == 3


def test_a_convention_to_sign_and_a_withdrawal_are_told(grant, officer):
    year = this_year()
    agreement = Agreement(
        organization=grant.project.organization,
        number=next_number(year),
        starts_on=datetime.date(year, 1, 1),
        ends_on=datetime.date(year, 12, 31),
    )
    make_agreement(agreement, Terms({year: Decimal(3000)}), projects=[grant.project_id], by=officer)
    title, text = told()
    assert agreement.number in title
    assert "Jardin" in text
    assert "3 000 €" in text
    values = {"breached_on": today(), "decided_on": today(), "reason": "Propos tenus."}
    withdraw(grant.project_id, Withdrawal(withdrawn=Decimal(10), amount=Decimal(0), **values), by=officer)
    assert "Propos tenus." in told()[1]
