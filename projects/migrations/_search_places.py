"""The index of a search in the order of what it finds, with words in their order.

On SQLite it holds no more than a number for each entry, its place: the rank of its kind, the length of its title, its
key (``projects.search.index``). On PostgreSQL the rows keep what is long elsewhere: many of them are on one page.
"""

from projects.migrations._search import ENTRY, EVERYTHING, INDEX, STALE

DOCUMENT = "array_to_tsvector(string_to_array(tokens, ' '))"
ORDERED = f"({DOCUMENT} || to_tsvector('pg_catalog.simple'::regconfig, words))"
SHORT_ROW = 128  # bytes: the least that PostgreSQL takes
LONG = ("tokens", "words", "document")


def _place(row):
    return f"({row}.rank << 56) | (MIN({row}.length, 65535) << 40) | {row}.key"


def _text(row):
    return f"{row}.tokens || ' ' || {row}.words"


_ADD = f"INSERT INTO {INDEX} (rowid, tokens) VALUES ({_place('NEW')}, {_text('NEW')});"
_TAKE_AWAY = f"INSERT INTO {INDEX} ({INDEX}, rowid, tokens) VALUES ('delete', {_place('OLD')}, {_text('OLD')});"
FILING = {
    "projects_search_filed": f"AFTER INSERT ON {ENTRY} BEGIN {_ADD} END",
    "projects_search_filed_again": (
        f"AFTER UPDATE OF tokens, words, rank, length, key ON {ENTRY} BEGIN {_TAKE_AWAY} {_ADD} END"
    ),
    "projects_search_taken_away": f"AFTER DELETE ON {ENTRY} BEGIN {_TAKE_AWAY} END",
}
# The beginnings of two and of three letters have their own lists: nothing is put together while somebody types.
INDEXED = (
    f"CREATE VIRTUAL TABLE {INDEX} USING fts5(tokens, content='', tokenize='ascii', detail=full, prefix='3 4')"
)


def create(connection):
    """What there is can be found at once as before; it is all stale, for its words have no order yet."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            _file_anew(cursor, INDEXED, FILING, f"SELECT {_place('e')}, {_text('e')} FROM {ENTRY} e ORDER BY 1")
        else:
            changes = [f"ALTER COLUMN {column} SET STORAGE EXTERNAL" for column in LONG]
            _document(cursor, ORDERED, f"SET (toast_tuple_target = {SHORT_ROW})", changes)
        cursor.execute(f"INSERT INTO {STALE} (source, key) {' UNION ALL '.join(EVERYTHING)}")


def drop(connection, indexed, filing):
    """The index as it was."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            _file_anew(cursor, indexed, filing, f"SELECT id, tokens FROM {ENTRY} ORDER BY 1")
        else:
            changes = [f"ALTER COLUMN {column} SET STORAGE EXTENDED" for column in LONG]
            _document(cursor, DOCUMENT, "RESET (toast_tuple_target)", changes)
        cursor.execute(f"INSERT INTO {STALE} (source, key) {' UNION ALL '.join(EVERYTHING)}")


def _file_anew(cursor, indexed, filing, rows):
    for name in filing:
        cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
    cursor.execute(f"DROP TABLE IF EXISTS {INDEX}")
    cursor.execute(indexed)
    cursor.execute(f"INSERT INTO {INDEX} (rowid, tokens) {rows}")
    for name, does in filing.items():
        cursor.execute(f"CREATE TRIGGER {name} {does}")


def _document(cursor, expression, option, changes):
    cursor.execute(f"ALTER TABLE {ENTRY} DROP COLUMN document")
    cursor.execute(f"ALTER TABLE {ENTRY} {option}")
    cursor.execute(
        f"ALTER TABLE {ENTRY} ADD COLUMN document tsvector NOT NULL GENERATED ALWAYS AS ({expression}) STORED"
    )
    # Nothing waits to be filed: with what waits, PostgreSQL thinks that reading the whole table is better.
    cursor.execute(f"CREATE INDEX {INDEX} ON {ENTRY} USING gin (document) WITH (fastupdate = off)")
    cursor.execute(f"ALTER TABLE {ENTRY} {', '.join(changes)}")
