"""What became of a framework since a document of it left."""

from collections.abc import Mapping
from dataclasses import dataclass

from axes.word.finding import KnownOrientation
from axes.word.marks import Origin, digest
from cohesion.lib.rising import longest_rising
from cohesion.lib.text import NBSP


@dataclass(frozen=True)
class Since:
    """What became of one orientation since: « reformulée », « déplacée »… It is there no more where it has no title."""

    code: str
    title: str
    what: tuple[str, ...]

    def as_dict(self) -> dict[str, str]:
        return {"code": self.code, "title": self.title, "what": ", ".join(self.what)}


REWORDED = "reformulée"


def since(origin: Origin, known: Mapping[str, KnownOrientation], codes: Mapping[str, str]) -> list[Since]:
    """What changed here since the document left, in the order of today. ``codes`` are those of today, by the identity
    that the document has of each."""
    former = {place: codes.get(stood.key, "") for place, stood in enumerate(origin.stood)}
    order = [code for code in known if known[code].stood is not None]
    ranks = {code: rank for rank, code in enumerate(former.values()) if code}
    kept = longest_rising(order, ranks.__getitem__)
    changes = []
    for code, each in known.items():
        what = _what(each, former)
        if not what and code not in kept and each.stood is not None:
            what.append("déplacée")
        if what:
            changes.append(Since(code, each.state.title or "", tuple(what)))
    gone = [stood for place, stood in enumerate(origin.stood) if not former[place]]
    return [*changes, *(Since(stood.code, "", ("supprimée",)) for stood in gone)]


def _what(known: KnownOrientation, former: Mapping[int, str]) -> list[str]:
    stood, state = known.stood, known.state
    if stood is None:
        return ["ajoutée"]
    what = []
    if stood.digest != digest(known.printed):
        what.append(REWORDED)
    if stood.level != state.level:
        what.append("passée à un autre niveau")
    if stood.parent is not None and former[stood.parent] != state.parent:
        what.append("déplacée")
    if stood.columns != tuple(state.columns or []) or {former[place] for place in stood.applies_to} != set(
        state.applies_to or []
    ):
        what.append("dont la cellule a changé")
    if stood.code != state.code:
        what.append(f"qui portait le code «{NBSP}{stood.code}{NBSP}»")
    return what
