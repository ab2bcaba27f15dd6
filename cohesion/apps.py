from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CohesionConfig(AppConfig):
    name = "cohesion"
    verbose_name = "Comptes et installation"

    def ready(self) -> None:
        post_migrate.connect(prepare_database, sender=self, dispatch_uid="cohesion.prepare_database")


def prepare_database(using: str, **kwargs: object) -> None:
    """After the migrations: SQLite's write-ahead log, once for the file, and the groups of the roles."""
    from django.db import connections

    from cohesion.roles import make_groups

    connection = connections[using]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode=WAL")
    make_groups(using)
