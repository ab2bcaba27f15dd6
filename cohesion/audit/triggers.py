"""What keeps events as they were written, whoever speaks to the database."""

SENTENCE = "Le journal ne se modifie pas et ne s’efface pas."
NAMES = {verb: f"cohesion_auditevent_no_{verb.lower()}" for verb in ("UPDATE", "DELETE")}
SQLITE = {
    verb: f"CREATE TRIGGER {name} BEFORE {verb} ON cohesion_auditevent BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
    for verb, name in NAMES.items()
}
# To SQLite, « INSERT OR REPLACE » is neither a change nor a deletion that a trigger hears of.
NO_REPLACE = """
CREATE TRIGGER cohesion_auditevent_no_replace BEFORE INSERT ON cohesion_auditevent
WHEN EXISTS (SELECT 1 FROM cohesion_auditevent WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'Le journal ne se modifie pas et ne s’efface pas.'); END"""
DROP_DELETE = f"DROP TRIGGER {NAMES['DELETE']}"
DROP_UPDATE = f"DROP TRIGGER {NAMES['UPDATE']}"
# The purge alone sets the flag, for its own transaction.
POSTGRESQL_FUNCTION = f"""
CREATE FUNCTION cohesion_auditevent_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
IF TG_OP = 'DELETE' AND current_setting('cohesion.audit_purge', true) = 'on' THEN RETURN OLD; END IF;
RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = '{SENTENCE}';
END $$"""
# An erasure alone sets the second flag, and only names change under it (cohesion/audit/forgetting.py).
POSTGRESQL_NAMES_MAY_CHANGE = f"""
CREATE OR REPLACE FUNCTION cohesion_auditevent_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
IF TG_OP = 'DELETE' AND current_setting('cohesion.audit_purge', true) = 'on' THEN RETURN OLD; END IF;
IF TG_OP = 'UPDATE' AND current_setting('cohesion.audit_erasure', true) = 'on'
AND (OLD.id, OLD.at, OLD.kind, OLD.account, OLD.address, OLD.model, OLD.key, OLD.request)
IS NOT DISTINCT FROM (NEW.id, NEW.at, NEW.kind, NEW.account, NEW.address, NEW.model, NEW.key, NEW.request)
THEN RETURN NEW; END IF;
RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = '{SENTENCE}';
END $$"""
POSTGRESQL = {
    verb: f"CREATE TRIGGER {name} BEFORE {verb} ON cohesion_auditevent "
    "FOR EACH ROW EXECUTE FUNCTION cohesion_auditevent_kept()"
    for verb, name in NAMES.items()
}


def create(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for statement in SQLITE.values() if is_sqlite else (POSTGRESQL_FUNCTION, *POSTGRESQL.values()):
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for name in NAMES.values():
        schema_editor.execute(f"DROP TRIGGER {name}" if is_sqlite else f"DROP TRIGGER {name} ON cohesion_auditevent")
    if not is_sqlite:
        schema_editor.execute("DROP FUNCTION cohesion_auditevent_kept()")


def forbid_replacing(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(NO_REPLACE)


def allow_replacing(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TRIGGER cohesion_auditevent_no_replace")


def let_names_change(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_NAMES_MAY_CHANGE)


def keep_names(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_FUNCTION.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))
