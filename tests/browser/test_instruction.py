"""The officers' pages in a browser: accessible, narrow, and the whole instruction by keyboard, without scripts."""

from decimal import Decimal

import pytest
from django.test import Client
from playwright.sync_api import expect

from axes.models import Orientation
from projects.choices import Criterion
from projects.instructing import sheet
from projects.models import BudgetEnvelope, Decision, Project, Remark, Review
from projects.programming.scenarios import make_scenario
from projects.programming.starts import REQUESTED
from tests.browser.screens import look_at
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
    BudgetEnvelope.objects.create(year=2026, label="Cohésion sociale", voted=10_000)
    scenario = make_scenario(committee, start=REQUESTED, name="Prudente", by=officer_page.officer)
    return [
        "/instruction/",
        "/instruction/?qui=moi&etat=zzz",
        f"/instruction/{project.pk}/",
        f"/instruction/{before[0].pk}/",
        meeting,
        f"{meeting}import/",
        f"{meeting}import/{job.pk}/",
        "/instruction/enveloppes/?annee=2026",
        "/instruction/enveloppes/subventions/?annee=2026",
        f"{meeting}simulations/",
        f"{meeting}simulations/{scenario.pk}/",
        f"{meeting}simulations/{scenario.pk}/appliquer/",
    ]


@pytest.mark.browser
def test_the_pages_of_the_instruction_are_accessible_and_fit_a_narrow_screen(officer_page, founding_site, pages):
    assert look_at(officer_page(bypass_csp=True), founding_site, pages) == []


@pytest.mark.browser
def test_what_a_bulk_assignment_would_do_and_a_note_to_write_are_accessible(officer_page, axe, founding_site, pages):
    page = officer_page(bypass_csp=True)

    def tick(page):
        page.locator("[name=dossier]").first.check()
        page.get_by_label("Affecter les dossiers cochés à").select_option(label="Agnès Morel")
        page.get_by_role("button", name="Voir ce qui changerait").click()
        expect(page.get_by_role("heading", name="Affecter des dossiers")).to_be_visible()

    def write_note(page):
        page.get_by_text("Écrire une note").click()
        page.get_by_role("button", name="Garder cette note").click()
        expect(page.get_by_role("alert")).to_contain_text("Écrivez la note")

    axe(f"{founding_site}/instruction/", page=page, before=tick)
    axe(f"{founding_site}{pages[2]}", page=page, before=write_note)


@pytest.mark.browser
def test_files_are_given_to_a_colleague_and_put_back_by_keyboard_and_without_scripts(officer_page, founding_site):
    project = ProjectFactory(status="submitted", title="Jardin partagé")
    page = officer_page(java_script_enabled=False)
    page.goto(f"{founding_site}/instruction/")
    page.get_by_label("Cocher\u00a0: Jardin partagé").press("Space")
    page.get_by_label("Affecter les dossiers cochés à").select_option(label="Agnès Morel")
    page.get_by_role("button", name="Voir ce qui changerait").press("Enter")
    page.get_by_role("button", name="Affecter 1\u00a0dossier").press("Enter")
    expect(page.locator(".given")).to_contain_text("1\u00a0dossier est affecté à Agnès Morel")
    assert Review.objects.get(project=project).assigned_to == officer_page.officer
    page.get_by_role("button", name="Annuler").press("Enter")
    expect(page.locator(".messages")).to_contain_text("C’est annulé")
    assert Review.objects.get(project=project).assigned_to is None


@pytest.mark.browser
def test_the_sums_of_a_meeting_follow_what_is_typed(officer_page, founding_site):
    committee = CommitteeFactory(campaign=CampaignFactory(budget=Decimal(6000)))
    first, second = (proposed(committee=committee, code=f"2027-{rank}") for rank in range(2))
    page = officer_page()
    page.goto(f"{founding_site}/instruction/comite/{committee.pk}/")
    left = page.locator("[data-left]")
    expect(left).to_have_text("6\u202f000\u00a0€")
    for project, amount in ((first, "4 000,50"), (second, "5000")):
        page.locator(f"[name=p{project.pk}-outcome]").select_option("retained")
        page.locator(f"[name=p{project.pk}-amount]").fill(amount)
    expect(page.locator("[data-typed]")).to_have_text("9\u202f000,50\u00a0€")
    expect(left).to_have_text("dépassée de 3\u202f000,50\u00a0€")
    page.locator(f"[name=p{second.pk}-outcome]").select_option("refused")
    expect(left).to_have_text("1\u202f999,50\u00a0€")


@pytest.mark.browser
def test_the_outline_and_what_is_to_be_judged_are_one_tap_away_on_a_phone(officer_page, founding_site, pages):
    page = officer_page(width=390)
    page.goto(f"{founding_site}{pages[2]}")
    page.locator("#etapes").scroll_into_view_if_needed()
    page.get_by_role("link", name="Juger", exact=True).click()
    expect(page.get_by_role("heading", name="À faire")).to_be_in_viewport()
    page.get_by_text("Plan du dossier").click()
    page.get_by_role("navigation", name="Plan du dossier").get_by_role("link", name="Budget").click()
    expect(page.get_by_role("heading", name="Budget")).to_be_in_viewport()


@pytest.mark.browser
def test_the_screens_of_calls_and_committees_are_accessible(officer_page, axe_in_turn):
    campaign, committee = CampaignFactory(), CommitteeFactory()
    screens = (f"campaign/{campaign.pk}/change/", "campaign/", f"committee/{committee.pk}/change/")
    axe_in_turn([f"/admin/projects/{screen}" for screen in screens], officer_page(bypass_csp=True))


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
