"""The screens of projects in a browser: accessible, and the orientation picker used by keyboard or without scripts."""

import pytest
from django.test import Client
from playwright.sync_api import expect

from axes.models import Orientation
from projects.models import Project
from tests.factories import OfficerFactory, OrganizationFactory, ProjectFactory


@pytest.fixture
def agent_page(open_page, founding_site):
    """Open a page on which an officer is logged in."""
    client = Client()
    client.force_login(OfficerFactory())

    def open_one(**options):
        page = open_page(**options)
        cookie = client.cookies["sessionid"]
        page.context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": founding_site}])
        return page

    return open_one


def node(code):
    return Orientation.objects.get(code=code)


@pytest.mark.browser
def test_the_screens_of_projects_are_accessible(agent_page, axe, founding_site):
    project = ProjectFactory(serves=[node("5.2"), node("1.1")])
    organization = OrganizationFactory()
    page = agent_page(bypass_csp=True)
    for address in (
        "action/",
        f"action/{project.pk}/change/",
        f"organization/{organization.pk}/fusionner/",
        "territory/add/",
    ):
        axe(f"{founding_site}/admin/projects/{address}", page=page)


@pytest.mark.browser
def test_an_orientation_is_found_and_chosen_by_keyboard_alone(agent_page, founding_site):
    project = ProjectFactory(serves=[node("1.1")])
    page = agent_page()
    page.goto(f"{founding_site}/admin/projects/action/{project.pk}/change/")
    search = page.get_by_role("searchbox", name="Chercher une orientation")
    search.focus()
    page.keyboard.type(node("5.2").display_title)
    expect(page.locator(".picker-filter [role=status]")).to_contain_text("1 orientation")
    box = page.locator(f'[name=picked_secondary][value="{node("5.2").pk}"]')
    for _ in range(30):
        page.keyboard.press("Tab")
        if box.evaluate("box => box === document.activeElement"):
            break
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("Par ricochet")
    page.get_by_role("button", name="Enregistrer", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist .success")).to_be_visible()
    found = Project.objects.get().contributions.order_by("-is_main")
    assert list(found.values_list("orientation__code", "rationale")) == [("1.1", ""), ("5.2", "Par ricochet")]


@pytest.mark.browser
def test_an_orientation_is_chosen_without_scripts(agent_page, founding_site):
    project = ProjectFactory(serves=[node("1.1")])
    page = agent_page(java_script_enabled=False)
    page.goto(f"{founding_site}/admin/projects/action/{project.pk}/change/")
    for above in node("5.2").get_ancestors():
        page.locator("summary").get_by_text(f"Sous {above.badge}", exact=True).click()
    page.locator(f'[name=picked_main][value="{node("5.2").pk}"]').check()
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert Project.objects.get().contributions.get().orientation == node("5.2")
