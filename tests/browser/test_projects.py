"""The list of projects and the sheets in a browser: accessible, narrow, without scripts, by the address alone."""

import datetime

import pytest
from playwright.sync_api import expect

from axes.models import Orientation
from projects.choices import OfferKind, ProjectKind, ProjectStatus, TerritoryKind
from projects.models import Contribution, Need, Offer, Project, Scheme
from tests.browser.screens import fits
from tests.factories import OrganizationFactory, ProjectFactory, TerritoryFactory

ADDRESSES = [
    "/projets/",
    "/projets/?axe=2&commune=27229&q=lecture&tri=-date",
    "/projets/?axe=zzz",
    "/projets/?nature=prh&etat=closed",
]


@pytest.fixture
def programme(founding_site):
    """A PST with all that its sheet can show, and enough actions for two pages."""

    def node(code):
        return Orientation.objects.get(code=code)

    town = TerritoryFactory(code="27229", name="Évreux")
    quarter = TerritoryFactory(code="qp", name="Nétreville", kind=TerritoryKind.PRIORITY_QUARTER, parent=town)
    villages = TerritoryFactory.create_batch(4)
    lead = OrganizationFactory(name="Centre social d’essai")
    pst = ProjectFactory(
        kind=ProjectKind.PST,
        title="Projet social de territoire d’essai",
        summary="Ce que font ensemble les habitants et les communes.",
        organization=lead,
        audience="Tous les habitants",
        serves=[node("1.1.1-a"), node("2.1")],
        located_in=[town, quarter, *villages],
        ends_on=None,
    )
    Contribution.objects.filter(project=pst, is_main=False).update(rationale="Les droits y sont expliqués")
    pst.partners.add(OrganizationFactory(name="Caisse d’essai"))
    pst.schemes.add(Scheme.objects.create(code="ASV"))
    Offer.objects.create(
        project=pst, kind=OfferKind.TUTORING, name="Le soir au bourg", places=24, starts_on=datetime.date(2026, 9, 1)
    )
    for orientation in (None, node("7.1")):
        Need.objects.create(
            wording="Un médecin plus près",
            heard_on=datetime.date(2026, 2, 1),
            heard_by=pst,
            territory=town,
            orientation=orientation,
            is_published=True,
        )
    for number in range(27):
        ProjectFactory(
            title=f"Action de lecture numéro {number}",
            host=pst if number % 2 else None,
            serves=[node("2.1.2"), node("5.2.1-b")],
            located_in=[town] if number % 3 else [],
            organization=lead,
            status=(ProjectStatus.RUNNING, ProjectStatus.RETAINED, ProjectStatus.CLOSED)[number % 3],
        )
    return founding_site


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_list_breaks_no_accessibility_rule(programme, axe, address):
    axe(programme + address)


def test_the_sheets_break_no_accessibility_rule(programme, axe):
    for project in (Project.objects.get(kind="pst"), Project.objects.filter(host__isnull=False).first()):
        axe(f"{programme}/projets/{project.code}/")


def test_no_page_of_projects_scrolls_sideways(programme, open_page):
    page = open_page()
    for address in [*ADDRESSES, f"/projets/{Project.objects.get(kind='pst').code}/"]:
        page.goto(programme + address)
        for width in (320, 390, 768, 960, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            fits(page, width, f"{address} {width}")


def test_the_form_filters_without_scripts_and_keeps_the_rest_of_the_question(programme, open_page):
    page = open_page(java_script_enabled=False)
    page.goto(programme + "/projets/?orientation=2.1.2&compter=direct&tri=-titre")
    page.select_option("select[name=commune]", "27229")
    page.get_by_role("button", name="Filtrer").click()
    expect(page.locator(".listbar strong")).to_have_text("18\u00a0projets")
    for said in ("orientation=2.1.2", "compter=direct", "tri=-titre", "commune=27229"):
        assert said in page.url
    page.get_by_role("link", name="Commune : Évreux").click()
    expect(page.locator(".listbar strong")).to_have_text("27\u00a0projets")
