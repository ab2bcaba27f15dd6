"""The last migrations are taken back and applied again on a database that holds something; each may be taken back."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from axes import tree
from tests.factories import OfficerFactory, ProjectFactory
from tests.faults import migrations


def test_each_migration_can_be_taken_back():
    graph = MigrationLoader(None).graph
    ours = [key for key in graph.nodes if key[0] in migrations.OURS]
    assert len(ours) > 10
    for key in ours:
        for operation in graph.nodes[key].operations:
            assert operation.reversible, f"{key} : {operation.describe()}"


@pytest.mark.django_db(transaction=True)
def test_the_last_migrations_taken_back_and_applied_again_lose_nothing(founding):
    OfficerFactory()
    for _ in range(3):
        ProjectFactory()
    newest = migrations.steps()[-3:]  # all of them by hand: python -m tests.faults.migrations
    try:
        assert list(migrations.back_and_forth(newest)) == []
    except BaseException:
        for key in newest:
            migrations.migrate(key)
        raise
    assert list(tree.check()) == []


def test_a_migration_asks_the_database_that_it_migrates():
    """A restore migrates beside the database that serves: what names none reads that one, and writes in it."""
    elsewhere = []
    for path in sorted(Path(settings.BASE_DIR).glob("*/migrations/0*.py")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if ".objects." in line and ".objects.using(" not in line and "OuterRef(" not in line:
                elsewhere.append(f"{path.name}:{number}")
    assert elsewhere == []
