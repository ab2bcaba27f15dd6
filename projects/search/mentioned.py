"""Which projects a text is about."""

from django.db.models import Q

from projects.search.entries import PROJECT_KINDS
from projects.search.index import keys_of
from projects.search.query import parse
from projects.search.refreshing import refresh_for_reader
from projects.search.words import PUBLIC, every


def mentions(text: str, *, is_public: bool = True) -> Q:
    """The projects that have all the words of a text, as a search of the whole site reads them: in their own texts,
    their structures, their places, the orientations that they serve. Other words for them do not count: a list has no
    place to say why.

    ``is_public``: only what anybody may read counts; else all that officers do. The words are read here, once for all
    the questions that are asked with the answer.
    """
    refresh_for_reader()
    query = parse(text, PUBLIC if is_public else "")
    if not query.terms:
        return Q()
    return Q(pk__in=keys_of(PROJECT_KINDS, every([query.written, query.readers])))
