"""Every address of the site answers every role as the table says, and a form gives nothing to who may not write."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from axes import actions
from axes.models import DocumentReading
from cohesion.accounts.tokens import make
from cohesion.models import AuditEvent, KeptMail
from cohesion.roles import ELECTED, OFFICER
from projects.choices import ProjectKind, ProjectStatus
from projects.declaring.attachments import receive
from projects.instructing import sheet
from projects.members.importing import OrganizationImporter
from projects.models import (
    BudgetEnvelope,
    Contribution,
    Issuing,
    Mailing,
    Message,
    Need,
    Offer,
    PaperModel,
    Perimeter,
    Project,
    ReferenceDocument,
    Report,
    Scenario,
    Scheme,
    UncarriedLink,
    VocabularyLine,
    Webhook,
)
from projects.territory.importing import TerritoryImporter
from tests.axes.exchange import jobs
from tests.factories import (
    AgreementFactory,
    CampaignFactory,
    CommitteeFactory,
    DeclarationFactory,
    InvitationFactory,
    MembershipFactory,
    OrganizationFactory,
    PaperFactory,
    PaymentFactory,
    ProgrammeFactory,
    ProjectFactory,
    SubmissionFactory,
    TerritoryFactory,
    UserFactory,
)
from tests.projects.exchange import jobs as importing
from tests.site.headers import header_faults
from tests.site.rights import (
    COMMITTEES,
    DESK,
    EDITIONS,
    ISSUED,
    OPEN_TO_OTHERS,
    PAYING_WRITTEN,
    PERSONAL,
    ROLES,
    SCENARIOS,
    TABLE,
    named_addresses,
)

pytestmark = pytest.mark.django_db
# Who may what is said in Python; both databases answer those who see the most, here and there.
BY_ROLE = pytest.mark.parametrize(
    "role",
    [role if role in ("lead", "administrator") else pytest.param(role, marks=pytest.mark.once) for role in ROLES],
)


def test_every_address_of_the_site_is_in_the_table_of_rights():
    assert {name for name, _ in named_addresses()} == set(TABLE)


@pytest.fixture
def people(db):
    """One account a role."""
    elected, officer = UserFactory(is_staff=True), UserFactory(is_staff=True)
    elected.groups.add(Group.objects.get(name=ELECTED.name))
    officer.groups.add(Group.objects.get(name=OFFICER.name))
    return {
        "public": None,
        "account": UserFactory(),
        "lead": MembershipFactory(organization__name="Celle des brouillons").user,
        "other lead": MembershipFactory().user,
        "elected": elected,
        "officer": officer,
        "administrator": UserFactory(is_staff=True, is_superuser=True),
    }


def projects_and_around(lead, gone):
    """One object of each model of projects, by the name of its screens; the projects are drafts of the lead's."""
    theirs = lead.memberships.get().organization
    made = {
        f"admin:projects_{kind}": ProjectFactory(kind=kind, status=ProjectStatus.DRAFT, organization=theirs)
        for kind in ProjectKind.values
    }
    project, commune = made["admin:projects_action"], TerritoryFactory()
    around = (
        OrganizationFactory(),
        commune,
        Scheme.objects.create(code="X"),
        VocabularyLine.objects.create(typed="bibus", meaning="X"),
        ReferenceDocument.objects.create(title="X"),
        Perimeter.objects.create(orientation=gone),
        Need.objects.create(wording="X", heard_on="2026-01-01", territory=commune),
        Offer.objects.create(project=project, kind="other", name="X"),
        CampaignFactory(),
        PaperModel.objects.create(name="X", title="X", body="X"),
        CommitteeFactory(),
        BudgetEnvelope.objects.create(year=2026, label="X", voted=1),
        InvitationFactory(organization=theirs),
        UncarriedLink.objects.create(link=Contribution.objects.create(project=ProjectFactory(), orientation=gone)),
    )
    DeclarationFactory(project=project)
    upload = SimpleUploadedFile("statuts.pdf", b"%PDF-1.7 %%EOF")
    file = receive(upload=upload, kind="statutes", by=lead, organization=theirs)
    made["projects:attachment"] = made["projects:attachment_remove"] = file
    made["projects:space_organization"] = theirs
    made["projects:organization"] = ProjectFactory().organization
    made["projects:report"] = made["projects:report_hand_in"] = project
    for name in ("", "_check", "_hand_in", "_give_up", "_renew", "_page"):
        made[f"projects:declaration{name}"] = project
    made["projects:attachment_add"] = project
    return {name: row.pk for name, row in made.items()} | {
        f"admin:projects_{row._meta.model_name}": row.pk for row in around
    }


def reported(project):
    """The report of an action, handed in."""
    now = timezone.now()
    return Report.objects.create(project=project, year=now.year, due_on=now.date(), handed_at=now)


@pytest.fixture
def parameters(founding, node, officer, people):
    """A real object for each parameter that an address takes."""
    draft = actions.prepare_next_version(framework=founding, by=officer)
    commune = TerritoryFactory()
    made = projects_and_around(people["lead"], node("8"))
    trainees = Group.objects.create(name="Stagiaires")
    token, _ = make(user=officer, name="Essai", scopes=["read"])
    webhook = Webhook.objects.create(name="Essai", url="https://exemple.test/", events=["decision"])
    told = Message.objects.create(key="essai", user=officer, title="Essai", path="/")
    theirs = people["lead"].memberships.get().organization
    draft_project = Project.objects.get(pk=made["admin:projects_action"])
    submission = SubmissionFactory(project__organization=theirs)
    handed_in, committee = ProjectFactory(status=ProjectStatus.SUBMITTED), CommitteeFactory()
    scenario = Scenario.objects.create(committee=committee, name="X")
    paid, agreement = PaymentFactory(), AgreementFactory(signed_on=None)

    issued, report = PaperFactory(project=submission.project), reported(submission.project)

    def job_of(name: str) -> int:
        if name in COMMITTEES:
            return sheet.DecisionImporter(committee, committee.held_on).create_job(b"code", "x.csv", None).pk
        if "territory" in name:
            return TerritoryImporter().create_job(b"code", "x.csv", None).pk
        if "organization" in name:
            return OrganizationImporter().create_job(b"nom", "x.csv", None).pk
        return jobs.create_job(b"code", "x.csv", draft, officer).pk

    return {
        "pk": lambda name: {
            "admin:projects_organization_merge": made["admin:projects_organization"],
            "admin:axes_framework_reading": DocumentReading.objects.create(owner=officer, filename="x.txt").pk,
            "admin:projects_invitation_renew": made["admin:projects_invitation"],
            "admin:projects_invitation_revoke": made["admin:projects_invitation"],
            **dict.fromkeys(PERSONAL, officer.pk),
            "projects:message": told.pk,
            "projects:demo_mail": told.pk,
            "projects:demo_kept_mail": KeptMail.objects.create(subject="Essai", html="Essai").pk,
            "projects:request_pdf": submission.project_id,
            "projects:report_pdf": report.project_id,
            **dict.fromkeys(("projects:instruction_file", "projects:instruction_links"), handed_in.pk),
            **dict.fromkeys(
                (f"projects:instruction_{page}" for page in ("grant", "withdrawal", "agreement_make")),
                paid.grant.project_id,
            ),
            **dict.fromkeys(("projects:instruction_agreement", "projects:instruction_agreement_write"), agreement.pk),
            "projects:instruction_payment": paid.pk,
            "projects:instruction_mailing": Mailing.objects.create(kind="free", title="Essai", text="Essai").pk,
            **dict.fromkeys((*COMMITTEES, *SCENARIOS), committee.pk),
            **dict.fromkeys((*ISSUED, "projects:space_paper"), issued.pk),
            **dict.fromkeys(EDITIONS, Issuing.objects.create(committee=committee).pk),
            "projects:instruction_paper_make": handed_in.pk,
            **made,
        }.get(name, draft.pk if "framework" in name else draft.orientations.get(code="5.2").pk),
        "object_id": lambda name: {
            "admin:axes_framework": draft.pk,
            "admin:axes_orientation": node("5.2").pk,
            "admin:axes_programme": ProgrammeFactory().pk,
            "admin:auth_group": trainees.pk,
            "admin:cohesion_apitoken": token.pk,
            "admin:projects_webhook": webhook.pk,
            "admin:projects_webhookdelivery": webhook.deliveries.create(event="decision", subject="X", payload={}).pk,
            "admin:cohesion_user": officer.pk,
            "admin:cohesion_auditevent": AuditEvent.objects.first().pk,
            "admin:projects_message": told.pk,
            "admin:projects_projectimport": importing.create_import(b"code", "x.csv", None).pk,
            **made,
        }.get(name.rsplit("_", 1)[0], 0),
        "code": lambda name: {
            **dict.fromkeys(("projects:territory", "projects:territory_paper"), commune.code),
            **dict.fromkeys(("projects:detail", "projects:project_paper"), draft_project.code),
        }.get(name, "5.2"),
        "token": lambda name: "jamais-donne",
        "uidb36": lambda name: "1",
        "key": lambda name: "abc-123",
        "section": lambda name: "projets",
        "slug": lambda name: "action" if name == "projects:declaration_page" else draft.slug,
        "format": lambda name: "csv",
        "table": lambda name: "projets",
        "file_name": lambda name: "projets.csv",
        "day": lambda name: "2000-01-01",
        "app_label": lambda name: "axes",
        "content_type_id": lambda name: 0,
        "id": lambda name: officer.pk,
        "cadre": lambda name: draft.slug,
        "uid": lambda name: draft.orientations.get(code="5.2").uid,
        "numero": lambda name: 0,
        "partie": lambda name: "action",
        "lost": lambda name: "perdu/",
        "record_pk": lambda name: draft.orientations.get(code="5.2").history.latest().history_id,
        "job_pk": job_of,
        "framework_pk": lambda name: draft.pk,
        "orientation_pk": lambda name: node("5.2").pk,
        "scenario_pk": lambda name: scenario.pk,
    }


@BY_ROLE
def test_every_address_answers_every_role_as_the_table_says(client, people, parameters, role):
    if people[role]:
        client.force_login(people[role])
    wrong = []
    for name, arguments in named_addresses():
        if name not in TABLE:
            continue
        url = reverse(name, kwargs={key: parameters[key](name) for key in arguments})
        expected = TABLE[name][ROLES.index(role)]
        response = client.get(url, secure=True)
        found = response.status_code
        if found != expected:
            wrong.append(f"{name} {url} : {found}, attendu {expected}")
        faults = header_faults(response, is_known=bool(people[role]))
        wrong += [f"{name} {url} : {fault}" for fault in faults if (name, fault) not in OPEN_TO_OTHERS]
    assert not wrong, "\n".join(wrong)


# Addresses where anybody may send a form of their own: the door, the account, the answer to an invitation.
OWN_FORMS = ("account", "lost_form", "mfa_", "usersessions_", "projects:invitation", "projects:messages")
OWN_FORMS += ("token_new", "projects:calendar_subscribe", "first_visit", "projects:own_subjects")
# The framework of lists, histories and previews answers a form that asks for nothing as it answers a reader.
READ_BY_POST = ("_changelist", "_history", "_journal", "_export", "_model_file", "admin:index", "admin:app_list")
READ_BY_POST += ("admin:jsi18n", "admin:autocomplete", "admin:view_on_site", "sitemap", "sitemap_section", "health")
LEADS, SPACE = (
    ("lead", "other lead"),
    ("projects:declaration", "projects:space", "projects:attachment", "projects:report"),
)
WHO_WRITES = {"officer", "administrator"}


def rows_of_ours():
    """How many rows each table of the site has: a form that writes nothing changes none."""
    ours = [model for model in apps.get_models() if model._meta.app_label in ("axes", "projects", "cohesion")]
    ours.remove(AuditEvent)  # to be logged in is an event
    return {model._meta.label: model._base_manager.count() for model in ours}


@BY_ROLE
def test_an_empty_form_breaks_no_address_and_gives_nothing_to_who_may_not_write(client, people, parameters, role):
    """302 leads to the login (or back to the index, from what is not known of); 401, 403, 404 and 405 say no."""
    wrong = []
    addresses = [
        (name, reverse(name, kwargs={key: parameters[key](name) for key in arguments}))
        for name, arguments in named_addresses()
        if name in TABLE and name != "account_logout"
    ]
    before = rows_of_ours()
    for name, url in addresses:
        if people[role]:
            client.force_login(people[role])
        if role in LEADS and name.startswith(SPACE):
            continue  # what leads write in their own space is tested there
        response = client.post(url, {})
        status = response.status_code
        is_refusal = status in (401, 403, 404, 405) or (
            status == 302 and response.url.partition("?")[0] in REFUSALS[people[role] is not None]
        )
        is_read = name.startswith(OWN_FORMS) or name.endswith(READ_BY_POST) or name == "admin:logout"
        if status >= 500 or (role not in WHO_WRITES and not is_refusal and not is_read):
            wrong.append(f"{name} {url} : {status} {response.headers.get('Location', '')}")
    assert not wrong, "\n".join(wrong)
    if role not in WHO_WRITES:
        assert rows_of_ours() == before


REFUSALS = {
    False: {"/admin/login/", "/compte/connexion/"},
    True: {"/admin/login/", "/compte/connexion/", "/admin/", "/compte/mot-de-passe/", "/compte/"},
}


WRITTEN = ("projects:instruction_file", "projects:instruction_committee", "projects:instruction_import")
WRITTEN += (
    "projects:instruction_assign",
    "projects:instruction_links",
    "projects:instruction_payments",
    *PAYING_WRITTEN,
)
WRITTEN += ("projects:envelope_grants", "projects:scenarios", "projects:scenario", "projects:scenario_apply")
OUTSIDE = ("public", "account", "lead", "other lead")


@BY_ROLE
@pytest.mark.parametrize("name", WRITTEN)
def test_elected_officials_write_nothing_of_the_instruction(client, people, parameters, role, name):
    if people[role]:
        client.force_login(people[role])
    arguments = next(arguments for known, arguments in named_addresses() if known == name)
    answer = client.post(reverse(name, kwargs={key: parameters[key](name) for key in arguments}), {"etape": "zzz"})
    expected = {"public": (302,), "elected": (403,)}.get(role) or ((404,) if role in OUTSIDE else (200, 302))
    assert answer.status_code in expected


@pytest.mark.parametrize("name", ["projects:instruction", *WRITTEN, *COMMITTEES, *DESK])
def test_nobody_keeps_a_page_of_the_instruction(client, people, parameters, name):
    client.force_login(people["administrator"])
    arguments = next(arguments for known, arguments in named_addresses() if known == name)
    answer = client.get(reverse(name, kwargs={key: parameters[key](name) for key in arguments}))
    assert answer.headers["Cache-Control"] == "no-store, private"
