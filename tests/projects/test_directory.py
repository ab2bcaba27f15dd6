"""The directory: who is found by what, what is shown of each, and a file that runs nothing and is noted."""

import csv
import io

import pytest

from cohesion.models import AuditEvent
from projects.choices import OrganizationKind, ProjectStatus
from projects.models import Project
from tests.costs import cost
from tests.factories import (
    DeclarationFactory,
    LeadFactory,
    MembershipFactory,
    OrganizationFactory,
    ProjectFactory,
    SubmissionFactory,
    TerritoryFactory,
    UserFactory,
)
from tests.pages import squeezed

pytestmark = pytest.mark.django_db
PAGE, FILE = "/instruction/annuaire/", "/instruction/annuaire/annuaire.csv"


def rows(client, address=FILE):
    text = b"".join(client.get(address).streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


@pytest.fixture
def escale():
    """A structure with all that the directory says of one."""
    commune = TerritoryFactory(name="Évreux")
    escale = OrganizationFactory(
        name="L’Escale verte",
        acronym="LEV",
        kind=OrganizationKind.ASSOCIATION,
        commune=commune,
        phone="02 32 00 00 00",
        email="contact@escale.test",
        representative="Anne Présidente",
    )
    user = UserFactory(first_name="Éloïse", last_name="Martin", email="eloise@escale.test")
    MembershipFactory(organization=escale, user=user, role="signatory")
    project = ProjectFactory(organization=escale, title="Jardin partagé", status=ProjectStatus.SUBMITTED)
    contact = {"contact_name": "Karim Salarié", "contact_phone": "06 12 34 56 78", "contact_email": "karim@escale.test"}
    SubmissionFactory(project=project, answers={"structure": contact})
    OrganizationFactory(name="Autre", kind="municipality")
    return escale


@pytest.mark.parametrize(
    "words",
    [
        "escale",
        "ESCALE verte",
        "lev",
        "eloise",
        "Éloïse martin",
        "eloise@escale",
        "02 32 00",
        "0232000000",
        "evreux",
        "karim salarie",
        "karim@",
        "0612345678",
    ],
)
def test_a_structure_is_found_by_its_names_its_people_its_numbers_whatever_the_accents(officer_client, escale, words):
    page = officer_client.get(PAGE, {"q": words}).text
    assert "L’Escale verte" in page
    assert "1\u00a0structure<" in squeezed(page)


def test_a_search_that_finds_nothing_leads_back_to_the_whole(officer_client, escale):
    for query in ({"q": "zzz"}, {"q": "escale zzz"}, {"q": "escale", "nature": "municipality"}):
        page = officer_client.get(PAGE, query).text
        assert "Aucune structure ne répond" in page
        assert f'href="{PAGE}"' in page
    for nonsense in ({"nature": "x"}, {"q": "\u202e"}, {"page": "x"}):
        assert "L’Escale verte" in officer_client.get(PAGE, nonsense).text


def test_the_page_says_how_to_reach_each_who_acts_and_what_is_led(officer_client, escale):
    gone = LeadFactory(acts_for=escale, first_name="Parti", last_name="Ailleurs", is_active=False)
    ProjectFactory(organization=escale, title="Terminée", status=ProjectStatus.CLOSED)
    page = officer_client.get(PAGE, {"q": "escale"}).text
    for words in (
        'href="tel:0232000000"',
        'href="mailto:contact@escale.test"',
        "Anne Présidente",
        "Karim Salarié",
        'href="tel:0612345678"',
        "Éloïse Martin",
        "signataire",
        "Jardin partagé",
    ):
        assert words in page, words
    assert gone.get_full_name() not in page
    assert "Terminée" not in page


def test_what_does_not_fit_is_unfolded_with_one_click(officer_client, escale):
    for number in range(6):
        ProjectFactory(organization=escale, title=f"Atelier n° {number}")
    page = squeezed(officer_client.get(PAGE, {"q": "escale"}).text)
    assert "<summary>et 3\u00a0autres</summary>" in page
    assert all(f"Atelier n° {number}" in page for number in range(6))


def test_the_contact_is_the_one_of_the_last_file_handed_in(officer_client, escale):
    began = ProjectFactory(organization=escale, status=ProjectStatus.DRAFT)
    DeclarationFactory(project=began, answers={"structure": {"contact_name": "Pas encore"}})
    odd = ProjectFactory(organization=escale, status=ProjectStatus.SUBMITTED)
    SubmissionFactory(project=odd, answers={"structure": {"contact_name": ["deux", "noms"]}})
    assert "Karim Salarié" in officer_client.get(PAGE).text
    first = Project.objects.get(title="Jardin partagé")
    DeclarationFactory(project=first, answers={"structure": {"contact_name": "Corrigé sans dépôt"}})
    assert "Karim Salarié" in officer_client.get(PAGE).text
    SubmissionFactory(project=odd, number=2, answers={"structure": {"contact_name": "Lina Autre"}})
    SubmissionFactory(project=first, number=2, answers={"structure": {"contact_name": "Nina Dernière"}})
    page = officer_client.get(PAGE).text
    assert "Nina Dernière" in page
    for other in ("Pas encore", "Corrigé", "Karim", "Lina"):
        assert other not in page


def test_the_page_costs_the_same_for_two_structures_as_for_twenty(officer_client, escale):
    officer_client.get(PAGE)
    both = cost(PAGE, officer_client), cost(f"{PAGE}?q=a", officer_client)
    for _ in range(18):
        ProjectFactory(organization=LeadFactory().memberships.get().organization)
    assert (cost(PAGE, officer_client), cost(f"{PAGE}?q=a", officer_client)) == both


def test_the_file_has_a_row_a_person_follows_the_filters_and_runs_nothing(officer_client, escale):
    MembershipFactory(organization=escale, user=UserFactory(first_name="=1+1", last_name="x"))
    escale.acronym = "@SUM(A1)"
    escale.save()
    listed = rows(officer_client, f"{FILE}?q=escale")
    assert [(row["structure"], row["personne"]) for row in listed] == [
        ("L’Escale verte", "Éloïse Martin"),
        ("L’Escale verte", "'=1+1 x"),
    ]
    assert {row["sigle"] for row in listed} == {"'@SUM(A1)"}
    assert listed[0]["a_joindre"] == "Karim Salarié, 06 12 34 56 78, karim@escale.test"
    assert {row["structure"] for row in rows(officer_client)} == {"L’Escale verte", "Autre"}
    for format in ("xlsx", "ods"):
        assert officer_client.get(f"/instruction/annuaire/annuaire.{format}").status_code == 200
    assert officer_client.get("/instruction/annuaire/annuaire.exe").status_code == 404


def test_who_took_the_directory_away_is_in_the_log(officer_client, officer, escale):
    rows(officer_client, f"{FILE}?q=escale")
    event = AuditEvent.objects.get(kind="export")
    assert (event.label, event.account, event.after) == ("annuaire", officer.pk, {"filtres": {"q": ["escale"]}})
