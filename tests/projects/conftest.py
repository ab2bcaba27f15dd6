import pytest

from projects.choices import ProjectStatus
from tests.factories import (
    CampaignFactory,
    DeclarationFactory,
    LeadFactory,
    OrganizationFactory,
    ProjectFactory,
    TerritoryFactory,
    answers,
)


@pytest.fixture
def organization(db):
    return OrganizationFactory(name="Association Les Deux Rives")


@pytest.fixture
def lead(organization):
    return LeadFactory(acts_for=organization)


@pytest.fixture
def campaign(db):
    """Open now, for the year that the tests type."""
    return CampaignFactory(year=2027)


@pytest.fixture
def complete(founding, node, organization, campaign):
    """A draft that only waits to be handed in."""
    project = ProjectFactory(
        organization=organization,
        status=ProjectStatus.DRAFT,
        starts_on=None,
        ends_on=None,
        title="Cuisine partagée",
        code="2027-001",
    )
    given = answers(campaign, node("5.2.4-b"), TerritoryFactory(name="Gravigny"))
    return DeclarationFactory(project=project, answers=given, campaign=campaign)
