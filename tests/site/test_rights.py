"""Every address of the site, with every role: an address that the table does not name fails the test.

The table says who gets what by GET. 200 a page, 302 towards the login or another page, 403 somebody known who may
not, 404 an object that one may not know of.
"""

import pytest
from django.contrib.auth.models import Group
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from axes import actions
from axes.exchange import applying
from cohesion.roles import ELECTED, OFFICER
from projects.choices import ProjectKind, ProjectStatus
from projects.exchange import applying as importing
from projects.instructing import sheet
from projects.models import Need, Offer, ReferenceDocument, Scheme
from tests.factories import (
    CampaignFactory,
    CommitteeFactory,
    OrganizationFactory,
    ProjectFactory,
    TerritoryFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
ROLES = ("public", "account", "elected", "officer", "administrator")

# What each kind of address answers to each role, in the order of ROLES.
PUBLIC = (200, 200, 200, 200, 200)
STAFF = (302, 302, 200, 200, 200)  # any agent
READERS = (302, 302, 200, 200, 200)  # agents who may read the framework
WRITERS = (302, 302, 403, 200, 200)  # officers
ADMINISTRATORS = (302, 302, 403, 403, 200)
DRAFTS = (404, 404, 200, 200, 200)  # what is being prepared
INSTRUCTION = (404, 404, 200, 200, 200)  # elected officials read it; see the writes below


def screens(model):
    """The five addresses of a model's admin: officers write, and delete what nothing hangs on."""
    verbs = {"changelist": READERS, "change": READERS, "history": READERS, "add": WRITERS, "delete": WRITERS}
    return {f"admin:{model}_{verb}": expected for verb, expected in verbs.items()}


COMMITTEES = tuple(f"projects:instruction_{page}" for page in ("committee", "sheet", "import", "import_job"))

TABLE = {
    **screens("projects_pst"),
    **screens("projects_prh"),
    **screens("projects_action"),
    **screens("projects_organization"),
    "admin:projects_organization_merge": WRITERS,
    **{f"admin:projects_{kind}_bulk": WRITERS for kind in ProjectKind.values},
    **{f"admin:projects_{kind}_export": READERS for kind in ProjectKind.values},
    "admin:projects_projectimport_changelist": WRITERS,
    "admin:projects_projectimport_add": WRITERS,
    "admin:projects_projectimport_change": (302, 302, 403, 404, 200),  # somebody else's
    "admin:projects_projectimport_history": (302, 302, 302, 302, 200),  # not found: back to the index
    "admin:projects_projectimport_delete": (302, 302, 403, 403, 403),
    "admin:projects_projectimport_model_file": WRITERS,
    **screens("projects_territory"),
    **screens("projects_scheme"),
    **screens("projects_referencedocument"),
    **screens("projects_need"),
    **screens("projects_offer"),
    **screens("projects_campaign"),
    "admin:projects_campaign_delete": ADMINISTRATORS,
    **screens("projects_committee"),
    "admin:projects_committee_delete": ADMINISTRATORS,
    "home": PUBLIC,
    "legal": PUBLIC,
    "accessibility": PUBLIC,
    "privacy": PUBLIC,
    "plan": PUBLIC,
    "health": PUBLIC,
    "robots": PUBLIC,
    "sitemap": PUBLIC,
    "favicon": PUBLIC,
    "manifest": PUBLIC,
    "security_txt": (404, 404, 404, 404, 404),  # nobody to write to, until CONTACT_EMAIL is set
    "projects:cadre": PUBLIC,
    "projects:orientation": PUBLIC,
    "projects:territories": PUBLIC,
    "projects:territory": PUBLIC,
    "projects:coverage": PUBLIC,
    "projects:coverage_export": PUBLIC,
    "axes:search": PUBLIC,
    "axes:cadre": PUBLIC,
    "axes:orientation": PUBLIC,
    "axes:export": PUBLIC,
    "axes:version": DRAFTS,
    "axes:version_orientation": DRAFTS,
    "axes:version_export": DRAFTS,
    "projects:list": PUBLIC,
    "projects:export": PUBLIC,
    "projects:detail": (404, 404, 404, 404, 404),  # a draft
    "projects:instruction": INSTRUCTION,
    "projects:instruction_file": INSTRUCTION,
    "projects:instruction_committee": INSTRUCTION,
    "projects:instruction_sheet": INSTRUCTION,
    "projects:instruction_import": (404, 404, 403, 200, 200),
    "projects:instruction_import_job": (404, 404, 403, 404, 200),  # somebody else's
    "admin:index": STAFF,
    "admin:login": (200, 200, 302, 302, 302),
    "admin:logout": (302, 302, 405, 405, 405),
    "admin:password_change": (302, 302, 200, 200, 200),
    "admin:password_change_done": (302, 302, 200, 200, 200),
    "admin:jsi18n": STAFF,
    "admin:autocomplete": (302, 302, 403, 403, 403),
    "admin:app_list": (302, 302, 200, 200, 200),
    "admin:view_on_site": (302, 302, 404, 404, 404),
    "admin:axes_framework_changelist": READERS,
    "admin:axes_framework_change": READERS,
    "admin:axes_framework_history": READERS,
    "admin:axes_framework_journal": READERS,
    "admin:axes_framework_add": WRITERS,
    "admin:axes_framework_renumber": WRITERS,
    "admin:axes_framework_adopt": WRITERS,
    "admin:axes_framework_next": WRITERS,
    "admin:axes_framework_import": WRITERS,
    "admin:axes_framework_import_job": (302, 302, 403, 404, 200),  # somebody else's
    "admin:axes_framework_export": READERS,
    "admin:axes_framework_model_file": READERS,
    "admin:axes_framework_delete": (302, 302, 403, 403, 200),
    "admin:axes_orientation_changelist": READERS,
    "admin:axes_orientation_change": READERS,
    "admin:axes_orientation_history": READERS,
    "admin:axes_orientation_add": WRITERS,
    "admin:axes_orientation_move": WRITERS,
    "admin:axes_orientation_delete": WRITERS,
    "admin:auth_group_changelist": ADMINISTRATORS,
    "admin:auth_group_add": ADMINISTRATORS,
    "admin:auth_group_change": ADMINISTRATORS,
    "admin:auth_group_delete": ADMINISTRATORS,
    "admin:auth_group_history": ADMINISTRATORS,
    "admin:cohesion_user_changelist": ADMINISTRATORS,
    "admin:cohesion_user_add": ADMINISTRATORS,
    "admin:cohesion_user_change": ADMINISTRATORS,
    "admin:cohesion_user_delete": ADMINISTRATORS,
    "admin:cohesion_user_history": ADMINISTRATORS,
    "admin:auth_user_password_change": ADMINISTRATORS,
}


def named_addresses(resolver=None, namespace=""):
    """Every named address of the site, with the names of its parameters."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from named_addresses(entry, inner)
        elif isinstance(entry, URLPattern) and entry.name:
            yield f"{namespace}{entry.name}", sorted(entry.pattern.converters) or sorted(entry.pattern.regex.groupindex)


def test_every_address_of_the_site_is_in_the_table_of_rights():
    assert {name for name, _ in named_addresses()} == set(TABLE)


@pytest.fixture
def people(db):
    """One account a role; « account » is somebody who logs in but is no agent."""
    elected, officer = UserFactory(is_staff=True), UserFactory(is_staff=True)
    elected.groups.add(Group.objects.get(name=ELECTED.name))
    officer.groups.add(Group.objects.get(name=OFFICER.name))
    return {
        "public": None,
        "account": UserFactory(),
        "elected": elected,
        "officer": officer,
        "administrator": UserFactory(is_staff=True, is_superuser=True),
    }


def projects_and_around():
    """One object of each model of projects, by the name of its screens; the projects are drafts."""
    made = {
        f"admin:projects_{kind}": ProjectFactory(kind=kind, status=ProjectStatus.DRAFT) for kind in ProjectKind.values
    }
    project, commune = made["admin:projects_action"], TerritoryFactory()
    around = (
        OrganizationFactory(),
        commune,
        Scheme.objects.create(code="X"),
        ReferenceDocument.objects.create(title="X"),
        Need.objects.create(wording="X", heard_on="2026-01-01", territory=commune),
        Offer.objects.create(project=project, kind="other", name="X"),
        CampaignFactory(),
        CommitteeFactory(),
    )
    return {name: row.pk for name, row in made.items()} | {
        f"admin:projects_{row._meta.model_name}": row.pk for row in around
    }


@pytest.fixture
def parameters(founding, node, officer):
    """A real object for each parameter that an address takes."""
    draft = actions.prepare_next_version(framework=founding, by=officer)
    commune = TerritoryFactory()
    made = projects_and_around()
    handed_in, committee = ProjectFactory(status=ProjectStatus.SUBMITTED), CommitteeFactory()
    return {
        "pk": lambda name: {
            "admin:projects_organization_merge": made["admin:projects_organization"],
            "projects:instruction_file": handed_in.pk,
            **dict.fromkeys(COMMITTEES, committee.pk),
        }.get(name, draft.pk if "framework" in name else draft.orientations.get(code="5.2").pk),
        "object_id": lambda name: {
            "admin:axes_framework": draft.pk,
            "admin:axes_orientation": node("5.2").pk,
            "admin:auth_group": Group.objects.first().pk,
            "admin:cohesion_user": officer.pk,
            "admin:projects_projectimport": importing.create_import(b"code", "x.csv", None).pk,
            **made,
        }.get(name.rsplit("_", 1)[0], 0),
        "code": lambda name: commune.code if name == "projects:territory" else "5.2",
        "slug": lambda name: draft.slug,
        "format": lambda name: "csv",
        "app_label": lambda name: "axes",
        "content_type_id": lambda name: 0,
        "id": lambda name: officer.pk,
        "job_pk": lambda name: (
            (
                sheet.create_import(b"code", "x.csv", committee=committee, decided_on=committee.held_on, by=None)
                if name in COMMITTEES
                else applying.create_job(b"code", "x.csv", draft, officer)
            ).pk
        ),
    }


@pytest.mark.parametrize("role", ROLES)
def test_every_address_answers_every_role_as_the_table_says(client, people, parameters, role):
    if people[role]:
        client.force_login(people[role])
    wrong = []
    for name, arguments in named_addresses():
        if name not in TABLE:
            continue
        url = reverse(name, kwargs={key: parameters[key](name) for key in arguments})
        expected = TABLE[name][ROLES.index(role)]
        found = client.get(url).status_code
        if found != expected:
            wrong.append(f"{name} {url} : {found}, attendu {expected}")
    assert not wrong, "\n".join(wrong)


WRITTEN = ("projects:instruction_file", "projects:instruction_committee", "projects:instruction_import")
ANSWERS = {"public": 404, "account": 404, "elected": 403, "officer": (200, 302), "administrator": (200, 302)}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", WRITTEN)
def test_elected_officials_write_nothing_of_the_instruction(client, people, parameters, role, name):
    if people[role]:
        client.force_login(people[role])
    arguments = next(arguments for known, arguments in named_addresses() if known == name)
    answer = client.post(reverse(name, kwargs={key: parameters[key](name) for key in arguments}), {"etape": "zzz"})
    expected = ANSWERS[role]
    assert answer.status_code in (expected if isinstance(expected, tuple) else (expected,))


@pytest.mark.parametrize("name", ["projects:instruction", *WRITTEN, *COMMITTEES])
def test_nobody_keeps_a_page_of_the_instruction(client, people, parameters, name):
    client.force_login(people["administrator"])
    arguments = next(arguments for known, arguments in named_addresses() if known == name)
    answer = client.get(reverse(name, kwargs={key: parameters[key](name) for key in arguments}))
    assert answer.headers["Cache-Control"] == "no-store, private"
