import gc

import pytest
from django.db import connection, transaction

from axes.models import Framework, Orientation
from tests import migrated
from tests.databases import POSTGRES
from tests.factories import OfficerFactory
from tests.founding import founding_framework

DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "lasting_rows"}
OWN_DATABASES = {"fresh_database", "migrated_database"}


def pytest_configure() -> None:
    """Pages make many objects that live for a moment and few circles: to look for these less often saves a fifth."""
    gc.set_threshold(200_000, 20, 100)


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the collector need not walk through it again."""
    gc.collect()
    gc.freeze()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--every-screen", action="store_true", help="Contrasts: light and dark, wide and narrow.")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is the same on both databases is run on one; rows that last for a module are written by one worker alone."""
    for item in items:
        if "lasting_rows" in item.fixturenames:
            item.add_marker(pytest.mark.xdist_group(item.module.__name__))
    if not POSTGRES:
        return
    config.hook.pytest_deselected(items=[item for item in items if is_the_same(item)])
    items[:] = [item for item in items if not is_the_same(item)]


def is_the_same(item: pytest.Item) -> bool:
    """Whether a test is marked so, or neither asks for a database nor makes one of its own."""
    if item.get_closest_marker("once"):
        return True
    if item.get_closest_marker("slow") or OWN_DATABASES & set(vars(item.module)):
        return False
    return not item.get_closest_marker("django_db") and not DATABASE_FIXTURES & set(item.fixturenames)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """The database of a worker begins as a copy of the one that the migrations have made for these sources."""
    with pytest.MonkeyPatch.context() as patch:
        migrated.keep_databases(type(connection.creation), patch.setattr)
        yield


@pytest.fixture(autouse=True)
def _no_kept_mark():
    """Whether the database is a demonstration is kept by the process: forget it between tests."""
    from cohesion.context import is_demo

    is_demo.cache_clear()


@pytest.fixture(scope="session", autouse=True)
def _audit_log_may_be_flushed():
    """Tests in several transactions empty every table afterwards: on SQLite by DELETE, which the log refuses."""
    from django.db.backends.sqlite3.base import DatabaseWrapper

    from cohesion.audit import triggers

    operations = DatabaseWrapper.ops_class
    from projects.migrations._engaging import ENGAGING
    from projects.migrations._papers import PAPERS_KEPT
    from projects.migrations._paying import PAYING
    from projects.migrations._triggers import sqlite_statement

    flush = operations.sql_flush
    # What holds of payments while one of them goes is not asked of all that go together.
    rules = PAYING | ENGAGING | PAPERS_KEPT
    when_deleted = {name: sqlite_statement(name, *rule) for name, rule in rules.items() if "DELETE" in rule[1]}

    def around(self, style, tables, **options):
        emptied = flush(self, style, tables, **options)
        if "cohesion_auditevent" not in tables:
            return emptied
        drops = [f"DROP TRIGGER IF EXISTS {name}" for name in when_deleted]
        return [triggers.DROP_DELETE, *drops, *emptied, triggers.SQLITE["DELETE"], *when_deleted.values()]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "sql_flush", around)
        yield


@pytest.fixture
def founding(db) -> Framework:
    """The framework of the founding text, in force; unlocked, for the tests that say no reason."""
    framework = founding_framework()
    Framework.objects.filter(pk=framework.pk).update(is_locked=False)
    framework.is_locked = False
    return framework


@pytest.fixture
def node(founding):
    """Find an orientation of the founding text by its code, fresh from the database."""
    return lambda code: Orientation.objects.get(framework=founding, code=code)


@pytest.fixture(scope="module")
def lasting_rows(django_db_setup, django_db_blocker):
    """What a fixture of a module writes on top of this one stays for its tests, each of which takes back its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def officer(db):
    return OfficerFactory()


@pytest.fixture
def officer_client(client, officer):
    client.force_login(officer)
    return client
