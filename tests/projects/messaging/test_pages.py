"""The list of one's messages, what opens one, how often they come by e-mail; what a demonstration shows."""

import datetime
import re

import pytest
from django.test import Client
from django.utils import timezone

from cohesion.context import is_demo
from cohesion.models import DemoMark
from projects.choices import MailFrequency, ProjectStatus
from projects.models import MailChoice, Message, Review
from tests.costs import cost
from tests.factories import (
    DeclarationFactory,
    MembershipFactory,
    OfficerFactory,
    PaperFactory,
    ProjectFactory,
    UserFactory,
)
from tests.pages import squeezed

pytestmark = pytest.mark.django_db
PAGE = "/espace/messages/"


@pytest.fixture
def user():
    return UserFactory()


@pytest.fixture
def mine(client, user):
    client.force_login(user)
    return client


@pytest.fixture
def demonstration(db):
    DemoMark.objects.create()
    is_demo.cache_clear()


def test_the_list_shows_ones_own_messages_those_that_are_unread_first(mine, user, told):
    told(user, title="Ancien et lu", minutes=5, read_at=timezone.now())
    told(user, title="Non lu, ancien", minutes=60)
    told(user, title="Non lu, récent", minutes=30)
    told(title="À quelqu’un d’autre")
    page = squeezed(mine.get(PAGE).text)
    assert "À quelqu’un d’autre" not in page
    places = [page.index(f">{title}</a>") for title in ("Non lu, récent", "Non lu, ancien", "Ancien et lu")]
    assert places == sorted(places)
    assert "2\u00a0messages non lus" in page


def test_opening_a_message_marks_it_read_and_leads_to_what_it_is_about(mine, user, told):
    message = told(user, path="/cadre/")
    response = mine.get(f"{PAGE}{message.pk}/")
    assert (response.status_code, response.url) == (302, "/cadre/")
    message.refresh_from_db()
    first_read = message.read_at
    assert first_read is not None
    mine.get(f"{PAGE}{message.pk}/")
    message.refresh_from_db()
    assert message.read_at == first_read


def test_asking_for_the_headers_only_reads_nothing(mine, user, told):
    message = told(user)
    assert mine.head(f"{PAGE}{message.pk}/").status_code == 302
    message.refresh_from_db()
    assert message.read_at is None


@pytest.mark.parametrize(
    "path", ["", "//ailleurs.test/", "https://ailleurs.test/", "javascript:alert(1)", "/\\ailleurs"]
)
def test_a_message_never_leads_out_of_the_site(mine, user, told, path):
    message = told(user, path=path)
    assert mine.get(f"{PAGE}{message.pk}/").url == PAGE


def test_somebody_elses_message_is_not_known(mine, told):
    message = told()
    assert mine.get(f"{PAGE}{message.pk}/").status_code == 404
    mine.post(PAGE, {"message": message.pk})
    message.refresh_from_db()
    assert message.read_at is None


def test_a_link_from_a_mail_leads_there_once_logged_in(client, told):
    response = client.get(f"{PAGE}{told().pk}/")
    assert response.status_code == 302
    assert "next=/espace/messages/" in response.url


def test_one_message_is_marked_as_read(mine, user, told):
    one, other = told(user), told(user)
    assert mine.post(PAGE, {"message": one.pk}).url == PAGE
    assert list(Message.objects.unread()) == [other]


def test_all_that_the_page_showed_are_marked_as_read_not_what_came_since(mine, user, told):
    told(user)
    told(user)
    elses = told()
    shown_at = mine.get(PAGE).context["shown_at"]
    late = told(user, minutes=-1)
    page = mine.post(PAGE, {"shown_at": shown_at}, follow=True)
    assert set(Message.objects.unread()) == {elses, late}
    assert "2\u00a0messages sont marqués comme lus." in page.text


@pytest.mark.parametrize("shown_at", ["", "hier", "2026-13-45T00:00", "2026-11-25T10:00"])
def test_a_moment_that_is_none_marks_nothing(mine, user, told, shown_at):
    told(user)
    assert mine.post(PAGE, {"shown_at": shown_at}).status_code == 302
    assert Message.objects.unread().count() == 1


def test_how_often_is_chosen_on_the_page(mine, user, told):
    waiting = told(user)
    assert mine.post(PAGE, {"frequency": "daily"}).url == PAGE
    assert MailChoice.objects.get(user=user).frequency == MailFrequency.DAILY
    assert re.search(r'value="daily"[^>]* checked', squeezed(mine.get(PAGE).text))
    waiting.refresh_from_db()
    assert waiting.mailed


def test_who_wants_no_mail_any_more_is_not_sent_what_waited_even_if_they_change_their_mind(mine, user, told):
    told(user)
    elses = told()
    mine.post(PAGE, {"frequency": "never"})
    mine.post(PAGE, {"frequency": "soon"})
    assert list(Message.objects.to_send()) == [elses]


def test_a_choice_that_does_not_exist_is_refused_with_a_sentence(mine):
    response = mine.post(PAGE, {"frequency": "hourly"})
    assert response.status_code == 200
    assert "bad-text" in response.text
    assert not MailChoice.objects.exists()


def test_what_is_to_do_is_counted_for_leads_and_for_officers(client):
    member, officer = MembershipFactory(), OfficerFactory()
    for status in (ProjectStatus.DRAFT, ProjectStatus.TO_COMPLETE, ProjectStatus.RUNNING):
        DeclarationFactory(project=ProjectFactory(organization=member.organization, status=status))
    ProjectFactory(organization=member.organization, status=ProjectStatus.DRAFT)  # the officers' own, never declared
    ProjectFactory(status=ProjectStatus.REPORT_RECEIVED)  # nobody has begun
    for assigned in (officer, None, OfficerFactory(), OfficerFactory(is_active=False)):
        project = ProjectFactory(status=ProjectStatus.SUBMITTED)
        Review.objects.create(project=project, assigned_to=assigned)
    client.force_login(member.user)
    assert [(one.number, one.path) for one in client.get(PAGE).context["to_do"]] == [(2, "/espace/")]
    client.force_login(officer)
    assert [(one.number, one.path) for one in client.get(PAGE).context["to_do"]] == [(4, "/instruction/")]


def test_the_list_is_parted_into_pages(mine, user, told):
    for _ in range(26):
        told(user)
    assert "Page 1 sur 2" in squeezed(mine.get(PAGE).text)
    assert squeezed(mine.get(f"{PAGE}?page=2").text).count('class="unread"') == 1
    assert mine.get(f"{PAGE}?page=999").status_code == 200


def test_the_list_costs_the_same_for_one_message_and_for_twenty(mine, user, told):
    told(user, project=ProjectFactory())
    cost(PAGE, mine)
    one = cost(PAGE, mine)
    for _ in range(20):
        told(user, project=ProjectFactory())
    assert cost(PAGE, mine) == one


def test_the_navigation_says_how_many_are_unread_in_one_query_and_asks_nothing_for_nobody(mine, client, user, told):
    cost("/accessibilite/")  # whether this is a demonstration is asked once a process
    public = cost("/accessibilite/")
    none = cost("/accessibilite/", mine)
    told(user)
    assert "1\u00a0message non lu<" in squeezed(mine.get("/accessibilite/").text)
    assert cost("/accessibilite/", mine) == none
    assert cost("/accessibilite/") == public
    assert "messages/" not in squeezed(Client().get("/accessibilite/").text)


def test_administrators_see_what_did_not_leave_and_change_nothing(client, told):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    told(title="Resté là", failure="SMTPRecipientsRefused")
    told(title="Parti", sent_at=timezone.now())
    page = squeezed(client.get("/admin/projects/message/?envoi=echec").text)
    assert "Resté là" in page
    assert "Parti" not in page
    assert "Parti" in squeezed(client.get("/admin/projects/message/?envoi=envoye").text)
    message = Message.objects.first()
    assert client.post(f"/admin/projects/message/{message.pk}/change/", {"title": "Autre"}).status_code == 403


# --- the demonstration --------------------------------------------------------------------------------------


def test_a_demonstration_shows_the_mails_as_they_would_leave(client, demonstration, told):
    reader = UserFactory(email="porteuse@structure.test")
    now = timezone.now()
    told(reader, title="Recevable", minutes=60, now=now)
    last = told(reader, title="En instruction", minutes=57, now=now)
    told(reader, title="Retenue", minutes=5, now=now)
    told(UserFactory(email="autre@structure.test"), title="Déposée")
    told(reader, title="Sur le site seulement", mailed=False)
    response = client.get("/demo/courriels/")
    mails = [(mail.to, mail.subject) for mail in response.context["mails"]]
    assert mails == [
        ("porteuse@structure.test", "Retenue"),
        ("autre@structure.test", "Déposée"),
        ("porteuse@structure.test", "2 messages sur vos dossiers"),
    ]
    assert "Rien ne part d’une démonstration" in response.text
    assert f'href="http://testserver/espace/messages/{last.pk}/"' in response.text
    html = client.get(f"/demo/courriels/{last.pk}/")
    assert "<h2>Recevable</h2>" in html.text
    # A narrow screen breaks what is long, and what is long stays what it is.
    assert f">http://<wbr>testserver/<wbr>espace/<wbr>messages/<wbr>{last.pk}/<wbr></a>" in html.text
    assert "<h2>En instruction</h2>" in html.text
    assert "Retenue" not in html.text


def test_a_mail_whose_paper_lost_its_file_is_shown_all_the_same(client, demonstration, told):
    paper = PaperFactory()
    message = told(title="Votre notification")
    Message.objects.filter(pk=message.pk).update(paper=paper)
    paper.pdf.storage.delete(paper.pdf.name)
    assert "Votre notification" in client.get("/demo/courriels/").text
    assert client.get(f"/demo/courriels/{message.pk}/").status_code == 200


def test_a_message_that_ends_no_mail_has_no_page(client, demonstration, told):
    reader = UserFactory()
    first = told(reader, minutes=10)
    told(reader, minutes=9)
    assert client.get(f"/demo/courriels/{first.pk}/").status_code == 404


def test_only_a_demonstration_shows_its_mails(client, told):
    message = told()
    assert client.get("/demo/courriels/").status_code == 404
    assert client.get(f"/demo/courriels/{message.pk}/").status_code == 404


def test_the_page_of_mails_costs_the_same_for_one_and_for_twenty(client, demonstration, told):
    told()
    cost("/demo/courriels/")
    one = cost("/demo/courriels/")
    for _ in range(20):
        told()
    assert cost("/demo/courriels/") == one


def test_messages_that_nobody_could_have_sent_yet_are_shown_with_their_moment(client, demonstration, told):
    message = told(minutes=0, now=timezone.now() - datetime.timedelta(seconds=1))
    assert f"courriel-{message.pk}" in squeezed(client.get("/demo/courriels/").text)
