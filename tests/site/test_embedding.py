"""Public pages inside those of the council's own sites: where a setting names them, and nowhere else."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from cohesion.lib import open_settings
from tests.factories import UserFactory
from tests.site.headers import directives, header_faults

pytestmark = pytest.mark.django_db
COUNCIL = "https://www.agglo.example"
CLOSED = ("/compte/connexion/", "/admin/login/", "/mentions-legales/", "/inconnue/", "/espace/", "/instruction/")


def ancestors(response):
    return directives(response["Content-Security-Policy"])["frame-ancestors"]


@pytest.mark.parametrize("address", ["/", "/cadre/", "/projets/", "/donnees/", "/couverture/"])
def test_without_the_setting_no_page_is_shown_inside_another(client, founding, address):
    response = client.get(address, secure=True)
    assert list(header_faults(response)) == []


@pytest.mark.parametrize("address", ["/", "/cadre/", "/projets/", "/donnees/", "/territoires/"])
def test_a_public_page_is_shown_inside_the_sites_that_are_named_and_no_other(client, founding, settings, address):
    settings.EMBEDDED_BY = [COUNCIL]
    response = client.get(address, secure=True)
    assert ancestors(response) == COUNCIL
    assert "X-Frame-Options" not in response
    others = [fault for fault in header_faults(response) if "Frame" not in fault and "Security-Policy" not in fault]
    assert others == []


@pytest.mark.parametrize("address", CLOSED)
def test_what_is_behind_a_login_or_takes_what_is_typed_stays_closed(client, founding, settings, address):
    settings.EMBEDDED_BY = [COUNCIL]
    response = client.get(address, secure=True)
    assert (ancestors(response), response["X-Frame-Options"]) == ("'none'", "DENY")


def test_whoever_is_logged_in_is_shown_inside_nothing(client, founding, settings):
    settings.EMBEDDED_BY = [COUNCIL]
    client.force_login(UserFactory())
    response = client.get("/cadre/", secure=True)
    assert (ancestors(response), response["X-Frame-Options"]) == ("'none'", "DENY")


@pytest.mark.parametrize(
    "origin",
    [
        "http://www.agglo.example",
        "https://*.agglo.example",
        "https://agglo.example/page",
        "*",
        "https://",
        "agglo.example",
    ],
)
def test_what_is_no_origin_of_a_site_is_refused_at_once(origin):
    with pytest.raises(ImproperlyConfigured, match="EMBEDDED_BY"):
        open_settings.embedded_by([origin])


def test_an_origin_is_kept_as_it_is_compared():
    assert open_settings.embedded_by([" https://www.agglo.example/ ", ""]) == [COUNCIL]
    with pytest.raises(ImproperlyConfigured, match="EMBEDDED_BY"):
        open_settings.embedded_by([f"https://site{number}.example" for number in range(11)])


def test_a_number_that_is_no_siret_is_refused_at_once_and_a_licence_needs_an_address():
    assert open_settings.authority_siret("") == ""
    assert open_settings.authority_siret("732 829 320 00074") == "73282932000074"
    with pytest.raises(ImproperlyConfigured, match="AUTHORITY_SIRET"):
        open_settings.authority_siret("73282932000075")
    with pytest.raises(ImproperlyConfigured, match="OPEN_DATA_LICENCE"):
        open_settings.licence("Une licence", "")
