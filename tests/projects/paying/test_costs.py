"""What the officers' pages of money cost in queries: the same however much they show, and no more than this."""

import datetime

import pytest

from projects.choices import ProjectStatus
from projects.models import BudgetEnvelope, Instalment
from tests.costs import cost
from tests.factories import (
    AgreementFactory,
    GrantFactory,
    OrganizationFactory,
    PaymentFactory,
    ProjectFactory,
    this_year,
)

pytestmark = pytest.mark.django_db
TODAY = datetime.date.today


def fill(number):
    """Conventions with two grants each, a schedule, payments; grants without a convention."""
    for rank in range(number):
        organization = OrganizationFactory(kind="association")
        agreement = AgreementFactory(organization=organization, amounts={this_year(): 90_000, this_year() + 1: 9_000})
        for _ in range(2):
            project = ProjectFactory(organization=organization, granted=20_000, status=ProjectStatus.RUNNING)
            grant = GrantFactory(agreement=agreement, project=project)
            PaymentFactory(grant=grant, amount=100)
            Instalment.objects.create(agreement=agreement, grant=grant, due_on=grant.notified_on, amount=5_000)
        GrantFactory(project=ProjectFactory(granted=30_000 + rank, status=ProjectStatus.RUNNING))
    return grant


@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/instruction/versements/", 12),
        ("/instruction/versements/?voir=verses", 8),
        ("/instruction/conventions/", 19),
        ("/instruction/{project}/subvention/", 21),
        ("/instruction/conventions/{agreement}/", 17),
        ("/instruction/enveloppes/", 21),
        ("/instruction/enveloppes/subventions/", 29),
    ],
)
def test_a_page_of_money_costs_the_same_however_much_it_shows(officer_client, address, queries):
    grant = fill(2)
    BudgetEnvelope.objects.create(year=this_year(), label="Cohésion", voted=10_000)
    page = address.format(project=grant.project_id, agreement=grant.agreement_id)
    cost(page, officer_client)  # what a process keeps once it has been asked
    few = cost(page, officer_client)
    fill(6)
    assert (cost(page, officer_client), few) == (queries, queries)
