"""Whatever is written about projects, the stamp of the pages changes."""

import pytest

from projects.choices import FunderKind, OfferKind
from projects.models import BudgetLine, FundingLine, Need, Offer, OfferSite, ReferenceDocument, Review, Scheme
from tests.factories import OrganizationFactory, ProjectFactory, TerritoryFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(node):
    return ProjectFactory(serves=[node("5.2.1")], located_in=[TerritoryFactory()])


def edited(thing):
    thing.save()


WRITES = {
    "project": lambda p: edited(p),
    "organization": lambda p: edited(p.organization),
    "contribution": lambda p: p.contributions.first().delete(),
    "place": lambda p: p.places.first().delete(),
    "territory": lambda p: edited(p.territories.first()),
    "scheme": lambda p: p.schemes.add(Scheme.objects.create(code="ASV")),
    "partner": lambda p: p.partners.add(OrganizationFactory()),
    "offer": lambda p: OfferSite.objects.create(
        offer=Offer.objects.create(project=p, kind=OfferKind.OTHER, name="Offre"), territory=p.territories.first()
    ),
    "need": lambda p: Need.objects.create(wording="Un lieu", heard_on="2026-01-02", territory=p.territories.first()),
    "document": lambda p: ReferenceDocument.objects.create(title="PLH").orientations.set(p.orientations.all()),
    "funding": lambda p: FundingLine.objects.create(project=p, kind=FunderKind.STATE),
    "budget": lambda p: BudgetLine.objects.create(project=p, account="601", amount=1),
    "proposal": lambda p: Review.objects.create(project=p, proposed_amount=1),
    "deletion": lambda p: p.delete(),
}


@pytest.mark.parametrize("write", WRITES)
def test_a_write_about_projects_raises_the_revision_of_the_framework_in_force(founding, project, write):
    founding.refresh_from_db()
    before = founding.revision
    WRITES[write](project)
    founding.refresh_from_db()
    assert founding.revision > before
