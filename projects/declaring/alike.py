"""One action declared twice: drafts and files of an organisation whose title resembles the one that is typed."""

from collections.abc import Iterable

from cohesion.lib.french import keys, significant
from cohesion.lib.text import fold, squeeze
from projects.catalogue.workflow import GRANTED, REQUEST_OPEN, TO_BE_DECIDED
from projects.declaring.models import Declaration
from projects.members.models import Organization

LIKELY = 0.6  # of the words of the longer title are in the other
LOOKED_AT = 100  # those that were saved last
SHOWN = 5


def resembling(title: str, organization: Organization) -> list[Declaration]:
    """The declarations that an organisation may still write, and whose title resembles this one; the last first."""
    return _alike(title, organization, REQUEST_OPEN)


def handed_in(title: str, organization: Organization) -> list[Declaration]:
    """Those that it handed in already, decided or not, but for what was turned down; the last first."""
    return _alike(title, organization, (*set(TO_BE_DECIDED).difference(REQUEST_OPEN), *GRANTED))


def _alike(title: str, organization: Organization, statuses: Iterable[str]) -> list[Declaration]:
    mine = Declaration.objects.filter(project__organization=organization, project__status__in=list(statuses))
    saved = mine.exclude(saved_at=None).select_related("project", "campaign").defer("answers")
    declarations = saved.order_by("-saved_at", "-pk")[:LOOKED_AT]
    return [each for each in declarations if are_alike(each.project.title, title)][:SHOWN]


def are_alike(title: str, other: str) -> bool:
    """Whether two titles say the same, but for an ending, an order, or a word or two.

    >>> are_alike("Cuisine partagée", "Cuisines partagées 2027")
    True
    >>> are_alike("Cuisine partagée", "Jardin partagé")
    False
    """
    if fold(squeeze(title)) == fold(squeeze(other)):
        return True
    first, second = _words(title), _words(other)
    known = frozenset().union(*second)
    shared = sum(1 for word in first if word & known)
    return shared / max(len(first), len(second), 1) >= LIKELY


def _words(title: str) -> list[frozenset[str]]:
    """The words that count in a title, each by the keys of all its forms."""
    return [keys(token.word) for token in significant(title)]
