"""Whatever is written about projects, the stamp of the pages changes."""

import pytest

from projects.choices import FunderKind, OfferKind
from projects.models import (
    BudgetLine,
    Declaration,
    FundingLine,
    Indicator,
    IndicatorResult,
    Need,
    Offer,
    OfferSite,
    Project,
    ReferenceDocument,
    Report,
    Review,
    Scheme,
)
from tests.factories import CampaignFactory, OrganizationFactory, ProjectFactory, TerritoryFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(node):
    made = ProjectFactory(serves=[node("5.2.1")], located_in=[TerritoryFactory()])
    Declaration.objects.create(project=made, people=12, campaign=CampaignFactory())
    Indicator.objects.create(project=made, name="Ateliers", target=40)
    Report.objects.create(project=made, year=2025, due_on="2026-06-30", handed_at="2026-05-01T00:00Z", people=12)
    return Project.objects.get(pk=made.pk)


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
    "declaration": lambda p: edited(p.declaration),
    "call": lambda p: edited(p.declaration.campaign),
    "report": lambda p: edited(p.reports.get()),
    "report sent back": lambda p: p.reports.get().save(update_fields=["handed_at", "remark"]),
    "indicator": lambda p: edited(p.indicators.get()),
    "result": lambda p: IndicatorResult.objects.create(report=p.reports.get(), indicator=p.indicators.get(), actual=3),
}


@pytest.mark.parametrize("write", WRITES)
def test_a_write_about_projects_raises_the_revision_of_the_framework_in_force(founding, project, write):
    founding.refresh_from_db()
    before = founding.revision
    WRITES[write](project)
    founding.refresh_from_db()
    assert founding.revision > before


def test_what_is_typed_and_not_handed_in_changes_no_public_page(founding, project):
    founding.refresh_from_db()
    before = founding.revision
    project.reports.get().save(update_fields=["answers", "saved_at"])
    Declaration.objects.get().save(update_fields=["answers", "saved_at", "saved_by", "to_review"])
    founding.refresh_from_db()
    assert founding.revision == before
