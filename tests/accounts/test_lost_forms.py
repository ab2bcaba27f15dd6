"""A form that is sent without a session, or with an old token, comes back as it was typed and is not sent by itself."""

import json
import time

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cohesion.lib.sealing import unsealed
from projects import models
from projects.models import Report
from tests.factories import (
    DeclarationFactory,
    LeadFactory,
    OrganizationFactory,
    ProjectFactory,
    SubmissionFactory,
)
from tests.site.forms import filled

pytestmark = pytest.mark.django_db


HOUR = 3600


PASSWORD = "mot-de-passe-de-test"


NOTICE = "Vous étiez déconnecté\u00a0: rien n’a été enregistré."


FROM_HERE = {"Origin": "http://testserver"}


@pytest.fixture(autouse=True)
def _nothing_counted(db):
    cache.clear()


def browser():
    """A client whose forms need their token, as those of people do."""
    return Client(enforce_csrf_checks=True)


def log_in(client, user, asked="/compte/connexion/"):
    read = filled(client.get(asked), "main form")
    return client.post(asked, read | {"login": user.email, "password": PASSWORD})


def log_out(client):
    """As another tab does, or a browser that was closed: the session is gone, the token stays."""
    del client.cookies["sessionid"]


def send(client, page, fields, to="", **headers):
    """Send the form that stands on a page."""
    return client.post(to or page, fields, headers=FROM_HERE | {"Referer": f"http://testserver{page}"} | headers)


@pytest.fixture
def organization():
    return OrganizationFactory(name="Centre du Parc")


@pytest.fixture
def lead(organization):
    return LeadFactory(acts_for=organization, first_name="Léa", last_name="Martin")


@pytest.fixture
def draft(organization):
    project = ProjectFactory(organization=organization, status="draft")
    DeclarationFactory(project=project)
    return project


@pytest.fixture
def page(draft):
    return f"/espace/declarations/{draft.pk}/action/"


def summary_of(project):
    return models.Declaration.objects.get(project=project).answers.get("action", {}).get("summary", "")


# --- the space ----------------------------------------------------------------------------------------------


def test_a_page_of_the_space_comes_back_filled_after_login_and_is_saved_by_a_click(lead, draft, page):
    client = browser()
    log_in(client, lead)
    read = filled(client.get(page), "#page-form")
    log_out(client)
    answer = send(client, page, read | {"summary": "Tapé « longtemps » & bien", "next": "1"})
    assert answer.url == f"/compte/connexion/?next={page}"
    door = client.get(answer.url).content.decode()
    assert "le formulaire reviendra rempli" in door
    assert log_in(client, lead, answer.url).url == page
    back = client.get(page)
    assert NOTICE in back.content.decode()
    assert "connecté comme Léa Martin" in back.content.decode()
    again = filled(back, "#page-form")
    assert again["summary"] == ["Tapé « longtemps » & bien"]
    assert again["base"] == read["base"]
    assert "next" not in again
    assert again["csrfmiddlewaretoken"] != read["csrfmiddlewaretoken"]
    assert summary_of(draft) != "Tapé « longtemps » & bien"  # nothing is sent by itself
    assert filled(client.get(page), "#page-form")["summary"] == again["summary"]  # a reload loses nothing
    assert send(client, page, again | {"next": "1"}).status_code == 302
    assert summary_of(draft) == "Tapé « longtemps » & bien"
    assert NOTICE not in client.get(page).content.decode()


def test_a_session_that_was_left_alone_does_the_same_and_knows_whose_page_it_was(lead, organization, draft, page):
    colleague = LeadFactory(acts_for=organization, first_name="Paul", last_name="Roy")
    with time_machine.travel("2026-11-25 08:00", tick=True) as clock:
        client = browser()
        log_in(client, lead)
        read = filled(client.get(page), "#page-form")
        clock.shift(2 * HOUR + 5)
        answer = send(client, page, read | {"summary": "Écrit par Léa"})
        log_in(client, colleague, answer.url)
        back = client.get(page).content.decode()
    assert "Écrit par Léa" in back
    assert "connecté comme Paul Roy" in back
    assert "Ce texte a été écrit sous le compte de Léa Martin." in back
    assert summary_of(draft) != "Écrit par Léa"


def test_an_old_token_gives_the_form_back_to_whoever_is_logged_in(lead, draft, page):
    client = browser()
    log_in(client, lead)
    read = filled(client.get(page), "#page-form")
    log_out(client)
    log_in(client, lead)  # in another tab
    answer = send(client, page, read | {"summary": "Tapé avant", "draft": f"{lead.pk}|{page}"})
    assert answer.url == page
    again = filled(client.get(page), "#page-form")
    assert again["summary"] == ["Tapé avant"]
    assert summary_of(draft) != "Tapé avant"
    assert send(client, page, again).status_code == 302
    assert summary_of(draft) == "Tapé avant"


def test_an_old_token_of_somebody_who_has_left_is_sent_again_through_the_login(lead, draft, page):
    client = browser()
    log_in(client, lead)
    read = filled(client.get(page), "#page-form")
    client.cookies["csrftoken"] = "b" * 32  # of a login and a logout in another tab
    log_out(client)
    refused = send(client, page, read | {"summary": "Tapé avant"})
    assert refused.status_code == 403
    answer = send(client, page, filled(refused, "main form"))
    log_in(client, lead, answer.url)
    assert filled(client.get(page), "#page-form")["summary"] == ["Tapé avant"]


def test_what_another_site_makes_a_browser_send_is_given_back_to_nobody(lead, draft, page):
    client = browser()
    log_in(client, lead)
    for headers in ({"Origin": "https://ailleurs.example"}, {"Origin": "null"}, {"Origin": ""}):
        answer = send(client, page, {"summary": "Piège"}, **headers)
        assert answer.status_code == 403
        assert "Piège" not in answer.content.decode()
    assert "Piège" not in client.get(page).content.decode()


def test_a_script_is_told_which_refusal_it_is(lead, page):
    client = browser()
    log_in(client, lead)
    answer = client.post(page, {"summary": "x"}, headers={"Accept": "application/json"})
    assert answer.status_code == 403
    assert answer.json()["reason"] == "csrf"
    read = filled(client.get(page), "#page-form")
    log_out(client)
    answer = client.post(page, read, headers={"Accept": "application/json"})
    assert answer.status_code == 302
    log_in(client, lead)
    assert NOTICE not in client.get(page).content.decode()  # a script keeps its own


def test_a_browser_without_cookies_is_given_its_text_back_at_once(page):
    answer = send(browser(), page, {"summary": "Rien de perdu"})
    assert answer.status_code == 403
    assert filled(answer, "main form")["summary"] == ["Rien de perdu"]


# --- what is not kept ---------------------------------------------------------------------------------------


def test_no_password_is_kept_and_nothing_of_the_doors(client, lead):
    for where in ("/compte/mot-de-passe/", "/compte/securite/", "/admin/logout/", "/admin/login/"):
        client.post(where, {"code": "123456", "x": "secret"})
        assert "lost_form" not in client.session
    client.post("/admin/cohesion/user/add/", {"username": "x", "password1": "secret"})
    assert unsealed(client.session["lost_form"]["typed"])["fields"] == {"username": ["x"]}


def test_what_waits_is_read_by_nobody_in_the_database(client, page, settings):
    client.post(page, {"resume": "Un secret d’été", "csrfmiddlewaretoken": "x"})
    kept = client.session["lost_form"]
    assert "Un secret d’été" not in json.dumps(kept, ensure_ascii=False)
    assert unsealed(kept["typed"])["fields"]["resume"] == ["Un secret d’été"]
    before = settings.SECRET_KEY
    settings.SECRET_KEY = "k" * 60
    assert unsealed(kept["typed"]) is None
    settings.SECRET_KEY_FALLBACKS = [before]
    assert unsealed(kept["typed"])["fields"]["resume"] == ["Un secret d’été"]


def test_what_the_version_before_kept_in_plain_comes_back_too(lead, page):
    client = browser()
    log_in(client, lead)
    session = client.session
    fields = {"summary": ["Tapé avant la mise à jour"]}
    session["lost_form"] = {"path": page, "page": page, "at": time.time(), "account": None}
    session["lost_form"] |= {"fields": fields, "files": {}}
    session.save()
    assert filled(client.get(page), "#page-form")["summary"] == ["Tapé avant la mise à jour"]


def test_what_no_key_reads_any_more_is_no_failure(lead, page):
    client = browser()
    log_in(client, lead)
    session = client.session
    session["lost_form"] = {"path": page, "page": page, "typed": "x", "at": time.time(), "account": None}
    session.save()
    assert client.get(page).status_code == 200
    assert client.get("/compte/saisie/").status_code == 302


def test_what_is_too_long_for_a_session_is_kept_by_the_page_itself(client, page):
    long = "x" * 300_001
    answer = client.post(page, {"summary": long})
    assert "lost_form" not in client.session
    assert answer.status_code == 403
    assert "Reconnectez-vous dans un autre onglet" in answer.content.decode()
    assert filled(answer, "main form")["summary"] == [long]


def test_a_form_waits_for_an_hour_and_its_session_no_longer(client, lead, page):
    with time_machine.travel("2026-11-25 08:00", tick=True) as clock:
        client.post(page, {"summary": "Oublié"})
        assert Session.objects.count() == 1
        assert client.session.get_expiry_age() == HOUR
        clock.shift(HOUR - 60)
        log_in(client, lead)
        assert "Oublié" in client.get(page).content.decode()
        clock.shift(120)
        assert "Oublié" not in client.get(page).content.decode()
        clock.shift(HOUR)
        assert client.get("/compte/").status_code == 200  # the session itself goes on


def test_a_crowd_of_forms_is_kept_by_each_page_and_goes_on_after_login(client, lead, page):
    for _ in range(20):
        client.post(page, {"summary": "x"})
    other = browser()
    answer = send(other, page, {"summary": "Rien de perdu"})
    assert "lost_form" not in other.session
    assert "cette page le garde" in answer.content.decode()
    kept = filled(answer, "main form")
    assert kept["summary"] == ["Rien de perdu"]
    log_in(other, lead)
    shown = other.post(page, kept, follow=True, headers=FROM_HERE)  # with the token of that page
    assert NOTICE in shown.content.decode()
    assert filled(shown, "#page-form")["summary"] == ["Rien de perdu"]


def test_what_was_kept_is_forgotten_on_demand(client, lead, page):
    client.post(page, {"summary": "À oublier"})
    log_in(client, lead)
    assert "À oublier" in client.get(page).content.decode()
    answer = client.post("/compte/saisie/effacer/", follow=True)
    assert answer.redirect_chain == [(page, 302)]
    assert "À oublier" not in answer.content.decode()


# --- the reports, the files, the instruction ----------------------------------------------------------------


def test_a_form_whose_address_is_no_page_comes_back_on_the_page_where_it_stood(lead, organization):
    project = ProjectFactory(organization=organization, status="report_due")
    page = f"/espace/bilans/{project.pk}/"
    client = browser()
    log_in(client, lead)
    read = filled(client.get(page), "#page-form")
    log_out(client)
    answer = send(client, page, read | {"done": "Douze ateliers"}, to=f"{page}remettre/")
    assert answer.url == f"/compte/connexion/?next={page}"
    log_in(client, lead, answer.url)
    assert filled(client.get(page), "#page-form")["done"] == ["Douze ateliers"]
    assert Report.objects.get().handed_at is None


def test_a_file_is_not_kept_and_its_name_is_said(lead, draft):
    page = f"/espace/declarations/{draft.pk}/pieces/"
    client = Client()
    upload = SimpleUploadedFile("devis du traiteur.pdf", b"%PDF-1.4")
    answer = send(client, page, {"kind": "other", "file": upload}, to=f"{page}ajouter/")
    log_in(client, lead, answer.url)
    back = client.get(page)
    assert "Le fichier «\u00a0devis du traiteur.pdf\u00a0» n’a pas pu être gardé" in back.content.decode()
    assert '<option value="other" selected>' in back.content.decode()


def test_the_grid_and_a_step_of_the_instruction_come_back_each_in_its_place(officer):
    project = SubmissionFactory().project
    page = f"/instruction/{project.pk}/"
    for typed in ({"seen": "0", "text": "Avis long"}, {"return-publics": "Combien ?"}):
        client = Client()
        answer = send(client, page, typed)
        log_in(client, officer, answer.url)
        back = client.get(page).content.decode()
        assert NOTICE in back
        assert back.count(list(typed.values())[-1]) == 1


def test_a_page_that_has_no_such_form_any_more_gives_the_text_back_all_the_same(lead, draft, page):
    client = Client()
    answer = send(client, page, {"summary": "Une longue phrase"})
    draft.status = "submitted"
    draft.save()
    log_in(client, lead, answer.url)
    back = client.get(page, follow=True)
    assert back.redirect_chain[-1][0] == "/compte/saisie/"
    assert "Une longue phrase" in back.content.decode()
    assert filled(back, "main form")["summary"] == ["Une longue phrase"]
