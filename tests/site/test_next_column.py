"""The next column is ordinary: any table takes one, empty or not, and its migration need not know what surrounds it."""

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.models import CharField, DateField

from tests.factories import OfficerFactory, ProjectFactory
from tests.faults.migrations import OURS, columns, read, shape

NEW_COLUMNS = {
    "may_be_empty": DateField(null=True),
    "is_filled": CharField(max_length=5, default="x"),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", NEW_COLUMNS)
def test_every_table_takes_a_new_column_and_gives_it_back_with_its_rows_and_triggers(founding, name):
    OfficerFactory()
    ProjectFactory()
    # As migrations know them: without the bases of their classes, whose columns they hold themselves.
    models = MigrationLoader(connection).project_state().apps.get_models()
    ours = [model for model in models if model._meta.app_label in OURS and not model._meta.proxy]
    tables = {model._meta.db_table for model in ours}
    held = {table: names for table, names in columns().items() if table in tables}
    shape_before, rows_before = shape(), read(held)
    added = [(model, new_column(model, name)) for model in ours]
    with connection.schema_editor() as editor:
        for model, field in added:
            editor.add_field(model, field)
    there = columns()
    assert {table: there[table] - held[table] for table in tables} == {table: {name} for table in tables}
    assert {line for line in shape_before if line.startswith("déclencheur")} <= shape()
    assert read(held) == rows_before
    with connection.schema_editor() as editor:
        for model, field in reversed(added):
            editor.remove_field(model, field)
    assert shape() == shape_before
    assert read(held) == rows_before


def new_column(model, name):
    field = NEW_COLUMNS[name].clone()
    field.set_attributes_from_name(name)
    field.model = model
    return field
