"""What money refuses: an act already done, one without a reason, one out of its order, one on what is gone."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from projects.paying.agreements import (
    PlannedInstalment,
    Terms,
    draft_amendment,
    join,
    make_agreement,
    rewrite,
    sign_agreement,
    sign_amendment,
)
from projects.paying.mending import cancel, correct, drop_amendment, reopen
from projects.paying.paying import pay
from tests.factories import AgreementFactory, GrantFactory, OrganizationFactory, ProjectFactory, this_year
from tests.projects.paying.made import entry, new_agreement, today

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed():
    """A convention that was signed yesterday."""
    yesterday = today() - datetime.timedelta(days=1)
    return AgreementFactory(signed_on=yesterday, amounts={this_year(): 3000})


def test_what_was_signed_is_not_signed_again_and_an_amendment_waits_for_the_one_before(signed, officer):
    with pytest.raises(ValidationError, match="déjà signée, le"):
        sign_agreement(signed.pk, today(), by=officer)
    amendment = draft_amendment(signed.pk, purpose="Plus", amounts={this_year(): Decimal(4000)}, by=officer)
    with pytest.raises(ValidationError, match="attend déjà sa signature"):
        draft_amendment(signed.pk, purpose="Encore", amounts={this_year(): Decimal(5000)}, by=officer)
    with pytest.raises(ValidationError, match="signé après sa convention"):
        sign_amendment(amendment, signed.signed_on - datetime.timedelta(days=1), by=officer)
    sign_amendment(amendment, today(), by=officer)
    with pytest.raises(ValidationError, match="déjà signé, ou a été supprimé"):
        sign_amendment(amendment, today(), by=officer)
    with pytest.raises(ValidationError, match="est signé, ou déjà supprimé"):
        drop_amendment(amendment, by=officer)
    assert signed.amounts.get().amount == 4000


def test_a_convention_is_of_one_structure_and_of_what_is_granted(officer):
    organization, terms = OrganizationFactory(), Terms({this_year(): Decimal(1000)})
    nothing = ProjectFactory(organization=organization, status="retained", granted=None)
    of_another = GrantFactory(project=ProjectFactory(granted=1000)).project
    for project, sentence in ((nothing, "aucune convention ne peut l’engager"), (of_another, "d’une seule structure")):
        with pytest.raises(ValidationError, match=sentence):
            make_agreement(new_agreement(organization), terms, projects=[project.pk], by=officer)
    assert not organization.agreements.exists()


def test_a_payment_is_mended_with_a_reason_and_in_its_order(officer):
    grant = GrantFactory()
    paid = pay(grant.project_id, entry(1000), by=officer)
    for act in (
        lambda: correct(paid, entry(900), why=" ", by=officer),
        lambda: cancel(paid, why=" ", by=officer),
        lambda: reopen(grant.project_id, why=" ", by=officer),
    ):
        with pytest.raises(ValidationError, match="Dites pourquoi"):
            act()
    with pytest.raises(ValidationError, match="n’est pas soldée"):
        reopen(grant.project_id, why="Un oubli", by=officer)
    pay(grant.project_id, entry(400, "refund"), by=officer)
    with pytest.raises(ValidationError, match="annulez-le d’abord"):
        cancel(paid, why="Un double", by=officer)
    assert [payment.amount for payment in grant.payments.order_by("pk")] == [1000, 400]


def test_what_is_gone_or_changed_meanwhile_is_said_before_anything_is_written(signed, officer):
    with pytest.raises(ValidationError, match="supprimé entre-temps"):
        join(0, signed.pk, by=officer)
    with pytest.raises(ValidationError, match="supprimé entre-temps"):
        pay(0, entry(1), by=officer)
    with pytest.raises(ValidationError, match="rien à verser"):
        pay(ProjectFactory(granted=None).pk, entry(1), by=officer)
    grant = GrantFactory(project=ProjectFactory(organization=signed.organization, granted=1000))
    with pytest.raises(ValidationError, match="modifiée entre-temps"):
        join(grant.project_id, signed.pk, by=officer, seen=grant.version + 1)
    grant.refresh_from_db()
    assert grant.agreement is None


def test_what_is_engaged_stays_within_what_the_convention_says_of_its_year(officer):
    organization, year = OrganizationFactory(), this_year()
    grant = GrantFactory(project=ProjectFactory(organization=organization, granted=3000))
    agreement = new_agreement(organization)
    make_agreement(agreement, Terms({year: Decimal(3000)}), projects=[grant.project_id], by=officer)
    elsewhere = GrantFactory().pk
    for terms, sentence in (
        (Terms({}), "le montant d’une année"),
        (Terms({year + 1: Decimal(3000)}), "déjà engagée"),
        (Terms({year: Decimal(2999)}), "engagé"),
        (Terms({year: Decimal(3000)}, [PlannedInstalment(today(), Decimal(1), grant=elsewhere)]), "autre convention"),
    ):
        with pytest.raises(ValidationError, match=sentence):
            rewrite(agreement, terms, by=officer, seen=None)
    with pytest.raises(ValidationError, match="n’est pas encore venu"):
        sign_agreement(agreement.pk, today() + datetime.timedelta(days=1), by=officer)
    assert dict(agreement.amounts.values_list("year", "amount")) == {year: 3000}
