"""The lead's space in a browser: every page accessible, narrow, enlarged, and its errors heard and reached."""

import re

import pytest
from playwright.sync_api import expect

from axes.models import Orientation
from projects.choices import ProjectStatus
from projects.declaring.pages import PAGES
from projects.models import Remark
from tests.browser.people import ByForms, stop_the_clock
from tests.browser.screens import fits
from tests.factories import (
    CampaignFactory,
    DeclarationFactory,
    LeadFactory,
    OfficerFactory,
    OrganizationFactory,
    ProjectFactory,
    SubmissionFactory,
    TerritoryFactory,
    answers,
)

LONG = "Cuisine partagée entre générations, jardin et repas de quartier " * 2


@pytest.fixture
def organization():
    return OrganizationFactory(name="Association intercommunale des habitants des Deux Rives et du Plateau")


@pytest.fixture
def someone(founding_site, open_page, organization):
    """Open a page on which a lead is logged in."""
    lead = LeadFactory(acts_for=organization)

    def come(**options):
        person = ByForms(open_page(**options), founding_site)
        person.log_in(lead)
        expect(person.page.get_by_role("heading", level=1, name="Mon espace")).to_be_visible()
        return person

    return come


@pytest.fixture
def drafts(founding_site, organization):
    """The addresses of a draft without answers, of one that is complete, and of a file to complete."""
    campaign, place = CampaignFactory(), TerritoryFactory(name="Saint-Germain-sur-Avre")
    given = answers(campaign, Orientation.objects.get(code="5.2.4-b"), place)
    values = {"organization": organization, "title": LONG.strip(), "starts_on": None, "ends_on": None}

    def made(status, **options):
        project = ProjectFactory(status=status, **values)
        DeclarationFactory(project=project, **options)
        return project

    empty = made(ProjectStatus.DRAFT, answers={})
    full = made(ProjectStatus.DRAFT, answers=given, campaign=campaign)
    asked = made(ProjectStatus.TO_COMPLETE, answers=given, campaign=campaign)
    Remark.objects.create(project=asked, page="publics", text="Combien du quartier ?", by=OfficerFactory())
    return [f"/espace/declarations/{one.pk}/" for one in (empty, full, asked)]


@pytest.fixture
def others(organization, drafts):
    """The addresses of the pages that are not one of the eleven."""
    empty, full, asked = drafts
    submitted = SubmissionFactory(project__organization=organization).project
    DeclarationFactory(project=submitted)
    due = ProjectFactory(organization=organization, status=ProjectStatus.REPORT_DUE)
    contrary = ProjectFactory(organization=organization, status=ProjectStatus.DRAFT)
    people = {"people": "24", "women": "30", "age_60": "3"}
    money = {"a-601": "2 500", "kind-0": "region", "requested-0": "1 500", "state-0": "refused"}
    DeclarationFactory(project=contrary, answers={"publics": people, "budget": money})
    return [
        "/espace/",
        "/espace/declarations/nouvelle/",
        "/espace/messages/",
        f"/espace/structures/{organization.pk}/",
        *(f"{draft}{page}" for draft in (empty, full) for page in ("", "verifier/", "renoncer/")),
        *(f"/espace/declarations/{contrary.pk}/{part}/" for part in ("publics", "budget")),
        asked,
        f"{asked}publics/",
        f"{asked}renoncer/",
        f"/espace/declarations/{submitted.pk}/",
        f"/espace/declarations/{submitted.pk}/verifier/?depot=1",
        f"/espace/bilans/{due.pk}/",
        f"/espace/bilans/{due.pk}/?controle=1",
    ]


def eleven(draft, query=""):
    return [f"{draft}{page.slug}/{query}" for page in PAGES]


@pytest.mark.browser
def test_the_pages_of_the_space_are_accessible(someone, axe_in_turn, drafts, others):
    page = someone(bypass_csp=True).page
    axe_in_turn([*eleven(drafts[0], "?controle=1"), *others, *eleven(drafts[1])], page)


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, pytest.param(640, marks=pytest.mark.slow)], ids=["narrow", "enlarged twice"])
def test_no_page_of_the_space_scrolls_sideways(someone, drafts, others, width):
    person = someone(width=width, device_scale_factor=width / 320)
    for address in [*eleven(drafts[0], "?controle=1"), *eleven(drafts[1]), *others]:
        person.go(address)
        fits(person.page, width, address)


DANGLING = """() => {
  const named = ["aria-describedby", "aria-labelledby", "for"];
  const keys = [...document.querySelectorAll("main *")].flatMap(
    (one) => named.flatMap((name) => (one.getAttribute(name) || "").split(/\\s+/).filter(Boolean))
  );
  const links = [...document.querySelectorAll("main a[href^='#']")].map((one) => one.getAttribute("href").slice(1));
  return [...keys, ...links].filter((key) => !document.getElementById(key));
}"""


@pytest.mark.browser
def test_what_is_to_mend_is_heard_takes_the_focus_and_leads_to_its_field(someone, drafts, others):
    person = someone()
    told = 0
    for address in [*eleven(drafts[0], "?controle=1"), others[-1]]:
        person.go(address)
        assert person.page.evaluate(DANGLING) == [], address
        summary = person.page.locator(".error-summary[role=alert]")
        if not summary.count():
            continue
        told += 1
        expect(summary).to_be_focused()
        expect(person.page).to_have_title(re.compile("^À corriger"))
        for link in summary.get_by_role("link").all():
            field = person.page.locator(link.get_attribute("href"))
            link.press("Enter")
            expect(field).to_be_in_viewport()
            expect(field.locator("xpath=ancestor-or-self::*[contains(@class, 'bad')]").first).to_be_visible()
    assert told == 11  # all but the partners, which are optional; and the report


@pytest.mark.browser
def test_a_field_that_is_wrong_names_its_sentence(someone, drafts):
    person = someone()
    person.go(f"{drafts[0]}calendrier/")
    person.write(person.page.get_by_label("Début"), "31/02/2027")
    person.click("Enregistrer et continuer")
    field = person.page.get_by_label("Début")
    expect(field).to_have_value("31/02/2027")
    expect(field).to_have_attribute("aria-invalid", "true")
    sentence = person.page.locator(f"#{field.get_attribute('id')}_error")
    assert sentence.get_attribute("id") in field.get_attribute("aria-describedby").split()
    expect(sentence).to_be_visible()


# --- while one types ------------------------------------------------------------------------------------------------


@pytest.fixture
def typing(someone, drafts):
    """Somebody on a page of an empty draft, whose clock the test moves."""

    def open_part(slug):
        person = someone()
        stop_the_clock(person.page)
        person.go(f"{drafts[0]}{slug}/")
        return person

    return open_part


@pytest.mark.browser
def test_what_contradicts_itself_and_the_totals_are_told_while_one_types(typing):
    person = typing("budget")
    page = person.page
    person.answer("a-601", "2 500")
    person.answer("kind-0", "agglomeration")
    person.answer("requested-0", "1 500")
    page.get_by_label("État").focus()
    person.wait_until_saved()
    told = page.locator("[data-told]")
    expect(told).to_contain_text(re.compile(r"il manque 1\s000\s€ de produits"))
    expect(page.locator("[data-balance]")).to_contain_text(re.compile(r"il manque 1\s000\s€ de produits"))
    expect(page.locator("[data-sum=expenses]")).to_have_text(re.compile(r"2\s500\s€"))
    expect(page.get_by_text("Enregistrer et refaire les totaux")).to_be_hidden()
    person.answer("requested-0", "2 500")
    person.wait_until_saved()
    expect(told).to_be_empty()
    expect(page.locator("[data-balance]")).to_have_text(re.compile(r"égaux\s: 2\s500\s€"))


@pytest.mark.browser
def test_it_is_told_beside_its_field_and_no_row_is_told_unfinished_while_one_is_in_it(typing):
    person = typing("calendrier")
    page = person.page
    person.fill_in({"starts_on": "12/03/2099", "ends_on": "12/02/2099"})
    person.wait_until_saved()
    beside = page.locator("#id_ends_on_told")
    expect(beside).to_contain_text("La fin précède le début")
    expect(page.locator("#id_ends_on")).to_have_attribute("aria-describedby", re.compile("id_ends_on_told"))
    person.fill_in({"ends_on": "12/04/2099"})
    person.wait_until_saved()
    expect(beside).to_have_count(0)
    person.go(page.url.replace(person.site, "").replace("calendrier", "evaluation"))
    person.answer("name-0", "Familles présentes")
    person.wait_until_saved()
    expect(page.locator("[data-told]")).to_be_empty()
    page.get_by_role("button", name="Ajouter un indicateur").focus()
    expect(page.locator("[data-told]")).to_contain_text("donnez la cible de l’indicateur 1")


@pytest.mark.browser
def test_a_row_is_added_and_taken_away_in_place_and_the_focus_goes_with_it(typing, drafts):
    person = typing("partenaires")
    page = person.page
    for rank in range(3):
        person.answer(f"name-{rank}", f"Partenaire {rank}")
        expect(page.locator(f'[name="name-{rank}"]')).to_have_value(f"Partenaire {rank}")
    page.get_by_role("button", name="Ajouter un partenaire").click()
    expect(page.locator('[name="name-3"]')).to_be_focused()
    page.get_by_role("button", name="Retirer partenaire 2").click()
    expect(page.locator('[name="name-2"]')).to_be_focused()  # the one that takes its place
    expect(page.get_by_role("group", name="Partenaire 2")).to_be_visible()
    expect(page.locator(".row-told")).to_have_text(re.compile("Partenaire 2 retiré"))
    person.wait_until_saved()
    page.get_by_role("button", name="Remettre").click()
    expect(page.locator('[name="name-1"]')).to_have_value("Partenaire 1")
    page.get_by_role("button", name="Retirer partenaire 1").click()
    person.wait_until_saved()
    page.reload()
    rows = page.locator("[data-rows] > .form-row")
    expect(rows).to_have_count(2)
    assert [rows.nth(rank).locator("input").first.input_value() for rank in range(2)] == [
        "Partenaire 1",
        "Partenaire 2",
    ]


@pytest.mark.browser
def test_a_limit_is_counted_and_said_when_it_is_passed(typing):
    person = typing("rattachement")
    reason = person.page.get_by_label("Pourquoi y répond-elle")
    counter = reason.locator("xpath=following-sibling::p[1]")
    expect(counter).to_have_text("0 caractère sur 300")
    person.write(reason, "é" * 120)
    expect(counter).to_have_text("120 caractères sur 300")
    person.write(reason, "é" * 320)
    expect(counter).to_have_text("20 caractères de trop")
    person.page.clock.run_for(2_000)
    expect(person.page.get_by_role("status").filter(has_text="20 caractères de trop")).to_have_count(1)
