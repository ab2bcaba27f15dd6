"""The year in figures in a browser: accessible, on a phone too."""

from projects.models import Project
from tests.browser.screens import fits

PARTS = ("argent", "argent/?par=commune", "personnes", "resultats", "changements", "calendrier")


def test_the_year_in_figures_breaks_no_accessibility_rule_and_fits_a_phone(programme_site, axe, axe_in_turn, open_page):
    page, year = open_page(bypass_csp=True), Project.objects.published().latest("starts_on").starts_on.year
    parts = [f"/tableau-de-bord/{part.strip('/') if '?' in part else part + '/'}" for part in PARTS]
    axe(f"{programme_site}/tableau-de-bord/?annee={year - 1}", page=page)
    lead = Project.objects.published().first().organization_id
    axe_in_turn([*parts, f"/structures/{lead}/"], page)
    phone = open_page(width=320)
    for address in ["/tableau-de-bord/", *parts]:
        phone.goto(programme_site + address)
        fits(phone, 320, address)
