from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate

from cohesion.lib.queries import teach_french


class CohesionConfig(AppConfig):
    name = "cohesion"
    verbose_name = "Comptes et installation"

    def ready(self) -> None:
        from allauth.account.signals import password_reset

        from cohesion import slow_queries
        from cohesion.accounts import adapter, sessions
        from cohesion.audit import signals

        sessions.connect()
        slow_queries.connect()
        connection_created.connect(teach_french, dispatch_uid="cohesion.teach_french")
        signals.connect()
        password_reset.connect(adapter.forgive_failures, dispatch_uid="cohesion.accounts.forgive_failures")
        post_migrate.connect(prepare_database, sender=self, dispatch_uid="cohesion.prepare_database")


class AgentsAdminConfig(AdminConfig):
    default_site = "cohesion.admin_site.AgentSite"


def prepare_database(using: str, **kwargs: object) -> None:
    """After the migrations: SQLite's write-ahead log, once for the file, the cache, and the groups of the roles."""
    from django.core.management import call_command
    from django.db import connections

    from cohesion.roles import make_groups

    connection = connections[using]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode=WAL")
    call_command("createcachetable", database=using, verbosity=0)
    make_groups(using)
