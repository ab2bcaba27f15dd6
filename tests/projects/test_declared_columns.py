"""What a column declares is what each of its readers says: files in and out, their model, the API, the open data."""

from typing import NamedTuple

import pytest

from axes.exchange import model_file as framework_files
from axes.exchange.resource import ORIENTATIONS
from cohesion.imports.columns import CellKind
from projects.api.components import components
from projects.browsing import exports
from projects.catalogue.columns import PROJECTS
from projects.exchange import model_file as project_files
from projects.members import importing as organization_files
from projects.members.columns import ORGANIZATIONS
from projects.opendata import columns as meanings
from projects.opendata.datasets import BY_NAME
from projects.territory import importing as territory_files
from projects.territory.columns import TERRITORIES

pytestmark = pytest.mark.once


class Readers(NamedTuple):
    """Of a resource: who makes its model file, its name in the API, its public table, what is said there of it."""

    files: object
    schema: str
    dataset: str
    meanings: dict[str, str]
    # The columns that programs read under another name.
    renamed: tuple[str, ...] = ()


DECLARED = {
    ORIENTATIONS: Readers(framework_files, "Orientation", "orientations", meanings.ORIENTATION_MEANINGS),
    PROJECTS: Readers(project_files, "Projet", "projets", meanings.PROJECT_MEANINGS),
    ORGANIZATIONS: Readers(
        organization_files,
        "Structure",
        "structures",
        meanings.STRUCTURE_MEANINGS,
        renamed=("identifiant", "code_commune"),
    ),
    TERRITORIES: Readers(territory_files, "Territoire", "territoires", meanings.TERRITORY_MEANINGS),
}
EVERY = pytest.mark.parametrize("resource", DECLARED, ids=lambda resource: resource.sheet)


def headers(columns):
    return [column.header for column in columns]


@EVERY
def test_an_import_reads_or_leaves_each_column_of_an_export(resource):
    assert resource.table([]).headers == headers(resource.columns)
    expected = [column.header for column in resource.expected]
    assert set(expected) | resource.unread == set(headers(resource.columns)) | set(resource.subjects)
    assert {column.header for column in resource.compared.values()} <= set(expected)


@EVERY
def test_the_model_of_a_file_has_each_column_that_an_import_reads_and_explains_it(resource):
    content, *_ = DECLARED[resource].files.model_file("csv")
    assert content.decode("utf-8-sig").splitlines()[0].split(";") == headers(resource.read_columns)
    assert all(column.help_text for column in resource.columns)


@EVERY
def test_the_api_describes_each_public_column_by_what_it_holds(resource):
    described = components()[DECLARED[resource].schema]["properties"]
    kinds = {CellKind.LIST: "array", CellKind.EUROS: "number", CellKind.WHOLE: "integer"}
    for column in resource.columns:
        if not column.is_public or column.header in DECLARED[resource].renamed:
            continue
        of_type = described[column.header]["type"]
        assert kinds.get(column.kind, "string") in ([of_type] if isinstance(of_type, str) else of_type), column.header
        assert described[column.header].get("enum", []) == list(column.widget.words), column.header


@EVERY
def test_the_open_table_has_each_public_column_and_no_other_of_the_files(resource):
    readers = DECLARED[resource]
    table = {column.header: column for column in BY_NAME[readers.dataset].columns}
    public = exports.public_columns() if resource is PROJECTS else resource.columns
    for column in resource.columns:
        is_there = column.is_public and column in public
        assert (column.header in table) == is_there, column.header
        assert not is_there or (table[column.header].meaning and table[column.header].kind == column.kind)
    assert set(readers.meanings) <= set(resource.by_attribute)
