"""A question of what a word means: « c’est quoi un QPV », « définition PST », « que veut dire REP »."""

from collections.abc import Sequence

from cohesion.lib import french

# What such a question has, of which one says that it is one, and the words around them.
ASKING = (
    *("quoi", "definition", "signification", "signifie", "veut dire", "sigle"),
    *("qu est ce qu", "qu est ce que"),
)
AROUND = frozenset(("definition", "signification", "signifie", "veut", "dire", "sigle", "acronyme", "exactement"))


def definition_of(word: str) -> str:
    """The code under which the meaning of a word is filed: without the little words, which a question has too."""
    return f"def {' '.join(token.folded for token in french.significant(word))}"


def asked_word(words: Sequence[french.Token]) -> str:
    """The code of the word whose meaning is asked for; nothing, where the text asks for no meaning."""
    folded = f" {' '.join(word.folded for word in words)} "
    if not any(f" {asking} " in folded for asking in ASKING):
        return ""
    rest = [word.folded for word in words if not word.is_stop and word.folded not in AROUND]
    return f"def {' '.join(rest)}" if rest else ""
