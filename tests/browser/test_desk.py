"""Writing to several, the calendar, the directory, the first visit and the news: accessible, narrow, by keyboard."""

import datetime

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from cohesion.models import User
from projects.choices import ProjectStatus
from projects.models import Mailing, Message, Report
from tests.browser.screens import fits
from tests.factories import CampaignFactory, CommitteeFactory, LeadFactory, ProjectFactory, this_year

LATE = "/instruction/courriers/ecrire/?situation=bilan-en-retard&modele=report"


@pytest.fixture
def late(founding_site):
    """Two leads whose reports are late, one of whom leads six more projects."""
    leads = [LeadFactory(first_name=name, last_name="Martin") for name in ("Ana", "Bob")]
    for lead in leads:
        organization = lead.memberships.get().organization
        organization.phone, organization.email = "02 32 00 00 00", "contact-de-la-structure@exemple.test"
        organization.save()
        project = ProjectFactory(organization=organization, status=ProjectStatus.REPORT_DUE)
        due = timezone.localdate() - datetime.timedelta(days=30)
        Report.objects.create(project=project, year=this_year() - 1, due_on=due)
    for _ in range(6):
        ProjectFactory(organization=organization)
    CampaignFactory()
    CommitteeFactory(held_on=timezone.localdate() + datetime.timedelta(days=9))
    return leads


@pytest.mark.browser
def test_the_pages_of_the_desk_are_accessible(axe, agent_page, founding_site, late):
    page = agent_page(bypass_csp=True)
    mailing = Mailing.objects.create(kind="free", title="Rappel", text="Bonjour", audience="tous")
    Message.objects.create(key="essai", user=late[0], mailing=mailing, title="Rappel", text="Bonjour")

    def unfold(page):
        page.locator("summary").first.click()

    def check(page):
        page.get_by_role("button", name="Relire avant d’envoyer").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Relire avant d’envoyer")

    axe(founding_site + LATE, page=page, before=unfold)
    axe(founding_site + LATE, page=page, before=check)
    for address in ("/instruction/courriers/", f"/instruction/courriers/{mailing.pk}/", "/calendrier/"):
        axe(founding_site + address, page=page, dark=False)
    axe(f"{founding_site}/instruction/annuaire/", page=page, before=unfold)
    axe(f"{founding_site}/compte/visite/", page=page)
    axe(f"{founding_site}/nouveautes/", page=page)
    axe(f"{founding_site}/calendrier/")


@pytest.mark.browser
def test_the_pages_of_the_desk_fit_a_narrow_phone(agent_page, founding_site, late):
    page = agent_page(width=320)
    addresses = (LATE, "/instruction/courriers/", "/calendrier/", "/instruction/annuaire/", "/compte/visite/")
    for address in (*addresses, "/nouveautes/", "/admin/", "/instruction/"):
        page.goto(founding_site + address)
        fits(page, 320, address)


@pytest.mark.browser
def test_several_are_written_to_by_keyboard_without_scripts(agent_page, founding_site, late):
    page = agent_page(java_script_enabled=False)
    page.goto(f"{founding_site}/instruction/")
    page.get_by_role("link", name="Écrire à plusieurs porteurs").press("Enter")
    page.get_by_label("Qui porte").select_option("Les bilans en retard")
    page.get_by_label("Partir du modèle").select_option("Rappel de bilan")
    page.get_by_role("button", name="Voir qui").press("Enter")
    expect(page.get_by_role("heading", name="2 personnes")).to_be_visible()
    page.get_by_role("checkbox", name="Bob Martin").press("Space")
    page.get_by_role("button", name="Relire avant d’envoyer").press("Enter")
    expect(page.get_by_role("article")).to_contain_text("Rappel : le bilan de")
    page.get_by_role("button", name="Envoyer à 1 personne").press("Enter")
    expect(page.locator(".messages")).to_contain_text("Le message est écrit à 1 personne")
    assert [message.user for message in Message.objects.exclude(mailing=None)] == [late[0]]


@pytest.mark.browser
def test_the_visit_is_put_away_and_found_again_by_keyboard_without_scripts(agent_page, founding_site):
    page = agent_page(java_script_enabled=False)
    page.goto(f"{founding_site}/admin/")
    page.get_by_role("link", name="Voir ce qui est à verser").first.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("À verser")
    page.goto(f"{founding_site}/admin/")
    section = page.get_by_role("region", name="Pour commencer")
    expect(section).to_contain_text("1 sur 5")
    section.get_by_role("button", name="Masquer").press("Enter")
    expect(section).to_have_count(0)
    page.goto(f"{founding_site}/compte/")
    page.get_by_role("link", name="La visite").press("Enter")
    page.get_by_role("button", name="Reprendre la visite").press("Enter")
    expect(page.get_by_role("button", name="Masquer de ma page d’arrivée")).to_be_visible()
    assert User.objects.get(is_staff=True).first_visit_hidden_at is None
