"""What a structure is called: names that are the same however they are written, names that are near, numbers."""

import re
from collections import Counter
from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache

from cohesion.lib.spreadsheets import damage
from cohesion.lib.text import fold, squeeze
from projects.members.models import Organization
from projects.members.models.organization import SIRET_DIGITS

CLOSE = 0.84  # how alike two names are, from 0 to 1, before one may be a slip for the other
MOST_NEAR = 3
MOST_COMPARED = 2_000  # unknown names of a file that are compared with those that are known
MOST_ALIKE = 8  # names that share the rarest parts of another, and are compared letter by letter
_DIGITS = re.compile(r"\d[\d .\u00a0\u202f\-]*")
# Words that tell what a structure is, and that one writes or leaves out.
_COMMON = re.compile(r"\b(?:l'|association|assoc|asso|ass|la|le|les|de|du|des)\b")


@lru_cache(maxsize=2_000)
def known_as(text: str) -> str:
    """A name without what people write in several ways: accents, capitals, hyphens, apostrophes.

    One that is made of nothing else is known as it is.
    """
    return squeeze(fold(text).replace("-", " ").replace("'", " ")) or squeeze(text)


def names_of(organization: Organization) -> set[str]:
    """What a structure is found by: its name, its acronym, its SIRET."""
    return {known_as(organization.name), known_as(organization.acronym), organization.siret} - {""}


def digits_of(text: str) -> str:
    """The digits of a text that has nothing else but what people write between them; nothing for any other."""
    return re.sub(r"\D", "", text) if _DIGITS.fullmatch(text) else ""


def siret_damage(text: str) -> str:
    """Why a text that should be a SIRET has not its 14 digits; nothing when it has."""
    if damage.is_exponent(text):
        return (
            "Un tableur a changé ce SIRET en nombre, et en a perdu des chiffres : mettez la colonne au format "
            "« Texte », puis retapez les 14 chiffres."
        )
    number = len(digits_of(text))
    if number == SIRET_DIGITS:
        return ""
    lost = " : un tableur a pu retirer un zéro au début" if number == SIRET_DIGITS - 1 else ""
    return f"Un SIRET a 14 chiffres, et celui-ci en a {number}{lost}."


class NearNames:
    """The known structures whose names differ from another by a slip, or by a word such as « Association »."""

    def __init__(self, organizations: Iterable[Organization]) -> None:
        self._named: dict[str, list[int]] = {}
        self._nears: dict[str, list[int]] = {}
        for organization in organizations:
            for name in [*names_of(organization), _bare(organization.name)]:
                self._named.setdefault(name, []).append(organization.pk)
        self._parts: dict[str, list[str]] = {}
        for name in self._named:
            for part in _trigrams(name):
                self._parts.setdefault(part, []).append(name)

    def near(self, name: str) -> list[int]:
        """Their keys, the nearest first."""
        if (known := known_as(name)) not in self._nears:
            keys: list[int] = []
            for other in (_bare(name), *self._alike(known), *self._alike(_bare(name))):
                keys += self._named.get(other, [])
            self._nears[known] = list(dict.fromkeys(keys))[:MOST_NEAR]
        return self._nears[known]

    def _alike(self, known: str) -> list[str]:
        """The known names that are close to another: those that share its rarest parts are looked at, not all."""
        if len(self._nears) >= MOST_COMPARED:
            return []
        most = max(50, len(self._named) // 10)
        shared: Counter[str] = Counter()
        for part in _trigrams(known):
            if len(bearers := self._parts.get(part, [])) <= most:
                shared.update(bearers)
        candidates = [name for name, _ in shared.most_common(MOST_ALIKE)]
        return get_close_matches(known, candidates, MOST_NEAR, CLOSE)


def _trigrams(name: str) -> set[str]:
    """The parts of three signs of a name, its beginning and its end among them."""
    padded = f"  {name} "
    return {padded[start : start + 3] for start in range(len(padded) - 2)}


def _bare(name: str) -> str:
    """A name without its common words; itself where nothing else is left."""
    known = re.sub(r"[^\w' ]", " ", known_as(name))
    return squeeze(_COMMON.sub(" ", known)) or squeeze(known)
