"""The differences of a Word document, node by node: what was done in it, in the words of who did it."""

from collections.abc import Iterator, Mapping
from typing import Any

from axes.exchange.resource import ORIENTATIONS
from cohesion.imports.columns import SEPARATOR
from cohesion.imports.plan import Entry

KINDS = {
    "reworded": "Reformulées",
    "moved": "Déplacées",
    "created": "Nouvelles",
    "cut": "Coupées en deux",
    "joined": "Réunies à une autre",
    "cells": "Cellules fusionnées ou séparées",
    "missing": "Ôtées",
}
_HEADERS = {name: column.header for name, column in ORIENTATIONS.by_attribute.items()}
WORDING = {_HEADERS["title"], _HEADERS["label"], _HEADERS["corrected_title"]}
CELLS = {_HEADERS["columns"]: "Colonnes couvertes", _HEADERS["applies_to"]: "S’applique à"}
LEVEL, TITLE, LABEL = _HEADERS["level"], _HEADERS["title"], _HEADERS["label"]
Line = dict[str, Any]
RETYPED = "Retrouvée par son texte : le document ne la désignait plus."
RECODED = "Retrouvée par son code : le document ne la désignait plus, et son texte est tout autre."
STAYS = "Elle reste dans le cadre tant qu’elle n’en est pas supprimée : son texte y serait deux fois."


def lines(entries: Mapping[str, list[Entry]], word: Mapping[str, Any]) -> list[Line]:
    """One line a difference, in the order of the document. ``entries`` are those of a plan, by kind; ``word`` is what
    was understood of the document."""
    return sorted(_Lines(entries, word).lines(), key=lambda line: (line["row"] is None, line["row"] or 0))


def consequences(entries: Mapping[str, list[Entry]], word: Mapping[str, Any]) -> list[str]:
    """The codes of those whose merged cell takes in what comes, or leaves what goes: nobody changed it."""
    cells = [entry["code"] for entry in entries["changed"] if _fields(entry).keys() & CELLS.keys()]
    return [code for code in cells if code in word["follows"]]


def _line(kind: str, entry: Entry, **more: Any) -> Line:
    return {"kind": kind, "code": entry["code"], "level": entry["level"], "row": entry.get("row"), "notes": []} | more


class _Lines:
    def __init__(self, entries: Mapping[str, list[Entry]], word: Mapping[str, Any]) -> None:
        self.entries, self.word = entries, word
        self.changed = {entry["code"]: _fields(entry) for entry in entries["changed"]}
        self.created = {entry["code"]: entry for entry in entries["created"]}
        self.pieces: dict[str, list[str]] = {}  # of each orientation that was cut, those that come of it
        for code, source in word["cut"].items():
            if code in self.created:
                self.pieces.setdefault(source, []).append(code)
        missing = {entry["code"] for entry in entries["missing"]}
        self.joined = {code: other for code, other in word["joined"].items() if code in missing}

    def lines(self) -> Iterator[Line]:
        moved = {entry["code"]: entry for entry in self.entries["moved"]}
        shown: set[str] = set()  # the cells that were told
        for entry in self.entries["changed"]:
            code, fields = entry["code"], self.changed[entry["code"]]
            if fields.keys() & WORDING and code not in self.joined.values():
                yield self._worded(entry)
            if LEVEL in fields and code not in moved:
                yield self._noted(_line("moved", entry, title=entry["title"], levels=list(fields[LEVEL])))
            is_moved = code in moved or LEVEL in fields
            cell = self.word["cells"].get(code, code)
            if fields.keys() & CELLS.keys() and not is_moved and code not in self.word["follows"] and cell not in shown:
                shown.add(cell)
                mates = self._mates(cell, code)
                cells = [_cell(name, *values) for name, values in fields.items() if name in CELLS]
                line = self._noted(_line("cells", entry, title=entry["title"], cells=cells))
                if mates:
                    line["notes"].append(f"De même, dans cette cellule\u00a0: {', '.join(mates)}.")
                yield line
        for code, entry in moved.items():
            levels = list(self.changed.get(code, {}).get(LEVEL, ()))
            yield self._noted(_line("moved", entry, title=entry["title"], move=entry, levels=levels))
        of_a_piece = {code for codes in self.pieces.values() for code in codes}
        for code, entry in self.created.items():
            if code not in of_a_piece:
                yield self._noted(_line("created", entry, title=entry["title"], parent=entry["parent"]))
        for entry in self.entries["missing"]:
            yield self._missing(entry)

    def _mates(self, cell: str, code: str) -> list[str]:
        """The others that stand in a merged cell, and change with it."""
        cells = self.word["cells"]
        changed = (other for other, fields in self.changed.items() if fields.keys() & CELLS.keys())
        return [other for other in changed if other != code and cells.get(other) == cell]

    def _worded(self, entry: Entry) -> Line:
        before, after = _wordings(entry, self.changed[entry["code"]])
        pieces = self.pieces.get(entry["code"], [])
        line = _line("cut" if pieces else "reworded", entry, before=before, after=after)
        line["pieces"] = [{"code": code, "title": self.created[code]["title"]} for code in pieces]
        return self._noted(line)

    def _missing(self, entry: Entry) -> Line:
        other = self.joined.get(entry["code"])
        if other is None:
            return self._noted(_line("missing", entry, title=entry["title"]))
        survivor = next((each for each in self.entries["changed"] if each["code"] == other), None)
        before, after = _wordings(survivor, self.changed[other]) if survivor else ("", "")
        line = _line("joined", entry, title=entry["title"], into=other, before=before, after=after)
        return line | {"notes": [STAYS]}

    def _noted(self, line: Line) -> Line:
        if line["code"] in self.word["retyped"]:
            line["notes"].append(RECODED if line["code"] in self.word["coded"] else RETYPED)
        if (gone := self.word["replaced"].get(line["code"])) is not None:
            line["notes"].append(
                f"{gone} manque au même endroit : si c’est elle, réécrite, tapez « {gone} » devant ce texte dans le "
                "document, puis déposez-le de nouveau ; ses projets lui resteront."
            )
        if line["code"] in self.word["guessed"]:
            parent = self.word["guessed"][line["code"]]
            line["notes"].append(f"Rien n’est à sa gauche : elle est placée sous {parent}, comme la ligne au-dessus.")
        return line


def _fields(entry: Entry) -> dict[str, tuple[str, str]]:
    return {field["field"]: (field["old"], field["new"]) for field in entry["fields"]}


def _cell(name: str, old: str, new: str) -> dict[str, str]:
    """What a merged cell covers or concerns, before and after."""
    before, after = (", ".join(text.split(SEPARATOR)) or "rien de plus que sa place" for text in (old, new))
    return {"name": CELLS[name], "before": before, "after": after}


def _wordings(entry: Entry, fields: Mapping[str, tuple[str, str]]) -> tuple[str, str]:
    """The wording before and after, with its label where that changes."""
    before, after = fields.get(TITLE, (entry["title"], entry["title"]))
    old_label, new_label = fields.get(LABEL, ("", ""))
    return f"{old_label} {before}".strip(), f"{new_label} {after}".strip()
