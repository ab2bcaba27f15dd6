"""One search over the whole site: the framework, what is done, where, by whom.

Orientations are found in memory (:mod:`axes.search`), all else in one table of the database.
"""

from projects.search.mentioned import mentions
from projects.search.results import SiteHit, SiteResults
from projects.search.searching import complete, search

__all__ = ["SiteHit", "SiteResults", "complete", "mentions", "search"]
