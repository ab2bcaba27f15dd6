"""The forms of the admin in a browser: narrow enough, accessible, their long choices narrowed by keyboard."""

import pytest
from django.contrib import admin
from django.urls import reverse
from playwright.sync_api import expect

from projects.models import Project, Territory
from tests.browser.screens import fits
from tests.factories import CampaignFactory, CommitteeFactory, OrganizationFactory, ProjectFactory, TerritoryFactory

pytestmark = pytest.mark.browser


@pytest.fixture
def project(founding_site):
    """An action in one of thirty communes, and a row for each other form."""
    communes = [TerritoryFactory(name=f"Commune {number:02}") for number in range(30)]
    CommitteeFactory(campaign=CampaignFactory())
    OrganizationFactory()
    return ProjectFactory(located_in=[communes[20]])


def forms():
    """The forms that officers have: those that add, and those of a row."""
    for model in admin.site._registry:
        if model._meta.app_label not in ("axes", "projects"):
            continue
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"{name}_add")
        row = model._default_manager.first()
        if row is not None:
            yield reverse(f"{name}_change", args=[row.pk])
            yield reverse(f"{name}_delete", args=[row.pk])


def change(project):
    return reverse("admin:projects_action_change", args=[project.pk])


def test_no_form_scrolls_sideways_on_a_phone_and_none_speaks_of_the_clock(agent_page, founding_site, project):
    page = agent_page(width=320)
    for address in forms():
        page.goto(founding_site + address)
        fits(page, 320, address)
        for folded in page.locator("#content-main details:not([open]) > summary").all():
            if folded.is_visible():
                folded.click()
        fits(page, 320, f"{address}, unfolded")
        expect(page.locator("body"), address).not_to_contain_text("heure du serveur")


def test_the_forms_are_accessible(axe_in_turn, agent_page, project):
    names = ("action", "territory", "campaign", "referencedocument")
    axe_in_turn([reverse(f"admin:projects_{name}_add") for name in names], agent_page(bypass_csp=True))


def test_a_commune_is_found_and_ticked_by_keyboard_alone(agent_page, founding_site, project):
    page = agent_page()
    page.goto(founding_site + change(project))
    places = page.get_by_role("group", name="Communes et quartiers")
    expect(places.get_by_role("status")).to_have_text("1\u00a0territoire coché")
    expect(places.get_by_role("checkbox").first).to_be_checked()
    places.get_by_role("searchbox", name="Réduire la liste").focus()
    page.keyboard.type("commune 07")
    expect(places.get_by_role("status")).to_have_text("1\u00a0ligne, 1\u00a0territoire coché")
    expect(places.get_by_role("checkbox")).to_have_count(1)
    page.keyboard.press("Enter")  # sends nothing
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(places.get_by_role("status")).to_have_text("2\u00a0territoires cochés")
    page.get_by_role("button", name="Enregistrer", exact=True).press("Enter")
    expect(page.locator(".messagelist .success")).to_have_text(f"L’action «\u00a0{project}\u00a0» est enregistrée.")
    assert set(Project.objects.get().places.values_list("territory__name", flat=True)) == {"Commune 07", "Commune 20"}


def test_places_are_ticked_without_scripts(agent_page, founding_site, project):
    page = agent_page(java_script_enabled=False)
    page.goto(founding_site + change(project))
    places = page.get_by_role("group", name="Communes et quartiers")
    expect(places.get_by_role("checkbox")).to_have_count(30)
    places.get_by_label("Commune 03").check()
    places.get_by_label("Commune 20").uncheck()
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert list(Project.objects.get().places.values_list("territory__name", flat=True)) == ["Commune 03"]


def test_a_long_list_that_drops_down_is_narrowed_by_keyboard(agent_page, founding_site, project):
    page = agent_page()
    page.goto(founding_site + reverse("admin:projects_territory_add"))
    page.get_by_label("Nature :", exact=True).select_option("qpv")
    page.get_by_label("Code :", exact=True).fill("QN-1")
    page.get_by_label("Nom :", exact=True).fill("Quartier du Parc")
    page.get_by_role("searchbox", name="Réduire la liste : Se trouve dans").focus()
    page.keyboard.type("12")
    select = page.get_by_label("Se trouve dans", exact=False).and_(page.locator("select"))
    expect(select.locator("option")).to_have_count(2)  # the one that is found, and the one that is chosen: none
    page.keyboard.press("Tab")
    page.keyboard.press("End")
    page.get_by_role("button", name="Enregistrer", exact=True).press("Enter")
    expect(page.locator(".messagelist .success")).to_contain_text(
        "Le territoire «\u00a0Quartier du Parc\u00a0» est ajouté."
    )
    assert Territory.objects.get(code="QN-1").parent.name == "Commune 12"


def test_a_line_that_is_added_has_the_name_of_its_kind(agent_page, founding_site, project):
    page = agent_page()
    page.goto(founding_site + change(project))
    page.locator("#offers-heading").click()
    page.get_by_role("button", name="Ajouter une offre").click()
    page.get_by_role("button", name="Ajouter une offre").click()
    expect(page.locator("#offers-group .dynamic-offers h3")).to_have_count(2)
    expect(page.locator("#offers-group .dynamic-offers .inline_label").first).to_have_text("à ajouter")
    expect(page.locator("body")).not_to_contain_text("#1")


def test_a_branch_of_the_tree_is_folded_by_keyboard_and_stays_out_of_the_way(agent_page, founding_site):
    page = agent_page()
    page.goto(f"{founding_site}/admin/axes/orientation/")
    line = page.get_by_role("link", name="5.2.1 Objectif opérationnel", exact=False)
    expect(line).to_be_visible()
    page.locator("summary[aria-label^='Sous Axe 5']").press("Enter")
    expect(line).to_be_hidden()
    page.locator("summary[aria-label^='Sous Axe 5']").press("Enter")
    expect(line).to_be_visible()


def test_the_whole_tree_stands_in_one_screen_and_a_half(agent_page, founding_site):
    page = agent_page(width=1280)
    page.goto(f"{founding_site}/admin/axes/orientation/")
    assert page.locator(".tree-row").count() == 64
    assert page.locator(".tree").evaluate("tree => tree.getBoundingClientRect().height") < 900
