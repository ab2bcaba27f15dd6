"""What a search needs of the database: an index of the tokens of entries, and triggers that say what is stale.

On PostgreSQL the tokens are a stored column of lexemes under a GIN index, on SQLite an FTS5 table that holds no text.
Rows that wait to be written again are only ever added, without a look at those that are there: two writers never wait
for one another.
"""

ENTRY, INDEX, STALE = "projects_searchentry", "projects_searchindex", "projects_staleentry"

_ADD = f"INSERT INTO {INDEX} (rowid, tokens) VALUES (NEW.id, NEW.tokens);"
_TAKE_AWAY = f"INSERT INTO {INDEX} ({INDEX}, rowid, tokens) VALUES ('delete', OLD.id, OLD.tokens);"
INDEXED = (
    f"CREATE VIRTUAL TABLE {INDEX} USING fts5(tokens, content='{ENTRY}', content_rowid='id', "
    "tokenize='ascii', detail=none, columnsize=0)"
)
FILING = {
    "projects_search_filed": f"AFTER INSERT ON {ENTRY} BEGIN {_ADD} END",
    "projects_search_filed_again": f"AFTER UPDATE OF tokens ON {ENTRY} BEGIN {_TAKE_AWAY} {_ADD} END",
    "projects_search_taken_away": f"AFTER DELETE ON {ENTRY} BEGIN {_TAKE_AWAY} END",
}

_PROJECT = (
    "SELECT 'project' AS source, {row}.id AS key",
    "SELECT 'organization' AS source, {row}.organization_id AS key",
    "SELECT 'organization' AS source, organization_id AS key FROM projects_colead WHERE project_id = {row}.id",
    "SELECT 'offer' AS source, id AS key FROM projects_offer WHERE project_id = {row}.id",
    "SELECT 'project' AS source, id AS key FROM projects_project WHERE host_id = {row}.id",
)
_OF_PROJECT = ("SELECT 'project' AS source, {row}.project_id AS key",)
_LED = (
    "SELECT 'project' AS source, id AS key FROM projects_project WHERE organization_id = {row}.id",
    "SELECT 'project' AS source, project_id AS key FROM projects_colead WHERE organization_id = {row}.id",
)
_HERE = "(SELECT id FROM projects_territory WHERE id = {row}.id OR parent_id = {row}.id)"
_BRANCH = (
    "(SELECT id FROM axes_orientation WHERE tree_id = {row}.tree_id AND lft >= {row}.lft AND rght <= {row}.rght)"
)
# table: (columns whose change counts, or none for all; what is then stale)
SOURCES = {
    "projects_project": (
        ("kind", "code", "title", "summary", "status", "organization_id", "host_id"),
        _PROJECT,
    ),
    "projects_colead": ((), (*_OF_PROJECT, "SELECT 'organization' AS source, {row}.organization_id AS key")),
    "projects_place": ((), _OF_PROJECT),
    "projects_contribution": ((), _OF_PROJECT),
    "projects_project_schemes": ((), _OF_PROJECT),
    "projects_scheme": (
        ("code", "name"),
        ("SELECT 'project' AS source, project_id AS key FROM projects_project_schemes WHERE scheme_id = {row}.id",),
    ),
    "projects_organization": (
        ("name", "acronym", "commune_id"),
        (
            "SELECT 'organization' AS source, {row}.id AS key",
            *_LED,
            "SELECT 'person' AS source, user_id AS key FROM projects_membership WHERE organization_id = {row}.id",
            "SELECT 'offer' AS source, id AS key FROM projects_offer WHERE project_id IN "
            "(SELECT id FROM projects_project WHERE organization_id = {row}.id)",
            "SELECT 'document' AS source, id AS key FROM projects_referencedocument WHERE owner_id = {row}.id",
        ),
    ),
    "projects_territory": (
        ("kind", "code", "name", "parent_id", "postcodes", "valid_from", "valid_to"),
        (
            f"SELECT 'territory' AS source, id AS key FROM projects_territory WHERE id IN {_HERE}",
            "SELECT 'territory' AS source, {row}.id AS key",
            f"SELECT 'project' AS source, project_id AS key FROM projects_place WHERE territory_id IN {_HERE}",
            "SELECT 'organization' AS source, id AS key FROM projects_organization WHERE commune_id = {row}.id",
            f"SELECT 'offer' AS source, offer_id AS key FROM projects_offersite WHERE territory_id IN {_HERE}",
            f"SELECT 'need' AS source, id AS key FROM projects_need WHERE territory_id IN {_HERE}",
        ),
    ),
    "projects_offer": (("name", "kind", "project_id"), ("SELECT 'offer' AS source, {row}.id AS key",)),
    "projects_offersite": ((), ("SELECT 'offer' AS source, {row}.offer_id AS key",)),
    "projects_need": (("wording", "is_published", "territory_id", "orientation_id"), ("SELECT 'need' AS source, {row}.id AS key",)),
    "projects_referencedocument": (
        ("title", "acronym", "status", "owner_id"),
        ("SELECT 'document' AS source, {row}.id AS key",),
    ),
    "projects_referencedocument_orientations": ((), ("SELECT 'document' AS source, {row}.referencedocument_id AS key",)),
    "projects_membership": ((), ("SELECT 'person' AS source, {row}.user_id AS key",)),
    "cohesion_user": (
        ("first_name", "last_name", "username", "email", "is_active", "erased_at"),
        ("SELECT 'person' AS source, {row}.id AS key",),
    ),
    "axes_orientation": (
        ("code", "title", "corrected_title", "label", "parent_id"),
        (
            f"SELECT 'project' AS source, project_id AS key FROM projects_contribution WHERE orientation_id IN {_BRANCH}",
            f"SELECT 'need' AS source, id AS key FROM projects_need WHERE orientation_id IN {_BRANCH}",
            "SELECT 'document' AS source, referencedocument_id AS key FROM projects_referencedocument_orientations "
            "WHERE orientation_id = {row}.id",
        ),
    ),
    "axes_framework": (
        ("status",),
        (
            "SELECT 'project' AS source, project_id AS key FROM projects_contribution WHERE orientation_id IN "
            "(SELECT id FROM axes_orientation WHERE framework_id = {row}.id)",
            "SELECT 'document' AS source, id AS key FROM projects_referencedocument",
            "SELECT 'need' AS source, id AS key FROM projects_need",
        ),
    ),
}
MOMENTS = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}
# Nothing hangs on a new row of these, and none of them goes while something does.
ONLY_CHANGED = ("projects_scheme", "cohesion_user", "axes_orientation", "axes_framework")
# Everything that there is, for an index that is made again from nothing.
EVERYTHING = (
    "SELECT 'territory' AS source, id AS key FROM projects_territory",
    "SELECT 'organization' AS source, id AS key FROM projects_organization",
    "SELECT 'project' AS source, id AS key FROM projects_project",
    "SELECT 'offer' AS source, id AS key FROM projects_offer",
    "SELECT 'need' AS source, id AS key FROM projects_need",
    "SELECT 'document' AS source, id AS key FROM projects_referencedocument",
    "SELECT 'person' AS source, user_id AS key FROM projects_membership",
    "SELECT 'page' AS source, 0 AS key",
)


def create(connection):
    """The index and the triggers, and all that there is said to be stale."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(INDEXED)
            for name, does in FILING.items():
                cursor.execute(f"CREATE TRIGGER {name} {does}")
        else:
            cursor.execute(
                f"ALTER TABLE {ENTRY} ADD COLUMN document tsvector NOT NULL "
                "GENERATED ALWAYS AS (array_to_tsvector(string_to_array(tokens, ' '))) STORED"
            )
            cursor.execute(f"CREATE INDEX {INDEX} ON {ENTRY} USING gin (document)")
        for table, (columns, stale) in SOURCES.items():
            for moment in _moments(table):
                _create_trigger(cursor, connection.vendor, table, moment, columns, _marking(stale, MOMENTS[moment]))
        cursor.execute(f"INSERT INTO {STALE} (source, key) {' UNION ALL '.join(EVERYTHING)}")


def drop(connection):
    with connection.cursor() as cursor:
        for table in SOURCES:
            for moment in _moments(table):
                name = _name(table, moment)
                if connection.vendor == "sqlite":
                    cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
                else:
                    cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
                    cursor.execute(f"DROP FUNCTION IF EXISTS {name}()")
        if connection.vendor == "sqlite":
            for name in FILING:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            cursor.execute(f"DROP TABLE IF EXISTS {INDEX}")


def _moments(table):
    return ("UPDATE",) if table in ONLY_CHANGED else MOMENTS


def _name(table, moment):
    return f"{table}_stale_{moment.lower()}"


def _marking(stale, rows):
    """One statement: each key once, whichever the row is, the former or the new one."""
    selected = " UNION ".join(select.format(row=row) for row in rows for select in stale)
    return f"INSERT INTO {STALE} (source, key) SELECT source, key FROM ({selected}) AS changed WHERE key IS NOT NULL"


def _create_trigger(cursor, vendor, table, moment, columns, marks):
    name = _name(table, moment)
    of = f" OF {', '.join(columns)}" if columns and moment == "UPDATE" else ""
    changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)
    condition = f" WHEN ({changed})" if of else ""
    if vendor == "sqlite":
        condition = condition.replace("IS DISTINCT FROM", "IS NOT")
        cursor.execute(f"CREATE TRIGGER {name} AFTER {moment}{of} ON {table}{condition} BEGIN {marks}; END")
        return
    cursor.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {marks}; RETURN NULL; END $$")
    cursor.execute(
        f"CREATE TRIGGER {name} AFTER {moment}{of} ON {table} FOR EACH ROW{condition} EXECUTE FUNCTION {name}()"
    )
