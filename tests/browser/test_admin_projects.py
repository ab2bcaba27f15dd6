"""The screens of projects in a browser: accessible, and the orientation picker used by keyboard or without scripts."""

import pytest
from playwright.sync_api import expect

from axes.models import Orientation
from projects.models import Project
from tests.browser.screens import fits
from tests.factories import OrganizationFactory, ProjectFactory


def node(code):
    return Orientation.objects.get(code=code)


@pytest.mark.browser
def test_the_screens_of_projects_are_accessible(agent_page, axe_in_turn, founding_site):
    project = ProjectFactory(serves=[node("5.2"), node("1.1")])
    organization = OrganizationFactory()
    screens = (
        "action/",
        f"action/{project.pk}/change/",
        f"organization/{organization.pk}/fusionner/",
        "territory/add/",
    )
    axe_in_turn([f"/admin/projects/{screen}" for screen in screens], agent_page(bypass_csp=True))


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


def test_many_projects_are_changed_together_without_scripts_and_accessibly(agent_page, axe, founding_site):
    ProjectFactory(code="A-1", title="Chantier d’été", starts_on="2026-01-01", ends_on="2026-12-31")
    ProjectFactory(code="A-2", title="Chantier d’hiver", starts_on="2026-11-01", ends_on="2026-12-31")
    page = agent_page(java_script_enabled=False, width=390)

    def choose(page):
        page.goto(f"{founding_site}/admin/projects/action/?q=chantier")
        for box in page.locator(".action-select").all():
            box.check()
        page.locator("[name=index]").first.click()
        expect(page.get_by_label("Nouvelle fin")).to_be_visible()

    def ask(page):
        choose(page)
        page.get_by_label("Nouvelle fin").fill("2026-06-30")
        page.get_by_label("Motif").fill("Report décidé en comité")
        page.get_by_role("button", name="Voir ce qui changerait").click()
        expect(page.locator(".bulk-counts")).to_be_visible()

    ask(page)
    expect(page.locator(".bulk-counts")).to_contain_text("1 refuse ce changement")
    page.get_by_role("button", name="Écarter ceux qui refusent").click()
    expect(page.get_by_role("button", name="Changer 1\u00a0projet")).to_be_visible()
    fits(page, 390)
    page.get_by_role("button", name="Changer 1\u00a0projet").click()
    expect(page.locator(".messagelist .success")).to_contain_text("1\u00a0projet a changé")
    assert str(Project.objects.get(code="A-1").ends_on) == "2026-06-30"
    for before in (choose, ask):
        axe(f"{founding_site}/admin/projects/action/", before=before, page=agent_page(bypass_csp=True))
