"""What the database itself refuses of grants, whoever writes: no rule of ours stands before it here."""

import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from projects.catalogue.granting import paid
from projects.catalogue.workflow import GRANTED
from projects.choices import ProjectStatus
from projects.migrations._engaging import ENGAGING, STATES
from projects.migrations._paying import PAYING
from projects.models import AgreementAmount, Grant, Payment, Project, Withdrawal
from tests.factories import AgreementFactory, GrantFactory, OfficerFactory, PaymentFactory, ProjectFactory, this_year
from tests.faults import migrations

pytestmark = pytest.mark.django_db


@pytest.fixture
def grant():
    return GrantFactory()


def refused(sentence):
    return pytest.raises(IntegrityError, match=sentence)


def test_every_trigger_is_there_after_all_migrations():
    with connection.cursor() as cursor:
        there = {name for name, table in migrations.triggers(cursor)}
    assert PAYING.keys() | ENGAGING.keys() <= there


def test_the_triggers_and_the_workflow_say_the_same_of_what_is_granted():
    assert set(STATES) == set(GRANTED)


def test_a_payment_stops_at_what_is_granted(grant):
    PaymentFactory(grant=grant, amount=Decimal("2999.99"))
    with refused("dépasse ce qui reste à verser"), transaction.atomic():
        PaymentFactory(grant=grant, amount=Decimal("0.02"))
    PaymentFactory(grant=grant, amount=Decimal("0.01"))
    assert paid(Project.objects.all()) == {grant.project_id: Decimal(3000)}


def test_cents_that_floating_numbers_do_not_hold_add_up():
    grant = GrantFactory(project=ProjectFactory(granted=Decimal("0.30")))
    for _ in range(3):
        PaymentFactory(grant=grant, amount=Decimal("0.10"))
    assert paid(Project.objects.all()) == {grant.project_id: Decimal("0.30")}


def test_a_refund_stops_at_what_was_paid_and_may_be_paid_again(grant):
    with refused("Un remboursement ne dépasse pas"), transaction.atomic():
        PaymentFactory(grant=grant, kind="refund", amount=1)
    PaymentFactory(grant=grant, amount=3000)
    refund = PaymentFactory(grant=grant, kind="refund", amount=500)
    assert paid(Project.objects.all()) == {grant.project_id: Decimal(2500)}
    PaymentFactory(grant=grant, amount=500)
    with refused("dépasse ce qui reste à verser"), transaction.atomic():
        refund.delete()
    with refused("dépasse ce qui reste à verser"), transaction.atomic():
        Payment.objects.filter(pk=refund.pk).update(amount=499)


def test_no_payment_goes_while_its_refund_stays(grant):
    payment = PaymentFactory(grant=grant, amount=1000)
    PaymentFactory(grant=grant, kind="refund", amount=1000)
    with refused("Un remboursement ne dépasse pas"), transaction.atomic():
        payment.delete()
    with refused("Un remboursement ne dépasse pas"), transaction.atomic():
        Payment.objects.filter(pk=payment.pk).update(grant=GrantFactory())


def test_a_payment_moves_to_no_grant_that_is_paid(grant):
    payment = PaymentFactory(grant=grant, amount=3000)
    other = PaymentFactory(amount=1000)
    with refused("dépasse ce qui reste à verser"), transaction.atomic():
        Payment.objects.filter(pk=other.pk).update(grant=grant)
    with refused("dépasse ce qui reste à verser"), transaction.atomic():
        Payment.objects.filter(pk=payment.pk).update(amount=3001)


def test_what_is_granted_does_not_go_under_what_is_paid(grant):
    PaymentFactory(grant=grant, amount=1000)
    with refused("ne descend pas sous ce qui est déjà versé"), transaction.atomic():
        Project.objects.update(granted=999)
    with refused("ne descend pas sous"), transaction.atomic():
        Project.objects.update(granted=None)
    Project.objects.update(granted=1000)
    assert Project.objects.get().granted == 1000


def test_nothing_is_paid_of_what_grants_nothing():
    with refused("dépasse ce qui reste à verser"), transaction.atomic():
        PaymentFactory(grant=GrantFactory(project=ProjectFactory(granted=None)), amount=1)


def test_amounts_are_above_nothing(grant):
    for amount in (0, -1):
        with pytest.raises(IntegrityError), transaction.atomic():
            PaymentFactory(grant=grant, amount=amount)
        with pytest.raises(IntegrityError), transaction.atomic():
            AgreementFactory(amounts={this_year(): amount})


def test_grants_of_a_year_stop_at_the_amount_of_their_agreement():
    agreement = AgreementFactory(amounts={this_year(): 5000, this_year() + 1: 1000})
    first = GrantFactory(agreement=agreement)
    with refused("dépasse le montant de la convention"), transaction.atomic():
        GrantFactory(agreement=agreement)  # 3 000 € twice
    other = GrantFactory()
    with refused("dépasse le montant de la convention"), transaction.atomic():
        Grant.objects.filter(pk=other.pk).update(agreement=agreement)
    with refused("dépasse le montant de la convention"), transaction.atomic():
        Grant.objects.filter(pk=first.pk).update(year=this_year() + 1)
    with refused("dépasse le montant de la convention"), transaction.atomic():
        Grant.objects.filter(pk=first.pk).update(year=this_year() + 2)  # the agreement says nothing of that year
    with refused("dépasse le montant de la convention"), transaction.atomic():
        Project.objects.filter(pk=first.project_id).update(granted=5001)
    Project.objects.filter(pk=first.project_id).update(granted=5000)


def test_the_amount_of_a_year_does_not_go_under_what_it_engages():
    agreement = AgreementFactory(amounts={this_year(): 5000})
    GrantFactory(agreement=agreement)
    amounts = AgreementAmount.objects.filter(agreement=agreement)
    with refused("déjà engagée"), transaction.atomic():
        amounts.update(amount=2999)
    with refused("déjà engagée"), transaction.atomic():
        amounts.update(year=this_year() + 1)
    with refused("déjà engagée"), transaction.atomic():
        amounts.delete()
    amounts.update(amount=3000)


def withdrawn(grant, **changed):
    day = datetime.date(this_year(), 7, 1)
    values = {"decided_on": day, "breached_on": day, "reason": "Charte non tenue.", "withdrawn": 1500, "amount": 500}
    return Withdrawal.objects.create(grant=grant, by=OfficerFactory(), **values | changed)


def test_a_withdrawal_keeps_to_what_is_granted_and_paid_and_stops_payments(grant):
    PaymentFactory(grant=grant, amount=1000)
    for changed in ({"withdrawn": 3001}, {"amount": 1001}, {"withdrawn": 400}):
        with pytest.raises(IntegrityError), transaction.atomic():
            withdrawn(grant, **changed)
    withdrawn(grant)
    with refused("Cette subvention est retirée"), transaction.atomic():
        PaymentFactory(grant=grant, amount=501)
    PaymentFactory(grant=grant, amount=500)
    PaymentFactory(grant=grant, kind="refund", amount=500)


def test_a_payment_that_is_mended_stops_at_what_a_withdrawal_leaves(grant):
    before = PaymentFactory(grant=grant, amount=1000)
    withdrawn(grant)
    PaymentFactory(grant=grant, amount=500)
    refund = PaymentFactory(grant=grant, kind="refund", amount=500)
    after = PaymentFactory(grant=grant, amount=400)
    for changed in ({"amount": 1101}, {"kind": "payment"}):
        row = refund if "kind" in changed else before
        with refused("Cette subvention est retirée"), transaction.atomic():
            Payment.objects.filter(pk=row.pk).update(**changed)
    with refused("Cette subvention est retirée"), transaction.atomic():
        Payment.objects.filter(pk=after.pk).update(amount=Decimal("500.01"))
    Payment.objects.filter(pk=after.pk).update(amount=500, reference="M-9")
    other = PaymentFactory(amount=1)
    with refused("Cette subvention est retirée"), transaction.atomic():
        Payment.objects.filter(pk=other.pk).update(grant=grant)
    Payment.objects.filter(pk=before.pk).update(amount=900)


# --- what was given up ------------------------------------------------------------------------------------------


def give_up(grant):
    Project.objects.filter(pk=grant.project_id).update(status=ProjectStatus.ABANDONED)


@pytest.fixture
def full():
    """A grant of 3 000 € of which 1 000 € are paid, that fills the year of its agreement."""
    grant = GrantFactory(agreement=AgreementFactory(amounts={this_year(): 3000}))
    PaymentFactory(grant=grant, amount=1000)
    return grant


def test_what_was_given_up_engages_of_its_agreement_what_was_paid_of_it(full):
    give_up(full)
    with refused("dépasse le montant de la convention"), transaction.atomic():
        GrantFactory(agreement=full.agreement, project__granted=2001)
    GrantFactory(agreement=full.agreement, project__granted=2000)
    with refused("déjà engagée"), transaction.atomic():
        AgreementAmount.objects.update(amount=2999)
    assert full.agreement.left_of_year(this_year()) == 0


def test_what_was_given_up_does_not_come_back_over_what_took_its_place(full):
    give_up(full)
    GrantFactory(agreement=full.agreement, project__granted=2000)
    with refused("dépasse le montant de la convention"), transaction.atomic():
        Project.objects.filter(pk=full.project_id).update(status=ProjectStatus.RUNNING)
    AgreementAmount.objects.update(amount=5000)
    Project.objects.filter(pk=full.project_id).update(status=ProjectStatus.RUNNING)


def test_what_is_paid_of_what_was_given_up_does_not_take_what_is_another_s(full):
    refund = PaymentFactory(grant=full, kind="refund", amount=1000)
    give_up(full)
    GrantFactory(agreement=full.agreement, project__granted=2500)
    with refused("Cette action n’est plus retenue"), transaction.atomic():
        refund.delete()
    with refused("Cette action n’est plus retenue"), transaction.atomic():
        Payment.objects.filter(pk=refund.pk).update(amount=499)
    with refused("Cette action n’est plus retenue"), transaction.atomic():
        PaymentFactory(grant=full, amount=501)
    Payment.objects.filter(pk=refund.pk).update(amount=500)
