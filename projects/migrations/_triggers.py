"""Triggers, created the same way on both databases. SQLite's rebuilding of tables keeps them: cohesion/lib/sqlite."""

HOST = "Seul un PST contient d’autres projets."
KIND = "Ce PST contient d’autres projets : il ne peut pas changer de nature."
PLACE = "Ce territoire n’existe pas aux dates de ce projet."
PROJECT_DATES = "Un territoire de ce projet n’existe pas à ces dates."
TERRITORY_DATES = "Un projet se déroule dans ce territoire en dehors de ces dates."

HOST_IS_NO_PST = "NEW.host_id IS NOT NULL AND (SELECT kind FROM projects_project WHERE id = NEW.host_id) <> 'pst'"
STILL_HOSTS = "OLD.kind = 'pst' AND NEW.kind <> 'pst' AND EXISTS (SELECT 1 FROM projects_project WHERE host_id = NEW.id)"
OUTSIDE = """EXISTS (
    SELECT 1 FROM projects_place l
    JOIN projects_territory t ON t.id = l.territory_id
    JOIN projects_project p ON p.id = l.project_id
    WHERE {which} AND (t.valid_from > p.ends_on OR t.valid_to < p.starts_on))"""
# Whoever adds a place waits for whoever is changing the dates that it must go with, and the other way round.
LOCK_BOTH = (
    "PERFORM 1 FROM projects_project WHERE id = NEW.project_id FOR SHARE; "
    "PERFORM 1 FROM projects_territory WHERE id = NEW.territory_id FOR SHARE;"
)

# name: (table, moment, condition, sentence, what PostgreSQL locks before it looks)
ACROSS_ROWS = {
    "projects_host_insert": ("projects_project", "BEFORE INSERT", HOST_IS_NO_PST, HOST, ""),
    "projects_host_update": ("projects_project", "BEFORE UPDATE", HOST_IS_NO_PST, HOST, ""),
    "projects_kind_update": ("projects_project", "BEFORE UPDATE", STILL_HOSTS, KIND, ""),
    # After: the rows of the project and of the territory must be there to be compared.
    "projects_place_insert": ("projects_place", "AFTER INSERT", OUTSIDE.format(which="l.id = NEW.id"), PLACE, LOCK_BOTH),
    "projects_place_update": ("projects_place", "AFTER UPDATE", OUTSIDE.format(which="l.id = NEW.id"), PLACE, LOCK_BOTH),
}
DATES = {
    "projects_project_dates": (
        "projects_project",
        "AFTER UPDATE OF starts_on, ends_on",
        OUTSIDE.format(which="l.project_id = NEW.id"),
        PROJECT_DATES,
        "",
    ),
    "projects_territory_dates": (
        "projects_territory",
        "AFTER UPDATE OF valid_from, valid_to",
        OUTSIDE.format(which="l.territory_id = NEW.id"),
        TERRITORY_DATES,
        "",
    ),
}

# --- one amount granted ---------------------------------------------------------------------------------------
# What a project is granted is what its last decision says: the database itself writes it there, and refuses any other.

GRANTED = "Le montant accordé est celui de la dernière décision : il se change en rectifiant la décision."
FUNDER = "Ce que l’agglomération accorde se lit dans la décision : cette ligne n’en porte pas."
LAST = "(SELECT d.amount FROM projects_decision d WHERE d.project_id = {project} ORDER BY d.id DESC LIMIT 1)"
DECIDED = "EXISTS (SELECT 1 FROM projects_decision d WHERE d.project_id = {project})"
# Amounts are not negative: -1 stands for none, which no equality knows.
OTHERWISE = (
    f"COALESCE(NEW.granted, -1) <> COALESCE(OLD.granted, -1) AND {DECIDED} AND COALESCE(NEW.granted, -1) <> "
    f"COALESCE({LAST}, -1)"
).format(project="NEW.id")
SAYS_TWICE = "NEW.kind = 'agglomeration' AND NEW.granted IS NOT NULL"
AMOUNTS = {
    "projects_project_granted": ("projects_project", "BEFORE UPDATE OF granted", OTHERWISE, GRANTED, ""),
    "projects_funding_granted_insert": ("projects_fundingline", "BEFORE INSERT", SAYS_TWICE, FUNDER, ""),
    "projects_funding_granted_update": ("projects_fundingline", "BEFORE UPDATE", SAYS_TWICE, FUNDER, ""),
}
_FOLLOW = (
    f"UPDATE projects_project SET granted = {LAST} WHERE id IN ({{keys}}) AND {DECIDED} "
    f"AND COALESCE(granted, -1) <> COALESCE({LAST}, -1)"
)
# name: (moment, which projects)
FOLLOWING = {
    "projects_decision_granted_insert": ("AFTER INSERT", "NEW.project_id"),
    "projects_decision_granted_update": ("AFTER UPDATE", "OLD.project_id, NEW.project_id"),
    "projects_decision_granted_delete": ("AFTER DELETE", "OLD.project_id"),
}

# --- papers that were issued ----------------------------------------------------------------------------------

KEPT_AS_ISSUED = "Un document émis ne se récrit pas : une correction est un autre document, qui dit lequel il remplace."
_AS_ISSUED = (
    *("kind", "year", "number", "project_id", "title", "source", "facts"),
    *("pdf", "size", "digest", "word", "word_size", "word_digest"),
)
PAPERS = {
    "projects_paper_kept": (
        "projects_paper",
        f"BEFORE UPDATE OF {', '.join(_AS_ISSUED)}",
        " OR ".join(f"NEW.{column} <> OLD.{column}" for column in _AS_ISSUED),
        KEPT_AS_ISSUED,
        "",
    ),
}


def create_amounts(schema_editor):
    """Create those that hold the amount granted, in the place of those that bear their names."""
    drop_amounts(schema_editor)
    create(schema_editor, AMOUNTS)
    for name, (moment, keys) in FOLLOWING.items():
        does = _FOLLOW.format(project="projects_project.id", keys=keys)
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"CREATE TRIGGER {name} {moment} ON projects_decision BEGIN {does}; END")
        else:
            schema_editor.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {does}; RETURN NULL; END $$"
            )
            schema_editor.execute(
                f"CREATE TRIGGER {name} {moment} ON projects_decision FOR EACH ROW EXECUTE FUNCTION {name}()"
            )


def drop_amounts(schema_editor):
    drop(schema_editor, AMOUNTS | {name: ("projects_decision",) for name in FOLLOWING})


def create(schema_editor, triggers):
    """Create these triggers, in the place of those that bear their names."""
    drop(schema_editor, triggers)
    for name, (table, moment, condition, sentence, lock) in triggers.items():
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(sqlite_statement(name, table, moment, condition, sentence))
        else:
            schema_editor.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {lock} "
                f"IF {condition} THEN RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = '{sentence}'; "
                f"END IF; RETURN NEW; END $$"
            )
            schema_editor.execute(f"CREATE TRIGGER {name} {moment} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")


def sqlite_statement(name, table, moment, condition, sentence, lock=""):
    """What creates a trigger on SQLite, which has one writer and locks nothing."""
    return (
        f"CREATE TRIGGER {name} {moment} ON {table} WHEN {condition} BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
    )


def drop(schema_editor, triggers):
    for name, (table, *_) in triggers.items():
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")
        else:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}()")
