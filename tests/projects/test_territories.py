"""The territories of the programme: complete, placed, and never overwritten by a second loading."""

import pytest
from django.core.exceptions import ValidationError

from cohesion.lib.geojson import outline_of, rings
from projects.choices import TerritoryKind
from projects.models import Territory
from projects.territory_loading import load_territories
from tests.factories import TerritoryFactory

pytestmark = pytest.mark.django_db
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
