"""Search over all wordings of a framework, the same on every database.

The words of a framework are filed in memory (:mod:`axes.search.index`), the query is read into terms
(:mod:`axes.search.query`), and :func:`search` ranks what they find.
"""

from axes.search.examples import examples
from axes.search.index import SearchIndex, index_of
from axes.search.query import QUERY_LENGTH, Query, clean
from axes.search.results import Hit, Results, Segment, search

__all__ = [
    "QUERY_LENGTH",
    "Hit",
    "Query",
    "Results",
    "SearchIndex",
    "Segment",
    "clean",
    "examples",
    "index_of",
    "search",
]
