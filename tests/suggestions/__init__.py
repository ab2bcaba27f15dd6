"""How often the right orientation is proposed: over the cases of ``cases/``, and over the actions on record.

``python -m tests.suggestions`` says it (``docs/suggestions.md`` explains the figures), on the database of
``DATABASE_URL``, whose framework in force must be the founding text.
"""
