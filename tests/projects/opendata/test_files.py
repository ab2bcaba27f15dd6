"""The files of the public tables: what they hold, how they are sent, and to whom."""

import csv
import gzip
import io
import json
from functools import cached_property

import brotli
import pytest
from django.urls import reverse

from axes import document
from axes.models import Framework
from cohesion.lib.kept import Kept
from projects.choices import LegalForm, OrganizationKind, ProjectStatus
from projects.models import Contribution, Need, Offer, Organization, Project
from projects.opendata import kept_files
from projects.opendata.datasets import DATASETS, FILE_NAMES
from tests.factories import (
    FrameworkFactory,
    OrganizationFactory,
    OrientationFactory,
    ProjectFactory,
    TerritoryFactory,
    UserFactory,
)

# What is answered is made in Python: the same on both databases.
pytestmark = [pytest.mark.django_db, pytest.mark.once]
BAD = '=cmd|"/c calc"!A1'


def fetched(client, name, **headers):
    return client.get(f"/donnees/{name}", headers=headers)


def table(client, name):
    text = fetched(client, f"{name}.csv").content.decode()
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def programme(founding):
    """A framework in force with a project that serves it, with a text that a spreadsheet would run."""
    project = ProjectFactory(
        code="2026-001", title=BAD, summary='Un « résumé », avec une "citation"\net deux lignes 🌱'
    )
    place = TerritoryFactory(name="Évreux", code="27229", outline=SQUARE)
    project.territories.add(place)
    orientation = founding.orientations.filter(level="operational").first()
    Contribution.objects.create(project=project, orientation=orientation, is_main=True)
    offer = Offer.objects.create(project=project, kind="reception", name="+33 accueil", weekly_hours="3.50")
    offer.sites.create(territory=place)
    Need.objects.create(wording="Un lieu pour les jeunes", heard_on="2026-03-04", territory=place, is_published=True)
    return project


SQUARE = {"type": "Polygon", "coordinates": [[[1.1, 49.0], [1.2, 49.0], [1.2, 49.1], [1.1, 49.1], [1.1, 49.0]]]}


@pytest.mark.parametrize("name", FILE_NAMES)
def test_each_file_is_sent_whole_to_anybody_without_a_cookie(client, programme, name):
    response = fetched(client, name)
    assert response.status_code == 200
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert not response.cookies
    assert not response["ETag"].startswith("W/")
    assert int(response["Content-Length"]) == len(response.content)
    assert "Last-Modified" in response


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.name)
def test_every_line_has_as_many_cells_as_the_table_has_columns(client, programme, dataset):
    text = fetched(client, f"{dataset.name}.csv").content.decode()
    lines = list(csv.reader(io.StringIO(text)))
    assert lines[0] == [column.header for column in dataset.columns]
    assert {len(line) for line in lines} == {len(dataset.columns)}
    assert all(column.meaning for column in dataset.columns)
    objects = json.loads(fetched(client, f"{dataset.name}.json").content)
    assert len(objects) == len(lines) - 1


def test_the_file_of_machines_keeps_each_value_as_it_is_and_that_of_people_is_harmless(client, programme):
    (row,) = table(client, "projets")
    assert row["titre"] == BAD
    assert row["resume"].splitlines()[0] == 'Un « résumé », avec une "citation"'
    assert row["date_debut"] == programme.starts_on.isoformat()
    content = fetched(client, "projets.excel.csv").content
    assert content.startswith(b"\xef\xbb\xbf")
    (people,) = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert people["titre"] == f"'{BAD}"
    assert people["date_debut"] == f"{programme.starts_on:%d/%m/%Y}"


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.name)
def test_no_line_for_machines_begins_with_what_a_spreadsheet_runs(client, programme, dataset):
    """Where a French spreadsheet takes the whole line for one cell, it is a text."""
    for line in fetched(client, f"{dataset.name}.csv").content.decode().splitlines():
        assert not line.lstrip("'\" \t").startswith(("=", "+", "-", "@")) or "resume" not in line


def test_numbers_are_as_each_reader_expects_them(client, programme):
    (row,) = table(client, "offres")
    assert row["heures_par_semaine"] == "3.5"
    content = fetched(client, "offres.excel.csv").content.decode("utf-8-sig")
    (people,) = list(csv.DictReader(io.StringIO(content), delimiter=";"))
    assert people["heures_par_semaine"] == "3,5"
    assert people["offre"] == "'+33 accueil"


def test_an_outline_comes_with_what_its_row_says(client, programme):
    response = fetched(client, "territoires.geojson")
    assert response["Content-Type"] == "application/geo+json"
    collection = json.loads(response.content)
    feature = next(feature for feature in collection["features"] if feature["id"] == "27229")
    assert feature["geometry"] == SQUARE
    assert feature["properties"]["nom"] == "Évreux"


# --- asked again ------------------------------------------------------------------------------------------------


def test_who_holds_a_file_gets_nothing_again_until_it_changes(client, programme):
    first = fetched(client, "projets.csv")
    again = fetched(client, "projets.csv", **{"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert again["Access-Control-Allow-Origin"] == "*"
    by_date = fetched(client, "projets.csv", **{"If-Modified-Since": first["Last-Modified"]})
    assert by_date.status_code == 304
    head = client.head("/donnees/projets.csv")
    assert (head.status_code, head["ETag"], head.content) == (200, first["ETag"], b"")
    programme.title = "Un autre titre"
    programme.save()
    changed = fetched(client, "projets.csv", **{"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert "Un autre titre" in changed.content.decode()


def test_a_change_that_leaves_a_file_as_it_was_sends_it_to_nobody(client, programme):
    held = fetched(client, "besoins.csv")["ETag"]
    programme.title = "Un autre titre"
    programme.save()
    assert fetched(client, "besoins.csv", **{"If-None-Match": held}).status_code == 304


def test_each_coding_has_its_own_tag_and_says_the_same(client, programme):
    plain = fetched(client, "projets.csv")
    packed = fetched(client, "projets.csv", **{"Accept-Encoding": "gzip"})
    best = fetched(client, "projets.csv", **{"Accept-Encoding": "gzip, br"})
    assert (packed["Content-Encoding"], best["Content-Encoding"]) == ("gzip", "br")
    assert len({plain["ETag"], packed["ETag"], best["ETag"]}) == 3
    assert plain.content == gzip.decompress(packed.content) == brotli.decompress(best.content)


def test_another_origin_is_told_before_it_asks_what_it_may(client):
    asked = client.options("/donnees/projets.csv", headers={"Origin": "https://ailleurs.example"})
    assert asked.status_code == 204
    assert asked["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert client.post("/donnees/projets.csv").status_code == 405


@pytest.mark.parametrize(
    "address", ["/", "/donnees/", "/donnees/projets/", "/projets/", "/projets/export.csv", "/sante/"]
)
def test_no_other_address_may_be_read_by_another_origin(client, programme, address):
    response = client.get(address, headers={"Origin": "https://ailleurs.example"})
    assert "Access-Control-Allow-Origin" not in response
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"


def test_no_file_has_another_name(client, programme):
    assert fetched(client, "secrets.csv").status_code == 404
    assert fetched(client, "projets.sql").status_code == 404
    assert client.get("/donnees/secrets/").status_code == 404


def test_the_queries_of_a_file_do_not_grow_with_it(client, founding, django_assert_max_num_queries):
    orientation = founding.orientations.filter(level="operational").first()

    def add(number):
        for project in ProjectFactory.create_batch(number):
            project.territories.add(TerritoryFactory())
            Contribution.objects.create(project=project, orientation=orientation, is_main=True)
            Offer.objects.create(project=project, kind="reception", name="Accueil")

    for number in (2, 10):
        add(number)
        for dataset in DATASETS:
            with django_assert_max_num_queries(22):
                assert fetched(client, f"{dataset.name}.csv").status_code == 200


def test_the_catalogue_reads_each_table_once_for_all_its_files(client, programme, monkeypatch):
    read, readings = kept_files.TableReading.rows.func, []

    def counted(reading):
        readings.append(reading.dataset.name)
        return read(reading)

    rows = cached_property(counted)
    rows.__set_name__(kept_files.TableReading, "rows")
    monkeypatch.setattr(kept_files.TableReading, "rows", rows)
    assert fetched(client, "catalogue.jsonld").status_code == 200
    assert sorted(readings) == sorted(dataset.name for dataset in DATASETS)


def test_what_every_orientation_says_is_asked_once(client, founding, django_assert_max_num_queries):
    document._read, document._axes = Kept(4), Kept(64)  # as in a process that has read nothing
    with django_assert_max_num_queries(16):
        assert len(table(client, "orientations")) > 16


# --- what is not there ------------------------------------------------------------------------------------------


def everything(client):
    """All that anybody may take away, and the pages around it."""
    names = [name for name in FILE_NAMES if not name.endswith("xlsx")]
    pages = ["/donnees/", *(dataset.address for dataset in DATASETS), "/donnees/catalogue.jsonld"]
    pages += ["/donnees/flux/projets.atom", "/donnees/flux/cadre.atom", "/tableau-de-bord/decisions.atom"]
    return "\n".join(client.get(address).content.decode() for address in [*(f"/donnees/{n}" for n in names), *pages])


def test_what_the_pages_hide_is_in_no_file(client, programme, founding):
    lead = Organization.objects.create(
        name="Association visible",
        kind=OrganizationKind.ASSOCIATION,
        email="SECRET-courriel@exemple.test",
        phone="SECRET-telephone",
        representative="SECRET-representant",
        address="SECRET-adresse",
        note="SECRET-note",
    )
    somebody = Organization.objects.create(name="SECRET Camille Personne", kind=OrganizationKind.OTHER)
    ProjectFactory(organization=somebody, title="Porté par quelqu’un")
    shown = ProjectFactory(organization=lead, total_cost=998877, requested=887766)
    shown.co_leads.add(somebody)
    draft = ProjectFactory(organization=lead, status=ProjectStatus.DRAFT, title="SECRET brouillon")
    for status in (ProjectStatus.SUBMITTED, ProjectStatus.REFUSED, ProjectStatus.ADJOURNED, ProjectStatus.ABANDONED):
        ProjectFactory(status=status, title=f"SECRET {status}", organization__name=f"SECRET porteur {status}")
    Offer.objects.create(project=draft, kind="reception", name="SECRET offre")
    hidden = OrientationFactory(
        framework=FrameworkFactory(slug="secret-cadre", name="SECRET cadre"), title="SECRET texte"
    )
    Contribution.objects.create(project=shown, orientation=hidden, is_main=True, rationale="SECRET raison")
    Need.objects.create(wording="SECRET besoin", heard_on="2026-01-01", territory=TerritoryFactory())
    Need.objects.create(
        wording="Besoin public",
        heard_on="2026-01-01",
        territory=TerritoryFactory(),
        orientation=hidden,
        is_published=True,
        heard_by=None,
    )
    text = everything(client)
    for word in ("SECRET", "secret-cadre", "998877", "887766"):
        assert word not in text, text[max(0, text.index(word) - 200) : text.index(word) + 80]
    assert "Association visible" in text


def test_amounts_are_those_that_the_setting_names(client, programme, settings):
    Project.objects.filter(pk=programme.pk).update(granted="43217.89", requested=5432)
    Framework.objects.in_force().get().save()
    assert table(client, "argent")[0]["accorde"] == "43217.89"
    assert "demande" not in table(client, "argent")[0]
    settings.PUBLIC_AMOUNTS = []
    Framework.objects.in_force().get().save()
    assert "accorde" not in table(client, "argent")[0]
    assert "43217" not in everything(client)


def test_who_is_known_as_a_legal_person_stands_among_the_structures(client, founding):
    named = OrganizationFactory(name="Commune d’essai", kind=OrganizationKind.MUNICIPALITY)
    firm = OrganizationFactory(name="Société d’essai", kind=OrganizationKind.OTHER, legal_form=LegalForm.COMPANY)
    other = OrganizationFactory(name="Dominique", kind=OrganizationKind.OTHER, legal_form=LegalForm.OTHER)
    for lead in (named, firm, other):
        ProjectFactory(organization=lead)
    OrganizationFactory(name="Ne porte rien")
    assert [row["nom"] for row in table(client, "structures")] == ["Commune d’essai", "Société d’essai"]


def test_who_is_logged_in_reads_the_same_file(client, programme, settings):
    before = fetched(client, "argent.csv").content
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    answer = fetched(client, "argent.csv")
    assert answer.content == before


def test_archived_versions_are_there_with_their_links(client, programme, founding):
    former = FrameworkFactory(slug="ancien", starts_on="2020-01-01", ends_on="2024-12-31")
    node = OrientationFactory(framework=former, code="Z1")
    Framework.objects.filter(pk=former.pk).update(status="archived")
    Contribution.objects.create(project=programme, orientation=node, is_main=True)
    assert {row["cadre"] for row in table(client, "cadres")} == {founding.slug, "ancien"}
    assert ("ancien", "Z1") in {(row["cadre"], row["code"]) for row in table(client, "orientations")}
    assert ("Z1", "oui") in {(row["code_orientation"], row["principale"]) for row in table(client, "rattachements")}


# --- pages ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda dataset: dataset.name)
def test_the_page_of_a_table_says_its_files_its_columns_and_its_licence(client, programme, dataset):
    page = client.get(dataset.address).content.decode()
    assert "Licence Ouverte 2.0" in page
    for format in dataset.formats:
        assert dataset.file_address(format) in page
    for column in dataset.columns:
        assert column.header in page


def test_the_page_of_all_tables_leads_to_each(client, programme):
    page = client.get(reverse("projects:open_data")).content.decode()
    for dataset in DATASETS:
        assert f'href="{dataset.address}"' in page
