"""An account that is erased leaves no name anywhere, and takes nothing of what it did with it."""

import json
import re
from html import unescape

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from axes.models import ImportJob
from cohesion.accounts.erasing import erase, foreseen
from cohesion.audit import AuditKind, record
from cohesion.models import AuditEvent, SavedFilter, User
from projects.catalogue.actions import save_project
from projects.choices import ProjectStatus
from projects.declaring.handing_in import fingerprint
from projects.figures import figures
from projects.models import (
    Attachment,
    Decision,
    Invitation,
    MailChoice,
    Message,
    Organization,
    Project,
    ProjectImport,
    Remark,
    Review,
    Submission,
    TransitionLog,
)
from projects.search.models import SearchEntry
from tests.factories import (
    DeclarationFactory,
    ProjectFactory,
    UserFactory,
)
from tests.projects.somebody import ADDRESS, FIRST, LAST, cells, known_everywhere, places

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator():
    return UserFactory(is_staff=True, is_superuser=True, email="admin@exemple.fr")


@pytest.fixture
def zoe(complete, organization, client):
    return known_everywhere(complete, organization, client)


@pytest.fixture
def counts():
    """How many rows each table has that a person's deeds fill."""
    models = (Project, Submission, TransitionLog, Decision, Remark, Review, Attachment, Message, Invitation, LogEntry)
    models += (ProjectImport, Organization.history.model, Project.history.model)
    return lambda: {model._meta.label: model._base_manager.count() for model in models}


def test_the_whole_database_forgets_the_name_when_files_do_too(zoe, administrator):
    assert len(places()) > 15
    erase(user=zoe, by=administrator, in_files=True)
    assert places() == []


def test_without_the_files_the_name_stands_in_what_people_wrote_and_nowhere_else(zoe, administrator):
    erase(user=zoe, by=administrator)
    assert [saved.query for saved in SavedFilter.objects.all()] == ["q=jardin"]
    left = {place.partition(".")[0] for place in places()}
    assert left
    assert left <= {
        *("projects_organization", "projects_historicalorganization", "projects_declaration", "projects_submission"),
        *("projects_attachment", "projects_remark", "projects_review", "projects_decision", "projects_projectimport"),
        *("axes_importjob", "projects_uncarriedlink"),
        "projects_searchentry",  # of the structure that bears the name
    }
    assert not SearchEntry.objects.filter(kind="person").exists()


@pytest.mark.parametrize("in_files", [False, True])
def test_nothing_it_did_is_lost_and_all_of_it_says_the_same_number(zoe, administrator, counts, in_files):
    before, events = counts(), AuditEvent.objects.count()
    erase(user=zoe, by=administrator, in_files=in_files)
    assert counts() == before
    assert AuditEvent.objects.count() > events
    zoe.refresh_from_db()
    number = f"Compte effacé n° {zoe.pk}"
    assert (str(zoe), zoe.get_full_name(), zoe.email) == (number, number, "")
    for row in (Submission.objects.get(), Decision.objects.get(), Remark.objects.get(), Attachment.objects.get()):
        assert row.by == zoe
    assert TransitionLog.objects.filter(by=zoe).exists()
    assert Project.history.filter(history_user=zoe).exists() or Organization.history.filter(history_user=zoe).exists()
    assert set(AuditEvent.objects.filter(account=zoe.pk).values_list("who", flat=True)) == {number}


def test_the_files_that_somebody_brought_go_with_them_and_all_of_them_when_names_are_taken_out(zoe, administrator):
    def kept():
        return [model.objects.exclude(content=None).count() for model in (ProjectImport, ImportJob)]

    erase(user=zoe, by=administrator)
    assert kept() == [1, 1]
    other = UserFactory(first_name=FIRST, last_name=LAST)
    erase(user=other, by=administrator, in_files=True)
    assert kept() == [0, 0]


def test_figures_stay_as_they_were(zoe, administrator, founding):
    public = ProjectFactory(status=ProjectStatus.RETAINED, serves=[founding.orientations.first()])
    save_project(project=public, by=zoe, reason="essai")
    nodes = list(founding.orientations.all())
    before = figures.kinds(founding)
    erase(user=zoe, by=administrator, in_files=True)
    founding.refresh_from_db()
    assert figures.kinds(founding) == before
    assert nodes == list(founding.orientations.all())


def test_it_opens_nothing_any_more(zoe, administrator, client):
    assert client.get(reverse("account")).status_code == 200
    erase(user=zoe, by=administrator)
    assert client.get(reverse("account")).status_code == 302
    zoe.refresh_from_db()
    assert not any((zoe.is_active, zoe.is_staff, zoe.has_usable_password(), zoe.groups.exists()))
    for rows in (zoe.memberships, EmailAddress.objects.filter(user=zoe), Authenticator.objects.filter(user=zoe)):
        assert not rows.exists()
    assert not UserSession.objects.filter(user=zoe).exists()
    assert not MailChoice.objects.filter(user=zoe).exists()
    assert not Message.objects.to_send().filter(user=zoe).exists()
    assert not Invitation.objects.open().exclude(email="autre@exemple.fr").exists()
    assert UserFactory(username=ADDRESS, email=ADDRESS).pk  # the address may serve again


def test_a_frozen_copy_gets_the_fingerprint_of_what_it_says_and_the_log_keeps_both(zoe, administrator):
    former = Submission.objects.get().digest
    erase(user=zoe, by=administrator, in_files=True)
    frozen = Submission.objects.get()
    assert frozen.digest == fingerprint(frozen.answers, frozen.shown) != former
    event = AuditEvent.objects.get(kind=AuditKind.NAME_REMOVED)
    assert (event.before, event.after) == ({"empreinte": former}, {"empreinte": frozen.digest})


def test_a_name_is_taken_out_of_what_says_exactly_it(administrator):
    martin = UserFactory(first_name="Jean", last_name="Martin", email="jean@exemple.fr")
    texts = [
        "Jean Martin-Dubois",
        "grand-jean@exemple.fr",
        "Saint-Jean Martinet",
        "Martin Jean, maire",
        "jean@exemple.fr",
    ]
    sheets = [ProjectFactory(summary=text) for text in texts]
    erase(user=martin, by=administrator, in_files=True)
    kept = [Project.objects.get(pk=sheet.pk).summary for sheet in sheets]
    assert kept[:3] == texts[:3]
    assert kept[3] == f"Compte effacé n° {martin.pk}, maire"
    assert kept[4] == f"compte-efface-{martin.pk}@efface.invalid"


def test_an_account_without_a_name_takes_nothing_out_of_files(administrator):
    nobody = UserFactory(username="admin", first_name="", last_name="Martin", email="")
    sheet = ProjectFactory(summary="Martin, admin")
    erase(user=nobody, by=administrator, in_files=True)
    assert Project.objects.get(pk=sheet.pk).summary == "Martin, admin"


# --- who may not go -----------------------------------------------------------------------------------------


def test_one_erases_neither_oneself_nor_the_last_administrator_nor_anybody_twice(administrator):
    somebody = UserFactory()
    for user, by, words in (
        (administrator, administrator, "pas ici son propre compte"),
        (administrator, None, "dernier compte d’administrateur"),
    ):
        with pytest.raises(ValidationError, match=words):
            erase(user=user, by=by)
    erase(user=somebody, by=administrator)
    with pytest.raises(ValidationError, match="déjà effacé"):
        erase(user=somebody, by=administrator)
    second = UserFactory(is_staff=True, is_superuser=True)
    erase(user=administrator, by=second)
    with pytest.raises(ValidationError, match="dernier compte"):
        erase(user=second, by=None)


# --- the log ------------------------------------------------------------------------------------------------


def test_once_names_are_taken_out_the_log_is_closed_again(zoe, administrator):
    erase(user=zoe, by=administrator)
    for statement in ("UPDATE cohesion_auditevent SET who = 'x'", "DELETE FROM cohesion_auditevent"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite n’a pas de drapeau")
def test_only_names_change_under_the_flag(administrator):
    record(AuditKind.EXPORT, on="x")
    statement = "SET LOCAL cohesion.audit_erasure = 'on'; UPDATE cohesion_auditevent SET kind = 'login'"
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_what_would_become_of_an_account_is_told_beforehand(zoe):
    told = foreseen(zoe)
    assert ("Décisions", 1) in told["done"]
    names = {name for name, _ in told["done"]}
    assert "Appartenances" not in names  # they go
    assert not [name for name in names if "historical" in name]
    natures = {mention.nature for mention in told["mentions"]}
    assert {"Structure", "Déclaration", "Pièce", "Décision"} <= natures


# --- the screens and the commands ---------------------------------------------------------------------------


def test_an_administrator_erases_in_two_steps_and_sees_beforehand_what_becomes_of_it_all(zoe, administrator, client):
    client.force_login(administrator)
    assert "Effacer ce compte" in client.get(reverse("admin:cohesion_user_change", args=[zoe.pk])).text
    url = client.get(reverse("admin:cohesion_user_delete", args=[zoe.pk])).url
    page = client.get(url).text
    for words in ("Décisions", "Ce qui reste, sous ce numéro", "archive publique", f"Compte effacé n° {zoe.pk}"):
        assert words in page
    assert "Ce n’est pas ce compte" in client.post(url, {"confirmation": "autre@exemple.fr"}).text
    assert User.objects.get(pk=zoe.pk).erased_at is None
    told = client.post(url, {"confirmation": ADDRESS.upper(), "in_files": "on"}, follow=True)
    assert "C’est fait." in told.text
    assert places() == []
    event = AuditEvent.objects.get(kind=AuditKind.ACCOUNT_ERASED)
    assert (event.key, event.who, event.label) == (str(zoe.pk), "admin@exemple.fr", f"Compte effacé n° {zoe.pk}")
    page = client.get(reverse("admin:cohesion_user_change", args=[zoe.pk])).text
    assert 'name="_save"' not in page
    assert "déjà effacé" in client.post(url, {"confirmation": f"Compte effacé n° {zoe.pk}"}).text
    own = reverse("admin:cohesion_user_erase", args=[administrator.pk])
    assert "pas ici son propre compte" in unescape(client.get(own).text)


def test_the_command_says_what_it_would_do_and_writes_on_demand_only(zoe, administrator, capsys):
    call_command("erase_account", ADDRESS)
    said = capsys.readouterr().out
    assert "Rien n’est écrit : ajoutez --apply." in said
    assert "Décisions : 1, restent sous le numéro du compte" in said
    assert len(places()) > 15
    call_command("erase_account", ADDRESS, "--apply", "--files")
    assert places() == []
    with pytest.raises(CommandError, match="Aucun compte"):
        call_command("erase_account", ADDRESS)


def test_what_is_held_about_a_person_is_whole_and_holds_no_secret(zoe, administrator, client, capsys):
    call_command("account_data", ADDRESS)
    whole = json.loads(capsys.readouterr().out)
    titles = {section["titre"] for section in whole["rubriques"]}
    assert {"Compte", "Décisions (par)", "Journal", "Textes où le nom ou l’adresse figure"} <= titles
    pointing = sum(len(section["lignes"]) for section in whole["rubriques"][1:])
    assert pointing >= sum(number for _, number in foreseen(zoe)["done"])
    client.force_login(administrator)
    page = client.get(reverse("admin:cohesion_user_held", args=[zoe.pk]))
    file = client.get(reverse("admin:cohesion_user_held_file", args=[zoe.pk]))
    assert file.headers["Content-Disposition"] == f'attachment; filename="donnees-compte-{zoe.pk}.json"'
    secrets = (User.objects.get(pk=zoe.pk).password, "a" * 32, '"secret"', Invitation.objects.first().token_digest)
    for text in (json.dumps(whole), page.text, file.text):
        assert not [secret for secret in secrets if secret in text]
    assert AuditEvent.objects.filter(kind=AuditKind.ACCOUNT_READ, key=str(zoe.pk)).count() == 3


def test_one_reads_what_is_held_of_oneself_and_not_what_others_write(zoe, client):
    client.force_login(zoe)
    page = client.get(reverse("account_held")).text
    assert "Décisions" in page
    assert "Textes où le nom" not in page
    own = json.loads(client.get(reverse("account_held_file")).content)
    assert own["compte"] == zoe.pk
    assert "Textes où le nom ou l’adresse figure" not in {section["titre"] for section in own["rubriques"]}


# --- somebody who has no account ----------------------------------------------------------------------------


@pytest.fixture
def contact(founding):
    """Who represents a structure, is the contact of a declaration that was handed in, and was written about."""
    structure = Organization.objects.create(
        name="Les Deux Rives",
        kind="association",
        representative=f"{FIRST} {LAST}, présidente",
        email=ADDRESS,
        phone="06.12.34.56.78",
    )
    declaration = DeclarationFactory(project=ProjectFactory(organization=structure, status="draft"))
    declaration.answers["contact_name"] = f"{LAST.upper()} {FIRST}"
    declaration.answers["contact_phone"] = "+33 6 12 34 56 78"
    declaration.save()
    Submission.objects.create(
        project=declaration.project,
        number=1,
        by=UserFactory(),
        organization=structure,
        answers={"contact": ADDRESS},
        shown={"contact": f"{FIRST} {LAST}"},
        digest=fingerprint({"contact": ADDRESS}, {"contact": f"{FIRST} {LAST}"}),
    )
    Message.objects.create(key="c", email=ADDRESS, title=f"Bonjour {FIRST} {LAST}")
    record(AuditKind.LOGIN_FAILED, who=ADDRESS)
    return {"first_name": FIRST, "last_name": LAST, "email": ADDRESS, "phone": "06 12 34 56 78"}


def numbers():
    return [place for place, text in cells() if re.search(r"6[\s.]*12[\s.]*34[\s.]*56[\s.]*78", text)]


def test_somebody_who_has_no_account_is_shown_handed_over_and_erased(contact, administrator, client):
    client.force_login(administrator)
    address = reverse("admin:cohesion_user_contact")
    assert address in client.get(reverse("admin:cohesion_user_changelist")).text
    page = client.post(address, {**contact, "look": ""})
    natures = {mention.nature for mention in page.context["mentions"]}
    assert {"Structure", "Déclaration", "Message"} <= natures
    file = json.loads(client.post(address, {**contact, "file": ""}).content)
    assert any(ADDRESS in line.values() for line in file["rubriques"][0]["lignes"])
    wrong = client.post(address, {**contact, "erase": "", "confirmation": "oui"})
    assert "rien n’est effacé" in wrong.text
    assert places()
    done = client.post(address, {**contact, "erase": "", "confirmation": ADDRESS.upper()}, follow=True)
    assert "plus aucune ne le fait" in done.text
    assert (places(), numbers()) == ([], [])
    copy = Submission.objects.get()
    assert copy.digest == fingerprint(copy.answers, copy.shown)
    assert Organization.objects.get(name="Les Deux Rives").representative == "Personne effacée, présidente"


def test_the_command_hands_over_and_erases_somebody_who_has_no_account(contact, capsys):
    told = ["--first", FIRST, "--last", LAST, "--email", ADDRESS, "--phone", "+33612345678"]
    call_command("contact_data", *told)
    assert json.loads(capsys.readouterr().out)["rubriques"]
    assert places()
    call_command("contact_data", *told, "--erase")
    assert (places(), numbers()) == ([], [])


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"first_name": "Zoé"}, "le prénom et le nom"),
        ({"first_name": "A", "last_name": "Bo"}, "trop court"),
        ({"phone": "06 12 34 56 78"}, "ou l’adresse électronique"),
        ({"email": ADDRESS, "phone": "12"}, "a dix chiffres"),
        ({"email": "chef@exemple.fr"}, "depuis ce compte"),
    ],
)
def test_who_is_not_told_well_enough_or_has_an_account_is_not_erased_so(administrator, client, typed, sentence):
    UserFactory(email="chef@exemple.fr")
    client.force_login(administrator)
    address = reverse("admin:cohesion_user_contact")
    assert sentence in client.post(address, {**typed, "look": ""}).text
    assert sentence in client.post(address, {**typed, "erase": "", "confirmation": "x"}).text
