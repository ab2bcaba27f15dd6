"""What was renamed, or made one with another, is found at the address that was cited; nothing hidden is given away."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from axes import actions
from projects.choices import OrganizationKind, ProjectStatus
from projects.housekeeping.merging import merge_organizations
from projects.members.models import Organization
from tests.factories import OfficerFactory, OrganizationFactory, ProjectFactory, TerritoryFactory

pytestmark = pytest.mark.django_db


def leads_to(client, address):
    answer = client.get(address)
    return answer.headers.get("Location") if answer.status_code == 301 else answer.status_code


def test_the_code_that_a_territory_had_leads_to_it(client, founding):
    place = TerritoryFactory(code="QN02701", name="Nétreville")
    place.code = "QN02702M"
    place.save()
    assert leads_to(client, "/territoires/QN02701/?annee=2025") == "/territoires/QN02702M/?annee=2025"
    assert leads_to(client, "/territoires/QN02701/fiche.pdf") == "/territoires/QN02702M/fiche.pdf"
    assert leads_to(client, "/api/v1/territoires/QN02701/") == "/api/v1/territoires/QN02702M/"
    TerritoryFactory(code="QN02701")
    assert leads_to(client, "/territoires/QN02701/") == 200  # of who bears it today
    assert leads_to(client, "/territoires/jamais/") == 404


def test_the_name_that_a_framework_in_preparation_had_leads_to_it_and_is_told_to_who_may_read_it(client, founding):
    officer = OfficerFactory()
    draft = actions.prepare_next_version(framework=founding, by=officer)
    former = draft.slug
    draft.slug = "cadre-2031"
    draft.save()
    assert leads_to(client, f"/cadre/{former}/") == 404
    own = Client()
    own.force_login(officer)
    assert leads_to(own, f"/cadre/{former}/") == "/cadre/cadre-2031/"
    assert own.get(f"/cadre/{former}/").headers["Cache-Control"] == "no-store, private"


def test_a_structure_that_was_made_one_with_another_leads_to_it(client, founding):
    gone, kept = OrganizationFactory(name="La Halle"), OrganizationFactory(name="La Halle aux essais")
    ProjectFactory(organization=gone, status=ProjectStatus.RUNNING)
    number = gone.pk
    merge_organizations(keep=kept, merged=gone, by=OfficerFactory())
    assert leads_to(client, f"/structures/{number}/") == f"/structures/{kept.pk}/"
    assert leads_to(client, f"/api/v1/structures/{number}/") == f"/api/v1/structures/{kept.pk}/"
    assert leads_to(client, "/structures/999999/") == 404


def test_a_stranger_does_not_learn_that_two_structures_of_which_nothing_is_public_were_made_one(client, founding):
    gone, kept = OrganizationFactory(name="La Halle"), OrganizationFactory(name="La Halle aux essais")
    ProjectFactory(organization=gone, status=ProjectStatus.SUBMITTED)
    number = gone.pk
    merge_organizations(keep=kept, merged=gone, by=OfficerFactory())
    assert leads_to(client, f"/structures/{number}/") == 404
    assert leads_to(client, f"/api/v1/structures/{number}/") == 404


def test_the_api_leads_to_nobody_who_may_be_a_person(client, founding):
    gone, kept = (
        OrganizationFactory(name="La Halle"),
        OrganizationFactory(name="Zoé Martin", kind=OrganizationKind.OTHER),
    )
    Organization.objects.filter(pk=kept.pk).update(legal_form="")
    ProjectFactory(organization=gone, status=ProjectStatus.RUNNING)
    number = gone.pk
    merge_organizations(keep=kept, merged=gone, by=OfficerFactory())
    Organization.objects.filter(pk=kept.pk).update(legal_form="")  # a merger fills it in
    assert leads_to(client, f"/structures/{number}/") == f"/structures/{kept.pk}/"
    assert leads_to(client, f"/api/v1/structures/{number}/") == 404


def test_a_number_that_no_structure_ever_had_reads_no_merger(client, founding):
    with CaptureQueriesContext(connection) as queries:
        assert leads_to(client, "/structures/999999/") == 404
    assert not [query for query in queries if "history_change_reason" in query["sql"]]


def test_what_is_not_found_is_looked_for_by_who_reads_alone(client, founding):
    place = TerritoryFactory(code="QN02701")
    place.code = "QN02702M"
    place.save()
    assert client.post("/api/v1/territoires/QN02701/", {}).status_code in (401, 403, 405)
