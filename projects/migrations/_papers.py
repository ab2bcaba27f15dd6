"""Papers that were issued stay as they were issued: what is refused of them by both databases, whoever writes.

What may still change: to whom it belongs once structures are made one; who made, sent or cancelled it, once an account
is erased; that it is sent, and that it is cancelled, once each.
"""

from projects.migrations._triggers import KEPT_AS_ISSUED, PAPERS, create, drop

NEVER_DELETED = "Un document émis ne se supprime pas : annulez-le, il garde son numéro."
_AS_ISSUED = (
    *("kind", "year", "number", "project_id", "title", "source", "facts", "model_version"),
    *("pdf", "size", "digest", "word", "word_size", "word_digest"),
)
_MAY_BE_NONE = ("decision_id", "model_id", "replaces_id")
_ONCE = ("sent_at", "cancelled_at")
_CHANGED = (
    *(f"NEW.{column} <> OLD.{column}" for column in _AS_ISSUED),
    *(f"COALESCE(NEW.{column}, -1) <> COALESCE(OLD.{column}, -1)" for column in _MAY_BE_NONE),
    *(f"(OLD.{column} IS NOT NULL AND (NEW.{column} IS NULL OR NEW.{column} <> OLD.{column}))" for column in _ONCE),
)

# name: (table, moment, condition, sentence, what PostgreSQL locks before it looks)
PAPERS_KEPT = {
    "projects_paper_kept": (
        "projects_paper",
        f"BEFORE UPDATE OF {', '.join((*_AS_ISSUED, *_MAY_BE_NONE, *_ONCE))}",
        " OR ".join(_CHANGED),
        KEPT_AS_ISSUED,
        "",
    ),
    "projects_paper_stays": ("projects_paper", "AFTER DELETE", "1 = 1", NEVER_DELETED, ""),
}


def create_kept(schema_editor):
    create(schema_editor, PAPERS_KEPT)


def drop_kept(schema_editor):
    """The one that was there before comes back."""
    drop(schema_editor, PAPERS_KEPT)
    create(schema_editor, PAPERS)
