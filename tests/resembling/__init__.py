"""How often an action written otherwise by another association is found: ``python -m tests.resembling`` says it.

On the database of ``DATABASE_URL``, whose actions and those of ``tests/suggestions/cases`` are the distractors; what is
written is taken back.
"""
