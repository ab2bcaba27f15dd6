"""What a priority is, from how it is worded: a subject, a perimeter, or a reference to another document."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from axes.choices import PriorityType
from axes.reading.grammar import words
from cohesion.lib.text import NBSP, fold, squeeze

# What sends elsewhere; what a place is called, whatever its name; what says that a place is only an example.
_ELSEWHERE = re.compile(r"(?:selon|suivant|conformement aux?|voir|cf|se reporter|dans l[’']attente)\b")
_DOCUMENT = re.compile(
    r"\b(?:plan local|plan departemental|plan climat|schema|charte|contrat de|convention|programme local"
    r"|plh|plui?|scot|pdu|pcaet|pdalhpd|cls|ctg|asv|pedt|pst d[ue])\b"
)
_ZONES = (
    r"quartiers?(?: (?:prioritaires?|sensibles?|de|du|des))?|communes?|centres?[- ](?:bourgs?|villes?|anciens?)|bourgs?"
    r"|hameaux|secteurs?|zones?|zus|qpv|perimetres?|territoires? (?:ruraux|rural|prioritaires?)|rive|ville de"
)
_ZONE_FIRST = re.compile(rf"(?:(?:les?|l[’']|la|dans|sur|a|au|aux|en)\s*)?(?:\d+\s+)?(?:{_ZONES})\b")
_ZONE = re.compile(rf"\b(?:{_ZONES})\b")
SHORTEST = 4  # letters of a name of a place that a wording may hold by chance


@dataclass(frozen=True)
class ProposedType:
    """The type that is proposed, why, and what makes it doubtful (empty: nothing)."""

    type: PriorityType
    reason: str
    doubt: str = ""


def proposed_type(title: str, places: Iterable[str] = ()) -> ProposedType:
    """The type of a priority; ``places`` are the names of those that the territory knows."""
    text = fold(squeeze(title))
    document = _DOCUMENT.search(text)
    if (sending := _ELSEWHERE.match(text)) is not None:
        doubt = "" if document else "aucun document n’y est nommé"
        return ProposedType(PriorityType.REFERENCE, f"commence par «{NBSP}{sending[0]}{NBSP}»", doubt)
    place, zone = _named(text, places), _ZONE_FIRST.match(text)
    if place and words(text)[:1] != words(place)[:1] and zone is None:
        doubt = "le lieu n’y est peut-être qu’un exemple"
        return ProposedType(PriorityType.TERRITORIAL, f"nomme «{NBSP}{place}{NBSP}»", doubt)
    if named := place or (zone[0] if zone else ""):
        return ProposedType(PriorityType.TERRITORIAL, f"nomme d’abord un lieu («{NBSP}{named}{NBSP}»)")
    doubt = ""
    if (beside := _ZONE.search(text)) is not None:
        doubt = f"«{NBSP}{beside[0]}{NBSP}» pourrait en faire une priorité territoriale"
    elif document is not None:
        doubt = f"«{NBSP}{document[0]}{NBSP}» : attend peut-être cet autre document"
    return ProposedType(PriorityType.THEMATIC, "dit un sujet, sans lieu ni autre document en tête", doubt)


def _named(text: str, places: Iterable[str]) -> str:
    """The longest of the names that a wording holds whole."""
    held = [name for name in places if len(name) >= SHORTEST and re.search(rf"\b{re.escape(fold(name))}\b", text)]
    return max(held, key=len, default="")
