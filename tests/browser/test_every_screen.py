"""Every list and every form of the officers' screens in a browser: no rule broken, nothing wider than a phone."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from tests.browser.conftest import violations
from tests.browser.screens import fits
from tests.factories import ProjectFactory, UserFactory

WITHOUT_FORM = {"auditevent", "message", "uncarriedlink"}  # nobody adds one


def screens():
    """The list and the form of each subject."""
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"{name}_changelist")
        if model._meta.model_name not in WITHOUT_FORM:
            yield reverse(f"{name}_add")
    yield reverse("admin:axes_framework_read")


def look_at(open_page, site, addresses):
    """What axe finds wrong on these screens, a wide light one and a narrow dark one in turn; each fits a phone."""
    client = Client()
    client.force_login(UserFactory(is_staff=True, is_superuser=True, first_name="Camille"))
    page = open_page(bypass_csp=True)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}
    page.context.add_cookies([cookie])
    wrong = []
    for number, address in enumerate(addresses):
        width, scheme = ((1280, "light"), (390, "dark"))[number % 2]
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        page.goto(site + address)
        page.evaluate("document.getAnimations().forEach(one => one.finish())")
        wrong += [f"{address} {width} {scheme} {violation}" for violation in violations(page, {})]
        page.set_viewport_size({"width": 320, "height": 900})
        fits(page, 320, address)
    return wrong


def test_the_desk_a_list_and_a_form_break_no_rule_and_fit_a_phone(open_page, founding_site):
    ProjectFactory()
    some = ("admin:projects_action_changelist", "admin:projects_campaign_add", "admin:projects_territory_changelist")
    assert look_at(open_page, founding_site, [reverse("admin:index"), *map(reverse, some)]) == []


@pytest.mark.slow
def test_every_list_and_form_of_the_officers_breaks_no_rule_and_fits_a_phone(open_page, founding_site):
    ProjectFactory()
    assert look_at(open_page, founding_site, screens()) == []
