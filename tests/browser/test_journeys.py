"""A declaration from its first word to its closing, both sides of it; two tabs; a site that stops answering."""

import re

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from axes.models import Orientation
from projects.choices import Criterion, ProjectStatus
from projects.declaring.pages import PAGES
from projects.models import Declaration, Project
from tests.browser.people import PAUSE, ByForms, ByKeys, stop_the_clock
from tests.factories import (
    CampaignFactory,
    CommitteeFactory,
    DeclarationFactory,
    LeadFactory,
    OfficerFactory,
    OrganizationFactory,
    ProjectFactory,
    TerritoryFactory,
    answers,
    this_year,
)

TITLE = "Cuisine partagée"


def complaints_of(page):
    """What the browser complains of, as it comes: an error of a script, what the policy of the page forbids."""
    complaints = []
    page.on("console", lambda entry: entry.type == "error" and complaints.append(entry.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


@pytest.fixture(autouse=True)
def _nothing_counted(site):
    cache.clear()


@pytest.fixture
def lead():
    return LeadFactory(acts_for=OrganizationFactory(name="Association Les Deux Rives"))


def begin_and_hand_in(lead, given):
    lead.follow("Déclarer une action")
    lead.write(lead.page.get_by_label("Titre de l’action"), TITLE)
    lead.tick(lead.page.get_by_label("Je choisirai plus tard"))
    lead.click("Commencer")
    lead.follow("Campagne")
    for page in PAGES:
        expect(lead.page.get_by_role("heading", level=1, name=page.title)).to_be_visible()
        lead.fill_in(given[page.slug])
        lead.click("Enregistrer" if page is PAGES[-1] else "Enregistrer et continuer")
    lead.reads("11 parties complètes sur 11")
    lead.follow("Relire et déposer")
    lead.click("Déposer")
    lead.reads_state("Déposée")


def ask_for_a_complement(officer):
    officer.follow("Instruction", within="#header")
    officer.follow(TITLE)
    officer.reads("Des parents et des enfants cuisinent avec leurs voisins.")
    officer.press(officer.page.locator("summary").get_by_text("Demander un complément"))
    officer.write(officer.page.locator('[name="return-publics"]'), "Combien viennent du quartier ?")
    officer.click("Demander un complément")
    officer.reads_state("À compléter")


def complete_and_hand_in_again(lead):
    lead.go("/espace/")
    lead.follow(f"Compléter {TITLE}")
    lead.reads("Combien viennent du quartier ?", within="#demande >> xpath=..")
    lead.follow("Publics")
    lead.reads("Combien viennent du quartier ?")
    lead.write(lead.page.get_by_label("Votre réponse"), "La moitié, nous avons recompté.")
    lead.fill_in({"people": "130", "men": "60"})
    lead.click("Enregistrer et continuer")
    expect(lead.page.get_by_role("heading", level=1, name="Calendrier")).to_be_visible()
    lead.follow("Revenir à la liste des parties")
    lead.follow("Relire et déposer")
    lead.click("Déposer à nouveau")
    lead.reads_state("Déposée")


def see_what_changed_and_propose(officer, committee):
    officer.go("/instruction/")
    officer.follow(TITLE)
    changed = officer.page.locator("#page-publics")
    expect(changed.locator("del")).to_have_text(["120", "50"])
    expect(changed.locator("ins")).to_have_text(["130", "60"])
    expect(changed).to_contain_text("La moitié, nous avons recompté.")
    officer.click("Recevable : commencer l’instruction")
    officer.reads_state("En instruction")
    for criterion in Criterion:
        officer.tick(officer.page.locator(f'[name="note_{criterion}"][value="3"]'))
    officer.pick(officer.page.get_by_label("Avis", exact=True), "favourable")
    officer.write(officer.page.get_by_label("Montant proposé (€)"), "6 000")
    officer.pick(officer.page.get_by_label("Comité", exact=True), str(committee.pk))
    officer.click("Enregistrer l’instruction")
    officer.reads("L’instruction est enregistrée.")
    officer.click("Proposer au comité")
    officer.reads_state("Proposée au comité")


def decide(officer, committee):
    officer.follow(committee.name)
    officer.pick(officer.page.get_by_label(f"Décision : {TITLE}"), "retained")
    officer.write(officer.page.get_by_label(f"Montant (€) : {TITLE}"), "6 000")
    officer.write(officer.page.get_by_label("Délibération", exact=True), "CC-2027-31")
    officer.click("Saisir ces décisions")
    officer.reads("CC-2027-31", within="section[aria-labelledby=decide]")


def ask_for_the_report(officer):
    officer.follow(TITLE)
    officer.click("Constater le démarrage")
    officer.reads_state("En cours")
    officer.click("Demander le bilan")
    officer.reads_state("Bilan attendu")


def report(lead):
    lead.go("/espace/")
    lead.follow(f"Faire le bilan de {TITLE}")
    expect(lead.page.get_by_role("heading", level=1, name=f"Bilan {this_year() + 1}")).to_be_visible()
    indicator = Project.objects.get().indicators.get()
    lead.fill_in(
        {
            "done": "Trente ateliers, à la maison de quartier.",
            "objectives_met": "met",
            "people": "118",
            f"actual-{indicator.pk}": "42",
            "a-601": "2 000",
            "a-641": "10 000",
            "gaps_explained": "Un salaire a commencé en février.",
            "what_next": "renew",
        }
    )
    lead.click("Enregistrer")
    lead.reads("est enregistré")
    lead.click("Remettre le bilan")
    lead.reads("est remis")


def close(officer):
    officer.go("/instruction/")
    officer.follow(TITLE)
    officer.reads("Trente ateliers, à la maison de quartier.")
    officer.click("Clôturer")
    officer.reads_state("Clôturée")


@pytest.mark.browser
@pytest.mark.parametrize("someone", [ByKeys, ByForms], ids=["by keyboard alone", "without scripts"])
def test_a_declaration_goes_from_its_first_word_on_a_phone_to_its_closing(someone, open_page, founding_site, lead):
    campaign, committee = CampaignFactory(), CommitteeFactory()
    given = answers(campaign, Orientation.objects.get(code="5.2.4-b"), TerritoryFactory(name="Gravigny"))
    has_scripts = someone.saves_by_itself
    declares = someone(open_page(width=390, java_script_enabled=has_scripts), founding_site)
    complaints = complaints_of(declares.page)
    instructs = someone(open_page(java_script_enabled=has_scripts), founding_site)
    declares.log_in(lead)
    begin_and_hand_in(declares, given)
    instructs.log_in(OfficerFactory(first_name="Agnès", last_name="Morel"))
    ask_for_a_complement(instructs)
    complete_and_hand_in_again(declares)
    see_what_changed_and_propose(instructs, committee)
    decide(instructs, committee)
    declares.go("/espace/")
    declares.reads("Retenue")
    declares.follow(TITLE)
    declares.reads(re.compile(r"Votre action est retenue\s: 6\s000\s€ accordés"))
    ask_for_the_report(instructs)
    report(declares)
    close(instructs)
    assert Project.objects.get().status == ProjectStatus.CLOSED
    assert complaints == []


@pytest.fixture
def draft(founding_site, lead):
    """A draft of the lead, and the address of its page about the public."""
    project = ProjectFactory(
        organization=lead.memberships.get().organization, status=ProjectStatus.DRAFT, starts_on=None, ends_on=None
    )
    made = DeclarationFactory(project=project, answers={"publics": {"people": "120", "women": "70", "men": "50"}})
    made.address = f"/espace/declarations/{project.pk}/publics/"
    return made


@pytest.mark.browser
def test_two_tabs_on_one_page_choose_field_by_field(open_page, founding_site, lead, draft):
    first = ByForms(open_page(), founding_site)
    first.log_in(lead)
    second = ByForms(first.page.context.new_page(), founding_site)
    stop_the_clock(first.page)
    for tab in (first, second):
        tab.go(draft.address)
    first.fill_in({"people": "95", "women": "45"})
    first.wait_until_saved()
    second.fill_in({"people": "200", "women": "90", "men": "5"})
    with second.page.expect_response(lambda answer: answer.request.method == "POST"):
        second.page.clock.run_for(PAUSE)
    expect(second.page.locator("[data-saved]")).to_contain_text("vous choisirez laquelle garder")
    second.click("Enregistrer et continuer")
    told = second.page.get_by_role("alert")
    expect(told).to_contain_text("Quelqu’un d’autre a changé la même chose")
    expect(told.get_by_role("row")).to_have_count(3)  # its head, « personnes » and « femmes »
    told.get_by_role("row", name="Nombre de personnes").get_by_role("checkbox").check()
    second.click("Enregistrer et continuer")
    expect(second.page.get_by_role("heading", level=1, name="Calendrier")).to_be_visible()
    kept = Declaration.objects.get().answers["publics"]
    assert (kept["people"], kept["women"], kept["men"]) == ("95", "90", "5")


@pytest.mark.browser
@pytest.mark.parametrize("trouble", ["dead", "refusing"])
def test_a_site_that_stops_answering_is_told_and_what_was_typed_is_saved_when_it_answers_again(
    trouble, open_page, founding_site, lead, draft
):
    typing = ByForms(open_page(), founding_site)
    page = typing.page
    typing.log_in(lead)
    stop_the_clock(page)
    typing.go(draft.address)
    page.route(
        "**/publics/", lambda route: route.abort() if trouble == "dead" else route.fulfill(status=503, body="Arrêt")
    )
    typing.fill_in({"people": "95"})
    page.clock.run_for(PAUSE)
    told = page.locator("[data-saved]")
    expect(told).to_have_text(re.compile("^Non enregistré"))
    assert Declaration.objects.get().answers["publics"]["people"] == "120"
    page.unroute_all()
    with page.expect_response(lambda answer: answer.ok):
        page.clock.run_for(20_000)
    expect(told).to_have_text(re.compile("^Enregistré à"))
    assert Declaration.objects.get().answers["publics"]["people"] == "95"
