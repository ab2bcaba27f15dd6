import pytest

from tests.factories import CampaignFactory, CommitteeFactory

YEAR = 2027


@pytest.fixture
def committee():
    return CommitteeFactory(campaign=CampaignFactory(year=YEAR, budget=10_000))
