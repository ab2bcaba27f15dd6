"""Django's SQLite, whose tables are rebuilt with the triggers that name them."""
