"""A form of the admin that was typed while the session ended comes back filled."""

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from projects.models import Offer, OfferSite, Organization
from tests.accounts.test_lost_forms import NOTICE, browser, log_in, log_out, send
from tests.factories import (
    OfficerFactory,
    TerritoryFactory,
)
from tests.site.forms import filled
from tests.site.test_together import FIELDS, address, made

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_counted(db):
    cache.clear()


@pytest.mark.parametrize("model", FIELDS, ids=lambda model: model._meta.model_name)
def test_every_form_of_the_admin_comes_back_filled(request, model):
    row, name = made(model, request), FIELDS[model]
    officer = OfficerFactory(is_superuser=True)
    client = browser()
    log_in(client, officer)
    page = address(row, model)
    read = filled(client.get(page))
    reason = {"reason": "Essai"} if "reason" in read else {}
    log_out(client)
    answer = send(client, page, read | {name: "Tapé par A", "_save": "1"} | reason)
    log_in(client, officer, answer.url)
    back = client.get(page)
    assert NOTICE in back.content.decode()
    again = filled(back, f"#{model._meta.model_name}_form")
    assert {key: values for key, values in again.items() if key != "csrfmiddlewaretoken"} == {
        key: values if isinstance(values, list) else [values]
        for key, values in (read | {name: "Tapé par A"} | reason).items()
        if key != "csrfmiddlewaretoken"
    }
    assert getattr(model._base_manager.get(pk=row.pk), name) != "Tapé par A"
    assert send(client, page, again | {"_save": "1"}).status_code == 302
    assert getattr(model._base_manager.get(pk=row.pk), name) == "Tapé par A"


def test_lines_that_were_added_beneath_a_form_come_back_and_are_saved(request, officer):
    offer = made(Offer, request)
    place, other = TerritoryFactory(name="Ici"), TerritoryFactory(name="Là-bas")
    client = browser()
    log_in(client, officer)
    page = address(offer)
    read = filled(client.get(page))
    prefix = next(name for name in read if name.endswith("-TOTAL_FORMS")).removesuffix("-TOTAL_FORMS")
    lines = {f"{prefix}-TOTAL_FORMS": "7", f"{prefix}-0-territory": place.pk, f"{prefix}-6-territory": other.pk}
    log_out(client)
    answer = send(client, page, read | lines)
    log_in(client, officer, answer.url)
    again = filled(client.get(page), "#offer_form")
    assert again[f"{prefix}-6-territory"] == [str(other.pk)]
    assert send(client, page, again).status_code == 302
    assert {site.territory for site in OfferSite.objects.all()} == {place, other}


def test_a_row_to_be_added_and_the_forms_of_the_tree_come_back_too(node, officer):
    axis = node("5.2")
    framework = axis.framework_id
    added = f"{reverse('admin:axes_orientation_add')}?framework={framework}&parent={axis.pk}"
    for page, name in (
        (reverse("admin:projects_organization_add"), "name"),
        (added, "title"),
        (reverse("admin:axes_orientation_move", args=[axis.pk]), "reason"),
    ):
        client = browser()
        log_in(client, officer)
        read = filled(client.get(page))
        assert name in read, page
        log_out(client)
        answer = send(client, page, read | {name: "Tapé par A"})
        log_in(client, officer, answer.url)
        back = client.get(page).content.decode()
        assert NOTICE in back, page
        assert "Tapé par A" in back, page
    assert not Organization.objects.filter(name="Tapé par A").exists()


@pytest.mark.parametrize("name", ["projects_projectimport_add", "axes_framework_import"])
def test_an_import_says_which_file_to_choose_again(officer, founding, name):
    page = reverse(f"admin:{name}", args=[founding.pk] if "framework" in name else [])
    client = browser()
    log_in(client, officer)
    read = filled(client.get(page))
    log_out(client)
    answer = send(client, page, read | {"file": SimpleUploadedFile("plan.csv", b"code")})
    log_in(client, officer, answer.url)
    assert "Le fichier «\u00a0plan.csv\u00a0» n’a pas pu être gardé" in client.get(page).content.decode()
