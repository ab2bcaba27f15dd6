import datetime
from decimal import Decimal

import pytest

from projects.choices import ProjectStatus
from projects.instructing.models import Decision
from tests.factories import CommitteeFactory, LeadFactory, OfficerFactory, OrganizationFactory, ProjectFactory

SIGNED = {"signataire": "Mme Jeanne Roy", "qualite du signataire": "Vice-présidente"}


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SITE_AUTHORITY, settings.CONTACT_EMAIL = "Agglomération d’essai", "cohesion@exemple.test"


def example_facts(fields):
    """What the fields of a paper hold in its models."""
    return {field.key: field.example for field in fields}


def decided(committee=None, outcome=ProjectStatus.RETAINED, amount=Decimal(8500), **fields):
    """A project of which a committee has decided, whose lead has an account."""
    organization = fields.pop("organization", None) or OrganizationFactory(
        address="3 rue de l’Essai", representative="Une présidente", siret="", legal_form="association"
    )
    if not organization.memberships.exists():
        LeadFactory(acts_for=organization)
    project = ProjectFactory(organization=organization, status=outcome, requested=Decimal(9000), **fields)
    Decision.objects.create(
        project=project,
        outcome=outcome,
        amount=amount if outcome != ProjectStatus.REFUSED else None,
        deliberation="2026-02-14" if outcome != ProjectStatus.REFUSED else "",
        decided_on=datetime.date(2026, 2, 2),
        committee=committee or CommitteeFactory(),
        reason="" if outcome != ProjectStatus.REFUSED else "L’action relève d’un autre appel.",
        by=OfficerFactory(),
    )
    project.refresh_from_db()
    return project


@pytest.fixture
def officer(db):
    return OfficerFactory()
