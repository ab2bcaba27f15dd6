"""The officers' pages in a browser: accessible, narrow, and the whole instruction by keyboard, without scripts."""

from decimal import Decimal

import pytest
from django.test import Client
from playwright.sync_api import expect

from axes.models import Orientation
from projects.choices import Criterion
from projects.instructing import sheet
from projects.models import Decision, Project, Remark
from tests.browser.screens import fits
from tests.factories import (
    CampaignFactory,
    CommitteeFactory,
    DeclarationFactory,
    OfficerFactory,
    ProjectFactory,
    SubmissionFactory,
)
from tests.projects.instructing.made import proposed


@pytest.fixture
def officer_page(open_page, founding_site):
    """Open a page on which an officer is logged in."""
    officer = OfficerFactory(first_name="Agnès", last_name="Morel")
    client = Client()
    client.force_login(officer)

    def open_one(**options):
        page = open_page(**options)
        cookie = client.cookies["sessionid"]
        page.context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": founding_site}])
        return page

    open_one.officer = officer
    return open_one


@pytest.fixture
def pages(founding_site, officer_page):
    """A page of each kind, with all that it may show."""
    served = [Orientation.objects.get(code="5.2")]
    project = ProjectFactory(status="submitted", requested=Decimal(6400), total_cost=Decimal(12000), serves=served)
    DeclarationFactory(project=project)
    first = SubmissionFactory(project=project)
    shown = [["publics", "Publics", [["Personnes attendues", "95"]]], first.shown[1]]
    SubmissionFactory(project=project, number=2, shown=shown)
    Remark.objects.create(project=project, page="budget", text="Joignez le devis.", by=officer_page.officer)
    committee = CommitteeFactory()
    before = [proposed(committee=committee, code=f"2027-{rank}", serves=served) for rank in range(3)]
    job = sheet.DecisionImporter(committee, committee.held_on).create_job(
        b"code;decision;montant\r\n2027-0;Oui;beaucoup\r\n", "comite.csv", officer_page.officer
    )
    meeting = f"/instruction/comite/{committee.pk}/"
    return [
        "/instruction/",
        "/instruction/?qui=moi&etat=zzz",
        f"/instruction/{project.pk}/",
        f"/instruction/{before[0].pk}/",
        meeting,
        f"{meeting}import/",
        f"{meeting}import/{job.pk}/",
    ]


@pytest.mark.browser
def test_the_pages_of_the_instruction_are_accessible(officer_page, axe, founding_site, pages):
    page = officer_page(bypass_csp=True)
    for address in pages:
        axe(f"{founding_site}{address}", page=page)


@pytest.mark.browser
def test_the_screens_of_calls_and_committees_are_accessible(officer_page, axe, founding_site):
    campaign, committee = CampaignFactory(), CommitteeFactory()
    page = officer_page(bypass_csp=True)
    for address in (f"campaign/{campaign.pk}/change/", "campaign/", f"committee/{committee.pk}/change/"):
        axe(f"{founding_site}/admin/projects/{address}", page=page)


@pytest.mark.browser
def test_the_pages_of_the_instruction_fit_a_narrow_screen(officer_page, founding_site, pages):
    page = officer_page(width=320)
    for address in pages:
        page.goto(f"{founding_site}{address}")
        fits(page, 320, address)


@pytest.mark.browser
def test_a_file_is_instructed_and_decided_by_keyboard_and_without_scripts(officer_page, founding_site):
    SubmissionFactory(project__requested=Decimal(6400))
    committee = CommitteeFactory()
    page = officer_page(java_script_enabled=False)

    def press(name):
        page.get_by_role("button", name=name, exact=True).press("Enter")

    def state(words):
        expect(page.locator(".page-head .state")).to_have_text(words)

    page.goto(f"{founding_site}/instruction/")
    page.get_by_role("link", name="Prendre le premier").press("Enter")
    press("Recevable\u00a0: commencer l’instruction")
    state("En instruction")
    for criterion in Criterion:
        page.locator(f'[name=note_{criterion}][value="3"]').press("Space")
    page.get_by_label("Avis", exact=True).select_option("favourable")
    page.get_by_label("Montant proposé (€)").press_sequentially("6 000")
    page.get_by_label("Comité", exact=True).select_option(str(committee.pk))
    press("Proposer au comité")
    state("Proposée au comité")
    page.get_by_label("Décision", exact=True).select_option("partly_retained")
    expect(page.get_by_label("Montant accordé (€)")).to_have_value("6000")
    page.get_by_label("Montant accordé (€)").fill("6400")
    press("Saisir la décision")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("c’est accorder moins")
    alert.get_by_role("link", name="Indiquez la délibération").press("Enter")
    page.get_by_label("Délibération").press_sequentially("CC-2027-31")
    page.get_by_label("Montant accordé (€)").fill("6000")
    press("Saisir la décision")
    state("Retenue partiellement")
    assert Decision.objects.get().amount == Decimal(6000)
    assert Project.objects.get().granted == Decimal(6000)
