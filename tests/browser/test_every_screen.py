"""Every screen of officers, of a lead and of an account in a browser: no rule broken, nothing wider than a phone."""

from decimal import Decimal

import pytest
from django.contrib import admin
from django.urls import reverse

from projects.choices import ProjectStatus
from projects.correspondence.models import Issuing, IssuingLine
from projects.models import BudgetEnvelope, Instalment
from projects.programming.scenarios import make_scenario
from projects.programming.starts import REQUESTED
from tests.browser.people import ByKeys
from tests.browser.screens import log_in, look_at, too_wide
from tests.factories import (
    AgreementFactory,
    CampaignFactory,
    CommitteeFactory,
    DeclarationFactory,
    GrantFactory,
    LeadFactory,
    OfficerFactory,
    OrganizationFactory,
    PaperFactory,
    PaymentFactory,
    ProjectFactory,
    UserFactory,
    this_year,
)
from tests.projects.correspondence.conftest import decided
from tests.projects.instructing.made import proposed

LONG = "Accompagnement à la scolarité avec les familles et les établissements du quartier prioritaire de la Madeleine"


def screens(rf):
    """The list of each subject, and the form of each that may be added."""
    request = rf.get("/")
    request.user = UserFactory.build(is_staff=True, is_superuser=True)
    for model, screen in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"{name}_changelist")
        if screen.has_add_permission(request):
            yield reverse(f"{name}_add")
    yield reverse("admin:axes_framework_read")


@pytest.fixture
def boss_page(open_page, founding_site):
    """A page on which somebody who may do everything is logged in; it lets the checking script in."""
    boss = UserFactory(is_staff=True, is_superuser=True, first_name="Camille")
    return log_in(open_page(bypass_csp=True), founding_site, boss)


@pytest.fixture
def lead(founding_site):
    return LeadFactory(acts_for=OrganizationFactory(name="Centre social et culturel intercommunal de la Madeleine"))


@pytest.fixture
def grant(lead):
    """A grant of a project whose title is long, under a convention, partly paid, with a paper."""
    house = lead.memberships.get().organization
    project = ProjectFactory(title=LONG, organization=house, granted=30_000, status=ProjectStatus.RUNNING)
    agreement = AgreementFactory(organization=house, amounts={this_year(): 30_000})
    grant = GrantFactory(project=project, agreement=agreement)
    Instalment.objects.create(agreement=agreement, due_on=agreement.starts_on, amount=20_000, label="Acompte")
    PaymentFactory(grant=grant, amount=5_000)
    PaperFactory(project=project)
    DeclarationFactory(project=project)
    return grant


@pytest.fixture
def to_pay(founding_site):
    """Two grants that nothing holds back, of projects of one title."""
    return [
        GrantFactory(project=ProjectFactory(title=LONG, granted=3_000, status=ProjectStatus.RUNNING)) for _ in range(2)
    ]


def test_the_desk_a_list_and_a_form_break_no_rule_and_fit_a_phone(boss_page, founding_site):
    ProjectFactory()
    some = ("admin:projects_action_changelist", "admin:projects_campaign_add", "admin:projects_territory_changelist")
    ours = ("admin:projects_papermodel_add", "admin:projects_webhook_add", "admin:projects_budgetenvelope_add")
    words = ("admin:projects_vocabularyline_changelist", "admin:projects_vocabularyline_add")
    files = ("admin:projects_organization_import",)
    assert look_at(boss_page, founding_site, [reverse("admin:index"), *map(reverse, some + ours + words + files)]) == []


@pytest.mark.slow
def test_every_list_and_form_of_the_officers_opens_and_fits_a_phone(boss_page, founding_site, rf):
    ProjectFactory()
    wrong = []
    for address in screens(rf):
        answer = boss_page.goto(founding_site + address, wait_until="domcontentloaded")
        wrong += too_wide(boss_page, address) if answer.status == 200 else [f"{address} {answer.status}"]
    assert wrong == []


@pytest.mark.slow
def test_every_list_and_form_of_the_officers_breaks_no_rule_and_fits_a_phone(boss_page, founding_site, rf):
    ProjectFactory()
    assert look_at(boss_page, founding_site, screens(rf)) == []


def test_the_screens_of_grants_and_payments_break_no_rule_and_fit_a_phone(boss_page, founding_site, grant, to_pay):
    agreement = f"/instruction/conventions/{grant.agreement_id}/"
    unsigned = AgreementFactory(organization=grant.project.organization, signed_on=None)
    here = f"/instruction/{grant.project_id}/subvention/"
    addresses = [
        "/instruction/versements/",
        "/instruction/versements/?voir=verses",
        f"/instruction/versements/{grant.payments.get().pk}/",
        here,
        f"{here}retrait/?manquement={grant.agreement.starts_on}",
        f"/instruction/{to_pay[0].project_id}/subvention/",
        f"/instruction/{to_pay[0].project_id}/subvention/convention/",
        f"/instruction/{grant.project_id}/",
        f"/instruction/{grant.project_id}/rattachements/",
        "/instruction/conventions/",
        agreement,
        f"/instruction/conventions/{unsigned.pk}/ecrire/",
        "/instruction/donnees/",
        "/instruction/ressemblances/",
        "/instruction/ressemblances/sujets/",
    ]
    assert look_at(boss_page, founding_site, addresses) == []


def test_the_screens_of_papers_break_no_rule_and_fit_a_phone(boss_page, founding_site, grant):
    meeting = CommitteeFactory()
    project = decided(meeting)
    issuing = Issuing.objects.create(committee=meeting)
    IssuingLine.objects.create(issuing=issuing, project=project, kind="notification", paper=PaperFactory(sent_at=None))
    IssuingLine.objects.create(issuing=issuing, project=grant.project, kind="notification", refusal="La date manque.")
    paper = PaperFactory(project=project, sent_at=None)
    addresses = [
        "/instruction/documents/",
        f"/instruction/documents/{grant.project.papers.get().pk}/",
        f"/instruction/documents/{paper.pk}/envoyer/",
        f"/instruction/{project.pk}/documents/",
        f"/instruction/{project.pk}/documents/?modele=notification",
        f"/instruction/comite/{meeting.pk}/documents/",
        f"/instruction/documents/editions/{issuing.pk}/",
        f"/instruction/documents/editions/{issuing.pk}/envoyer/",
    ]
    assert look_at(boss_page, founding_site, addresses) == []


def test_a_simulation_with_a_budget_breaks_no_rule_and_fits_a_phone(boss_page, founding_site):
    meeting = CommitteeFactory(campaign=CampaignFactory(budget=Decimal(9_000)))
    for _ in range(2):
        proposed(committee=meeting, title=LONG)
    BudgetEnvelope.objects.create(year=this_year(), label="Cohésion sociale, crédits propres", voted=10_000)
    here = f"/instruction/comite/{meeting.pk}/simulations/"
    tried = [make_scenario(meeting, start=REQUESTED, name=name, by=UserFactory()) for name in ("Prudente", "Large")]
    addresses = [here, here, *(f"{here}{tried[0].pk}/{page}" for page in ("", "appliquer/"))]
    assert look_at(boss_page, founding_site, addresses) == []


def test_the_screens_of_a_lead_with_a_grant_and_of_an_account_break_no_rule(open_page, founding_site, lead, grant):
    page = log_in(open_page(bypass_csp=True), founding_site, lead)
    own = ("/compte/donnees/", "/compte/effacer/", "/compte/jetons/")
    addresses = ["/espace/", f"/espace/declarations/{grant.project_id}/", *own]
    assert look_at(page, founding_site, addresses) == []


def test_the_public_pages_of_a_grant_of_the_api_and_of_privacy_break_no_rule(open_page, founding_site, grant):
    addresses = [grant.project.get_absolute_url(), "/tableau-de-bord/argent/", "/api/docs/", "/donnees-personnelles/"]
    assert look_at(open_page(bypass_csp=True), founding_site, addresses) == []


def test_several_payments_are_entered_by_keyboard_alone_each_field_naming_its_project(open_page, founding_site, to_pay):
    page = log_in(open_page(), founding_site, OfficerFactory())
    person = ByKeys(page, founding_site)
    person.go("/instruction/versements/")
    for grant in to_pay:
        person.tick(page.get_by_role("checkbox", name=f"({grant.project.code})"))
    last = page.get_by_role("textbox", name=f"Montant (€)\u00a0: {LONG} ({to_pay[1].project.code})")
    person.write(last, "99 000")
    person.click("Enregistrer les versements cochés")
    alert = page.get_by_role("alert")
    person.press(alert.get_by_role("link").first)
    assert page.evaluate("document.activeElement.closest('tr') !== null")
    assert last.get_attribute("aria-invalid") == "true"
    assert page.locator(f"#{last.get_attribute('aria-describedby')}").inner_text() != ""
    person.write(last, "3000")
    person.click("Enregistrer les versements cochés")
    person.reads("Rien n’est à verser")
    assert [grant.payments.get().amount for grant in to_pay] == [Decimal(3000)] * 2


def test_two_simulations_are_made_and_compared_by_keyboard_alone(open_page, founding_site):
    meeting = CommitteeFactory(campaign=CampaignFactory(budget=Decimal(9_000)))
    project = proposed(committee=meeting, title=LONG)
    page = log_in(open_page(), founding_site, OfficerFactory())
    person = ByKeys(page, founding_site)
    here = f"/instruction/comite/{meeting.pk}/simulations/"
    for name in ("Prudente", "Large"):
        person.go(here)
        person.write(page.get_by_label("Son nom"), name)
        person.click("Créer le scénario")
        person.reads("Rien n’est proposé ni décidé")
    person.write(page.get_by_label(f"Montant (€)\u00a0: {LONG} ({project.code})"), "1200")
    person.click("Enregistrer")
    person.reads("Le scénario est enregistré")
    person.go(here)
    person.tick(page.get_by_label("Comparer\u00a0: Prudente"))
    person.click("Comparer les scénarios cochés")
    person.reads("Diffère")


def test_a_model_of_a_paper_is_written_by_keyboard_alone(open_page, founding_site):
    boss = UserFactory(is_staff=True, is_superuser=True)
    page = log_in(open_page(), founding_site, boss)
    person = ByKeys(page, founding_site)
    person.go(reverse("admin:projects_papermodel_add"))
    person.write(page.get_by_label("Nom\u00a0:"), "Notre notification")
    person.click("Enregistrer")
    person.reads("Notre notification")
