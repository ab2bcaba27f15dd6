"""Dates hold across rows: a place, its project and its territory exist at the same time, whichever is changed."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from projects.migrations._triggers import ACROSS_ROWS, AMOUNTS, DATES
from projects.models import Place, Project, Territory
from tests.factories import ProjectFactory, TerritoryFactory, this_year
from tests.faults import migrations

pytestmark = pytest.mark.django_db
END_OF_ZUS = datetime.date(2014, 12, 31)


@pytest.fixture
def project():
    """A project of 2014 in a zone that ended with that year."""
    zone = TerritoryFactory(name="Nétreville", valid_to=END_OF_ZUS)
    dates = {"starts_on": datetime.date(2014, 1, 1), "ends_on": END_OF_ZUS}
    return ProjectFactory(code="2014-1", located_in=[zone], **dates)


def test_every_trigger_is_there_after_all_migrations():
    with connection.cursor() as cursor:
        there = {name for name, table in migrations.triggers(cursor)}
    assert (ACROSS_ROWS | DATES | AMOUNTS).keys() <= there


def test_a_project_does_not_leave_the_dates_of_its_places(project):
    project.starts_on, project.ends_on = datetime.date(2015, 1, 1), None
    with pytest.raises(ValidationError, match=r"«.+Nétreville.+».+n’existe pas à ces dates"):
        project.full_clean()
    with pytest.raises(IntegrityError, match="n’existe pas à ces dates"), transaction.atomic():
        project.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Project.objects.update(starts_on=datetime.date(2016, 1, 1), ends_on=datetime.date(2016, 2, 1))
    assert Project.objects.get().ends_on == END_OF_ZUS


def test_a_project_that_overlaps_its_places_by_a_day_keeps_them(project):
    project.starts_on, project.ends_on = END_OF_ZUS, None
    project.full_clean()
    project.save()


def test_a_project_without_dates_is_in_every_territory(project):
    project.starts_on = project.ends_on = None
    project.full_clean()
    project.save()


def test_a_territory_does_not_leave_the_dates_of_its_projects(project):
    zone = Territory.objects.get()
    zone.valid_to = datetime.date(2013, 12, 31)
    with pytest.raises(ValidationError, match="2014-1"):
        zone.full_clean()
    with pytest.raises(IntegrityError, match="en dehors de ces dates"), transaction.atomic():
        zone.save()
    zone.valid_from, zone.valid_to = datetime.date(2015, 1, 1), None
    with pytest.raises(ValidationError, match="2014-1"):
        zone.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        Territory.objects.update(valid_from=zone.valid_from, valid_to=None)


def test_a_territory_names_a_few_of_the_projects_that_hold_it():
    zone = TerritoryFactory()
    ProjectFactory.create_batch(8, located_in=[zone])
    zone.valid_to = datetime.date(2020, 1, 1)
    with pytest.raises(ValidationError) as refused:
        zone.full_clean()
    sentence = refused.value.messages[0]
    assert sentence.count(f"{this_year()}-") == 5
    assert sentence.endswith("….")


def test_a_place_moves_to_no_territory_of_another_time(project):
    later = TerritoryFactory(valid_from=datetime.date(2015, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Place.objects.update(territory=later)
