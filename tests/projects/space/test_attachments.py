"""The files of leads: what is wicked is refused in a sentence, or kept as what it is and given back harmless."""

import stat
import threading
from urllib.parse import quote, unquote

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from cohesion.lib.text import hidden_character
from cohesion.models import SentForm
from cohesion.together.once import new_token
from projects.choices import AttachmentKind, ProjectStatus
from projects.declaring import attachments
from projects.declaring.attachments import MAX_FILES, NOT_SCANNED, SUSPECT, receive
from projects.models import Attachment, Project
from tests.factories import LeadFactory, OfficerFactory, OrganizationFactory, ProjectFactory
from tests.projects.space.wicked import HTML, PDF_BYTES, Wicked, harmless, png, refused
from tests.site.forms import filled

REFUSED, HARMLESS = refused(), harmless()
PDF = Wicked("statuts.pdf", "application/pdf", PDF_BYTES)


@pytest.fixture(autouse=True)
def disk(tmp_path, monkeypatch):
    """A real disk, as in production; the files that stand on it."""
    storage = FileSystemStorage(tmp_path, file_permissions_mode=0o600, directory_permissions_mode=0o700)
    monkeypatch.setattr(Attachment._meta.get_field("file"), "storage", storage)
    return lambda: [one for one in tmp_path.rglob("*") if one.is_file()]


@pytest.fixture
def lead_client(client, lead):
    client.force_login(lead)
    return client


@pytest.fixture
def add(complete):
    return reverse("projects:attachment_add", args=[complete.project_id])


def multipart(wicked: Wicked, kind: str) -> bytes:
    """As a hand-made request sends it: the name to the letter, but for what would end the header."""
    escaped = f"filename*=UTF-8''{quote(wicked.name, safe='')}"
    return b"".join(
        (
            f'--LIMITE\r\nContent-Disposition: form-data; name="kind"\r\n\r\n{kind}\r\n'.encode(),
            f'--LIMITE\r\nContent-Disposition: form-data; name="file"; {escaped}\r\n'.encode(),
            f"Content-Type: {wicked.said}\r\n\r\n".encode(),
            wicked.data,
            b"\r\n--LIMITE--\r\n",
        )
    )


def send(client, url, wicked=PDF, kind=AttachmentKind.OTHER):
    """What the page says afterwards."""
    content_type = "multipart/form-data; boundary=LIMITE"
    response = client.generic("POST", url, multipart(wicked, kind), content_type=content_type)
    assert response.status_code == 302
    return client.get(response.url).text


def test_there_are_enough_of_them():
    assert len(REFUSED) + len(HARMLESS) >= 56


@pytest.mark.parametrize("name", REFUSED)
def test_a_wicked_file_is_refused_in_a_sentence_and_leaves_nothing(lead_client, add, disk, name):
    wicked = REFUSED[name]
    page = send(lead_client, add, wicked)
    assert wicked.sentence in page
    assert not Attachment.objects.exists()
    assert not disk()


@pytest.mark.parametrize("name", HARMLESS)
def test_a_deceiving_file_is_given_back_as_what_it_is(lead_client, add, disk, name):
    wicked = HARMLESS[name]
    assert "est joint (" in send(lead_client, add, wicked)
    kept = Attachment.objects.get()
    assert kept.content_type == wicked.kept.content_type
    assert kept.name == wicked.shown or not wicked.shown
    assert kept.name.endswith(f".{wicked.kept.extension}")
    assert not hidden_character(kept.name)
    assert not set(kept.name) & set('/\\<>:"|?*%;\r\n')
    [file] = disk()
    assert file.read_bytes() == wicked.data
    assert len(file.name) == 32
    assert int(file.name, 16) >= 0  # nothing of what the sender calls it
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    response = lead_client.get(reverse("projects:attachment", args=[kept.pk]))
    assert b"".join(response.streaming_content) == wicked.data
    assert_harmless(response, kept)


def assert_harmless(response, kept):
    headers = response.headers
    assert headers["Content-Type"] == kept.content_type
    disposition = headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename")
    assert unquote(disposition.partition("=")[2].removeprefix("utf-8''").strip('"')) == kept.name
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["Cache-Control"] == "no-store, private"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.parametrize("parameter", ["filename*=utf-7''a%2B2AA-.pdf", "filename*=nulle-part''a.pdf", "filename=", ""])
def test_a_name_in_an_odd_coding_breaks_nothing(lead_client, add, parameter):
    head = f'--LIMITE\r\nContent-Disposition: form-data; name="file"; {parameter}\r\n\r\n'
    body = head.encode() + PDF_BYTES + b"\r\n--LIMITE--\r\n"
    response = lead_client.generic("POST", add, body, content_type="multipart/form-data; boundary=LIMITE")
    assert response.status_code == 302
    assert "Choisissez d’abord un fichier." in lead_client.get(response.url).text


@pytest.mark.parametrize("charset", ["utf-7", "rot13", "idna", "utf-16"])
def test_a_form_in_another_coding_is_refused(lead_client, add, disk, charset):
    content_type = f"multipart/form-data; boundary=LIMITE; charset={charset}"
    response = lead_client.generic("POST", add, multipart(PDF, "other"), content_type=content_type)
    assert response.status_code == 400
    assert not disk()


def test_a_refusal_names_the_file_without_what_deceives(lead_client, add):
    page = send(lead_client, add, Wicked("../<b>rapport\u202efdp.exe", "application/pdf", HTML))
    assert "« b rapportfdp.exe » n’est pas joint." in page


def test_one_file_more_than_allowed_is_refused(lead_client, add, disk):
    for number in range(MAX_FILES):
        send(lead_client, add, Wicked(f"{number}.png", "image/png", png(b"%d" % number)))
    assert len(disk()) == MAX_FILES
    assert f"{MAX_FILES} fichiers sont déjà joints" in send(lead_client, add)
    assert (len(disk()), Attachment.objects.count()) == (MAX_FILES, MAX_FILES)


def test_a_file_sent_twice_is_kept_once(lead_client, add, disk):
    for _ in range(2):
        assert "est joint (" in send(lead_client, add)
    assert (len(disk()), Attachment.objects.count()) == (1, 1)


@pytest.mark.parametrize("page", ["declaration", "organization"])
def test_a_refused_file_leaves_its_form_good_for_the_corrected_one(lead_client, add, complete, disk, page):
    url, kind = add, "other"
    if page == "organization":
        url, kind = reverse("projects:space_organization", args=[complete.project.organization_id]), "statutes"
    token = new_token()

    def sent(data=None, said=kind):
        file = {} if data is None else {"file": SimpleUploadedFile("a.pdf", data)}
        return lead_client.get(lead_client.post(url, {"kind": said, "once": token, **file}).url).text

    assert "Choisissez d’abord un fichier." in sent()
    told = lead_client.get(lead_client.post(url, {"kind": kind, "once": token, "file_too_heavy": "photo.jpg"}).url).text
    assert "n’est pas joint. Ce fichier dépasse" in told  # weighed by the page, not sent
    assert "n’est pas joint." in sent(b"un virus")
    assert "Dites de quelle pièce il s’agit." in sent(PDF_BYTES, said="")
    assert not SentForm.objects.exists()
    assert "est joint (" in sent(PDF_BYTES)
    assert "n’a été fait qu’une fois" in sent(PDF_BYTES + b"autre")
    assert (len(disk()), Attachment.objects.count()) == (1, 1)


@pytest.mark.parametrize("kind", ["", "virus", "statutes' OR 1=1", "é" * 500])
def test_a_kind_that_does_not_exist_is_refused(lead_client, add, disk, kind):
    assert "Dites de quelle pièce il s’agit." in send(lead_client, add, kind=kind)
    assert not disk()


def test_an_organisation_takes_its_own_kinds_only(lead_client, organization, disk):
    url = reverse("projects:space_organization", args=[organization.pk])
    assert "se joint à une action" in send(lead_client, url)
    assert not disk()
    assert "est joint (" in send(lead_client, url, kind=AttachmentKind.STATUTES)
    assert Attachment.objects.get().project is None


def test_nothing_is_sent_to_another_organisation(lead_client, disk):
    other = ProjectFactory(status=ProjectStatus.DRAFT)
    for url in (
        reverse("projects:attachment_add", args=[other.pk]),
        reverse("projects:space_organization", args=[other.organization_id]),
    ):
        response = lead_client.post(url, {"kind": "statutes", "file": SimpleUploadedFile("a.pdf", PDF_BYTES)})
        assert response.status_code == 404
    assert not disk()


def test_only_its_own_people_and_officers_open_a_file(lead_client, add):
    send(lead_client, add)
    kept = Attachment.objects.get()
    url, remove = (reverse(f"projects:{name}", args=[kept.pk]) for name in ("attachment", "attachment_remove"))
    stranger, officer = Client(), Client()
    stranger.force_login(LeadFactory(acts_for=OrganizationFactory()))
    officer.force_login(OfficerFactory())
    assert Client().get(url).status_code == 302
    assert stranger.get(url).status_code == 404
    assert stranger.post(remove).status_code == 404
    assert officer.post(remove).status_code == 404
    assert Attachment.objects.kept().get() == kept
    assert_harmless(officer.get(url), kept)


def test_the_files_of_an_action_go_with_it_to_another_organisation(lead_client, add, complete):
    send(lead_client, add)
    url = reverse("projects:attachment", args=[Attachment.objects.get().pk])
    heir = OrganizationFactory()
    Project.objects.update(organization=heir)
    other = Client()
    other.force_login(LeadFactory(acts_for=heir))
    assert lead_client.get(url).status_code == 404
    assert other.get(url).status_code == 200


# --- the scanner ------------------------------------------------------------------------------------------------


def finds_nothing(data):
    return data.startswith(b"%PDF-")


def finds_a_virus(data):
    return False


def is_down(data):
    raise ConnectionRefusedError


@pytest.mark.parametrize(
    ("scanner", "said"),
    [("finds_nothing", "est joint ("), ("finds_a_virus", SUSPECT), ("is_down", NOT_SCANNED), ("nowhere", NOT_SCANNED)],
)
def test_the_scanner_of_the_installation_has_the_last_word(lead_client, add, disk, settings, scanner, said):
    settings.ATTACHMENT_SCANNER = f"{__name__}.{scanner}"
    assert said in send(lead_client, add)
    assert len(disk()) == (scanner == "finds_nothing")


# --- nothing stays behind ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("failing", ["save", "full_clean"])
def test_a_file_whose_row_was_not_written_leaves_the_disk(lead_client, add, disk, monkeypatch, failing):
    def fails(self, *args, **kwargs):
        raise DatabaseError("panne")

    monkeypatch.setattr(Attachment, failing, fails)
    lead_client.raise_request_exception = False
    assert lead_client.post(add, {"kind": "other", "file": SimpleUploadedFile("a.pdf", PDF_BYTES)}).status_code == 500
    assert not disk()


@pytest.mark.django_db(transaction=True)
def test_no_file_is_received_within_a_transaction_that_could_be_undone(complete, lead, disk):
    upload = SimpleUploadedFile("a.pdf", PDF_BYTES)
    options = {"kind": "other", "by": lead, "organization": complete.project.organization, "project": complete.project}
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        receive(upload=upload, **options)
    assert not disk()


# --- taken away -------------------------------------------------------------------------------------------------


def test_a_file_taken_away_from_a_draft_leaves_the_disk(lead_client, add, disk, django_capture_on_commit_callbacks):
    send(lead_client, add)
    remove = reverse("projects:attachment_remove", args=[Attachment.objects.get().pk])
    with django_capture_on_commit_callbacks(execute=True):
        assert lead_client.post(remove).status_code == 302
    assert not Attachment.objects.exists()
    assert not disk()
    assert lead_client.post(remove).status_code == 404


def test_what_was_handed_in_keeps_its_files(lead_client, add, disk, complete, organization):
    send(lead_client, add)
    send(lead_client, reverse("projects:space_organization", args=[organization.pk]), kind=AttachmentKind.STATUTES)
    lead_client.post(reverse("projects:declaration_hand_in", args=[complete.project_id]))
    own, statutes = Attachment.objects.get(kind="other"), Attachment.objects.get(kind="statutes")
    said = lead_client.post(reverse("projects:attachment_remove", args=[own.pk]), follow=True).text
    assert "ses pièces y restent" in said
    lead_client.post(reverse("projects:attachment_remove", args=[statutes.pk]))
    assert list(Attachment.objects.kept()) == [own]
    assert len(disk()) == 2
    officer = Client()
    officer.force_login(OfficerFactory())
    assert officer.get(reverse("projects:attachment", args=[statutes.pk])).status_code == 200
    assert "ne peut plus être modifié" in send(lead_client, add, Wicked("b.png", "", png()))
    assert len(disk()) == 2


def test_a_draft_is_deleted_with_its_files(lead_client, add, disk, complete, django_capture_on_commit_callbacks):
    send(lead_client, add)
    with django_capture_on_commit_callbacks(execute=True):
        lead_client.post(reverse("projects:declaration_give_up", args=[complete.project_id]))
    assert not Project.objects.exists()
    assert not disk()


def test_a_file_that_the_disk_lost_is_not_found(lead_client, add, disk):
    send(lead_client, add)
    disk()[0].unlink()
    assert lead_client.get(reverse("projects:attachment", args=[Attachment.objects.get().pk])).status_code == 404


# --- at the same time -------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_files_sent_together_do_not_pass_the_number_allowed(complete, lead, disk, monkeypatch):
    monkeypatch.setattr(attachments, "MAX_FILES", 2)
    said = []

    def one(number):
        try:
            upload = SimpleUploadedFile("a.png", png(b"%d" % number))
            organization = complete.project.organization
            receive(upload=upload, kind="other", by=lead, organization=organization, project=complete.project)
            said.append("kept")
        except ValidationError:
            said.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["kept"] * 2 + ["refused"] * 4
    assert (Attachment.objects.count(), len(disk())) == (2, 2)


# --- what is typed beside it --------------------------------------------------------------------------------


def opened(client, declaration):
    """The page of the files as a browser reads it, with the last attestation taken back by hand."""
    page = reverse("projects:declaration_page", args=[declaration.project_id, "pieces"])
    return page, filled(client.get(page), "#page-form")


def attested(declaration):
    declaration.refresh_from_db()
    return declaration.answers["pieces"]


@pytest.mark.parametrize("button", ["add", "save", "remove"])
def test_whatever_is_pressed_what_is_ticked_and_the_file_go_with_it(lead_client, lead, complete, button, disk):
    project = complete.project
    there = receive(
        upload=SimpleUploadedFile("ancien.pdf", PDF_BYTES + b"%1"),
        kind="other",
        by=lead,
        organization=project.organization,
        project=project,
    )
    complete.answers = complete.answers | {"pieces": {}}
    complete.save()
    page, read = opened(lead_client, complete)
    to = {
        "add": reverse("projects:attachment_add", args=[project.pk]),
        "save": page,
        "remove": reverse("projects:attachment_remove", args=[there.pk]),
    }[button]
    typed = read | {"attests_exact": "on", "kind": "other", "file": SimpleUploadedFile("devis.pdf", PDF_BYTES)}
    answer = lead_client.post(to, typed)
    assert answer.url == page
    assert attested(complete)["attests_exact"] == "on"
    names = {one.name for one in Attachment.objects.kept()}
    assert names == ({"devis.pdf"} if button == "remove" else {"ancien.pdf", "devis.pdf"})


def test_a_clash_on_the_page_is_shown_before_a_file_is_taken(lead_client, add, complete):
    complete.answers = complete.answers | {"pieces": {}}
    complete.save()
    _, read = opened(lead_client, complete)
    complete.answers = complete.answers | {"pieces": {"attests_exact": "autre"}}
    complete.save()
    typed = read | {"attests_exact": "on", "kind": "other", "file": SimpleUploadedFile("devis.pdf", PDF_BYTES)}
    page = lead_client.post(add, typed).content.decode()
    assert "Quelqu’un d’autre a changé la même chose" in page
    assert not Attachment.objects.exists()
