"""A trigger that keeps the code that a project no longer bears, the same on both databases."""

PROJECT, FORMER = "projects_project", "projects_formercode"
NAME = "projects_project_former_code"

_KEEP = (
    f"INSERT INTO {FORMER} (code, project_id) VALUES (OLD.code, OLD.id) "
    "ON CONFLICT (code) DO UPDATE SET project_id = excluded.project_id"
)
# What the history already says: the last project that bore each code which no project bears as its own now.
FROM_HISTORY = f"""
INSERT INTO {FORMER} (code, project_id)
SELECT h.code, h.id FROM projects_historicalproject h
JOIN {PROJECT} p ON p.id = h.id AND p.code <> h.code
WHERE h.history_id = (
    SELECT MAX(l.history_id) FROM projects_historicalproject l
    JOIN {PROJECT} q ON q.id = l.id AND q.code <> l.code WHERE l.code = h.code
)
"""


def create(schema_editor):
    """Create the trigger, in the place of the one that bears its name."""
    drop(schema_editor)
    moment = f"AFTER UPDATE OF code ON {PROJECT}"
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(f"CREATE TRIGGER {NAME} {moment} WHEN OLD.code <> NEW.code BEGIN {_KEEP}; END")
        return
    schema_editor.execute(
        f"CREATE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {_KEEP}; RETURN NULL; END $$"
    )
    schema_editor.execute(
        f"CREATE TRIGGER {NAME} {moment} FOR EACH ROW WHEN (OLD.code <> NEW.code) EXECUTE FUNCTION {NAME}()"
    )


def drop(schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {NAME}")
    else:
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {NAME} ON {PROJECT}")
        schema_editor.execute(f"DROP FUNCTION IF EXISTS {NAME}()")
