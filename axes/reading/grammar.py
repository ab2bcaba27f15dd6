"""How a French sentence begins: with a verb in the infinitive, a noun, a preposition.

Endings and function words of the language, and nothing that belongs to one document.
"""

import re
from enum import StrEnum

from cohesion.lib.text import fold

WORD = re.compile(r"[^\W\d_]+(?:[-·][^\W\d_]+)*", re.UNICODE)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ARTICLES = _words("le la les l un une des du de d nos notre ce cette ces leur leurs")
PREPOSITIONS = _words(
    "a au aux de du des d en dans par pour sur sous avec sans selon vers chez entre contre depuis pendant afin suivant "
    "conformement devant derriere malgre grace face lors durant apres hors"
)
# After these words, a phrase is not over.
OPEN_WORDS = (
    ARTICLES
    | PREPOSITIONS
    | _words("et ou ni que qui dont si comme plus moins tres puis mais soit son sa ses mon ma mes")
)
# What links a sentence to the one before, or subordinates it: no title begins so.
CONNECTIVES = _words(
    "enfin ensuite ainsi alors cependant toutefois neanmoins aujourd lorsque quand car donc si puisque"
)
PRONOUNS = _words("je nous vous il elle on ils elles ce c cela ceci")
REFLEXIVES = _words("s se")
ADVERBS = _words("mieux plus moins ne pas davantage bien aussi")
# Verbs by their ends; « -ier », « -aire » and others are ends of nouns too: of these, only what is a verb's own.
_INFINITIVE = re.compile(
    r"(?:(?<!i)er|(?:if|ud|ed|eg|og|oc|efic|rec|cil|bl|pl|ll|[aio]r)ier|^(?:re|de)lier|^trier|ir(?<!oir)|voir|valoir|vouloir|"
    r"[eo]ndre|erdre|oudre|[aeo]indre|pandre|mettre|battre|[ao]itre|uire|crire|lire|dire|(?:su|v)ivre|ompre|clure|clore|"
    r"faire|plaire|straire|xtraire)$"
)
_NOUNS_ALIKE = _words(
    "foyer loyer danger etranger hiver cancer loisir desir plaisir avenir souvenir affaire moindre cloitre verger cher "
    "fier"
)
_PLURALS_ALIKE = _words(
    "maisons saisons raisons liaisons cantons facons lecons garcons poissons boissons prisons jalons"
)
# « Nous ferons », « nous rendrons »: a future; « nous rencontrons » and « nous considérons » tell what is.
_PROMISE = re.compile(
    r"\W*nous\s+(?!(?:dés|t|att|ret|insp|asp|adm)irons\b|(?:inst|rest)aurons\b)[^\W\d_]*"
    r"(?:[eir]|au|[aeio]nd|oud|[ea]tt|[iî]t|ev|[su]iv|viv|omp|clu)rons\b",
    re.IGNORECASE,
)
_DEVERBAL = re.compile(r"(?:tions?|sions?|xions?|ments?|ages?|ances?|ences?|ures?|ades?|ites?)$")


HEAD = 200  # characters, of which one sees how a text begins
PROSE_LENGTH = 480  # characters, that no title has


class Opening(StrEnum):
    """What a text begins with."""

    INFINITIVE = "infinitive"
    NOUN = "noun"
    ARTICLE = "article"
    PREPOSITION = "preposition"
    OTHER = "other"


def words(text: str) -> list[str]:
    """The words of a text, without case nor accents; an elided article is one of them."""
    return [fold(word) for word in WORD.findall(text)]


def is_infinitive(word: str) -> bool:
    """Whether a word, folded, has the form of a verb in the infinitive."""
    return len(word) >= 4 and word not in _NOUNS_ALIKE and bool(_INFINITIVE.search(word))


def is_imperative(word: str) -> bool:
    """Whether a word, folded, has the form of « donnons »: what a council tells itself to do."""
    return len(word) > 5 and word not in _PLURALS_ALIKE and bool(re.search(r"[^i]ons$", word))


def is_deverbal(word: str) -> bool:
    """Whether a word, folded, has the form of a noun that names an action: « accompagnement », « création »."""
    return len(word) > 4 and word != "france" and bool(_DEVERBAL.search(word))


def opening(text: str) -> Opening:
    """What a text begins with. A verb may come after « s’ », « se », or an adverb: « mieux connaître »."""
    first = words(text[:HEAD])[:4]
    while first and (first[0] in REFLEXIVES or first[0] in ADVERBS) and len(first) > 1:
        first = first[1:]
    if not first:
        return Opening.OTHER
    if first[0] in PRONOUNS and len(first) > 1:
        # « Nous soigner », « nous ouvrirons »; but « nous avons besoin »: a sentence.
        is_aim = is_infinitive(first[1]) or _PROMISE.match(text) is not None
        return Opening.INFINITIVE if is_aim else Opening.OTHER
    if first[0] in CONNECTIVES:
        return Opening.OTHER
    if is_imperative(first[0]):
        return Opening.INFINITIVE
    if first[0] in PREPOSITIONS and first[0] not in ("des", "du", "de", "d"):
        return Opening.PREPOSITION
    if first[0] in ARTICLES:
        return Opening.ARTICLE
    # « Atelier de », « Foyer des »: a noun has its complement, where a verb has an article.
    if is_infinitive(first[0]) and not (first[0].endswith("ier") and first[1:2] in (["de"], ["d"], ["du"])):
        return Opening.INFINITIVE
    return Opening.NOUN


def is_gerundive(text: str) -> bool:
    """A goal and its means in one sentence: « … en s’appuyant sur… »."""
    return bool(re.search(r"\ben (?:s['’])?[^\W\d_]+ant\b", text))


def is_open(text: str) -> bool:
    """Whether the text cannot end there: it ends with « de », « et », a comma."""
    end = text.rstrip()
    if end.endswith((",", "(", "-", "/", "'", "’", "«")):
        return True
    last = end.rsplit(" ", 1)[-1]
    if len(last) == 1 and last.isupper():
        return False  # « Enjeu A »
    return words(last)[-1:] != [] and words(last)[-1] in OPEN_WORDS


def is_prose(text: str, *, is_item: bool = False) -> bool:
    """Several sentences, with a conjugated air: what a document says around its orientations.

    An item of a list may end with a stop, however it begins."""
    if len(text) > PROSE_LENGTH:
        return True
    sentences = re.findall(r"[^.!?…]{12,}[.!?…](?=\s+[A-ZÀ-Ý«]|\s*$)", text)
    return len(sentences) >= 2 or (not is_item and len(sentences) == 1 and opening(text) not in NODE_OPENINGS)


NODE_OPENINGS = (Opening.INFINITIVE, Opening.NOUN)


def is_capitals(text: str) -> bool:
    """Whether a text is written in capitals, but for a word or two."""
    letters = [c for c in text if c.isalpha()]
    return len(letters) >= 4 and sum(c.isupper() for c in letters) >= 0.8 * len(letters)


def begins_in_capitals(text: str) -> bool:
    """Whether the first words of a text are in capitals: « SANTÉ : agir pour… »."""
    head = re.split(r"\s[:–—-]\s|\s:", text, maxsplit=1)[0]
    return is_capitals(head) and len(head) >= 5
