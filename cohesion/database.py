"""The database as a whole: whose it is, whether it holds anything, and how to empty it."""

from django.apps import apps
from django.conf import settings
from django.db import connection

OWN_APPS = ("axes", "projects", "cohesion")
# What the migrations themselves put in an empty database, and what is only made from the rest.
FILLED_BY_MIGRATIONS = {
    "contenttypes.contenttype",
    "auth.permission",
    "auth.group",
    "axes.programme",
    "cohesion.demomark",
    "projects.searchentry",
    "projects.searchword",
    "projects.staleentry",
}


def held() -> str:
    """What the database holds, in a French sentence without its capital; nothing when it is empty, or only migrated."""
    present = set(connection.introspection.table_names())
    if foreign := sorted(present - own_tables(present)):
        return f"elle contient des tables qui ne sont pas de ce logiciel ({', '.join(foreign[:3])})"
    for model in apps.get_models():
        known = model._meta.label_lower in FILLED_BY_MIGRATIONS or model._meta.db_table not in present
        if not known and model._base_manager.exists():
            return f"elle contient déjà des données ({str(model._meta.verbose_name_plural).lower()})"
    return ""


def cache_tables() -> set[str]:
    """The table of the counts that processes share; none when they are kept elsewhere (Redis)."""
    caches = settings.CACHES.values()
    return {cache["LOCATION"] for cache in caches if cache["BACKEND"].endswith(".DatabaseCache")}


def own_tables(present: set[str]) -> set[str]:
    """Those among ``present`` that this software made, in this version or in another."""
    known = {"django_migrations", *cache_tables(), *connection.introspection.django_table_names()}
    prefixes = tuple(f"{app}_" for app in OWN_APPS)
    return {name for name in present if name in known or name.startswith(prefixes)}


def drop_statements() -> list[str]:
    """What drops every table of ours, and the functions of their triggers; to run in one transaction."""
    present = own_tables(set(connection.introspection.table_names()))
    if connection.vendor == "sqlite":
        # An index of texts takes its own tables with it.
        drops = [f"DROP TABLE IF EXISTS {connection.ops.quote_name(table)}" for table in sorted(present)]
        return ["PRAGMA defer_foreign_keys = ON", *drops]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT oid::regprocedure::text FROM pg_proc"
            " WHERE pronamespace = current_schema()::regnamespace AND proname LIKE ANY(%s)",
            [[rf"{app}\_%" for app in OWN_APPS]],
        )
        functions = [f"DROP FUNCTION {name}" for (name,) in cursor.fetchall()]
    return [*(f"DROP TABLE {connection.ops.quote_name(table)} CASCADE" for table in sorted(present)), *functions]
