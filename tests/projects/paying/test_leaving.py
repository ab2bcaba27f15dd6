"""What leaves a convention: a grant that goes out alone, an action given up; and what settled a grant."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from cohesion.models import AuditEvent
from projects.catalogue.models import Agreement, Contribution, Grant, Instalment, Payment, Project
from projects.choices import ProjectStatus
from projects.instructing.checking import abandon
from projects.instructing.moving import move
from projects.paying.agreements import draft_amendment, join, sign_agreement, sign_amendment
from projects.paying.leaving import leave
from projects.paying.listing import covered
from projects.paying.mending import cancel, correct, reopen
from projects.paying.paying import GrantConflict, PaymentEntry, pay
from projects.paying.threshold import granted_in_year
from tests.factories import (
    AgreementFactory,
    GrantFactory,
    PaymentFactory,
    ProjectFactory,
    this_year,
)
from tests.projects.paying.test_screens import day, hidden, page_of, plain

pytestmark = pytest.mark.django_db
TODAY = datetime.date.fromisoformat(day())


def entry(amount, kind="payment", **values):
    return PaymentEntry(kind, Decimal(amount), TODAY, **values)


def under(agreement, amount=3000, **values):
    project = ProjectFactory(organization=agreement.organization, granted=amount, status=ProjectStatus.RUNNING)
    return GrantFactory(agreement=agreement, project=project, **values)


@pytest.fixture
def agreement():
    """Of 10 000 € for this year, not signed."""
    return AgreementFactory(signed_on=None, amounts={this_year(): 10_000})


def signed(agreement, officer):
    sign_agreement(agreement.pk, TODAY, by=officer)


# --- a grant goes out alone ---------------------------------------------------------------------------------------


def test_a_grant_leaves_a_convention_to_be_signed_with_its_instalments_and_the_others_stay(agreement, officer):
    gone, stays = under(agreement), under(agreement)
    for grant in (gone, stays):
        Instalment.objects.create(agreement=agreement, grant=grant, due_on=TODAY, amount=3000)
    leave(gone.project_id, why="Autre convention", by=officer)
    assert list(agreement.grants.all()) == [stays]
    assert [row.grant for row in agreement.instalments.all()] == [stays]
    assert agreement.left_of_year(this_year()) == 7000
    assert "Autre convention" in str(AuditEvent.objects.filter(kind="agreement").last().after)


def test_the_only_grant_of_a_convention_to_be_signed_does_not_leave_it(agreement, officer):
    grant = under(agreement)
    with pytest.raises(ValidationError, match="supprimez plutôt la convention"):
        leave(grant.project_id, why="Erreur", by=officer)


def test_a_grant_that_was_signed_leaves_by_an_amendment_that_is_signed(agreement, officer):
    grant, _ = under(agreement), under(agreement)
    signed(agreement, officer)
    with pytest.raises(ValidationError, match="il faut d’abord un avenant signé"):
        leave(grant.project_id, why="Accord des deux", by=officer)
    amendment = draft_amendment(
        agreement.pk, purpose="Une action sort", amounts={this_year(): Decimal(7000)}, by=officer
    )
    with pytest.raises(ValidationError, match="il faut d’abord un avenant signé"):
        leave(grant.project_id, why="Accord des deux", by=officer)
    sign_amendment(amendment, TODAY, by=officer)
    leave(grant.project_id, why="Accord des deux", by=officer)
    assert Grant.objects.get(pk=grant.pk).agreement is None


def test_a_grant_that_joined_by_mistake_once_it_was_signed_leaves_without_an_amendment(agreement, officer):
    under(agreement)
    signed(agreement, officer)
    project = ProjectFactory(organization=agreement.organization, granted=2000, status=ProjectStatus.RUNNING)
    GrantFactory(project=project)
    join(project.pk, agreement.pk, by=officer)
    assert leave(project.pk, why="Ce n’était pas la bonne", by=officer) == agreement
    assert agreement.left_of_year(this_year()) == 7000


def test_a_grant_paid_under_its_convention_stays_under_it_until_it_came_back(agreement, officer):
    grant = under(agreement)
    signed(agreement, officer)
    Grant.objects.filter(pk=grant.pk).update(joined_once_signed=True)
    payment = pay(grant.project_id, entry(1000), by=officer)
    with pytest.raises(ValidationError, match="sont versés sous la convention"):
        leave(grant.project_id, why="Erreur", by=officer)
    cancel(payment, why="Jamais fait", by=officer)
    leave(grant.project_id, why="Erreur", by=officer)


def test_leaving_asks_for_a_reason_and_for_the_grant_as_it_was_read(agreement, officer):
    grant, _ = under(agreement), under(agreement)
    with pytest.raises(ValidationError, match="Dites pourquoi"):
        leave(grant.project_id, why=" ", by=officer)
    with pytest.raises(GrantConflict):
        leave(grant.project_id, why="Erreur", by=officer, seen=grant.version + 1)
    assert agreement.grants.count() == 2


def test_an_officer_takes_a_grant_out_from_its_page_once(officer_client, agreement):
    grant, _ = under(agreement), under(agreement)
    page = officer_client.get(page_of(grant))
    assert "Sortir de la convention" in page.text
    typed = hidden(page) | {"acte": "sortir", "sortir-why": "Autre convention"}
    answers = [officer_client.post(page_of(grant), typed, follow=True) for _ in range(2)]
    assert "n’est plus sous la convention" in plain(answers[0].text)
    assert Grant.objects.get(pk=grant.pk).agreement is None
    assert "Sortir de la convention" not in officer_client.get(page_of(grant)).text


def test_the_page_says_why_a_grant_may_not_leave(officer_client, officer, agreement):
    grant = under(agreement)
    signed(agreement, officer)
    page = plain(officer_client.get(page_of(grant)).text)
    assert "il faut d’abord un avenant signé" in page
    assert "sortir-why" not in page


# --- an action that is given up -----------------------------------------------------------------------------------


def test_an_action_given_up_counts_in_its_convention_for_what_was_paid_of_it_alone(agreement, officer):
    given_up, stays = under(agreement), under(agreement)
    signed(agreement, officer)
    pay(given_up.project_id, entry(1000), by=officer)
    abandon(given_up.project, by=officer, comment="Plus d’animateur")
    assert agreement.left_of_year(this_year()) == 10_000 - 3000 - 1000
    [year] = covered([agreement])[0].years
    assert (year.engaged, year.left) == (4000, 6000)
    assert granted_in_year(agreement.organization, this_year()) == 3000
    amendment = draft_amendment(agreement.pk, purpose="Baisse", amounts={this_year(): Decimal(4000)}, by=officer)
    sign_amendment(amendment, TODAY, by=officer)
    Project.objects.get(pk=given_up.project_id).full_clean()
    assert stays.agreement == agreement


def test_an_action_given_up_does_not_come_back_over_what_took_its_place(agreement, officer, node):
    given_up = under(agreement, 6000)
    Contribution.objects.create(project=given_up.project, orientation=node("1"), is_main=True)
    abandon(given_up.project, by=officer, comment="Plus d’animateur")
    under(agreement, 10_000)
    with pytest.raises(ValidationError, match="Ce que cette action libérait est accordé à une autre"):
        move(Project.objects.get(pk=given_up.project_id), ProjectStatus.RUNNING, by=officer, reason="Elle reprend")
    assert Project.objects.get(pk=given_up.project_id).status == ProjectStatus.ABANDONED


def test_what_came_back_of_an_action_given_up_is_not_paid_anew_over_what_took_its_place(agreement, officer):
    given_up = under(agreement, 6000)
    signed(agreement, officer)
    pay(given_up.project_id, entry(6000), by=officer)
    abandon(given_up.project, by=officer, comment="Plus d’animateur")
    refund = pay(given_up.project_id, entry(6000, "refund"), by=officer)
    under(agreement, 9000)
    for act in (
        lambda: cancel(refund, why="Faute", by=officer),
        lambda: correct(refund, entry(4000), why="Faute", by=officer),
    ):
        with pytest.raises(ValidationError, match="ne laisse plus que"):
            act()
    correct(refund, entry(5000), why="Faute", by=officer)
    assert Agreement.objects.get().left_of_year(this_year()) == 0


# --- what settled a grant is mended -------------------------------------------------------------------------------


def test_cancelling_the_refund_that_settled_a_grant_opens_it_again(officer):
    grant = GrantFactory()
    PaymentFactory(grant=grant, amount=3000)
    refund = pay(grant.project_id, entry(500, "refund", settles=True), by=officer)
    assert Grant.objects.get().is_settled
    cancel(refund, why="Chèque sans provision", by=officer)
    assert not Grant.objects.get().is_settled


def test_cancelling_what_did_not_settle_a_grant_leaves_it_settled(officer):
    grant = GrantFactory()
    first = PaymentFactory(grant=grant, amount=1000)
    pay(grant.project_id, entry(1000, "balance", note="Bilan reçu par courrier"), by=officer)
    cancel(first, why="Saisi deux fois", by=officer)
    assert Grant.objects.get().is_settled
    reopen(grant.project_id, why="Reste dû", by=officer)
    former = Payment.objects.get()
    Payment.objects.filter(pk=former.pk).update(paid_on=TODAY - datetime.timedelta(days=9))
    pay(grant.project_id, entry(500, "balance", note="Reste dû"), by=officer)
    former.refresh_from_db()
    cancel(former, why="Saisi deux fois", by=officer)
    assert Grant.objects.get().is_settled
