"""Conventions: who needs one, which grants it takes, how it is rewritten, signed and amended."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from projects.catalogue.models import Agreement, Grant, Project
from projects.paying.agreements import (
    AgreementConflict,
    PlannedInstalment,
    Terms,
    draft_amendment,
    join,
    make_agreement,
    next_number,
    rewrite,
    sign_agreement,
    sign_amendment,
)
from projects.paying.paying import pay
from projects.paying.threshold import above, without_agreement
from tests.factories import (
    AgreementFactory,
    GrantFactory,
    OrganizationFactory,
    ProjectFactory,
    this_year,
)
from tests.projects.paying.made import entry, new_agreement, today

pytestmark = pytest.mark.django_db


def test_above_the_threshold_of_a_year_nothing_is_paid_without_a_convention(officer):
    organization = OrganizationFactory()
    first = GrantFactory(project=ProjectFactory(organization=organization, granted=13_000))
    GrantFactory(project=ProjectFactory(organization=organization, granted=10_000))
    assert above() == {}
    pay(first.project_id, entry(1), by=officer)  # 23 000 € is not above
    ProjectFactory(organization=organization, granted=1)
    assert above() == {(organization.pk, this_year()): 23_001}
    assert without_agreement().count() == 3
    with pytest.raises(ValidationError, match="la loi demande une convention"):
        pay(first.project_id, entry(1), by=officer)
    agreement = new_agreement(organization)
    make_agreement(agreement, Terms({this_year(): Decimal(23_000)}), projects=[first.project_id], by=officer)
    sign_agreement(agreement.pk, today(), by=officer)
    pay(first.project_id, entry(1), by=officer)
    assert without_agreement().count() == 2


@pytest.mark.parametrize(("kind", "legal_form"), [("municipality", ""), ("social_centre", "municipality")])
def test_a_public_body_needs_none(officer, kind, legal_form):
    organization = OrganizationFactory(kind=kind, legal_form=legal_form)
    grant = GrantFactory(project=ProjectFactory(organization=organization, granted=50_000))
    pay(grant.project_id, entry(50_000), by=officer)


def test_the_years_of_two_grants_are_not_added_up(officer):
    organization = OrganizationFactory()
    GrantFactory(project=ProjectFactory(organization=organization, granted=20_000), year=this_year() - 1)
    grant = GrantFactory(project=ProjectFactory(organization=organization, granted=20_000))
    pay(grant.project_id, entry(20_000), by=officer)


def test_a_convention_takes_the_grants_of_one_organisation_within_its_amounts(officer):
    organization = OrganizationFactory()
    own = [GrantFactory(project=ProjectFactory(organization=organization, granted=3000)) for _ in range(2)]
    keys = [grant.project_id for grant in own]
    foreign = GrantFactory()
    year = this_year()
    with pytest.raises(ValidationError, match="d’une seule structure"):
        make_agreement(
            new_agreement(organization), Terms({year: Decimal(9)}), projects=[foreign.project_id], by=officer
        )
    with pytest.raises(ValidationError, match="augmentez le montant de l’année"):
        make_agreement(new_agreement(organization), Terms({year: Decimal(5999)}), projects=keys, by=officer)
    with pytest.raises(ValidationError, match="n’est pas dans la période"):
        make_agreement(new_agreement(organization), Terms({year - 1: Decimal(6000)}), projects=keys, by=officer)
    plan = [PlannedInstalment(today(), Decimal(6001))]
    with pytest.raises(ValidationError, match="réduisez-le"):
        make_agreement(new_agreement(organization), Terms({year: Decimal(6000)}, plan), projects=keys, by=officer)
    assert not Agreement.objects.exists()
    agreement = new_agreement(organization)
    make_agreement(agreement, Terms({year: Decimal(6000)}), projects=keys, by=officer)
    assert list(agreement.grants.order_by("pk")) == own
    assert next_number(year) == f"{year}-CV-002"


def test_a_convention_is_rewritten_until_it_is_signed_then_amended(officer):
    organization, year = OrganizationFactory(), this_year()
    grant = GrantFactory(project=ProjectFactory(organization=organization, granted=3000))
    agreement = new_agreement(organization)
    make_agreement(agreement, Terms({year: Decimal(3000)}), projects=[grant.project_id], by=officer)
    with pytest.raises(ValidationError, match="elle se réécrit encore"):
        draft_amendment(agreement.pk, purpose="Plus", amounts={year: Decimal(4000)}, by=officer)
    agreement.conditions = "En deux fois."
    rewrite(agreement, Terms({year: Decimal(3500)}), by=officer, seen=1 + 0)
    with pytest.raises(AgreementConflict):
        rewrite(agreement, Terms({year: Decimal(3500)}), by=officer, seen=1)
    sign_agreement(agreement.pk, today(), by=officer)
    with pytest.raises(ValidationError, match="par un avenant"):
        rewrite(agreement, Terms({year: Decimal(9000)}), by=officer, seen=None)
    with pytest.raises(ValidationError, match="sont déjà engagés"):
        draft_amendment(agreement.pk, purpose="Moins", amounts={year: Decimal(2999)}, by=officer)
    amendment = draft_amendment(
        agreement.pk, purpose="Plus", amounts={year: Decimal(4000), year + 1: Decimal(500)}, by=officer
    )
    assert agreement.amounts.get(year=year).amount == 3500
    sign_amendment(amendment, today(), by=officer)
    assert dict(agreement.amounts.values_list("year", "amount")) == {year: 4000, year + 1: 500}
    assert [row.former for row in amendment.amounts.all()] == [3500, None]


def test_a_grant_of_the_next_year_joins_a_convention_of_several_years(officer):
    organization, year = OrganizationFactory(), this_year()
    agreement = AgreementFactory(
        organization=organization,
        ends_on=datetime.date(year + 1, 12, 31),
        amounts={year: 3000, year + 1: 2000},
    )
    grant = GrantFactory(project=ProjectFactory(organization=organization, granted=2001), year=year + 1)
    with pytest.raises(ValidationError, match="laisse"):
        join(grant.project_id, agreement.pk, by=officer)
    Project.objects.update(granted=2000)
    join(grant.project_id, agreement.pk, by=officer)
    assert Grant.objects.get().agreement == agreement
