"""Projects brought as a table: read, compared with what is there, shown, then written all or nothing."""
