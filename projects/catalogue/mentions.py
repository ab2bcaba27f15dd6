"""Which projects a text is about."""

from functools import cache

from django.db import connection
from django.db.models import Q

from cohesion.lib.french import significant
from cohesion.lib.text import fold
from projects.catalogue.models.links import CoLead
from projects.members.models.organization import Organization

SEARCHED_WORDS = 10
TRIGRAMS = "projects_project_trigrams"  # on SQLite; see projects/migrations/_trigrams.py
# A word that more projects than this may have is looked for in all of them: the page is then quickly full.
FEW = 500


def mentions(text: str) -> Q:
    """The code, the title, the summary or a lead has all the words; accents, capitals and plurals do not count.

    The leads are read here, once for all the questions that are asked with the answer; the first
    ``SEARCHED_WORDS`` words count.
    """
    leads = [(pk, fold(" ".join(names))) for pk, *names in Organization.objects.values_list("pk", "name", "acronym")]
    condition = Q()
    for token in significant(text)[:SEARCHED_WORDS]:
        word = token.folded if len(token.folded) < 4 else token.folded.rstrip("sx")
        written = Q(search_text__contains=word)
        if (few := _candidates(word)) is not None:
            written &= Q(pk__in=few)
        named = [pk for pk, name in leads if word in name]
        condition &= written | Q(organization__in=named) | Q(pk__in=_led_beside(named))
    return condition


def _led_beside(organizations: list[int]) -> list[int]:
    """The projects that these organisations lead beside another: as keys, so that PostgreSQL keeps to its indexes."""
    if not organizations:
        return []
    return list(CoLead.objects.filter(organization__in=organizations).values_list("project_id", flat=True))


def _candidates(word: str) -> list[int] | None:
    """On SQLite, the few projects outside of which none has the word; None: it may stand in any.

    PostgreSQL consults its index by itself.
    """
    if len(word) < 3 or connection.vendor != "sqlite" or not _has_trigrams(str(connection.settings_dict["NAME"])):
        return None
    trigrams = " AND ".join(f'"{word[start : start + 3]}"' for start in range(len(word) - 2))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT rowid FROM {TRIGRAMS} WHERE {TRIGRAMS} MATCH %s LIMIT {FEW + 1}", [trigrams])  # noqa: S608
        keys = [pk for (pk,) in cursor.fetchall()]
    return keys if len(keys) <= FEW else None


@cache
def _has_trigrams(database: str) -> bool:
    """Asked once a process: a SQLite without them goes on without."""
    return TRIGRAMS in connection.introspection.table_names()
