"""The officers' screens in a real browser: accessible, and the tree reordered by keyboard, by drag, without scripts."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from axes import actions, tree
from axes.models import Orientation
from cohesion.roles import OFFICER
from tests.browser.screens import fits
from tests.factories import UserFactory

LIST = "/admin/axes/orientation/"


@pytest.fixture
def officer(founding_site):
    person = UserFactory(is_staff=True, first_name="Camille")
    person.groups.add(Group.objects.get(name=OFFICER.name))
    return person


@pytest.fixture
def agent_page(open_page, officer, founding_site):
    """Open a page on which the officer is logged in."""
    client = Client()
    client.force_login(officer)

    def open_one(**options):
        page = open_page(**options)
        cookie = client.cookies["sessionid"]
        page.context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": founding_site}])
        return page

    return open_one


def node(code):
    return Orientation.objects.in_force().get(code=code)


def children(code):
    return [child.code for child in node(code).get_children()]


def screens(framework, draft):
    key = node("5.2.3-a").pk
    yield LIST
    yield f"{LIST}?q=rien-du-tout"
    yield f"{LIST}?niveau=priority"
    yield reverse("admin:axes_orientation_add") + f"?parent={node('5.2').pk}"
    for name in ("change", "move", "delete", "history"):
        yield reverse(f"admin:axes_orientation_{name}", args=[key])
    yield reverse("admin:axes_framework_changelist")
    for name in ("change", "renumber", "journal", "next", "history", "import"):
        yield reverse(f"admin:axes_framework_{name}", args=[framework.pk])
    yield reverse("admin:axes_framework_adopt", args=[draft.pk])
    yield reverse("admin:axes_framework_succession", args=[draft.pk])
    yield reverse("admin:projects_uncarriedlink_links", args=[draft.pk, key])
    yield reverse("admin:axes_framework_renumber", args=[draft.pk])


def test_no_screen_of_the_officers_breaks_an_accessibility_rule(axe_in_turn, agent_page, framework, officer):
    draft = actions.prepare_next_version(framework=framework, by=officer)
    actions.shift_orientation(orientation=draft.orientations.get(code="2"), step=-1, by=officer)
    axe_in_turn(screens(framework, draft), agent_page(bypass_csp=True))


def test_no_screen_of_the_officers_scrolls_sideways_on_a_phone(agent_page, founding_site, framework):
    page = agent_page(width=320)
    for address in screens(framework, framework):
        page.goto(founding_site + address)
        fits(page, 320, address)


def test_the_tree_is_reordered_with_the_keyboard_alone(agent_page, founding_site):
    page = agent_page()
    page.goto(founding_site + LIST)
    page.get_by_role("button", name="Descendre 5.2.1", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_text("5.2.1 est descendue d’une place.").first.wait_for()
    assert children("5.2") == ["5.2.2", "5.2.1", "5.2.3", "5.2.4"]
    # The focus is where it was, and the move is said aloud: pressing again goes on.
    expect(page.get_by_role("button", name="Descendre 5.2.1", exact=True)).to_be_focused()
    expect(page.locator("#tree-announce")).to_contain_text("descendue")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("#tree-announce")).to_contain_text("descendue")
    assert children("5.2") == ["5.2.2", "5.2.3", "5.2.1", "5.2.4"]
    assert tree.check() == []


def test_moving_elsewhere_needs_no_mouse(agent_page, founding_site):
    page = agent_page()
    page.goto(founding_site + LIST)
    page.get_by_role("link", name="Déplacer 5.2.1 vers…", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_label("Réduire la liste").wait_for()
    page.get_by_label("Réduire la liste").focus()
    page.keyboard.type("sous 8.1 premier")
    page.get_by_text("1 place", exact=True).wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_text("5.2.1 est maintenant sous 8.1").first.wait_for()
    assert children("8.1")[0] == "5.2.1"


def test_the_tree_is_reordered_without_javascript(agent_page, founding_site):
    page = agent_page(java_script_enabled=False)
    page.goto(founding_site + LIST)
    page.get_by_role("button", name="Monter 5.2.2", exact=True).click()
    page.get_by_text("5.2.2 est montée d’une place.").first.wait_for()
    page.get_by_role("link", name="Déplacer 5.2.2 vers…", exact=True).click()
    page.get_by_label("Nouvelle place").select_option(f"first-child:{node('8.1').pk}")
    page.get_by_role("button", name="Déplacer", exact=True).click()
    page.get_by_text("5.2.2 est maintenant sous 8.1").first.wait_for()
    assert children("8.1")[0] == "5.2.2"


def test_a_row_is_dragged_to_its_place_and_an_illegal_place_is_refused(agent_page, founding_site):
    page = agent_page()
    page.set_viewport_size({"width": 1280, "height": 5000})  # the whole tree in sight: nothing scrolls on the way
    page.goto(founding_site + LIST)

    def drag(moved, target):
        handle = page.locator(f".tree-row[data-code='{moved}'] .drag")
        handle.drag_to(page.locator(f".tree-row[data-code='{target}'] .tree-wording"))

    drag("1.1.1", "2.1")
    page.get_by_text("1.1.1 est maintenant sous 2.1").first.wait_for()
    assert node("1.1.1").parent.code == "2.1"
    drag("5.2", "5.1.1")
    page.get_by_text("Un objectif stratégique ne se place pas sous un objectif opérationnel").first.wait_for()
    assert node("5.2").parent.code == "5.E1"
    assert tree.check() == []


def test_no_script_or_style_of_the_officers_screens_is_refused_by_the_policy(agent_page, founding_site, framework):
    page = agent_page()
    refused = []
    page.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)
    for address in screens(framework, framework):
        page.goto(founding_site + address)
    assert refused == []
