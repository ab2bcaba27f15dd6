"""What somebody types is not lost: another tab, a session that ends, somebody else, a device that keeps a draft."""

import re
import time

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from cohesion.accounts.sessions import SEEN
from projects.models import Declaration, Organization, Report, Review
from tests.browser.people import PAUSE, ByForms, stop_the_clock
from tests.factories import (
    DeclarationFactory,
    LeadFactory,
    OfficerFactory,
    OrganizationFactory,
    ProjectFactory,
    SubmissionFactory,
)

pytestmark = pytest.mark.browser
SAVED = re.compile(r"^Enregistré à \d+\sh(\s\d\d)?\.$")


@pytest.fixture
def organization():
    return OrganizationFactory(name="Centre du Parc")


@pytest.fixture
def lead(founding_site, organization):
    return LeadFactory(acts_for=organization, first_name="Léa", last_name="Martin")


@pytest.fixture
def page_path(lead, organization):
    project = ProjectFactory(organization=organization, status="draft")
    DeclarationFactory(project=project, answers={})
    return f"/espace/declarations/{project.pk}/action/"


@pytest.fixture
def someone(open_page, founding_site):
    """Somebody in a browser of their own, whose pages save only when the test lets time go by."""

    def come(user, *, is_stopped=True):
        person = ByForms(open_page(), founding_site)
        if is_stopped:
            stop_the_clock(person.page)
        person.log_in(user)
        expect(person.page.locator("#logout-form, [action$='/deconnexion/']")).to_be_visible()
        return person

    return come


def in_another_tab(person):
    return ByForms(person.page.context.new_page(), person.site)


def log_out_there(tab):
    tab.go("/compte/")
    tab.click("Se déconnecter")
    expect(tab.page.get_by_role("button", name="Se déconnecter")).to_have_count(0)


def log_in_there(tab, user):
    tab.log_in(user)
    expect(tab.page.get_by_role("button", name="Se déconnecter")).to_be_visible()


def pause(person, milliseconds=PAUSE):
    person.page.clock.run_for(milliseconds)


def answers():
    return Declaration.objects.get().answers.get("action", {})


def told(person):
    return person.page.locator("[data-saved]")


def end_of_session(person):
    return person.page.locator(".session-end")


def test_after_a_login_in_another_tab_a_save_goes_on_by_itself_and_so_does_the_button(someone, lead, page_path):
    person = someone(lead)
    person.go(page_path)
    tab = in_another_tab(person)
    log_out_there(tab)
    log_in_there(tab, lead)
    person.page.get_by_label("Résumé").fill("Tapé ensuite")
    pause(person)
    expect(told(person)).to_have_text(SAVED)
    assert answers()["summary"] == "Tapé ensuite"
    log_out_there(tab)
    log_in_there(tab, lead)
    person.page.get_by_label("Résumé").fill("Par le bouton")
    person.click("Enregistrer et continuer")
    expect(person.page.get_by_text("« Action » est enregistré.").or_(person.page.locator(".messages"))).to_be_visible()
    assert answers()["summary"] == "Par le bouton"


def test_a_page_whose_session_is_closed_says_so_and_saves_after_the_login(someone, lead, page_path):
    person = someone(lead)
    person.go(page_path)
    tab = in_another_tab(person)
    log_out_there(tab)
    person.page.get_by_label("Résumé").fill("Tapé sans session")
    pause(person)
    expect(told(person)).to_contain_text("votre session est fermée")
    expect(end_of_session(person).get_by_role("link", name="Se reconnecter dans un autre onglet")).to_be_visible()
    assert "summary" not in answers()
    log_in_there(tab, lead)
    pause(person, 16_000)
    expect(told(person)).to_have_text(SAVED)
    expect(end_of_session(person)).to_be_empty()
    assert answers()["summary"] == "Tapé sans session"


def test_nothing_is_saved_under_the_name_of_somebody_else_without_their_word(someone, lead, organization, page_path):
    colleague = LeadFactory(acts_for=organization, first_name="Paul", last_name="Roy")
    person = someone(lead)
    person.go(page_path)
    tab = in_another_tab(person)
    log_out_there(tab)
    log_in_there(tab, colleague)
    person.page.get_by_label("Résumé").fill("Écrit par Léa")
    pause(person)
    expect(end_of_session(person)).to_contain_text("connecté comme Paul Roy")
    person.click("Enregistrer et continuer")
    expect(end_of_session(person).get_by_role("button")).to_be_focused()
    assert "summary" not in answers()
    person.click("Continuer comme Paul Roy")
    pause(person)
    expect(told(person)).to_have_text(SAVED)
    assert answers()["summary"] == "Écrit par Léa"
    assert Declaration.objects.get().saved_by == colleague


def test_a_form_of_the_admin_comes_back_filled_after_login(someone, founding_site):
    officer = OfficerFactory()
    row = OrganizationFactory(name="Avant")
    person = someone(officer, is_stopped=False)
    address = f"/admin/projects/organization/{row.pk}/change/"
    person.go(address)
    person.page.locator("#id_name").fill("Tapé longtemps")
    person.page.context.clear_cookies(name="sessionid")
    person.page.locator("input[name=_save]").click()
    expect(person.page.get_by_text("le formulaire reviendra rempli")).to_be_visible()
    person.write(person.page.get_by_label("Adresse électronique"), officer.email)
    person.write(person.page.get_by_label("Mot de passe"), "mot-de-passe-de-test")
    person.click("Se connecter")
    expect(person.page.locator("[data-given-back]")).to_be_focused()
    expect(person.page.locator("#id_name")).to_have_value("Tapé longtemps")
    assert Organization.objects.get(pk=row.pk).name == "Avant"
    person.page.locator("input[name=_save]").click()
    expect(person.page.locator(".messagelist")).to_contain_text("Tapé longtemps")
    assert Organization.objects.get(pk=row.pk).name == "Tapé longtemps"
    person.go(address)
    expect(person.page.locator(".given-back")).to_have_count(0)  # neither the site nor the device keeps it


def test_the_grid_is_saved_as_one_types(someone, founding_site):
    project = SubmissionFactory().project
    person = someone(OfficerFactory(first_name="Agnès", last_name="Morel"))
    person.go(f"/instruction/{project.pk}/")
    person.page.get_by_label("Motivation de l’avis").fill("Bien construit.")
    person.page.locator("[name=note_fit][value='3']").check()
    pause(person)
    expect(told(person)).to_have_text(SAVED)
    assert Review.objects.get().text == "Bien construit."
    colleague = someone(OfficerFactory())
    colleague.go(f"/instruction/{project.pk}/")
    colleague.page.locator("[name=note_fit][value='4']").check()
    pause(colleague)
    expect(told(colleague)).to_have_text(SAVED)
    person.page.get_by_label("Montant proposé (€)").fill("beaucoup")
    pause(person)
    expect(told(person)).to_contain_text("Pas encore enregistré. Montant proposé (€)")
    person.page.get_by_label("Montant proposé (€)").fill("1 000")
    pause(person)
    expect(told(person)).to_contain_text("Quelqu’un d’autre a aussi changé cette partie")
    review = Review.objects.get()
    assert (review.proposed_amount, review.notes.get(criterion="fit").note) == (1000, 4)


def test_a_draft_stays_on_the_device_and_is_offered_until_it_is_answered(someone, founding_site):
    officer = OfficerFactory()
    row = OrganizationFactory(name="Avant")
    person = someone(officer, is_stopped=False)
    address = f"/admin/projects/organization/{row.pk}/change/"
    name, offer = person.page.locator("#id_name"), person.page.locator(".given-back")

    def type_and_leave(words):
        person.go(address)
        name.fill(words)
        person.go("/admin/")

    type_and_leave("Resté sur l’appareil")
    person.go(address)
    expect(offer).to_contain_text(re.compile(r"Un texte non enregistré du (1er|\d+) \S+ à \d+ h \d\d est resté"))
    expect(name).to_have_value("Avant")
    person.click("Le reprendre")
    expect(name).to_have_value("Resté sur l’appareil")
    expect(name).to_be_focused()
    person.page.locator("input[name=_save]").click()
    expect(person.page.locator(".messagelist")).to_be_visible()
    person.go(address)
    expect(name).to_have_value("Resté sur l’appareil")
    expect(offer).to_have_count(0)
    type_and_leave("Laissé de côté")
    person.go(address)
    phone = person.page.locator("#id_phone")
    person.page.locator("details", has=phone).locator("summary").click()  # a part that says nothing is folded
    phone.fill("02 00 00 00 00")  # elsewhere: the offer is not answered
    person.go(address)
    expect(offer).to_have_count(1)
    person.click("Le reprendre")
    expect(name).to_have_value("Laissé de côté")
    expect(phone).to_have_value("02 00 00 00 00")
    person.go("/admin/")
    type_and_leave("À effacer")
    person.go(address)
    person.click("L’effacer")
    person.go(address)
    expect(offer).to_have_count(0)
    type_and_leave("Effacé à la déconnexion")
    person.page.get_by_role("button", name="Se déconnecter").click()
    person.log_in(officer)
    person.go(address)
    expect(name).to_have_value("Resté sur l’appareil")
    expect(offer).to_have_count(0)
    person.go("/admin/cohesion/user/add/")
    assert person.page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('draft'))") == []


def test_before_a_session_ends_one_is_told_and_can_stay(someone, lead, page_path, settings):
    settings.LEAD_SESSION = (360, 24 * 3600)
    person = someone(lead)
    person.go(page_path)

    def left_for(seconds, begun=0):
        row = Session.objects.get()
        data = row.get_decoded()
        now = int(time.time())
        data |= {SEEN: now - seconds, "session_begun": now - begun}
        Session.objects.filter(pk=row.pk).update(session_data=Session.objects.encode(data))

    left_for(310)
    person.page.clock.run_for(301_000)
    notice = end_of_session(person)
    expect(notice).to_have_text("Sans action de votre part, votre session se fermera dans une minute.Rester connecté")
    person.click("Rester connecté")
    expect(notice).to_be_empty()
    assert time.time() - Session.objects.get().get_decoded()[SEEN] < 10
    left_for(10, begun=24 * 3600 - 50)
    person.page.evaluate("dispatchEvent(new Event('focus'))")
    expect(notice).to_contain_text("elle a atteint sa durée la plus longue")
    expect(notice.get_by_role("button")).to_have_count(0)
    # Typing is activity, on a page that nothing saves too.
    left_for(300)
    person.page.get_by_label("Résumé").press("a")
    expect(notice).to_be_empty()


def test_a_report_is_handed_in_with_what_is_on_the_page(someone, lead, organization):
    project = ProjectFactory(organization=organization, status="report_due")
    person = someone(lead)
    person.go(f"/espace/bilans/{project.pk}/")
    person.page.get_by_label("Ce qui a été fait").fill("Douze ateliers")
    person.click("Remettre le bilan")
    expect(person.page.locator(".error-summary")).to_be_visible()
    assert Report.objects.get().answers["done"] == "Douze ateliers"


def test_what_comes_back_and_what_is_told_is_accessible_and_breaks_no_rule_of_the_page(
    axe, open_page, founding_site, page_path, lead
):
    wrong = []
    page = open_page(bypass_csp=True)
    person = ByForms(page, founding_site)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    person.log_in(lead)
    person.go(page_path)
    page.get_by_label("Résumé").fill("Tapé longtemps")
    page.context.clear_cookies(name="sessionid")
    person.click("Enregistrer et continuer")
    page.wait_for_url("**/compte/connexion/**")
    person.write(page.get_by_label("Adresse électronique"), lead.email)
    person.write(page.get_by_label("Mot de passe"), "mot-de-passe-de-test")
    person.click("Se connecter")
    expect(page.locator("[data-given-back]")).to_be_focused()

    def tell(page):
        told = page.locator(".session-end")
        told.evaluate("it => it.append(Object.assign(document.createElement('p'), { textContent: 'Votre session…' }))")

    axe(f"{founding_site}{page_path}", page=page, before=tell)
    assert wrong == []
