"""A declaration goes to and fro between a lead and an officer, each seeing what the other wrote."""

import pytest
from django.contrib.auth.models import Group

from cohesion.roles import ELECTED
from projects.catalogue.rules import READ_INSTRUCTION, WRITE_INSTRUCTION, reads_all
from projects.declaring.drafts import save_page
from projects.declaring.handing_in import hand_in
from projects.declaring.pages import PAGES
from projects.instructing import checking
from projects.models import Project, Remark
from tests.factories import (
    CampaignFactory,
    DeclarationFactory,
    LeadFactory,
    OrganizationFactory,
    ProjectFactory,
    TerritoryFactory,
    UserFactory,
    answers,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def declaration(founding, node):
    """A draft that only waits to be handed in."""
    organization, campaign = OrganizationFactory(), CampaignFactory()
    project = ProjectFactory(organization=organization, status="draft", starts_on=None, ends_on=None)
    given = answers(campaign, node("5.2.4-b"), TerritoryFactory(name="Gravigny"))
    return DeclarationFactory(project=project, answers=given, campaign=campaign)


def test_what_is_sent_back_is_completed_and_the_officer_sees_the_difference(officer_client, officer, declaration):
    project = declaration.project
    lead = LeadFactory(acts_for=project.organization)
    address = f"/instruction/{project.pk}/"
    assert officer_client.get(address).status_code == 404  # a draft is not instructed
    hand_in(project=project, by=lead, role="signatory")
    page = officer_client.get(address).content.decode()
    for one in PAGES:
        assert f'id="page-{one.slug}"' in page
        assert f'name="return-{one.slug}"' in page  # where to say what is missing
    officer_client.post(address, {"etape": "return", "return-publics": "Combien viennent du quartier ?"})
    project.refresh_from_db()
    remark = Remark.objects.get()
    publics = next(one for one in PAGES if one.slug == "publics")
    typed = declaration.answers["publics"] | {"people": "95", "women": "50", "men": "45"}
    save_page(
        declaration=declaration,
        page=publics,
        mine=typed,
        base=declaration.answers["publics"],
        by=lead,
        remarks={remark.pk: "La moitié, nous avons recompté."},
    )
    hand_in(project=project, by=lead, role="signatory")
    page = officer_client.get(address).content.decode()
    assert "<del>120</del>" in page
    assert "<ins>95</ins>" in page
    assert "La moitié, nous avons recompté." in page
    assert page.index("Complétée") < page.index("Complément demandé")  # the newest step first
    checking.admit(project, by=officer)
    assert Project.objects.get().status == "admissible"


def test_the_doors_say_what_the_rules_say(people_of_each_role):
    project = ProjectFactory(status="submitted")
    for name, person in people_of_each_role.items():
        assert person.has_perm(READ_INSTRUCTION) == reads_all(person, project), name
    assert [name for name, person in people_of_each_role.items() if person.has_perm(WRITE_INSTRUCTION)] == [
        "officer",
        "administrator",
    ]


@pytest.fixture
def people_of_each_role(officer):
    elected = UserFactory(is_staff=True)
    elected.groups.add(Group.objects.get(name=ELECTED.name))
    return {
        "account": UserFactory(),
        "lead": LeadFactory(),
        "elected": elected,
        "officer": officer,
        "administrator": UserFactory(is_staff=True, is_superuser=True),
    }
