"""What a screen shows, as a sentence names it: « une action », « de l’action », « les actions »."""

from dataclasses import dataclass
from typing import Any

from cohesion.lib.text import fold

# The first words of the feminine names of models; a test knows the masculine ones, and says which is in neither list.
_FEMININE = """
action adresse appartenance association autorisation case catégorie commune contribution convention décision
déclaration demande dispense enveloppe fiche invitation
ligne note offre orientation permission personne pièce question recherche relance
remarque réponse session structure version vue
"""
FEMININE = frozenset(_FEMININE.split())
_VOWELS = "aeiouyh"  # as the first letter of a word, without its accent


@dataclass(frozen=True)
class Noun:
    """The name of a kind of row, in the singular and in the plural, with its gender and its elision."""

    singular: str
    plural: str = ""

    @classmethod
    def of(cls, meta: Any) -> "Noun":
        """That of a model, from its ``_meta``."""
        return cls(small(str(meta.verbose_name)), small(str(meta.verbose_name_plural)))

    @property
    def head(self) -> str:
        """The word that decides: « appel » of « appel à projets »."""
        return self.singular.replace("’", " ").split(" ")[0].lower()

    @property
    def is_feminine(self) -> bool:
        return self.head in FEMININE

    @property
    def is_elided(self) -> bool:
        """It takes the place of the vowel before it; an acronym that is spelt does not."""
        return not self.singular[:2].isupper() and fold(self.singular)[:1] in _VOWELS

    @property
    def forms(self) -> str:
        """« action,actions »: for the filters that count (``count``, ``agree``)."""
        return f"{self.singular},{self.plural}"

    @property
    def a(self) -> str:
        return f"{'une' if self.is_feminine else 'un'} {self.singular}"

    @property
    def another(self) -> str:
        return "une autre" if self.is_feminine else "un autre"

    @property
    def no(self) -> str:
        return f"{'aucune' if self.is_feminine else 'aucun'} {self.singular}"

    @property
    def the(self) -> str:
        return f"l’{self.singular}" if self.is_elided else f"{'la' if self.is_feminine else 'le'} {self.singular}"

    @property
    def of_the(self) -> str:
        return f"du {self.singular}" if not self.is_feminine and not self.is_elided else f"de {self.the}"

    @property
    def this(self) -> str:
        masculine = "cet" if self.is_elided else "ce"
        return f"{'cette' if self.is_feminine else masculine} {self.singular}"

    @property
    def all(self) -> str:
        return f"les {self.plural}"

    def agreed(self, participle: str) -> str:
        """« enregistré » or « enregistrée »."""
        return f"{participle}e" if self.is_feminine else participle


def small(name: str) -> str:
    """A name inside a sentence: its first letter is no capital, unless it is an acronym."""
    return name if name[:2].isupper() else name[:1].lower() + name[1:]


def quoted(name: object, *, most: int = 90) -> str:
    """« Jardins partagés », between its guillemets; a long name is cut at ``most`` characters, after a word."""
    text = str(name)
    shown = text if len(text) <= most else f"{text[: most - 1].rsplit(' ', 1)[0]}…"
    return f"«\u00a0{shown}\u00a0»"
