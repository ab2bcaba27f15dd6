"""The pages of papers: making one or those of a committee, sending, what officers and leads see."""

import io
import re

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cohesion.lib.progress import Advance
from projects.choices import ProjectStatus
from projects.correspondence.drafting import source_of
from projects.correspondence.issuing import issue
from projects.correspondence.models import Issuing, Paper, PaperModel
from projects.correspondence.sending import send
from projects.correspondence.working import follow, work
from projects.declaring.models import Declaration
from projects.messaging.models import Message
from tests.factories import AgreementFactory, CommitteeFactory, GrantFactory, this_year
from tests.pdf import text_of
from tests.projects.correspondence.conftest import SIGNED, decided
from tests.projects.correspondence.test_word_models import OF_LIBREOFFICE
from tests.site import forms

pytestmark = pytest.mark.django_db
TYPED = {"champ-signataire": "Mme Jeanne Roy", "champ-qualite-du-signataire": "Vice-présidente"}


@pytest.fixture
def client(officer):
    client = Client()
    client.force_login(officer)
    return client


def filled(answer):
    """The form that writes, on the page of an officer or of the screens."""
    is_screen = answer.request["PATH_INFO"].startswith("/admin/")
    return forms.filled(answer, "#content form" if is_screen else "main form")


def page(answer):
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def make(project):
    return reverse("projects:instruction_paper_make", args=[project.pk])


def test_an_officer_makes_a_paper_looks_at_it_and_sends_it(client, officer):
    project = decided()
    assert "Notification : Modèle fourni" in page(client.get(make(project))).replace("\xa0", " ")
    address = f"{make(project)}?modele=notification"
    token = filled(client.get(address))
    preview = client.post(address, token | TYPED | {"apercu": "1"})
    assert preview["Content-Type"] == "application/pdf"
    assert not Paper.objects.exists()
    answer = client.post(address, token | TYPED | {"emettre": "1"}, follow=True)
    paper = Paper.objects.get()
    assert f"Le document {paper.reference} est émis" in page(answer)
    where = reverse("projects:instruction_issued_send", args=[paper.pk])
    lead = paper.organization.memberships.get().user
    assert lead.email in page(client.get(where)).replace("<wbr>", "")
    sent = filled(client.get(where))
    for _ in range(2):
        client.post(where, sent)
    assert Message.objects.filter(paper=paper).count() == 1
    assert "Envoyé le" in page(client.get(reverse("projects:instruction_file", args=[project.pk])))


def test_a_form_pressed_twice_issues_one_paper(client):
    project = decided()
    address = f"{make(project)}?modele=notification"
    token = filled(client.get(address))
    for _ in range(2):
        client.post(address, token | TYPED | {"emettre": "1"})
    assert Paper.objects.count() == 1


def test_what_is_typed_last_is_proposed_and_a_second_paper_replaces_the_first(client, officer):
    first = issue(source_of("notification", None), decided(), by=officer, typed=SIGNED)
    form = filled(client.get(f"{make(first.project)}?modele=notification"))
    assert form["champ-signataire"] == ["Mme Jeanne Roy"]
    assert form["replaces"] == [str(first.pk)]


def test_what_lacks_is_said_before_anything_is_typed(client):
    project = decided(outcome=ProjectStatus.REFUSED)
    assert "sa dernière décision n’accorde rien" in page(client.get(f"{make(project)}?modele=notification"))


def test_what_is_not_typed_is_asked_for_and_nothing_is_lost(client):
    address = f"{make(decided())}?modele=notification"
    token = filled(client.get(address))
    words = page(client.post(address, token | {"champ-signataire": "Mme Roy", "emettre": "1"}))
    assert "Saisissez {qualité du signataire}" in words
    assert 'value="Mme Roy"' in words


def test_a_committee_is_asked_for_at_once_and_its_papers_sent_together(client):
    meeting = CommitteeFactory()
    for outcome in (ProjectStatus.RETAINED, ProjectStatus.RETAINED, ProjectStatus.REFUSED):
        decided(meeting, outcome)
    address = reverse("projects:instruction_committee_papers", args=[meeting.pk])
    form = filled(client.get(address))
    for _ in range(2):
        client.post(address, form | TYPED)
    issuing = Issuing.objects.get()
    assert issuing.lines.count() == 3
    work(issuing)
    shown = page(client.get(reverse("projects:instruction_issuing", args=[issuing.pk])))
    assert "3 documents faits" in shown
    steps = []
    follow(issuing, steps.append)
    assert steps == [Advance("3\xa0documents faits sur 3.", 3, 3)]
    assert "Rien n’est à faire" in page(client.get(address))
    where = reverse("projects:instruction_issuing_send", args=[issuing.pk])
    answer = client.post(where, filled(client.get(where)), follow=True)
    assert "3\xa0documents envoyés, 3\xa0messages écrits." in answer.content.decode()


def test_what_could_not_be_made_is_named_and_may_be_taken_up_again(client):
    meeting = CommitteeFactory()
    project = decided(meeting)
    address = reverse("projects:instruction_committee_papers", args=[meeting.pk])
    client.post(address, filled(client.get(address)) | TYPED)
    project.decisions.update(deliberation="")
    issuing = Issuing.objects.get()
    work(issuing)
    steps = []
    follow(issuing, steps.append)
    assert steps == [Advance("0\xa0document fait sur 1, 1\xa0ne peut l’être.", 1, 1)]
    where = reverse("projects:instruction_issuing", args=[issuing.pk])
    assert "{délibération}" in page(client.get(where))
    client.post(where, filled(client.get(where)))
    assert issuing.lines.get().refusal == ""


def test_a_paper_is_cancelled_with_a_reason_only(client, officer):
    paper = issue(source_of("notification", None), decided(), by=officer, typed=SIGNED)
    where = reverse("projects:instruction_issued", args=[paper.pk])
    form = filled(client.get(where))
    assert "Dites pourquoi" in page(client.post(where, form | {"motif": ""}))
    assert "Mauvaise adresse" in page(client.post(where, form | {"motif": "Mauvaise adresse"}, follow=True))


@pytest.mark.parametrize(("address", "format"), [("pdf", "pdf"), ("word", "docx")])
def test_officers_take_both_files(client, officer, address, format):
    paper = issue(source_of("notification", None), decided(), by=officer, typed=SIGNED)
    answer = client.get(reverse(f"projects:instruction_issued_{address}", args=[paper.pk]))
    assert answer["Content-Disposition"] == f'attachment; filename="{paper.reference}.{format}"'


def test_lists_take_as_many_queries_for_five_papers_as_for_one(client, officer, django_assert_max_num_queries):
    def ask(number):
        for _ in range(number):
            paper = issue(source_of("notification", None), decided(), by=officer, typed=SIGNED)
            send([paper], by=officer)
        with django_assert_max_num_queries(30) as asked:
            page(client.get(reverse("projects:instruction_papers")))
        return len(asked)

    assert ask(1) == ask(4)


def test_the_lead_reads_on_the_page_of_the_action_what_was_sent_to_whom_and_whether_it_is_read(officer):
    paper = issue(source_of("notification", None), decided(), by=officer, typed=SIGNED)
    Declaration.objects.create(project=paper.project)
    lead = paper.organization.memberships.get().user
    client = Client()
    client.force_login(lead)
    where = reverse("projects:declaration", args=[paper.project_id])
    assert paper.reference not in page(client.get(where))
    send([paper], by=officer)
    assert "pas encore lu" in page(client.get(where))
    client.get(f"/espace/documents/{paper.pk}/")
    assert re.search(rf"{paper.reference}, envoyé le .* lu le", page(client.get(where)))


# --- the models ----------------------------------------------------------------------------------------------------


def test_a_new_model_begins_with_the_one_of_the_site_and_shows_its_fields(client):
    words = page(client.get("/admin/projects/papermodel/add/?kind=refusal"))
    assert "Suite donnée à la demande" in words
    assert "{délibération}" in words


def test_a_model_is_saved_and_each_saving_is_a_version(client):
    form = filled(client.get("/admin/projects/papermodel/add/"))
    client.post("/admin/projects/papermodel/add/", form | {"name": "Le nôtre"})
    model = PaperModel.objects.get()
    where = f"/admin/projects/papermodel/{model.pk}/change/"
    client.post(where, filled(client.get(where)) | {"body": "Bonjour {structure}"})
    model.refresh_from_db()
    assert (model.version, model.body, model.history.count()) == (2, "Bonjour {structure}", 2)


def test_a_model_with_an_unknown_field_is_not_saved_and_what_is_typed_stays(client):
    form = filled(client.get("/admin/projects/papermodel/add/"))
    words = page(client.post("/admin/projects/papermodel/add/", form | {"body": "Un\n\n{prénom}"}))
    assert "Le champ {prénom}, ligne 3 n’existe pas" in words
    assert not PaperModel.objects.exists()


def test_a_word_file_is_a_model_and_makes_a_preview_of_a_real_case(client):
    form = filled(client.get("/admin/projects/papermodel/add/"))
    upload = SimpleUploadedFile("Notre lettre.docx", OF_LIBREOFFICE.read_bytes())
    client.post("/admin/projects/papermodel/add/", form | {"name": "Word", "brought": upload})
    model = PaperModel.objects.get()
    assert model.word_name == "Notre lettre.docx"
    assert "Notre lettre.docx" in page(client.get(f"/admin/projects/papermodel/{model.pk}/change/"))
    project = decided()
    about = {"modele": f"notification-{model.pk}", "projet": project.code}
    preview = client.get(reverse("projects:instruction_paper_preview"), about)
    assert preview["Content-Type"] == "application/pdf"


def test_a_file_that_is_no_word_document_is_refused_with_a_sentence(client):
    form = filled(client.get("/admin/projects/papermodel/add/"))
    upload = SimpleUploadedFile("lettre.docx", b"%PDF-1.7\n%%EOF")
    words = page(client.post("/admin/projects/papermodel/add/", form | {"brought": upload}))
    assert "n’est pas un document Word" in words
    assert not PaperModel.objects.exists()


def test_a_text_is_tried_on_a_real_case_before_it_is_saved(client):
    address, project = reverse("projects:instruction_paper_preview"), decided()
    typed = {"kind": "notification", "title": "Objet", "body": "Somme : {montant}.", "projet": project.code}
    tried = client.post(address, typed)
    assert tried["Content-Type"] == "application/pdf"
    assert "8 500 €" in " ".join(text_of(tried.content).replace("\u202f", " ").replace("\xa0", " ").split())
    for changed, sentence in (
        ({"body": "{prénom}"}, "Le champ {prénom} n’existe pas"),
        ({"body": " "}, "Écrivez le texte du document"),
        ({"projet": ""}, "le code d’un projet déposé"),
        ({"projet": "X-404"}, "Aucun projet déposé ne porte le code « X-404 »"),
    ):
        assert sentence in page(client.post(address, typed | changed))
    upload = SimpleUploadedFile("lettre.docx", OF_LIBREOFFICE.read_bytes())
    assert client.post(address, typed | {"brought": upload})["Content-Type"] == "application/pdf"
    assert not PaperModel.objects.exists()
    assert "papermodel_form" in client.get("/admin/projects/papermodel/add/").text


def test_what_of_a_word_file_the_pdf_leaves_out_is_said_on_the_form_and_where_papers_are_made(client):
    word = docx.Document()
    word.add_paragraph("Somme : {montant}")
    word.sections[0].header.paragraphs[0].text = "Agglomération"
    kept = io.BytesIO()
    word.save(kept)
    form = filled(client.get("/admin/projects/papermodel/add/"))
    upload = SimpleUploadedFile("lettre.docx", kept.getvalue())
    client.post("/admin/projects/papermodel/add/", form | {"name": "Word", "brought": upload})
    model, project = PaperModel.objects.get(), decided()
    sentence = "Le PDF ne reprend pas l’en-tête et le pied de page"
    assert sentence in page(client.get(f"/admin/projects/papermodel/{model.pk}/change/"))
    making = reverse("projects:instruction_paper_make", args=[project.pk])
    assert sentence in page(client.get(making, {"modele": f"notification-{model.pk}"}))


def test_a_preview_that_cannot_be_made_says_what_lacks(client):
    project = decided(outcome=ProjectStatus.REFUSED)
    about = {"modele": "notification", "projet": project.code}
    assert "n’accorde rien" in page(client.get(reverse("projects:instruction_paper_preview"), about))


def test_a_convention_leads_to_making_its_paper_and_so_does_its_grant(client):
    project = decided()
    agreement = AgreementFactory(organization=project.organization)
    GrantFactory(project=project, agreement=agreement)
    wanted = f'href="{make(project)}?modele=convention"'
    for address in (
        reverse("projects:instruction_agreement", args=[agreement.pk]),
        reverse("projects:instruction_grant", args=[project.pk]),
    ):
        assert wanted in client.get(address).text
    assert client.get(f"{make(project)}?modele=convention").status_code == 200


def test_the_page_of_a_committee_takes_as_many_queries_for_ten_decisions_as_for_one(client, django_assert_num_queries):
    meeting = CommitteeFactory()
    address = reverse("projects:instruction_committee_papers", args=[meeting.pk])
    decided(meeting)
    client.get(address)
    with CaptureQueriesContext(connection) as for_one:
        client.get(address)
    for _ in range(9):
        decided(meeting)
    with django_assert_num_queries(len(for_one)):
        client.get(address)


def test_a_convention_of_several_actions_offers_its_paper_once_and_each_file_to_keep_it_in(client):
    first, second = decided(), decided()
    agreement = AgreementFactory(organization=first.organization, amounts={this_year(): 1_000_000})
    for project in (first, second):
        GrantFactory(project=project, agreement=agreement)
    text = client.get(reverse("projects:instruction_agreement", args=[agreement.pk])).text
    assert text.count("Faire le document de la convention") == 1
    assert "il nomme chaque action" in text
    assert all(f'href="{make(project)}?modele=convention"' in text for project in (first, second))
