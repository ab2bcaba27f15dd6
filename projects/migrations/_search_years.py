"""The lines of a search say their years and for whom: what they are made from is watched for that too."""

from projects.migrations._search import MOMENTS, SOURCES, STALE, _create_trigger, _marking, _name

DATES = ("starts_on", "ends_on")
# table: the columns whose change counts from now on, besides those that did
ADDED = {"projects_project": (*DATES, "audience"), "projects_offer": DATES}
MADE_ANEW = (
    "SELECT 'project' AS source, id AS key FROM projects_project UNION ALL SELECT 'offer', id FROM projects_offer"
)


def watch(connection):
    _replace(connection, ADDED)


def watch_less(connection):
    _replace(connection, dict.fromkeys(ADDED, ()))


def _replace(connection, added):
    """The triggers of these tables again, and their lines said to be stale."""
    with connection.cursor() as cursor:
        for table, columns in added.items():
            former, stale = SOURCES[table]
            name = _name(table, "UPDATE")
            if connection.vendor == "sqlite":
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            else:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
                cursor.execute(f"DROP FUNCTION IF EXISTS {name}()")
            marks = _marking(stale, MOMENTS["UPDATE"])
            _create_trigger(cursor, connection.vendor, table, "UPDATE", (*former, *columns), marks)
        cursor.execute(f"INSERT INTO {STALE} (source, key) {MADE_ANEW}")
