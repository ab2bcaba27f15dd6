"""Rules that a CHECK cannot state, since they look at another row: held by triggers, with a French sentence."""

from django.db import migrations

HOST = "Seul un PST contient d’autres projets."
KIND = "Ce PST contient d’autres projets : il ne peut pas changer de nature."
PLACE = "Ce territoire n’existe pas aux dates de ce projet."

HOST_IS_NO_PST = "NEW.host_id IS NOT NULL AND (SELECT kind FROM projects_project WHERE id = NEW.host_id) <> 'pst'"
STILL_HOSTS = "OLD.kind = 'pst' AND NEW.kind <> 'pst' AND EXISTS (SELECT 1 FROM projects_project WHERE host_id = NEW.id)"
OUTSIDE_ITS_DATES = """EXISTS (
    SELECT 1 FROM projects_territory t, projects_project p
    WHERE t.id = NEW.territory_id AND p.id = NEW.project_id
    AND (t.valid_from > p.ends_on OR t.valid_to < p.starts_on))"""

TRIGGERS = {
    "projects_host_insert": ("projects_project", "BEFORE INSERT", HOST_IS_NO_PST, HOST),
    "projects_host_update": ("projects_project", "BEFORE UPDATE", HOST_IS_NO_PST, HOST),
    "projects_kind_update": ("projects_project", "BEFORE UPDATE", STILL_HOSTS, KIND),
    # After: the rows of the project and of the territory must be there to be compared.
    "projects_place_insert": ("projects_place", "AFTER INSERT", OUTSIDE_ITS_DATES, PLACE),
    "projects_place_update": ("projects_place", "AFTER UPDATE", OUTSIDE_ITS_DATES, PLACE),
}


def create(apps, schema_editor):
    for name, (table, moment, condition, sentence) in TRIGGERS.items():
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(
                f"CREATE TRIGGER {name} {moment} ON {table} WHEN {condition} "
                f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
            )
        else:
            schema_editor.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF {condition} THEN RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = '{sentence}'; "
                f"END IF; RETURN NEW; END $$"
            )
            schema_editor.execute(
                f"CREATE TRIGGER {name} {moment} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
            )


def drop(apps, schema_editor):
    for name, (table, *_) in TRIGGERS.items():
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")
        else:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}()")


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_projects_territories_and_links")]
    operations = [migrations.RunPython(create, drop)]
