"""A need and a document are found by what their orientation became: its words are watched for that too."""

from projects.migrations._search import MOMENTS, SOURCES, STALE, _create_trigger, _marking, _name

TABLE = "axes_orientation"
# Those that name an orientation of another framework which is the same, or became something: more than those that lead
# to the row, never fewer, and none while a framework is in preparation.
_LEADING = (
    "(SELECT former.id FROM axes_orientation AS former WHERE former.framework_id <> {row}.framework_id AND "
    "(former.uid = {row}.uid OR (EXISTS (SELECT 1 FROM axes_descent AS descent "
    "JOIN axes_orientation AS heir ON heir.id = descent.successor_id WHERE heir.uid = {row}.uid) "
    "AND former.uid IN (SELECT taken.uid FROM axes_descent AS descent "
    "JOIN axes_orientation AS taken ON taken.id = descent.former_id WHERE descent.successor_id IS NOT NULL))) "
    "AND EXISTS (SELECT 1 FROM axes_framework WHERE id = {row}.framework_id AND status = 'in_force'))"
)
ADDED = (
    f"SELECT 'need' AS source, id AS key FROM projects_need WHERE orientation_id IN {_LEADING}",
    "SELECT 'document' AS source, referencedocument_id AS key FROM projects_referencedocument_orientations "
    f"WHERE orientation_id IN {_LEADING}",
)
MADE_ANEW = (
    "SELECT 'need' AS source, id AS key FROM projects_need UNION ALL "
    "SELECT 'document', id FROM projects_referencedocument"
)


def watch(connection):
    _replace(connection, ADDED)


def watch_less(connection):
    _replace(connection, ())


def _replace(connection, added):
    """The trigger again, and the lines of needs and documents said to be stale."""
    columns, stale = SOURCES[TABLE]
    name = _name(TABLE, "UPDATE")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        else:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {TABLE}")
            cursor.execute(f"DROP FUNCTION IF EXISTS {name}()")
        marks = _marking((*stale, *added), MOMENTS["UPDATE"])
        _create_trigger(cursor, connection.vendor, TABLE, "UPDATE", columns, marks)
        cursor.execute(f"INSERT INTO {STALE} (source, key) {MADE_ANEW}")
