"""Payments, refunds, conventions, withdrawals: what is refused says how to mend it, and nothing exceeds its grant."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cohesion.lib.refusals import RowsRefused
from cohesion.models import AuditEvent
from projects.catalogue.granting import grant_of
from projects.catalogue.models import Grant, Payment, Project, Withdrawal
from projects.instructing.deciding import Ruling, amend, decide
from projects.models import Decision, Report
from projects.paying.agreements import (
    PlannedInstalment,
    Terms,
    draft_amendment,
    make_agreement,
    sign_amendment,
)
from projects.paying.mending import cancel, correct, reopen
from projects.paying.paying import GrantConflict, pay, pay_together
from projects.paying.standing import schedules, standing_of
from projects.paying.withdrawing import proposal, withdraw
from tests.factories import (
    AgreementFactory,
    GrantFactory,
    OfficerFactory,
    OrganizationFactory,
    PaymentFactory,
    ProjectFactory,
    this_year,
)
from tests.projects.instructing.made import proposed
from tests.projects.paying.made import entry, new_agreement, sentences, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def grant():
    return GrantFactory()


# --- the grant --------------------------------------------------------------------------------------------------


def test_a_decision_that_grants_opens_the_grant(officer):
    project = proposed()
    decide(project, Ruling("partly_retained", today(), Decimal(3800), "CC-1"), by=officer)
    assert Grant.objects.get(project=project).year == this_year()
    refused = proposed()
    decide(refused, Ruling("refused", today(), reason="Hors sujet."), by=officer)
    assert not Grant.objects.filter(project=refused).exists()


def test_what_was_granted_elsewhere_has_its_grant_when_it_is_first_paid(officer):
    project = ProjectFactory(granted=500)
    pay(project.pk, entry(500), by=officer)
    assert Grant.objects.get().project == project


def test_what_is_paid_is_not_taken_back_by_a_decision(officer):
    project = proposed()
    decide(project, Ruling("partly_retained", today(), Decimal(3800), "CC-1"), by=officer)
    pay(project.pk, entry(2000), by=officer)
    seen = Decision.objects.get().pk
    with pytest.raises(ValidationError, match="sont déjà versés"):
        amend(project, Ruling("partly_retained", today(), Decimal(1999), "CC-2", "Moins"), seen=seen, by=officer)
    with pytest.raises(ValidationError, match="sont déjà versés"):
        amend(project, Ruling("refused", today(), reason="Annulée"), seen=seen, by=officer)
    amend(project, Ruling("partly_retained", today(), Decimal(2000), "CC-2", "Moins"), seen=seen, by=officer)


def test_the_amount_of_a_project_brought_here_does_not_go_under_what_is_paid(grant):
    PaymentFactory(grant=grant)
    project = Project.objects.get()
    project.granted = Decimal(999)
    with pytest.raises(ValidationError, match="sont déjà versés"):
        project.full_clean()


# --- paying -----------------------------------------------------------------------------------------------------


def test_a_payment_is_written_with_who_and_in_the_log(grant, officer):
    pay(grant.project_id, entry(1000, reference="M-12"), by=officer)
    standing = standing_of(Grant.objects.get())
    assert (standing.granted, standing.net, standing.left) == (3000, 1000, 2000)
    event = AuditEvent.objects.filter(kind="payment").get()
    assert event.before["reste"] == "3000.00"
    assert event.after["référence"] == "M-12"
    assert Payment.objects.get().by == officer


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"amount": "3000.01"}, "Il ne reste que 3 000 € à verser"),
        ({"amount": "0"}, "plus grand que zéro"),
        ({"amount": "1", "paid_on": None}, "Indiquez le jour"),
        ({"amount": "1", "paid_on": datetime.date(2100, 1, 1)}, "pas encore venu"),
        ({"amount": "1", "kind": "refund"}, "Rien n’est versé"),
        ({"amount": "1", "kind": "balance"}, "attendez-le, ou dites ici pourquoi"),
    ],
)
def test_what_may_not_be_paid_says_why(grant, officer, values, sentence):
    with pytest.raises(ValidationError) as refused:
        pay(grant.project_id, entry(values.pop("amount"), **values), by=officer)
    assert sentence in sentences(refused).replace("\xa0", " ").replace("\u202f", " ")
    assert not Payment.objects.exists()


def test_nothing_is_paid_to_what_is_given_up_or_not_signed_or_before_it_was_decided(officer):
    given_up = GrantFactory(project=ProjectFactory(granted=10, status="abandoned"))
    with pytest.raises(ValidationError, match="n’est plus retenue"):
        pay(given_up.project_id, entry(1), by=officer)
    unsigned = GrantFactory(agreement=AgreementFactory(signed_on=None))
    with pytest.raises(ValidationError, match="n’est pas signée"):
        pay(unsigned.project_id, entry(1), by=officer)
    signed = GrantFactory(agreement=AgreementFactory(signed_on=today()))
    day = today() - datetime.timedelta(days=1)
    with pytest.raises(ValidationError, match="précède la signature"):
        pay(signed.project_id, entry(1, paid_on=day), by=officer)


def test_a_balance_waits_for_the_report_and_settles_the_grant(grant, officer):
    pay(grant.project_id, entry(500, kind="balance", note="Association en difficulté."), by=officer)
    assert standing_of(Grant.objects.get()).left == 0
    with pytest.raises(ValidationError, match="est soldée depuis le"):
        pay(grant.project_id, entry(1), by=officer)
    with pytest.raises(ValidationError, match="Dites pourquoi"):
        reopen(grant.project_id, why=" ", by=officer)
    reopen(grant.project_id, why="Erreur.", by=officer)
    Report.objects.create(project=grant.project, year=grant.year, due_on=today(), handed_at=timezone.now())
    pay(grant.project_id, entry(2500, kind="balance"), by=officer)
    assert standing_of(Grant.objects.get()).net == 3000


def test_a_refund_comes_back_and_says_whether_it_is_paid_again(grant, officer):
    pay(grant.project_id, entry(3000), by=officer)
    with pytest.raises(ValidationError, match="à rembourser"):
        pay(grant.project_id, entry("3000.01", kind="refund"), by=officer)
    pay(grant.project_id, entry(200, kind="refund"), by=officer)
    assert standing_of(Grant.objects.get()).left == 200
    pay(grant.project_id, entry(300, kind="refund", settles=True), by=officer)
    standing = standing_of(Grant.objects.get())
    assert (standing.net, standing.refunded, standing.left) == (2500, 500, 0)


def test_of_two_officers_who_pay_the_second_reads_what_the_first_did(grant):
    seen = grant.version
    first = OfficerFactory(first_name="Agnès", last_name="Morel")
    pay(grant.project_id, entry(1000), by=first, seen=seen)
    with pytest.raises(GrantConflict, match=r"Agnès Morel a écrit sur cette subvention"):
        pay(grant.project_id, entry(1000), by=OfficerFactory(), seen=seen)
    assert Payment.objects.count() == 1


def test_a_list_is_paid_whole_or_not_at_all(officer):
    good, bad = GrantFactory(), GrantFactory()
    entries = {good.project_id: entry(3000), bad.project_id: entry(3001)}
    with pytest.raises(RowsRefused) as refused:
        pay_together(entries, seen={}, by=officer)
    assert list(refused.value.rows) == [bad.project_id]
    assert not Payment.objects.exists()
    assert pay_together({good.project_id: entry(3000), bad.project_id: entry(3000)}, seen={}, by=officer) == 2


def test_a_payment_that_was_entered_wrongly_is_mended_with_a_reason(grant, officer):
    payment = pay(grant.project_id, entry(1000), by=officer)
    with pytest.raises(ValidationError, match="Dites pourquoi"):
        correct(payment, entry(100), why="", by=officer)
    with pytest.raises(ValidationError, match="Il ne reste que"):
        correct(payment, entry(3001), why="Faute", by=officer)
    correct(payment, entry(100, reference="M-1"), why="Faute de frappe", by=officer)
    assert [row.amount for row in payment.history.order_by("history_id")] == [1000, 100]
    refund = pay(grant.project_id, entry(50, kind="refund"), by=officer)
    with pytest.raises(ValidationError, match="annulez-le d’abord"):
        cancel(payment, why="Jamais fait", by=officer)
    cancel(refund, why="Jamais fait", by=officer)
    cancel(payment, why="Jamais fait", by=officer)
    assert not Payment.objects.exists()
    assert AuditEvent.objects.filter(kind="payment").count() == 5


# --- the schedule -----------------------------------------------------------------------------------------------


def test_what_is_paid_covers_the_schedule_in_its_order(officer):
    organization, year = OrganizationFactory(), this_year()
    grant = GrantFactory(project=ProjectFactory(organization=organization, granted=3000))
    days = [today() - datetime.timedelta(days=10), today() + datetime.timedelta(days=10)]
    plan = [PlannedInstalment(day, Decimal(1000)) for day in days]
    plan.append(PlannedInstalment(today(), Decimal(1000), "Solde", needs_report=True))
    agreement = new_agreement(organization, signed_on=datetime.date(year, 1, 1))
    make_agreement(agreement, Terms({year: Decimal(3000)}, plan), projects=[grant.project_id], by=officer)

    def states():
        own = Grant.objects.select_related("project", "withdrawal").get()
        return [(line.left, line.is_late, line.is_due, line.awaits_report) for line in schedules([own])[own.pk]]

    assert states() == [(1000, True, True, False), (1000, False, False, True), (1000, False, True, False)]
    pay(grant.project_id, entry(1000), by=officer)
    assert [left for left, *_ in states()] == [0, 1000, 1000]
    pay(grant.project_id, entry(500, kind="balance", note="Fin de l’action."), by=officer)
    assert [left for left, *_ in states()] == [0, 0, 0]


# --- withdrawal -------------------------------------------------------------------------------------------------


def test_a_withdrawal_is_of_the_part_of_the_period_that_was_left(officer):
    dates = {"starts_on": datetime.date(2025, 1, 1), "ends_on": datetime.date(2025, 12, 31)}
    grant = GrantFactory(project=ProjectFactory(granted=3650, **dates), year=2025)
    pay(grant.project_id, entry(3100), by=officer)
    pay(grant.project_id, entry(100, kind="refund"), by=officer)
    grant, day = Grant.objects.get(), datetime.date(2025, 10, 23)  # 70 days are left, of 365
    proposed_one = proposal(grant, standing_of(grant), day)
    assert (proposed_one.withdrawn, proposed_one.amount) == (700, 50)
    assert "70 jours sur 365 jours" in proposed_one.computation.replace("\xa0", " ").replace("\u202f", " ")
    row = Withdrawal(breached_on=day, decided_on=today(), reason="Propos.", withdrawn=Decimal(700), amount=Decimal(50))
    withdraw(grant.project_id, row, by=officer)
    standing = standing_of(Grant.objects.get())
    assert (standing.left, standing.still_owed) == (0, 50)
    pay(grant.project_id, entry(50, kind="refund"), by=officer)
    standing = standing_of(Grant.objects.get())
    assert (standing.net, standing.left, standing.still_owed) == (2950, 0, 0)
    with pytest.raises(ValidationError, match="déjà retirée"):
        withdraw(grant.project_id, Withdrawal(**vars_of(row)), by=officer)


def vars_of(row):
    names = ("breached_on", "decided_on", "reason", "withdrawn", "amount")
    return {name: getattr(row, name) for name in names}


@pytest.mark.parametrize(("withdrawn", "amount"), [(3001, 0), (3000, 1), (0, 0)])
def test_a_withdrawal_keeps_to_what_is_granted_and_paid(grant, officer, withdrawn, amount):
    row = Withdrawal(
        breached_on=today(),
        decided_on=today(),
        reason="Propos.",
        withdrawn=Decimal(withdrawn),
        amount=Decimal(amount),
    )
    with pytest.raises(ValidationError):
        withdraw(grant.project_id, row, by=officer)
    assert not Withdrawal.objects.exists()


# --- whatever is done in whatever order ---------------------------------------------------------------------------

amounts = st.integers(1, 400_000).map(lambda cents: Decimal(cents).scaleb(-2))
moves = st.lists(
    st.tuples(
        st.sampled_from(["payment", "balance", "refund", "grant", "agree", "correct", "cancel", "reopen"]), amounts
    ),
    max_size=14,
)


@given(moves)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_sequence_keeps_what_is_paid_under_what_is_granted_and_agreed(officer, sequence):
    organization, year = OrganizationFactory(), this_year()
    project = ProjectFactory(organization=organization, granted=3000)
    grant = GrantFactory(project=project, agreement=AgreementFactory(organization=organization, amounts={year: 3500}))
    for move, amount in sequence:
        try:
            _make(move, amount, project.pk, grant.agreement_id, officer)
        except ValidationError:
            continue
        finally:
            grant = Grant.objects.get(pk=grant.pk)
            standing = standing_of(grant)
            agreed = grant.agreement.amounts.get().amount
            assert 0 <= standing.net <= standing.granted <= agreed


def _make(move, amount, project, agreement, officer):
    last = Payment.objects.filter(grant__project=project).last()
    if move in ("payment", "balance", "refund"):
        pay(project, entry(amount, kind=move, note="Essai"), by=officer)
    elif move == "grant":
        row = Project.objects.get(pk=project)
        row.granted = amount
        row.full_clean()
        if amount <= row.grant.agreement.amounts.get().amount:
            row.save()
    elif move == "agree":
        amendment = draft_amendment(agreement, purpose="Essai", amounts={this_year(): amount}, by=officer)
        sign_amendment(amendment, today(), by=officer)
    elif move == "reopen":
        reopen(project, why="Essai", by=officer)
    elif last is not None and move == "correct":
        correct(last, entry(amount), why="Essai", by=officer)
    elif last is not None:
        cancel(last, why="Essai", by=officer)


def test_the_grant_of_a_project_is_one(officer):
    project = ProjectFactory(granted=10)
    assert grant_of(project) == grant_of(project)
