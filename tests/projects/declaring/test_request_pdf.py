"""The request as a PDF: every answer that was handed in, tagged, for its lead and for whoever reads the instruction."""

import io

import pytest
from django.test import Client
from pypdf import PdfReader

from projects.declaring.handing_in import hand_in
from projects.declaring.pdf import submission_pdf
from projects.models import Campaign, Organization, Project, Submission
from tests.factories import (
    CampaignFactory,
    DeclarationFactory,
    LeadFactory,
    OrganizationFactory,
    ProjectFactory,
    SubmissionFactory,
    TerritoryFactory,
    UserFactory,
    answers,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def submission(founding, node):
    """A complete declaration, handed in."""
    campaign = CampaignFactory()
    project = ProjectFactory(status="draft", starts_on=None, ends_on=None, organization=OrganizationFactory())
    given = answers(campaign, node("5.2.4-b"), TerritoryFactory(name="Gravigny"))
    DeclarationFactory(project=project, answers=given, campaign=campaign)
    lead = LeadFactory(acts_for=project.organization)
    return hand_in(project=project, by=lead, role="signatory")


def address(submission):
    return f"/espace/declarations/{submission.project_id}/demande.pdf"


def words(pdf):
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return "".join(text.split())


def test_every_answer_that_was_handed_in_stands_in_it(submission):
    printed = words(submission_pdf(submission))
    for _, title, lines in submission.shown:
        assert "".join(title.split()) in printed
        for label, answer in lines:
            assert "".join(answer.split()) in printed, label
    for fact in ("dépôtn°1", "Gravigny", "5.2.4-b", "Charges", "Produits", "(demandé)", submission.digest[:20]):
        assert fact in printed


def test_nothing_that_is_changed_once_it_was_handed_in_is_read_in_it(submission):
    before = words(submission_pdf(submission))
    Project.objects.update(title="Autre titre", code="X-9")
    Organization.objects.update(name="Autre nom", address="9 rue d’Ailleurs")
    Campaign.objects.update(name="Autre appel")
    assert words(submission_pdf(Submission.objects.get())) == before


def test_it_is_tagged_titled_in_french_and_the_same_each_time(submission):
    made = submission_pdf(submission)
    pdf = PdfReader(io.BytesIO(made))
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith("fr")
    assert pdf.metadata.title == submission.project.title
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()
    assert submission_pdf(Submission.objects.get()) == made


def test_what_a_lead_types_is_no_markup_and_no_character_is_lost():
    shown = [["action", "L’action", [["Titre", '#read("/etc/passwd") *gras* $x$ \\ 🌱'], ["Résumé", "Un\nDeux"]]]]
    printed = words(submission_pdf(SubmissionFactory(shown=shown)))
    assert '#read("/etc/passwd")*gras*$x$\\' in printed
    assert "[U+1F331]" in printed or "🌱" in printed


def test_its_lead_and_whoever_reads_the_instruction_download_it_and_nobody_else(officer_client, submission):
    answer = officer_client.get(address(submission))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="demande-')
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert address(submission) in officer_client.get(f"/instruction/{submission.project_id}/").text
    for account, expected in (
        (submission.by, 200),
        (LeadFactory(acts_for=OrganizationFactory()), 404),
        (UserFactory(), 404),
    ):
        client = Client()
        client.force_login(account)
        assert client.get(address(submission)).status_code == expected


def test_the_last_copy_is_the_one_that_is_given_and_a_draft_has_none(officer_client, submission):
    again = SubmissionFactory(project=submission.project, number=2, shown=[["a", "Partie", [["Mot", "Deuxième"]]]])
    assert "Deuxième" in words(officer_client.get(address(again)).content)
    draft = DeclarationFactory().project
    client = Client()
    client.force_login(LeadFactory(acts_for=draft.organization))
    assert client.get(f"/espace/declarations/{draft.pk}/demande.pdf").status_code == 404
