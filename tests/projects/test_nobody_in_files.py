"""Who appears in no role appears in no file: what names people is in no file, feed or paper of who may not read it."""

import io
import zipfile

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from cohesion.roles import ELECTED
from projects.choices import OrganizationKind, ProjectStatus
from projects.models import CoLead, FileNote, Indicator, Offer, Organization
from tests.factories import (
    DeclarationFactory,
    MembershipFactory,
    OfficerFactory,
    OrganizationFactory,
    ProjectFactory,
    SubmissionFactory,
    TerritoryFactory,
    UserFactory,
)
from tests.site.rights import named_addresses

# Pages and files, walked and read: the same on both databases.
pytestmark = [pytest.mark.django_db, pytest.mark.once]
SECRETS = ("zephirin", "quilleboeuf", "0612345678", "06 12 34 56 78")
NAME, MAIL, PHONE = "Zéphirin Quilleboeuf", "zephirin.quilleboeuf@exemple.fr", "06 12 34 56 78"
FORMATS = ("csv", "xlsx", "ods", "pdf", "docx", "json")


@pytest.fixture
def programme(founding):
    """Public projects whose structure, file and account name the same person everywhere that one may."""
    commune = TerritoryFactory(code="27299", name="Gravigny")
    lead = UserFactory(first_name="Zéphirin", last_name="Quilleboeuf", username=MAIL, email=MAIL)
    organization = OrganizationFactory(name="La Halle", representative=NAME, email=MAIL, phone=PHONE, note=NAME)
    MembershipFactory(user=lead, organization=organization)
    answers = {"structure": {"representative": NAME, "contact_email": MAIL, "contact_phone": PHONE}}
    made = {}
    for kind, code in (("pst", "PST-1"), ("action", "ACT-1")):
        project = ProjectFactory(
            kind=kind,
            code=code,
            status=ProjectStatus.RETAINED,
            organization=organization,
            serves=[founding.orientations.first()],
            located_in=[commune],
        )
        DeclarationFactory(project=project, answers=answers, saved_by=lead, created_by=lead)
        SubmissionFactory(project=project, answers=answers, shown=[], by=lead, organization=organization)
        FileNote.objects.create(project=project, text=f"Appeler {NAME}", by=OfficerFactory())
        made[kind] = project
    Offer.objects.create(project=made["action"], kind="other", name="Atelier")
    return made


def readers():
    """Nobody, an account without a role, the lead of another structure, an elected official."""
    elected = UserFactory(is_staff=True)
    elected.groups.add(Group.objects.get(name=ELECTED.name))
    return {"public": None, "account": UserFactory(), "other": MembershipFactory().user, "elected": elected}


def addresses(founding, project):
    """Every address of the site that a file or a page answers at, with a real object for each parameter."""
    values = {
        "code": lambda name: {"projects:detail": project.code, "projects:project_paper": project.code}.get(
            name, "27299" if "territory" in name else founding.orientations.first().code
        ),
        "slug": lambda name: founding.slug,
        "day": lambda name: "2026-01-01",
        "section": lambda name: "projets",
        "pk": lambda name: project.organization_id if name == "projects:organization" else project.pk,
    }
    for name, parameters in named_addresses():
        if name.startswith(("admin:", "account", "mfa", "usersessions")) or not set(parameters) <= {*values, "format"}:
            continue
        for suffix in FORMATS if "format" in parameters else ("",):
            kwargs = {key: suffix if key == "format" else values[key](name) for key in parameters}
            yield reverse(name, kwargs=kwargs)


def words(response):
    """What an answer says, whatever its format: the text of a PDF, the parts of a spreadsheet."""
    content = b"".join(response) if response.streaming else response.content
    if content[:4] == b"%PDF":
        return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return " ".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    return content.decode("utf-8", "replace")


# Who has an account and no role reads what the public reads: the long run looks at it too.
ROLES = ["public", pytest.param("account", marks=pytest.mark.slow), "other", "elected"]


@pytest.mark.parametrize("role", ROLES)
def test_no_page_nor_file_names_who_only_acts_for_a_structure(founding, programme, role):
    client, user = Client(), readers()[role]
    if user is not None:
        client.force_login(user)
    # Elected officials read the file of a request, its sheet for officers and its paper, and nothing else of people.
    pages = ("projects:instruction_file", "projects:request_pdf")
    files = {reverse(page, args=[project.pk]) for page in pages for project in programme.values()}
    read, leaks = 0, []
    for address in sorted({*addresses(founding, programme["action"]), *addresses(founding, programme["pst"])}):
        response = client.get(address)
        if response.status_code == 200:
            read += 1
            found = words(response).lower().replace("é", "e").replace("\u00a0", " ")
            may_read = role == "elected" and address in files
            leaks += [f"{address} : {secret}" for secret in SECRETS if secret in found and not may_read]
    assert read > 40
    assert not leaks, "\n".join(leaks)


def test_the_walk_would_see_a_name_where_there_is_one(programme):
    """A walk that finds nothing proves nothing: an officer, who may read it, finds the name."""
    client = Client()
    client.force_login(OfficerFactory())
    directory = reverse("projects:instruction_directory_file", args=["csv"])
    assert Organization.objects.get().representative == NAME
    assert "quilleboeuf" in words(client.get(directory)).lower()


# By the words of their queries, the files whose rows are structures.
BY_STRUCTURE = (
    "/tableau-de-bord/argent.csv?par=structure&annee=toutes",
    "/tableau-de-bord/personnes.csv?par=structure&annee=toutes",
)
MORE = ("/api/v1/projets/?taille=200", "/api/v1/structures/", "/api/v1/offres/", "/api/v1/indicateurs/")


def is_page(response):
    """What people read on a screen or on paper; all the rest is read by programs."""
    return response.headers.get("Content-Type", "").startswith(("text/html", "application/pdf"))


@pytest.mark.parametrize("role", ROLES)
def test_what_programs_read_names_no_lead_that_may_be_somebody(founding, programme, role):
    """Pages name who leads a project, and the page as it is printed; every file, feed and list of the API does not."""
    commune = programme["action"].places.get().territory
    somebody = OrganizationFactory(name="Jeanne Untel", kind=OrganizationKind.OTHER, legal_form="")
    own = ProjectFactory(
        code="U-1",
        status=ProjectStatus.RUNNING,
        granted=900,
        organization=somebody,
        serves=[founding.orientations.first()],
        located_in=[commune],
    )
    CoLead.objects.create(project=programme["action"], organization=somebody)
    Offer.objects.create(project=own, kind="other", name="Atelier")
    Indicator.objects.create(project=own, name="Habitants", target=12)
    client, user = Client(), readers()[role]
    if user is not None:
        client.force_login(user)
    assert "Jeanne Untel" in client.get(own.get_absolute_url()).text
    tables = [f"/donnees/{name}.{suffix}" for name in ("projets", "offres", "argent") for suffix in ("csv", "json")]
    walked = {*addresses(founding, own), *addresses(founding, programme["action"]), *BY_STRUCTURE, *MORE, *tables}
    read, leaks = 0, []
    for address in sorted(walked):
        response = client.get(address)
        if response.status_code == 200 and not is_page(response):
            read += 1
            leaks += [address] if "untel" in words(response).lower() and role != "elected" else []
        assert response.status_code == 200 or address not in BY_STRUCTURE
    assert read > 20
    assert not leaks, "\n".join(leaks)
