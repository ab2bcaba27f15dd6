"""The territories of the programme: complete, placed, and never overwritten by a second loading."""

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from axes.models import Framework
from cohesion.lib.geojson import outline_of, rings
from cohesion.lib.map_svg import interior_point
from cohesion.lib.uploads import MAX_BYTES
from projects.choices import PUBLIC_STATUSES, TerritoryKind
from projects.demo import load_demo_projects
from projects.models import Project, Territory
from projects.territory.loading import load_territories
from tests.factories import TerritoryFactory
from tests.founding import founding_framework
from tests.pages import squeezed

DAY = "2026-11-25 12:00+01:00"
pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(DAY)]
SQUARE = [[[1.0, 49.0], [1.1, 49.0], [1.1, 49.1], [1.0, 49.0]]]


def test_the_74_communes_37_of_them_founding_and_the_quarters_are_loaded():
    load_territories()
    communes = Territory.objects.communes()
    assert (communes.count(), communes.in_perimeter().count()) == (74, 37)
    assert all(commune.outline and commune.population and commune.parent.code == "EPN" for commune in communes)
    assert set(Territory.objects.quarters().values_list("parent__code", flat=True)) == {"27229"}
    assert Territory.objects.filter(kind=TerritoryKind.SENSITIVE_ZONE).count() == 3


def test_a_second_loading_changes_nothing_of_what_an_officer_wrote():
    load_territories()
    Territory.objects.filter(code="27229").update(population=1)
    assert load_territories() == 0
    assert Territory.objects.get(code="27229").population == 1


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (None, None, "Navarre"),
        (2024, None, "Navarre"),
        (2015, 2023, "Navarre, 2015–2023"),
        (None, 2014, "Navarre, jusqu’en 2014"),
    ],
)
def test_a_territory_that_is_over_bears_its_years(first, last, words):
    begins, ends = first and datetime.date(first, 1, 1), last and datetime.date(last, 12, 31)
    assert TerritoryFactory.build(name="Navarre", valid_from=begins, valid_to=ends).dated_name == words


def test_the_quarters_of_a_list_are_those_of_today_first(client):
    town = TerritoryFactory()
    old = {"kind": TerritoryKind.PRIORITY_QUARTER, "parent": town, "valid_to": datetime.date(2023, 12, 31)}
    for name, code in (("Navarre", "Q-1"), ("Aulnes", "Q-2")):
        TerritoryFactory(name=name, code=code, **old)
    TerritoryFactory(name="Navarre", code="Q-3", kind=TerritoryKind.PRIORITY_QUARTER, parent=town)
    rows = client.get("/territoires/").context["quarters"]
    assert [row["territory"].code for row in rows] == ["Q-3", "Q-2", "Q-1"]


def test_a_quarter_is_in_a_commune():
    with pytest.raises(ValidationError, match="dans une commune"):
        TerritoryFactory.build(kind=TerritoryKind.PRIORITY_QUARTER).full_clean()


@pytest.mark.parametrize(
    "document",
    [
        {"type": "Polygon", "coordinates": SQUARE},
        {"type": "Feature", "geometry": {"type": "MultiPolygon", "coordinates": [SQUARE]}},
        {
            "type": "FeatureCollection",
            "features": [{"geometry": {"type": "Polygon", "coordinates": SQUARE}, "type": "Feature"}],
        },
        '{"type": "Polygon", "coordinates": [[[1, 49], [2, 49], [2, 50], [1, 49]]]}',
    ],
)
def test_an_outline_is_read_from_any_geojson_of_one_area(document):
    assert len(list(rings(outline_of(document)))) == 1


@pytest.mark.parametrize(
    "document",
    [
        "",
        "[" * 100_000,
        None,
        [],
        {"type": "Point", "coordinates": [1, 2]},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[[1, 2], [3, 4], [1, 2]]]},
        {"type": "Polygon", "coordinates": [[[1, 2], [3, 4], [5, 6], [7, 8]]]},
        {"type": "Polygon", "coordinates": [[[1, 200], [3, 4], [5, 6], [1, 200]]]},
        {"type": "Polygon", "coordinates": [[["a", 2], [3, 4], [5, 6], ["a", 2]]]},
        {"type": "Polygon", "coordinates": [[[float("nan"), 2], [3, 4], [5, 6], [float("nan"), 2]]]},
        {"type": "Polygon", "coordinates": [7]},
        {"type": "FeatureCollection", "features": []},
        {"type": "Polygon", "coordinates": [[[0, 0]] * 30_000]},
    ],
)
def test_what_is_not_an_area_is_refused_in_a_sentence(document):
    with pytest.raises(ValidationError) as refused:
        outline_of(document)
    assert refused.value.messages[0].endswith(".")


def test_an_outline_keeps_two_numbers_a_point_whatever_follows_them():
    document = '{"type": "Polygon", "coordinates": [[[1, 1, "\\u0000"], [2, 1, 90], [2, 2, [[]]], [1, 1]]]}'
    assert outline_of(document)["coordinates"] == [[[1, 1], [2, 1], [2, 2], [1, 1]]]


def test_a_number_without_end_is_no_longitude():
    with pytest.raises(ValidationError, match="degrés"):
        outline_of(f'{{"type": "Polygon", "coordinates": [[[{"9" * 400}, 1], [2, 1], [2, 2], [1, 1]]]}}')


def test_an_outline_too_large_to_come_is_not_left_out_in_silence(officer_client):
    commune = TerritoryFactory()
    address = reverse("admin:projects_territory_change", args=[commune.pk])
    large = SimpleUploadedFile("contour.geojson", bytes(MAX_BYTES + 1))
    sent = {"kind": commune.kind, "code": commune.code, "name": commune.name, "outline_file": large}
    assert "Ce fichier dépasse 2 Mo" in officer_client.post(address, sent).text


# --- pages --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def programme(lasting_rows):
    """The demonstration, for tests that only read."""
    with time_machine.travel(DAY):
        load_demo_projects(founding_framework())


def test_every_number_of_the_table_is_the_length_of_the_list_that_it_opens(client, programme):
    for query in ("", "?annee=2026", "?nature=action&pst=hors"):
        rows = client.get(f"/territoires/{query}").context["rows"]
        assert len(rows) == 37
        for row in rows:
            assert client.get(row["address"]).context["page"].paginator.count == row["number"], row


def test_the_map_says_the_numbers_of_the_table(client, programme):
    context = client.get("/territoires/").context
    drawn = {area.name: area.number for area in context["drawing"].areas}
    assert drawn == {row["territory"].name: row["number"] for row in context["rows"]}


def test_the_map_by_amount_says_the_sums_of_the_lists_where_anybody_may_read_them(client, programme, settings):
    Project.objects.filter(status__in=PUBLIC_STATUSES).update(granted=12_000)
    Framework.objects.in_force().first().save()
    page = client.get("/territoires/?mesure=accorde")
    drawn = {area.key: area for area in page.context["drawing"].areas}
    assert any(row["cents"] for row in page.context["rows"])
    for row in page.context["rows"]:
        assert row["cents"] == 1_200_000 * client.get(row["address"]).context["page"].paginator.count
        area = drawn.get(row["territory"].pk)
        assert area is None or area.number * 100_000 == row["cents"]
        assert area is None or (area.step > 0) == (row["cents"] > 0)
    assert "en milliers d’euros" in squeezed(page.text)
    settings.PUBLIC_AMOUNTS = []
    page = client.get("/territoires/?mesure=accorde")
    assert (page.context["measure"], "Accordé" in page.text) == ("projets", False)


def test_a_commune_counts_by_axis_what_its_list_holds(client, programme):
    context = client.get("/territoires/27229/").context
    assert context["total"] == client.get(context["address"]).context["page"].paginator.count > 0
    for axis in context["axes"]:
        assert axis["number"] == client.get(axis["address"]).context["page"].paginator.count


def test_a_commune_where_nothing_is_done_says_so(client, programme):
    page = client.get("/territoires/27031/")
    assert "Personne n’y a encore fait retenir de projet" in page.text
    assert 'id="manque-ici"' not in page.text  # all of it: one line says so
    assert 'id="axes-ici"' in page.text


def test_a_territory_that_does_not_exist_is_not_found(client, programme):
    assert client.get("/territoires/99999/").status_code == 404


def test_the_pages_of_territories_cost_a_constant_number_of_queries(client, programme, django_assert_max_num_queries):
    for address in ("/territoires/", "/territoires/27229/", "/territoires/27031/", "/territoires/EPN/"):
        client.get(address)
        with django_assert_max_num_queries(16):
            client.get(address)


@pytest.mark.parametrize("query", ["?mesure=x&tri=y", "?annee=abc", "?mesure=habitants", "?tri=projets"])
def test_an_odd_parameter_is_no_error(client, programme, query):
    assert client.get(f"/territoires/{query}").status_code == 200


def test_the_number_of_each_commune_stands_inside_its_outline():
    load_territories()
    for commune in Territory.objects.communes():
        area = [[(x, y) for x, y in ring] for ring in rings(commune.outline)]
        x, y = interior_point([[(a * 1000, b * 1000) for a, b in ring] for ring in area])
        assert _inside(x / 1000, y / 1000, area), commune.name


def _inside(x, y, area):
    """Crossing number: a point is inside when a ray from it crosses the border an odd number of times."""
    crossings = 0
    for ring in area:
        for (ax, ay), (bx, by) in zip(ring, [*ring[1:], ring[0]], strict=True):
            if (ay > y) != (by > y) and x < ax + (y - ay) * (bx - ax) / (by - ay):
                crossings += 1
    return crossings % 2 == 1
