"""What people type in the one box, and whether an answer is among the first three on the demonstration.

``python -m tests.queries`` says it, on the database of ``DATABASE_URL``, which must be the demonstration. Those that
are kept apart were written once the search was mended for the others; their errors are not shown.
"""
