"""Objects for the tests, as small as the rules allow. Their dates are told from today."""

import datetime

import factory
from django.contrib.auth import get_user_model
from django.utils import timezone

from axes.levels import Level
from axes.models import Framework, Orientation, Programme
from cohesion.lib.sealing import digest
from projects.choices import (
    InvitationRole,
    MembershipRole,
    OrganizationKind,
    PaperKind,
    ProjectKind,
    ProjectStatus,
    TerritoryKind,
)
from projects.members.models.invitation import LIFE
from projects.models import (
    Agreement,
    AgreementAmount,
    Campaign,
    CoLead,
    Committee,
    Contribution,
    Declaration,
    Grant,
    Invitation,
    Membership,
    Organization,
    Paper,
    Payment,
    Place,
    Project,
    Submission,
    Territory,
)


def this_year() -> int:
    """The year of the site's clock: asked each time, since a test may stand still elsewhere, or run past midnight."""
    return timezone.localdate().year


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


class ProgrammeFactory(factory.django.DjangoModelFactory):
    """One beside the reference programme."""

    class Meta:
        model = Programme

    name = factory.Sequence(lambda n: f"Programme {n}")
    short_name = factory.SelfAttribute("name")
    slug = factory.Sequence(lambda n: f"programme-{n}")


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


class MembershipFactory(factory.django.DjangoModelFactory):
    """Somebody acts for an organisation, as a declarant."""

    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organization = factory.SubFactory(OrganizationFactory)


class InvitationFactory(factory.django.DjangoModelFactory):
    """A declarant is invited; ``token`` is the secret of the link."""

    class Meta:
        model = Invitation

    class Params:
        token = factory.Sequence(lambda n: f"secret-{n}")

    email = factory.Sequence(lambda n: f"invite{n}@exemple.test")
    organization = factory.SubFactory(OrganizationFactory)
    role = InvitationRole.DECLARANT
    token_digest = factory.LazyAttribute(lambda invitation: digest(invitation.token))
    expires_at = factory.LazyFunction(lambda: timezone.now() + LIFE)


class ProjectFactory(factory.django.DjangoModelFactory):
    """An action hors PST that runs all this year, published."""

    class Meta:
        model = Project
        skip_postgeneration_save = True

    kind = ProjectKind.ACTION
    # Beyond those that a test writes itself, however many projects the tests before it have drawn.
    code = factory.Sequence(lambda n: f"{this_year()}-{10_000 + n}")
    title = factory.Sequence(lambda n: f"Action d’essai {n}")
    organization = factory.SubFactory(OrganizationFactory)
    status = ProjectStatus.RUNNING
    starts_on = factory.LazyFunction(lambda: datetime.date(this_year(), 1, 1))
    ends_on = factory.LazyFunction(lambda: datetime.date(this_year(), 12, 31))

    @factory.post_generation
    def serves(self, create, orientations, **kwargs):
        """The orientations that it serves, the main one first."""
        for rank, orientation in enumerate(orientations or ()):
            Contribution.objects.create(project=self, orientation=orientation, is_main=rank == 0)

    @factory.post_generation
    def located_in(self, create, territories, **kwargs):
        for territory in territories or ():
            Place.objects.create(project=self, territory=territory)


class CoLeadFactory(factory.django.DjangoModelFactory):
    """An organisation leads a project beside another one."""

    class Meta:
        model = CoLead

    project = factory.SubFactory(ProjectFactory)
    organization = factory.SubFactory(OrganizationFactory)


class LeadFactory(UserFactory):
    """Somebody who signs for an organisation; ``role`` may make them a declarant."""

    @factory.post_generation
    def acts_for(self, create, organization, **kwargs):
        organization = organization or OrganizationFactory()
        role = kwargs.get("role", MembershipRole.SIGNATORY)
        Membership.objects.create(user=self, organization=organization, role=role)


class CampaignFactory(factory.django.DjangoModelFactory):
    """The call of next year, open now."""

    class Meta:
        model = Campaign

    name = factory.Sequence(lambda n: f"Appel à projets d’essai {n}")
    year = factory.LazyFunction(lambda: this_year() + 1)
    opens_at = factory.LazyFunction(lambda: timezone.now() - datetime.timedelta(days=10))
    closes_at = factory.LazyFunction(lambda: timezone.now() + datetime.timedelta(days=10))
    report_due_on = factory.LazyAttribute(lambda call: datetime.date(call.year + 1, 6, 30))
    is_published = True


class CommitteeFactory(factory.django.DjangoModelFactory):
    """A meeting of last week."""

    class Meta:
        model = Committee

    name = factory.Sequence(lambda n: f"Comité d’essai {n}")
    held_on = factory.LazyFunction(lambda: timezone.localdate() - datetime.timedelta(days=7))


def answers(campaign: Campaign, main: Orientation, commune: Territory, **changed: dict[str, object]) -> dict:
    """A complete declaration, as a lead would type it; ``changed`` replaces answers, page by page."""
    given = {
        "campagne": {"campaign": str(campaign.pk), "request_kind": "new"},
        "structure": {
            "legal_form": "association",
            "siret": "732 829 320 00074",
            "address": "1 rue de l’Essai",
            "commune": commune.code,
            "email": "structure@exemple.test",
            "representative": "Une présidente",
            "contact_name": "Une salariée",
        },
        "action": {
            "title": "Cuisine partagée",
            "summary": "Des parents et des enfants cuisinent avec leurs voisins.",
            "need_noticed": "Les familles se connaissent peu.",
            "description": "Un atelier chaque semaine.",
            "setting": "outside",
            "schemes": [],
        },
        "rattachement": {"main": str(main.pk), "main_reason": "L’atelier réunit parents et enfants."},
        "territoire": {"scale": "commune", "communes": [commune.code], "quarters": []},
        "publics": {"target_groups": ["children", "parents"], "people": "120", "women": "70", "men": "50"},
        "calendrier": {
            "starts_on": f"11/01/{campaign.year}",
            "ends_on": f"18 décembre {campaign.year}",
            "frequency": "Chaque semaine",
        },
        "partenaires": {"name-0": "CAF", "role-0": "technical", "confirmed-0": "on"},
        "budget": {
            "a-601": "2 000",
            "a-641": "10 500,50 €",
            "a-756": "500,50",
            "kind-0": "agglomeration",
            "requested-0": "6 000",
            "class-0": "specific",
            "state-0": "asked",
            "kind-1": "social_body",
            "funder-1": "CAF",
            "requested-1": "6000",
        },
        "evaluation": {"name-0": "Familles présentes", "kind-0": "output", "target-0": "40", "unit-0": "familles"},
        "pieces": {"attests_exact": "on", "attests_obligations": "on", "attests_republican": "on"},
    }
    for page, values in changed.items():
        given[page] = given[page] | values
    return given


class DeclarationFactory(factory.django.DjangoModelFactory):
    """A draft with nothing but its title."""

    class Meta:
        model = Declaration

    project = factory.SubFactory(ProjectFactory, status=ProjectStatus.DRAFT, starts_on=None, ends_on=None)
    answers = factory.LazyAttribute(lambda o: {"action": {"title": o.project.title}})


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


class AgreementFactory(factory.django.DjangoModelFactory):
    """Signed on the first of this year, for this year and 10 000 €; ``amounts`` by year may say otherwise."""

    class Meta:
        model = Agreement
        skip_postgeneration_save = True

    organization = factory.SubFactory(OrganizationFactory)
    number = factory.Sequence(lambda n: f"CV-{n:03}")
    starts_on = factory.LazyFunction(lambda: datetime.date(this_year(), 1, 1))
    ends_on = factory.LazyFunction(lambda: datetime.date(this_year(), 12, 31))
    signed_on = factory.SelfAttribute("starts_on")

    @factory.post_generation
    def amounts(self, create, by_year, **kwargs):
        for year, amount in (by_year or {self.starts_on.year: 10_000}).items():
            AgreementAmount.objects.create(agreement=self, year=year, amount=amount)


class GrantFactory(factory.django.DjangoModelFactory):
    """3 000 € granted this year, notified, without a convention."""

    class Meta:
        model = Grant

    project = factory.SubFactory(ProjectFactory, granted=3_000)
    year = factory.LazyFunction(this_year)
    notified_on = factory.LazyFunction(timezone.localdate)


class PaymentFactory(factory.django.DjangoModelFactory):
    """1 000 € paid today by an officer."""

    class Meta:
        model = Payment

    grant = factory.SubFactory(GrantFactory)
    paid_on = factory.LazyFunction(timezone.localdate)
    amount = 1_000
    by = factory.SubFactory(OfficerFactory)


class PaperFactory(factory.django.DjangoModelFactory):
    """A notification that was sent, with bytes that are no document."""

    class Meta:
        model = Paper

    kind = PaperKind.NOTIFICATION
    year = factory.LazyFunction(this_year)
    number = factory.Sequence(lambda n: n + 1)
    project = factory.SubFactory(ProjectFactory, status=ProjectStatus.RETAINED)
    organization = factory.SelfAttribute("project.organization")
    title = "Notification d’essai"
    pdf = factory.django.FileField(data=b"%PDF-1.7", filename="essai")
    word = factory.django.FileField(data=b"PK", filename="essai")
    size = word_size = 8
    digest = word_digest = "0" * 64
    sent_at = factory.LazyFunction(timezone.now)
