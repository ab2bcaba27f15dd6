"""Messages in a browser: accessible, by keyboard alone, without scripts."""

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from cohesion.context import is_demo
from cohesion.models import DemoMark
from projects.choices import MailFrequency
from projects.models import MailChoice, Message
from tests.browser.test_accounts import log_in
from tests.factories import MembershipFactory, ProjectFactory


@pytest.fixture(autouse=True)
def _nothing_counted(site):
    cache.clear()


@pytest.fixture
def lead():
    user, project = MembershipFactory().user, ProjectFactory()
    for number, title in enumerate(("Recevable : Jardin", "En instruction : Jardin")):
        Message.objects.create(
            key=f"essai:{number}", user=user, project=project, title=title, text="Rien à faire.", path="/cadre/"
        )
    return user


@pytest.mark.browser
def test_messages_are_accessible(axe, open_page, founding_site, lead):
    page = open_page(bypass_csp=True)
    log_in(page, founding_site, lead)
    axe(f"{founding_site}/espace/messages/", page=page)


@pytest.mark.browser
def test_messages_are_read_and_their_pace_chosen_by_keyboard_without_scripts(open_page, founding_site, lead):
    page = open_page(java_script_enabled=False)
    log_in(page, founding_site, lead)
    page.goto(f"{founding_site}/espace/messages/")
    page.get_by_role("button", name="Marquer comme lu : Recevable").press("Enter")
    expect(page.get_by_role("navigation", name="Votre compte")).to_contain_text("1 message non lu")
    page.get_by_role("radio", name="Un courriel par jour au plus").press("Space")
    page.get_by_role("button", name="Enregistrer mon choix").press("Enter")
    expect(page.locator(".messages")).to_contain_text("Votre choix est enregistré.")
    expect(page.get_by_role("radio", name="Un courriel par jour au plus")).to_be_checked()
    assert MailChoice.objects.get(user=lead).frequency == MailFrequency.DAILY
    page.get_by_role("link", name="En instruction : Jardin").press("Enter")
    expect(page).to_have_url(f"{founding_site}/cadre/")
    assert not Message.objects.unread().exists()


@pytest.mark.browser
def test_the_mails_of_a_demonstration_are_accessible(axe, founding_site, lead):
    DemoMark.objects.create()
    is_demo.cache_clear()
    axe(f"{founding_site}/demo/courriels/")
    axe(f"{founding_site}/demo/courriels/{Message.objects.latest('pk').pk}/")
