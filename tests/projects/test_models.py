"""Nonsense about projects is refused, by the forms and by the database itself."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from projects.choices import ProjectKind, ProjectStatus
from projects.models import Contribution, Place, Project
from tests.factories import OrganizationFactory, ProjectFactory, TerritoryFactory

pytestmark = pytest.mark.django_db


def refused_by_the_database(**values):
    with pytest.raises(IntegrityError), transaction.atomic():
        ProjectFactory(**values)


def test_dates_do_not_run_backwards():
    dates = {"starts_on": datetime.date(2026, 5, 2), "ends_on": datetime.date(2026, 5, 1)}
    with pytest.raises(ValidationError, match="précède"):
        ProjectFactory.build(organization=OrganizationFactory(), **dates).full_clean()
    refused_by_the_database(**dates)


@pytest.mark.parametrize("kind", [ProjectKind.PRH, ProjectKind.ACTION])
def test_only_a_pst_contains_other_projects(kind):
    host = ProjectFactory(kind=kind)
    with pytest.raises(ValidationError, match="n’est pas un PST"):
        ProjectFactory.build(kind=ProjectKind.PRH, organization=host.organization, host=host).full_clean()
    refused_by_the_database(kind=ProjectKind.PRH, host=host)
    assert ProjectFactory(kind=kind, host=ProjectFactory(kind=ProjectKind.PST)).pk


def test_a_pst_belongs_to_no_other_project():
    refused_by_the_database(kind=ProjectKind.PST, host=ProjectFactory(kind=ProjectKind.PST))


def test_a_pst_that_contains_projects_stays_a_pst():
    host = ProjectFactory(kind=ProjectKind.PST)
    ProjectFactory(host=host)
    host.kind = ProjectKind.ACTION
    with pytest.raises(ValidationError, match="changer de nature"):
        host.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        Project.objects.filter(pk=host.pk).update(kind=ProjectKind.ACTION)


def test_a_project_has_one_main_orientation(node):
    project = ProjectFactory(serves=[node("5.2.1")])
    with pytest.raises(IntegrityError), transaction.atomic():
        Contribution.objects.create(project=project, orientation=node("5.2.2"), is_main=True)
    assert Contribution.objects.create(project=project, orientation=node("5.2.2")).pk


def test_a_territory_is_not_used_outside_its_dates():
    quarter = TerritoryFactory(valid_to=datetime.date(2014, 12, 31))
    project = ProjectFactory()
    with pytest.raises(ValidationError, match="n’existe pas aux dates"):
        Place(project=project, territory=quarter).full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        Place.objects.create(project=project, territory=quarter)
    early = ProjectFactory(starts_on=datetime.date(2014, 12, 31))
    assert Place.objects.create(project=early, territory=quarter).pk


def test_amounts_are_not_negative():
    for field in ("total_cost", "requested", "granted"):
        refused_by_the_database(**{field: -1})


def test_a_link_to_the_framework_raises_its_revision(founding, node):
    before = founding.revision
    ProjectFactory(serves=[node("5.2.1")])
    founding.refresh_from_db()
    assert founding.revision > before


@pytest.mark.parametrize("siret", ["73282932000074", "35600000000048"])
def test_a_valid_siret_is_accepted(siret):
    OrganizationFactory.build(siret=siret).full_clean()


@pytest.mark.parametrize("siret", ["73282932000075", "7328293200007", "732 829 320 00074", "７3282932000074"])
def test_a_wrong_siret_is_refused(siret):
    with pytest.raises(ValidationError):
        OrganizationFactory.build(siret=siret).full_clean()


def test_only_what_the_council_retained_is_published():
    shown = {status for status in ProjectStatus if ProjectFactory(status=status).is_public}
    assert set(Project.objects.published().values_list("status", flat=True)) == shown
    assert ProjectStatus.DRAFT not in shown
    assert ProjectStatus.REFUSED not in shown
