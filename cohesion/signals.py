"""What is heard of in the whole of ``cohesion``; read once the applications are ready (cohesion/apps.py)."""

from allauth.account.signals import password_reset
from django.apps import apps
from django.core.management import call_command
from django.db import connections
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate

from cohesion import slow_queries
from cohesion.accounts import adapter, sessions
from cohesion.audit import signals
from cohesion.lib.queries import teach_french
from cohesion.roles import make_groups


def prepare_database(using: str, **kwargs: object) -> None:
    """After the migrations: SQLite's write-ahead log, once for the file, the cache, and the groups of the roles."""
    connection = connections[using]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode=WAL")
    call_command("createcachetable", database=using, verbosity=0)
    make_groups(using)


sessions.connect()
slow_queries.connect()
connection_created.connect(teach_french, dispatch_uid="cohesion.teach_french")
signals.connect()
password_reset.connect(adapter.forgive_failures, dispatch_uid="cohesion.accounts.forgive_failures")
post_migrate.connect(prepare_database, sender=apps.get_app_config("cohesion"), dispatch_uid="cohesion.prepare_database")
