"""Roles as sentences: who knows of which project, and of its amounts."""

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.urls import reverse

from cohesion.roles import ELECTED
from projects.catalogue import rules
from projects.choices import PUBLIC_STATUSES, ProjectStatus
from projects.models import Project
from tests.factories import MembershipFactory, OfficerFactory, ProjectFactory, UserFactory

pytestmark = pytest.mark.django_db
INSIDE = tuple(status for status in ProjectStatus if status not in (*PUBLIC_STATUSES, ProjectStatus.DRAFT))
ALL, NOT_DRAFTS = set(ProjectStatus), set(ProjectStatus) - {ProjectStatus.DRAFT}


@pytest.fixture
def people():
    elected = UserFactory(is_staff=True)
    elected.groups.add(Group.objects.get(name=ELECTED.name))
    own = MembershipFactory()
    return {
        "public": AnonymousUser(),
        "account": UserFactory(),
        "lead": own.user,
        "other lead": MembershipFactory().user,
        "elected": elected,
        "officer": OfficerFactory(),
        "administrator": UserFactory(is_staff=True, is_superuser=True),
        "closed officer": OfficerFactory(is_active=False),
    }


@pytest.fixture
def projects(people):
    """One of each status, of the lead's organisation."""
    organization = people["lead"].memberships.get().organization
    return [ProjectFactory(organization=organization, status=status) for status in ProjectStatus]


@pytest.mark.parametrize(
    ("who", "known", "money"),
    [
        ("public", set(PUBLIC_STATUSES), set()),
        ("account", set(PUBLIC_STATUSES), set()),
        ("lead", ALL, ALL),
        ("other lead", set(PUBLIC_STATUSES), set()),
        ("elected", NOT_DRAFTS, NOT_DRAFTS),
        ("officer", ALL, ALL),
        ("administrator", ALL, ALL),
        ("closed officer", set(PUBLIC_STATUSES), set()),
    ],
)
def test_what_each_role_knows_of_is_what_the_list_and_the_rule_say_alike(people, projects, who, known, money):
    person = people[who]
    assert {project.status for project in Project.objects.visible_to(person)} == known
    assert {project.status for project in projects if rules.may_read(person, project)} == known
    assert {project.status for project in projects if rules.may_read_money(person, project)} == money


@pytest.mark.parametrize("status", [ProjectStatus.DRAFT, *INSIDE])
def test_the_sheet_of_what_is_not_public_is_not_found_by_strangers(client, people, projects, status, founding):
    address = reverse("projects:detail", args=[Project.objects.get(status=status).code])
    expected = {"public": 404, "account": 404, "lead": 200, "other lead": 404, "officer": 200, "administrator": 200}
    expected["elected"] = 404 if status == ProjectStatus.DRAFT else 200
    found = {}
    for who in expected:
        client.logout()
        if who != "public":
            client.force_login(people[who])
        found[who] = client.get(address).status_code
    assert found == expected


def test_the_sheet_shows_the_amounts_to_its_lead_and_to_agents_only(client, people, founding):
    organization = people["lead"].memberships.get().organization
    project = ProjectFactory(organization=organization, requested=12_500, granted=None, total_cost="30000.50")
    address = reverse("projects:detail", args=[project.code])
    for who, sees in {"public": False, "other lead": False, "lead": True, "elected": True, "officer": True}.items():
        client.logout()
        if who != "public":
            client.force_login(people[who])
        page = client.get(address).content.decode()
        assert ("12\u202f500\u00a0€" in page) == ("30\u202f000,50\u00a0€" in page) == sees, who


def test_the_state_of_the_instruction_is_not_the_leads_to_read(people, projects):
    assert not [p for p in projects if rules.reads_all(people["lead"], p)]
    assert {p.status for p in projects if rules.reads_all(people["elected"], p)} == NOT_DRAFTS


def test_who_is_asked_about_twice_costs_two_queries(people, projects, django_assert_num_queries):
    with django_assert_num_queries(2):
        for project in projects:
            rules.may_read(people["lead"], project)


def test_elected_officials_see_no_draft_in_the_officers_screens(client, people, projects):
    client.force_login(people["elected"])
    page = client.get("/admin/projects/action/").content.decode()
    assert Project.objects.get(status=ProjectStatus.DRAFT).title not in page
    assert Project.objects.get(status=ProjectStatus.SUBMITTED).title in page
