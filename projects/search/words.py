"""What an entry is filed by, and what a search asks for: tokens of letters and digits, the same on every database.

The first letter of a token says what it is: ``k`` a word of the entry, by its stem; ``t`` the same, of its title;
``a`` an acronym, ``b`` the same, of its title; ``c`` its code; ``l`` the code of something that it is linked to; ``r``
who may read it; ``n`` its kind. ``w`` is a word as it is written, without accents, of which the beginning may be asked
for; these are filed in their order, so that several in a row may be asked for, and ``x`` parts one text from the next.
"""

import re
from collections.abc import Iterable, Iterator

from cohesion.lib import french
from cohesion.lib.text import fold

LONGEST = 60
ACRONYM_LENGTH = 6
PLAIN_ACRONYM_LENGTH = 4
PUBLIC, ELECTED, MEMBER = "rp", "re", "ro"
BREAK = "x"
_PLAIN = re.compile(r"[a-z0-9]+\Z")
_HYPHENS = re.compile(r"[\u2010-\u2014]")
_ROW = re.compile(r"\((\w+(?: <-> \w+)+)\)")


def token(sort: str, word: str) -> str:
    """A folded word as a token; a sign that is no plain letter or digit is written by its number."""
    if not _PLAIN.match(word):
        word = "".join(sign if sign.isascii() and sign.isalnum() else f"u{ord(sign):04x}" for sign in word)
    return f"{sort}{word[:LONGEST]}"


def code_token(sort: str, code: str) -> str:
    """A code as a token: capitals and the sort of hyphen do not count, what stands between its parts does."""
    return token(sort, fold(_HYPHENS.sub("-", code)))


def kind_token(kind: str) -> str:
    return token("n", kind)


def is_acronym(word: str) -> bool:
    """« CAF », « QPV »; whoever writes everything in capitals writes none."""
    return 2 <= len(word) <= ACRONYM_LENGTH and word.isalpha() and word.isupper()


def is_plain_acronym(word: str) -> bool:
    """« CAF »; longer ones, « SANTE », may be words that somebody typed in capitals."""
    return len(word) <= PLAIN_ACRONYM_LENGTH and is_acronym(word)


def shouts(words: list[french.Token]) -> bool:
    """Whether several words are all written in capitals: none of them is then told for an acronym."""
    letters = [word.word for word in words if word.word.isalpha()]
    return len(letters) > 1 and all(word.isupper() for word in letters)


def title_tokens(text: str) -> set[str]:
    """Those of a title: they count among those of the whole entry too."""
    return {*_filed(text, "tk", "ab")}


def text_tokens(text: str) -> set[str]:
    return {*_filed(text, "k", "a")}


def _filed(text: str, word_sorts: str, acronym_sorts: str) -> Iterator[str]:
    words = list(french.tokens(text))
    is_shouted = shouts(words)
    for word in words:
        if is_acronym(word.word) and not is_shouted:
            yield from (token(sort, word.folded) for sort in acronym_sorts)
        else:
            keys = french.keys(word.word)
            yield from (token(sort, key) for sort in word_sorts for key in keys)


def ordered_words(texts: Iterable[str]) -> str:
    """The words of texts as they are written, in their order."""
    return f" {BREAK} ".join(_words_in_order(text) for text in texts)


def _words_in_order(text: str) -> str:
    return " ".join(token("w", word.folded) for word in french.tokens(text))


def reader_tokens(*, is_public: bool, elected: bool = False, organizations: Iterable[int] = ()) -> set[str]:
    """Who may read an entry; officers read all of them, and need none."""
    if is_public:
        return {PUBLIC}
    return {f"{MEMBER}{key}" for key in organizations} | ({ELECTED} if elected else set())


# --- expressions ----------------------------------------------------------------------------------------------
# Written once with the signs of PostgreSQL, which a token never has; SQLite writes its own.


def either(parts: Iterable[str]) -> str:
    """Any of several expressions."""
    kept = sorted(dict.fromkeys(part for part in parts if part))
    return _joined(kept, " | ")


def every(parts: Iterable[str]) -> str:
    """All of several expressions."""
    kept = list(dict.fromkeys(part for part in parts if part))
    return _joined(kept, " & ")


def _joined(parts: list[str], sign: str) -> str:
    return f"({sign.join(parts)})" if len(parts) > 1 else "".join(parts)


def titled(keys: Iterable[str]) -> str:
    """A word, by its keys, in a title."""
    return either(token("t", key) for key in keys)


def without(expression: str, others: str) -> str:
    """What an expression finds and others do not."""
    return f"({expression}) & !({others})" if others else expression


def beginning(sort: str, word: str) -> str:
    return f"{token(sort, word)}:*"


def in_a_row(words: Iterable[str]) -> str:
    """Folded words that follow one another."""
    return _joined([token("w", word) for word in words], " <-> ")


def for_sqlite(expression: str) -> str:
    expression = _ROW.sub(lambda row: f'"{row[1].replace(" <-> ", " ")}"', expression)
    return expression.replace(" & !", " NOT ").replace(" | ", " OR ").replace(" & ", " AND ").replace(":*", "*")
