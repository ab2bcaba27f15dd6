"""Objects for the tests, as small as the rules allow."""

import factory
from django.contrib.auth import get_user_model

from axes.choices import Level
from axes.models import Framework, Orientation


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
