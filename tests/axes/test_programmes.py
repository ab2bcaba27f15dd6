"""Programmes side by side: each has one framework in force at a time, and the site means that of the reference one."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.urls import reverse

from axes import actions, addresses
from axes.choices import FrameworkStatus
from axes.http import Versions
from axes.models import Framework, Orientation, Programme
from axes.models.programme import REFERENCE
from axes.signals import keep_the_reference_programme
from tests.at_once import each_at_once
from tests.factories import FrameworkFactory, OrientationFactory, ProgrammeFactory
from tests.pages import squeezed
from tests.site.forms import seen_by

IN_FORCE = FrameworkStatus.IN_FORCE
DAY = datetime.date(2027, 1, 1)


@pytest.fixture
def city(db):
    """A contrat de ville, whose framework is in force."""
    programme = ProgrammeFactory(name="Contrat de ville", slug="contrat-de-ville")
    framework = FrameworkFactory(programme=programme, slug="ville", status=IN_FORCE)
    OrientationFactory(framework=framework, code="1")
    return framework


def refused(write):
    with pytest.raises(IntegrityError), transaction.atomic():
        write()


def test_what_names_no_programme_is_of_the_reference_one(db):
    framework = FrameworkFactory()
    assert framework.programme.is_reference
    assert framework.history.get().programme_id == REFERENCE


def test_exactly_one_programme_is_the_reference_and_it_stays_so(city):
    assert Programme.objects.get(is_reference=True).pk == REFERENCE
    refused(lambda: Programme.objects.create(name="X", short_name="X", slug="x", is_reference=True))
    refused(lambda: Programme.objects.filter(pk=REFERENCE).update(is_reference=False))
    refused(lambda: Programme.objects.filter(pk=city.programme_id).update(is_reference=True))
    with pytest.raises(ProtectedError):
        city.programme.delete()


def test_a_database_that_was_emptied_has_the_reference_programme_again(db):
    Programme.objects.all().delete()
    call_command("migrate", "axes", verbosity=0)
    keep_the_reference_programme(None, "default")  # twice is once
    assert Programme.objects.get().pk == REFERENCE
    assert ProgrammeFactory().pk != REFERENCE


def test_one_framework_of_each_programme_is_in_force(founding, city):
    assert list(Framework.objects.in_force()) == [founding]
    assert list(Framework.objects.beside()) == [city]
    assert set(Framework.objects.standing()) == {founding, city}
    assert set(Orientation.objects.in_force().values_list("framework", flat=True)) == {founding.pk}
    refused(lambda: FrameworkFactory(programme=city.programme, status=IN_FORCE))
    with pytest.raises(ValidationError, match="Un autre cadre de ce programme est déjà en vigueur"):
        FrameworkFactory.build(programme=city.programme, slug="autre", status=IN_FORCE).full_clean()


def test_versions_mean_the_reference_one_however_new_the_others(founding, city):
    versions = Versions([city, founding])
    assert versions.in_force == founding
    assert versions.beside == [city]
    assert Versions([city]).in_force is None


def test_only_the_reference_framework_has_the_short_addresses(founding, city):
    assert addresses.framework_address(founding) == "/cadre/"
    assert addresses.framework_address(city) == "/cadre/ville/"
    assert addresses.orientation_address(city.orientations.get()) == "/cadre/ville/orientations/1/"
    assert addresses.export_address(city, "csv").startswith("/cadre/ville/")


def test_a_version_follows_one_of_its_own_programme(founding, city, officer):
    assert actions.prepare_next_version(framework=city, by=officer).programme == city.programme
    with pytest.raises(ValidationError, match="fait suite à un cadre du même programme"):
        FrameworkFactory.build(programme=city.programme, slug="autre", predecessor=founding).full_clean()


def test_an_adoption_archives_what_was_in_force_of_the_same_programme_only(founding, city, officer):
    framework = actions.prepare_next_version(framework=city, by=officer)
    former = actions.put_in_force(framework=framework, adopted_on=DAY, deliberation="D-1", by=officer)
    assert former == city
    assert list(Framework.objects.in_force()) == [founding]
    assert list(Framework.objects.beside()) == [framework]
    first = FrameworkFactory(programme=ProgrammeFactory())
    OrientationFactory(framework=first)
    assert actions.put_in_force(framework=first, adopted_on=DAY, deliberation="", by=officer) is None
    assert Framework.objects.standing().count() == 3


def test_the_pages_of_its_frameworks_know_that_a_programme_is_renamed(city):
    before = Framework.objects.get(pk=city.pk).revision
    city.programme.name = "Contrat de ville et de quartiers"
    city.programme.save()
    assert Framework.objects.get(pk=city.pk).revision == before + 1


def test_officers_keep_programmes(officer_client, founding, city):
    page = squeezed(officer_client.get(reverse("admin:axes_programme_changelist")).text)
    assert founding.name in page
    assert city.name in page
    fields = {"name": "CTG", "short_name": "CTG", "slug": "ctg", "description": "Avec la CAF.", "order": 2}
    officer_client.post(reverse("admin:axes_programme_add"), fields)
    assert Programme.objects.get(slug="ctg").history.get().history_user is not None
    address = reverse("admin:axes_programme_change", args=[city.programme_id])
    officer_client.post(address, {**fields, **seen_by(officer_client, address), "name": "Contrat", "slug": "autre"})
    assert Programme.objects.get(pk=city.programme_id).slug == "contrat-de-ville"  # its files are cited
    assert Programme.objects.get(pk=city.programme_id).name == "Contrat"


@pytest.mark.django_db(transaction=True)
def test_two_programmes_adopt_at_once_and_each_archives_its_own(officer):
    drafts, former = [], []
    for programme in (Programme.objects.get(pk=REFERENCE), ProgrammeFactory()):
        for status in (IN_FORCE, FrameworkStatus.DRAFT):
            framework = FrameworkFactory(programme=programme, status=status)
            OrientationFactory(framework=framework)
            (former if status == IN_FORCE else drafts).append(framework)

    def adopt(framework):
        return actions.put_in_force(framework=framework, adopted_on=DAY, deliberation="", by=officer)

    assert each_at_once(adopt, drafts) == former
    assert set(Framework.objects.standing()) == set(drafts)
