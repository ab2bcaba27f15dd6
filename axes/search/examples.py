"""What to type in an empty search field: words that this very framework uses."""

from collections import Counter

from axes.levels import ANNOUNCED_LEVELS
from axes.search.index import IndexEntry, SearchIndex
from cohesion.lib import french

WORDS = 5


def examples(index: SearchIndex) -> list[str]:
    """Some words of the axes, the commonest acronym, and the code of an objective."""
    axes = [entry for entry in index.entries if entry.node.parent is None]
    words = [word for axis in axes if (word := _subject(index, axis))]
    acronyms = Counter(
        token.word
        for entry in index.entries
        for token in french.tokens(entry.node.orientation.display_title)
        if len(token.word) > 2 and token.word.isupper() and token.word.isalpha()
    )
    deep = [entry.node.orientation.code for entry in index.entries if entry.level in ANNOUNCED_LEVELS]
    commonest = [acronym for acronym, _ in acronyms.most_common(1)]
    return [*list(dict.fromkeys(words))[-WORDS:], *commonest, *deep[len(deep) // 2 :][:1]]


def _subject(index: SearchIndex, axis: IndexEntry) -> str:
    """The word of the axis's name that its branch uses most."""
    branch = index.branch(axis.position)
    words = [token for token in french.significant(axis.node.orientation.name) if len(token.word) > 4]
    if not words:
        return ""

    def uses(token: french.Token) -> int:
        return len(index.having(french.keys(token.word)) & branch)

    return max(words, key=uses).word.lower()
