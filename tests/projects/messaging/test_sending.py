"""What waits leaves as one mail a reader, never twice, and is tried again when it did not leave."""

import datetime
import smtplib
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from cohesion.context import is_demo
from cohesion.lib.claims import IN_DOUBT
from cohesion.models import DemoMark
from projects.choices import MailFrequency
from projects.messaging import sending
from projects.models import MailChoice, Mailing, Message
from tests.factories import (
    LeadFactory,
    MembershipFactory,
    OfficerFactory,
    OrganizationFactory,
    PaperFactory,
    ProjectFactory,
    UserFactory,
)

PARIS = ZoneInfo("Europe/Paris")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _address(settings):
    settings.BASE_URL = "https://cst.example"


def test_messages_of_one_reader_leave_as_one_mail(told):
    user = UserFactory(email="porteuse@structure.test")
    first, second = told(user, minutes=9, title="Recevable"), told(user, minutes=6, title="En instruction")
    told(UserFactory())
    assert sending.send().sent == 2
    (letter,) = [one for one in mail.outbox if one.to == ["porteuse@structure.test"]]
    assert letter.subject == "2 messages sur vos dossiers"
    assert letter.body.index("Recevable") < letter.body.index("En instruction")
    html, kind = letter.alternatives[0]
    assert kind == "text/html"
    for message in (first, second):
        assert f"https://cst.example/espace/messages/{message.pk}/" in letter.body
        assert f'href="https://cst.example/espace/messages/{message.pk}/"' in html
    assert "https://cst.example/espace/messages/#rythme" in letter.body
    assert 'href="https://cst.example/espace/messages/#rythme"' in html
    assert letter.extra_headers["Auto-Submitted"] == "auto-generated"


def test_a_message_whose_paper_lost_its_file_waits_and_those_beside_it_leave(told):
    reader, paper = UserFactory(), PaperFactory()
    waits, leaves = told(reader, minutes=9, title="Votre notification"), told(reader, minutes=8, title="Recevable")
    Message.objects.filter(pk=waits.pk).update(paper=paper)
    paper.pdf.storage.delete(paper.pdf.name)
    outcome = sending.send()
    assert (outcome.sent, outcome.failed) == (1, 1)
    assert [letter.subject for letter in mail.outbox] == ["Recevable"]
    waits.refresh_from_db()
    leaves.refresh_from_db()
    assert waits.sent_at is None
    assert "n’est plus parmi les fichiers" in waits.failure
    assert leaves.failure == ""


def test_the_subject_of_one_message_is_its_title(told):
    told(title="Retenue : Jardin")
    sending.send()
    assert mail.outbox[0].subject == "Retenue : Jardin"


def test_what_people_typed_stays_text_in_html_and_cannot_add_a_header(told):
    told(title="<b>Titre</b>\r\nBcc: x@y.test", text="<script>alert(1)</script> & l’été")
    assert sending.send().sent == 1
    letter = mail.outbox[0]
    assert letter.subject == "<b>Titre</b> Bcc: x@y.test"
    assert letter.recipients() == letter.to
    assert "<script>" not in letter.alternatives[0][0]
    assert "<script>alert(1)</script> & l’été" in letter.body


def test_a_reader_to_whom_something_just_happened_is_left_a_while(told):
    user = UserFactory()
    told(user, minutes=9)
    told(user, minutes=4)
    assert sending.send().sent == 0
    assert not Message.objects.exclude(sent_at=None).exists()


def test_events_that_never_stop_delay_nothing_for_ever(told):
    user = UserFactory()
    for minutes in (31, 27, 23, 19, 15, 11, 7, 3):
        told(user, minutes=minutes)
    assert sending.send().sent == 1
    assert not Message.objects.filter(sent_at=None).exists()


def test_what_was_read_in_the_application_is_not_mailed(told):
    told(read_at=timezone.now())
    assert sending.send().sent == 0


def test_what_is_for_the_application_only_is_not_mailed(told):
    told(mailed=False)
    assert sending.send().sent == 0


def test_nobody_who_left_is_written_to(told):
    told(UserFactory(is_active=False))
    told(UserFactory(email=""))
    assert sending.send().sent == 0


def test_what_is_a_week_old_is_no_news(told):
    told(minutes=7 * 24 * 60 + 1)
    assert sending.send().sent == 0


def test_an_address_without_an_account_gets_the_page_itself_and_how_to_get_an_account(told, settings):
    settings.CONTACT_EMAIL = "programme@agglo.test"
    told(email="contact@structure.test", path="/espace/declarations/7/")
    sending.send()
    assert mail.outbox[0].to == ["contact@structure.test"]
    assert "https://cst.example/espace/declarations/7/" in mail.outbox[0].body
    assert "demandez une invitation à programme@agglo.test" in mail.outbox[0].body
    assert "rythme" not in mail.outbox[0].body


def test_nothing_is_sent_twice(told):
    told()
    assert [sending.send().sent, sending.send().sent] == [1, 0]


# --- less mail ----------------------------------------------------------------------------------------------


def test_who_wants_none_gets_none(told):
    message = told()
    MailChoice.objects.create(user=message.user, frequency=MailFrequency.NEVER)
    assert sending.send().sent == 0


@pytest.mark.parametrize(
    ("at", "hour", "leaves"),
    [
        ("2026-11-24 18:00", "2026-11-25 06:59", False),
        ("2026-11-24 18:00", "2026-11-25 07:00", True),
        ("2026-11-25 06:59", "2026-11-25 07:00", True),
        ("2026-11-25 07:00", "2026-11-25 23:59", False),  # tomorrow's
        ("2026-11-24 18:00", "2026-11-25 15:00", True),  # the machine was off in the morning
        ("2026-03-28 23:00", "2026-03-29 07:00", True),  # the night when the clock changes
        ("2026-03-28 23:00", "2026-03-29 06:59", False),
    ],
)
def test_who_wants_one_a_day_gets_it_after_seven(told, at, hour, leaves):
    moment = datetime.datetime.fromisoformat(at).replace(tzinfo=PARIS)
    message = told(minutes=0, now=moment)
    MailChoice.objects.create(user=message.user, frequency=MailFrequency.DAILY)
    now = datetime.datetime.fromisoformat(hour).replace(tzinfo=PARIS)
    assert sending.send(now).sent == int(leaves)


def test_one_a_day_is_one_a_day(told):
    user = UserFactory()
    MailChoice.objects.create(user=user, frequency=MailFrequency.DAILY)
    start = datetime.datetime(2026, 11, 24, 6, tzinfo=PARIS)
    for hour in range(72):
        told(user, minutes=0, now=start + datetime.timedelta(hours=hour))
        sending.send(start + datetime.timedelta(hours=hour, minutes=30))
    assert len(mail.outbox) == 3


# --- failures -----------------------------------------------------------------------------------------------


def test_a_mail_that_did_not_leave_is_given_back_and_tried_again(told, monkeypatch):
    message = told()

    def refuse(self, messages):
        raise smtplib.SMTPServerDisconnected("Connexion perdue")

    with monkeypatch.context() as patched:
        patched.setattr(EmailBackend, "send_messages", refuse)
        assert sending.send().failed == 1
    message.refresh_from_db()
    assert message.sent_at is None
    assert "Connexion perdue" in message.failure
    assert sending.send().sent == 1
    message.refresh_from_db()
    assert message.sent_at is not None
    assert message.failure == ""


def test_one_mail_that_fails_does_not_keep_the_others(told, monkeypatch):
    bad = told(UserFactory(email="refuse@structure.test"))
    told()
    really = EmailBackend.send_messages

    def send(self, messages):
        if messages[0].to == [bad.user.email]:
            raise smtplib.SMTPRecipientsRefused({bad.user.email: (450, b"plus tard")})
        return really(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", send)
    outcome = sending.send()
    assert (outcome.sent, outcome.failed) == (1, 1)
    bad.refresh_from_db()
    assert bad.mailed


def test_an_address_that_is_refused_for_good_is_not_tried_every_minute(told, monkeypatch):
    bad = told(UserFactory(email="parti@structure.test"))

    def refuse(self, messages):
        raise smtplib.SMTPRecipientsRefused({"parti@structure.test": (550, b"inconnu")})

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    assert [sending.send().failed, sending.send().failed] == [1, 0]
    bad.refresh_from_db()
    assert "550" in bad.failure
    assert bad.sent_at is None


def refuse_for_good(self, messages):
    raise smtplib.SMTPRecipientsRefused({messages[0].to[0]: (550, b"inconnu")})


def test_when_an_address_is_refused_the_organisation_is_written_to_and_officers_learn_it(told, monkeypatch):
    officer, project = OfficerFactory(), ProjectFactory(organization__email="contact@structure.test")
    member = UserFactory(email="parti@structure.test")
    told(member, project=project, title="Retenue", path=f"/espace/declarations/{project.pk}/")
    with monkeypatch.context() as patched:
        patched.setattr(EmailBackend, "send_messages", refuse_for_good)
        sending.send()
        later = timezone.now() + datetime.timedelta(minutes=10)
        sending.send(later)  # to the organisation, and to the officer: both refused
        sending.send(later)
    told_since = list(Message.objects.order_by("pk"))[1:]
    assert [(one.user, one.email, one.title) for one in told_since][:1] == [(None, "contact@structure.test", "Retenue")]
    about_refusals = [one for one in told_since if one.user == officer]
    assert ["parti@" in one.text for one in about_refusals] == [True, False]
    assert ["contact@" in one.text for one in about_refusals] == [False, True]
    assert {one.path for one in about_refusals} == {f"/instruction/{project.pk}/"}
    assert len(told_since) == 3  # what an officer is not sent is told to nobody else


@pytest.mark.parametrize("has_author", [True, False])
def test_a_refused_message_about_several_projects_reaches_their_organisations_and_its_author(
    told, monkeypatch, has_author
):
    author, other = OfficerFactory(), OfficerFactory()
    member = LeadFactory(email="parti@structure.test", acts_for=OrganizationFactory(email="contact@structure.test"))
    MembershipFactory(user=member, organization=OrganizationFactory(name="Deuxième", email="deuxieme@structure.test"))
    mailing = Mailing.objects.create(kind="free", title="Vos bilans", text="Merci.", by=author if has_author else None)
    told(member, mailing=mailing, title="Vos bilans", path="/espace/")
    monkeypatch.setattr(EmailBackend, "send_messages", refuse_for_good)
    sending.send()
    told_since = list(Message.objects.order_by("pk"))[1:]
    written = {one.email for one in told_since if one.user is None}
    assert written == {"contact@structure.test", "deuxieme@structure.test"}
    about = [one for one in told_since if one.user is not None]
    assert {one.user for one in about} == ({author} if has_author else {author, other})
    assert all("parti@structure.test" in one.text and "Deuxième" in one.text for one in about)
    assert {one.path for one in about} == {f"/instruction/courriers/{mailing.pk}/"}
    assert {one.title for one in about} == {"Courriel refusé\u00a0: Vos bilans"}


def test_the_refused_address_of_an_organisation_is_told_to_the_author_by_its_name(told, monkeypatch):
    author = OfficerFactory()
    OrganizationFactory(name="Sans compte", email="contact@structure.test")
    mailing = Mailing.objects.create(kind="free", title="Vos bilans", text="Merci.", by=author)
    told(email="contact@structure.test", mailing=mailing, path="/espace/")
    monkeypatch.setattr(EmailBackend, "send_messages", refuse_for_good)
    sending.send()
    (about,) = list(Message.objects.order_by("pk"))[1:]
    assert about.user == author
    assert "Sans compte" in about.text


def test_a_machine_that_dies_while_it_sends_leaves_the_doubt_in_writing(told, monkeypatch):
    message = told()

    class Death(BaseException):
        pass

    def die(self, messages):
        raise Death

    with monkeypatch.context() as patched:
        patched.setattr(EmailBackend, "send_messages", die)
        with pytest.raises(Death):
            sending.send()
    assert sending.send().sent == 0  # it may have left: never twice
    message.refresh_from_db()
    assert message.failure == IN_DOUBT


def test_a_server_that_is_away_takes_nothing_in_hand(told, monkeypatch):
    told()

    def away(self):
        raise ConnectionRefusedError("Connexion refusée")

    monkeypatch.setattr(EmailBackend, "open", away)
    with pytest.raises(sending.ServerAway, match="Connexion refusée"):
        sending.send()
    message = Message.objects.get()
    assert (message.sent_at, message.failure) == (None, "")


def test_no_server_is_called_when_there_is_nothing_to_send(monkeypatch):
    monkeypatch.setattr(EmailBackend, "open", lambda self: pytest.fail("le serveur a été appelé"))
    assert sending.send().sent == 0


@pytest.mark.django_db(transaction=True)
def test_of_several_senders_at_once_one_sends_each_mail(told):
    users = [UserFactory() for _ in range(12)]
    for user in users:
        told(user, minutes=9)
        told(user, minutes=6)
    start = Barrier(6)

    def run(_):
        start.wait()
        try:
            return sending.send().sent
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        sent = sum(pool.map(run, range(6)))
    assert sent == len(mail.outbox) == len(users)
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted(user.email for user in users)
    assert {letter.subject for letter in mail.outbox} == {"2 messages sur vos dossiers"}


def test_looking_for_what_is_due_costs_the_same_for_one_reader_and_for_ten(told, django_assert_num_queries):
    for _ in range(10):
        told()
    with django_assert_num_queries(2):
        assert len(list(sending.due())) == 10


# --- the command --------------------------------------------------------------------------------------------


def test_the_command_says_what_left(told, capsys):
    told()
    call_command("send_messages")
    assert capsys.readouterr().out == "1\u00a0courriel parti.\n"
    call_command("send_messages")  # cron mails nobody about nothing
    assert capsys.readouterr().out == ""


def test_a_dry_run_writes_and_sends_nothing(told, capsys):
    told(UserFactory(email="porteuse@structure.test"), title="Recevable")
    call_command("send_messages", dry_run=True)
    assert capsys.readouterr().out == "porteuse@structure.test : Recevable\n"
    assert mail.outbox == []
    assert Message.objects.get().sent_at is None


def test_the_command_fails_when_a_mail_did_not_leave(told, monkeypatch):
    told()
    monkeypatch.setattr(EmailBackend, "open", lambda self: (_ for _ in ()).throw(OSError("pas de réseau")))
    with pytest.raises(CommandError, match=r"Aucun courriel n’est parti.+: pas de réseau"):
        call_command("send_messages")


def test_without_an_address_of_the_site_nothing_is_sent(told, settings):
    settings.BASE_URL, settings.ALLOWED_HOSTS = "", []
    told()
    with pytest.raises(CommandError, match="l’adresse du site"):
        call_command("send_messages")
    assert mail.outbox == []


def test_nothing_leaves_a_demonstration(told, capsys):
    DemoMark.objects.create()
    is_demo.cache_clear()
    told()
    call_command("send_messages")
    assert mail.outbox == []
    assert "aucun courriel ne part" in capsys.readouterr().out
