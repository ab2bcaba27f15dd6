"""Notes between colleagues: officers alone read them, whoever is named hears of it once, a note is kept once."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from cohesion.accounts.erasing import erase
from cohesion.accounts.held import held
from cohesion.roles import ELECTED
from projects.instructing.notes import mentions_in
from projects.models import FileNote, Message, ReviewNote
from tests.costs import cost
from tests.factories import LeadFactory, OfficerFactory, ProjectFactory, SubmissionFactory, UserFactory
from tests.pages import squeezed
from tests.site.forms import filled

pytestmark = pytest.mark.django_db
FORM = "#dossier"


@pytest.fixture
def project():
    return SubmissionFactory(project__title="Vélo-école").project


@pytest.fixture
def agnes():
    return OfficerFactory(first_name="Agnès", last_name="Morel")


def where(project):
    return f"/instruction/{project.pk}/"


def note(text, *chosen, **more):
    """What the form of a file posts when its note is sent."""
    return {"etape": "note", "note-text": text, "note-chosen": [colleague.pk for colleague in chosen], **more}


def test_a_note_says_who_wrote_it_and_reaches_whom_it_names_and_whom_it_ticks(officer_client, officer, project, agnes):
    luc = OfficerFactory(first_name="Luc", last_name="Petit")
    OfficerFactory(first_name="Zoé")
    typed = note("@agnes, le budget ne tient pas.\nÀ voir avec Luc.", luc, agnes)
    page = officer_client.post(where(project), typed, follow=True)
    assert page.redirect_chain == [(f"/instruction/{project.pk}/#notes", 302)]
    kept = FileNote.objects.get()
    assert (kept.by, kept.project, set(kept.recipients.all())) == (officer, project, {agnes, luc})
    assert "le budget ne tient pas.<br>À voir avec Luc." in squeezed(page.text)
    told = list(Message.objects.filter(key__startswith="note:").order_by("user_id"))
    assert {message.user for message in told} == {agnes, luc}
    assert told[0].path == f"/instruction/{project.pk}/#notes"
    assert "le budget ne tient pas" in told[0].text
    assert "Vélo-école" in told[0].title


def test_a_note_sent_twice_is_kept_once_and_told_once(officer_client, project, agnes):
    typed = filled(officer_client.get(where(project)), FORM) | note("@Agnès regarde.")
    for _ in range(2):
        officer_client.post(where(project), typed)
    assert FileNote.objects.count() == Message.objects.filter(key__startswith="note:").count() == 1


@pytest.mark.parametrize(
    ("text", "sentence"), [(" ", "Écrivez la note"), ("a\x07b", "caractère invisible"), ("x" * 4001, "4000")]
)
def test_what_cannot_be_kept_is_said_and_stays_typed(officer_client, project, text, sentence):
    page = officer_client.post(where(project), note(text))
    assert page.status_code == 200
    assert sentence in page.text
    assert text.strip() in page.text
    assert not FileNote.objects.exists()


def test_a_note_that_another_button_leaves_is_not_lost_and_the_grid_goes_with_a_note(officer_client, project):
    page = officer_client.post(where(project), note("À moitié", etape="admit"), follow=True)
    assert "Ce que vous aviez écrit sous « Votre note » n’a pas été envoyé" in squeezed(page.text).replace("\xa0", " ")
    assert "À moitié" in page.text
    refused = officer_client.post(where(project), note("Pas encore", etape="reject"))
    assert ">\nPas encore</textarea>" in refused.text
    officer_client.post(where(project), note("Voilà.", base="", note_fit="4"))
    assert FileNote.objects.get().text == "Voilà."
    assert ReviewNote.objects.get(criterion="fit").note == 4


def test_a_name_that_two_colleagues_bear_is_asked_about(officer_client, project, agnes):
    other = OfficerFactory(first_name="Agnès", last_name="Roux")
    page = squeezed(officer_client.post(where(project), note("@Agnès ?")).text)
    assert "Plusieurs collègues s’appellent «\xa0Agnès\xa0»" in page
    officer_client.post(where(project), note("@Agnès ?", other))
    assert list(FileNote.objects.get().recipients.all()) == [other]


def test_a_name_that_nobody_bears_is_said_and_the_note_is_kept(officer_client, project):
    page = officer_client.post(where(project), note("Vu avec @Xavier."), follow=True)
    assert "Aucun collègue ne s’appelle «\xa0Xavier\xa0»" in squeezed(page.text)
    assert FileNote.objects.get().text == "Vu avec @Xavier."


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@Agnès", ["Agnès"]),
        ("voir (@AGNES) et @marie-laure.", ["Agnès", "Marie-Laure"]),
        ("agnès@exemple.test, a@Agnès, @@Agnès", []),
        ("@Agnès @agnes", ["Agnès", "Agnès"]),
    ],
)
def test_a_mention_is_a_first_name_after_an_at_sign(text, names):
    people = [UserFactory(first_name="Agnès"), UserFactory(first_name="Marie-Laure")]
    assert [person.first_name for person in mentions_in(text, people).people] == names


def test_an_author_who_names_themselves_is_neither_told_nor_unknown(officer_client, officer, project):
    officer.first_name = "Camille"
    officer.save()
    page = officer_client.post(where(project), note("Je m’en charge, @camille."), follow=True)
    assert "Aucun collègue" not in page.text
    assert not Message.objects.filter(key__startswith="note:").exists()


def test_neither_the_structure_nor_an_elected_official_nor_anybody_else_reads_a_note(officer_client, project):
    officer_client.post(where(project), note("Secret-des-agents"))
    elected = UserFactory(is_staff=True)
    elected.groups.add(Group.objects.get(name=ELECTED.name))
    for account in (elected, LeadFactory(acts_for=project.organization), UserFactory()):
        client = Client()
        client.force_login(account)
        for address in (
            f"/instruction/{project.pk}/",
            f"/espace/declarations/{project.pk}/",
            f"/projets/{project.code}/",
        ):
            assert "Secret-des-agents" not in client.get(address, follow=True).text
    assert "Secret-des-agents" in officer_client.get(f"/instruction/{project.pk}/").text


def test_what_an_officer_noted_is_theirs_to_read_and_loses_a_name_that_goes(officer_client, officer, project, agnes):
    officer_client.post(where(project), note("À voir avec Agnès Morel.", agnes))
    assert any(section.title.startswith("Notes entre collègues") for section in held(officer))
    erase(user=agnes, by=None, in_files=True)
    kept = FileNote.objects.get()
    assert "Agnès" not in kept.text
    assert kept.by == officer


def test_a_file_costs_the_same_with_one_note_and_with_twenty(officer_client, officer, project, agnes):
    def fill(number):
        for _ in range(number):
            FileNote.objects.create(project=project, text="Vu.", by=OfficerFactory()).recipients.add(agnes)

    address = f"/instruction/{project.pk}/"
    fill(1)
    officer_client.get(address)
    few = cost(address, officer_client)
    fill(19)
    assert cost(address, officer_client) == few


def test_a_draft_has_no_notes(officer_client):
    assert officer_client.post(where(ProjectFactory(status="draft")), note("?")).status_code == 404
