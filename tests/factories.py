"""Objects for the tests, as small as the rules allow."""

import datetime

import factory
from django.contrib.auth import get_user_model
from django.utils import timezone

from axes.choices import Level
from axes.models import Framework, Orientation
from projects.choices import OrganizationKind, ProjectKind, ProjectStatus, TerritoryKind
from projects.models import (
    Campaign,
    Committee,
    Contribution,
    Declaration,
    Organization,
    Place,
    Project,
    Submission,
    Territory,
)


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"compte{n}@exemple.test")
    email = factory.SelfAttribute("username")
    password = factory.django.Password("mot-de-passe-de-test")


class OfficerFactory(UserFactory):
    """A programme officer: staff, in the group of their role."""

    is_staff = True

    @factory.post_generation
    def role(self, create: bool, extracted: object, **kwargs: object) -> None:
        from django.contrib.auth.models import Group

        from cohesion.roles import OFFICER

        self.groups.add(Group.objects.get(name=OFFICER.name))


class FrameworkFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Framework

    name = factory.Sequence(lambda n: f"Cadre {n}")
    slug = factory.Sequence(lambda n: f"cadre-{n}")


class OrientationFactory(factory.django.DjangoModelFactory):
    """An axis by default; give ``parent`` and ``level`` for anything else."""

    class Meta:
        model = Orientation

    framework = factory.LazyAttribute(lambda o: o.parent.framework if o.parent else FrameworkFactory())
    parent = None
    level = Level.AXIS
    code = factory.Sequence(lambda n: f"T{n}")
    title = factory.Sequence(lambda n: f"Orientation d’essai {n}")


class TerritoryFactory(factory.django.DjangoModelFactory):
    """A commune of the perimeter."""

    class Meta:
        model = Territory

    kind = TerritoryKind.COMMUNE
    code = factory.Sequence(lambda n: f"C{n}")
    name = factory.Sequence(lambda n: f"Commune {n}")
    is_in_perimeter = True


class OrganizationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organization

    name = factory.Sequence(lambda n: f"Association d’essai {n}")
    kind = OrganizationKind.ASSOCIATION


class ProjectFactory(factory.django.DjangoModelFactory):
    """A running action hors PST, published."""

    class Meta:
        model = Project
        skip_postgeneration_save = True

    kind = ProjectKind.ACTION
    code = factory.Sequence(lambda n: f"2026-{n:03}")
    title = factory.Sequence(lambda n: f"Action d’essai {n}")
    organization = factory.SubFactory(OrganizationFactory)
    status = ProjectStatus.RUNNING
    starts_on = datetime.date(2026, 1, 1)
    ends_on = datetime.date(2026, 12, 31)

    @factory.post_generation
    def serves(self, create, orientations, **kwargs):
        """The orientations that it serves, the main one first."""
        for rank, orientation in enumerate(orientations or ()):
            Contribution.objects.create(project=self, orientation=orientation, is_main=rank == 0)

    @factory.post_generation
    def located_in(self, create, territories, **kwargs):
        for territory in territories or ():
            Place.objects.create(project=self, territory=territory)


class CampaignFactory(factory.django.DjangoModelFactory):
    """A call that is open, and announced."""

    class Meta:
        model = Campaign

    name = factory.Sequence(lambda n: f"Appel d’essai {n}")
    year = 2027
    opens_at = factory.LazyFunction(lambda: timezone.now() - datetime.timedelta(days=30))
    closes_at = factory.LazyFunction(lambda: timezone.now() + datetime.timedelta(days=30))
    report_due_on = datetime.date(2028, 6, 30)
    is_published = True


class CommitteeFactory(factory.django.DjangoModelFactory):
    """A meeting of last week."""

    class Meta:
        model = Committee

    name = factory.Sequence(lambda n: f"Comité d’essai {n}")
    held_on = factory.LazyFunction(lambda: timezone.localdate() - datetime.timedelta(days=7))


class DeclarationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Declaration

    project = factory.SubFactory(ProjectFactory, status=ProjectStatus.SUBMITTED)
    campaign = factory.SubFactory(CampaignFactory)


class SubmissionFactory(factory.django.DjangoModelFactory):
    """What was handed in: two pages, for the organisation of the project."""

    class Meta:
        model = Submission

    project = factory.SubFactory(ProjectFactory, status=ProjectStatus.SUBMITTED)
    number = 1
    answers = factory.LazyFunction(dict)
    shown = factory.LazyFunction(
        lambda: [
            ["publics", "Publics", [["Personnes attendues", "120"], ["Publics visés", "Familles"]]],
            ["budget", "Budget", [["Total des charges", "12\xa0000\xa0€"]]],
        ]
    )
    digest = "0" * 64
    by = factory.SubFactory(UserFactory)
    organization = factory.SelfAttribute("project.organization")
