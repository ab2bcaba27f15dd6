"""``/api/v1/``: what is public, read by programs; with a token, what its person may read and write."""
