"""Rows of projects are found by index, and a base whose extension may not be had migrates all the same."""

import importlib
import logging
from types import SimpleNamespace

import pytest
from django.db import ProgrammingError, connection

from projects.models import Project

pytestmark = pytest.mark.django_db
MIGRATION = importlib.import_module("projects.migrations.0006_search_by_trigrams")


def explained(query):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")  # three rows are read quicker than an index
        return query.explain()


@pytest.mark.parametrize(
    "query",
    [
        Project.objects.filter(status="running", kind="action").order_by(),
        Project.objects.filter(host=3).order_by(),
        Project.objects.filter(organization=3).order_by(),
        Project.objects.filter(code="X").order_by(),
    ],
)
def test_filters_find_their_rows_by_index(query):
    assert "index" in explained(query).lower()


def test_a_role_that_may_not_create_extensions_migrates_all_the_same(caplog):
    def refused(sql):
        raise ProgrammingError('permission denied to create extension "pg_trgm"')

    editor = SimpleNamespace(connection=SimpleNamespace(vendor="postgresql", alias="default"), execute=refused)
    with caplog.at_level(logging.WARNING):
        MIGRATION.create(None, editor)
    assert "permission denied" in caplog.text
    assert "parcourt tous les projets" in caplog.text
