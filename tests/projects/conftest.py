import pytest

from axes.choices import FrameworkStatus
from axes.levels import Level
from projects.choices import ProjectStatus
from tests.factories import (
    CampaignFactory,
    DeclarationFactory,
    FrameworkFactory,
    LeadFactory,
    OrganizationFactory,
    OrientationFactory,
    ProgrammeFactory,
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


@pytest.fixture
def city(founding):
    """A contrat de ville beside the founding framework: two axes, one objective under the first."""
    programme = ProgrammeFactory(name="Contrat de ville", short_name="Ville", slug="contrat-de-ville")
    framework = FrameworkFactory(
        programme=programme, name="Contrat de ville 2024-2030", slug="ville", status=FrameworkStatus.IN_FORCE
    )
    axis = OrientationFactory(framework=framework, code="1", title="Vivre en paix")
    OrientationFactory(parent=axis, level=Level.OPERATIONAL, code="1.1", title="Un bus le soir")
    OrientationFactory(framework=framework, code="2", title="Travailler")
    return framework
