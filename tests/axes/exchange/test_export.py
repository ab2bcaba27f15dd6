"""A framework goes out as a file, the same bytes each time."""

import json

import pytest
from python_calamine import CalamineWorkbook

from axes.exchange.export import FORMATS, export
from axes.founding import FIXTURE

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_framework_gives_the_same_bytes(founding, format):
    first, again = export(founding, format), export(founding, format)
    assert first == again
    assert first[2] == f"cst-gea.{format}"


def test_the_json_export_has_the_structure_of_the_founding_fixture(founding):
    exported = json.loads(export(founding, "json")[0])
    fixture = json.loads(FIXTURE.read_text(encoding="utf-8"))
    assert exported["orientations"] == fixture["orientations"]
    assert fixture["cadre"].items() <= exported["cadre"].items()
    assert exported["cadre"]["revision"] == founding.revision


@pytest.mark.parametrize("format", FORMATS)
def test_an_export_costs_two_queries_and_one_for_the_programme_it_names(founding, format, django_assert_num_queries):
    with django_assert_num_queries(3):
        export(founding, format)


@pytest.mark.parametrize("format", ["xlsx", "ods"])
def test_another_reader_finds_the_same_cells(founding, format, tmp_path):
    path = tmp_path / f"cadre.{format}"
    path.write_bytes(export(founding, format)[0])
    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("Orientations").to_python()
    assert rows[0][:4] == ["code", "parent_code", "niveau", "titre"]
    assert len(rows) == 65
    assert rows[1][3].startswith("ADAPTATION DE L'ACTION PUBLIQUE")
    assert rows[1][9] == 10
