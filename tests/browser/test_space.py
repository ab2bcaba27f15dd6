"""The lead's space in a browser: every page accessible, narrow, enlarged, and its errors heard and reached."""

import re

import pytest
from playwright.sync_api import expect

from axes.models import Orientation
from projects.choices import ProjectStatus
from projects.declaring.pages import PAGES
from projects.models import Remark
from tests.browser.people import ByForms
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
    return [
        "/espace/",
        "/espace/declarations/nouvelle/",
        "/espace/messages/",
        f"/espace/structures/{organization.pk}/",
        *(f"{draft}{page}" for draft in (empty, full) for page in ("", "verifier/", "renoncer/")),
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
def test_the_pages_of_the_space_are_accessible(someone, axe, founding_site, drafts, others):
    page = someone(bypass_csp=True).page
    for address in [*eleven(drafts[0], "?controle=1"), *others]:
        axe(f"{founding_site}{address}", page=page)
    for address in eleven(drafts[1]):
        axe(f"{founding_site}{address}", page=page, dark=False)


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
