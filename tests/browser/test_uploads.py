"""A file is weighed in the browser: one that is too heavy does not leave, and the reader hears why at once."""

import pytest
from django.test import Client
from playwright.sync_api import expect

from cohesion.lib.uploads import MAX_BYTES
from tests.browser.conftest import EVERYTHING, violations
from tests.factories import LeadFactory, OrganizationFactory, UserFactory


@pytest.fixture
def heavy(tmp_path):
    """A file of some megabytes more than anything that the site takes."""
    path = tmp_path / "photo.jpg"
    path.write_bytes(b"\xff\xd8\xff" + bytes(MAX_BYTES + 5_000_000))
    return path


def opened(page, site, user, path):
    client = Client()
    client.force_login(user)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])
    page.goto(site + path)
    return page


def test_a_heavy_attachment_does_not_leave_and_another_does(site, open_page, heavy):
    organization = OrganizationFactory()
    page = opened(
        open_page(bypass_csp=True),
        site,
        LeadFactory(acts_for=organization),
        f"/espace/structures/{organization.pk}/",
    )
    page.get_by_label("Nature de la pièce").select_option(index=1)
    page.set_input_files("#file", heavy)
    line = page.get_by_role("alert")
    expect(line).to_contain_text("photo.jpg\u00a0» pèse 14,8\u00a0Mo. Ce fichier dépasse 10 Mo")
    assert page.locator("#file").get_attribute("aria-describedby") == "file-hint file-weight"
    assert violations(page, EVERYTHING) == []
    page.get_by_role("button", name="Joindre").click()
    expect(page.locator(".messages")).to_contain_text("photo.jpg\u00a0» n’est pas joint. Ce fichier dépasse")
    page.get_by_label("Nature de la pièce").select_option(index=1)
    light = {"name": "statuts.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n%%EOF\n"}
    page.set_input_files("#file", light)
    expect(line).to_have_count(0)
    page.get_by_role("button", name="Joindre").click()
    expect(page.locator(".messages")).to_contain_text("statuts.pdf » est joint")


@pytest.mark.parametrize(
    ("path", "field", "words"),
    [
        ("/admin/projects/projectimport/add/", "#id_file", "la limite est de 5 Mo"),
        ("/admin/projects/territory/add/", "#id_outline_file", "Ce fichier dépasse 2 Mo"),
    ],
)
def test_a_heavy_file_of_an_officer_does_not_leave_either(site, open_page, heavy, path, field, words):
    page = opened(open_page(), site, UserFactory(is_staff=True, is_superuser=True), path)
    page.evaluate("document.querySelectorAll('#content-main details').forEach(fold => { fold.open = true; })")
    page.set_input_files(field, heavy)
    expect(page.get_by_role("alert")).to_contain_text(words)
    assert page.evaluate(f"document.querySelector('{field}').files.length") == 0
