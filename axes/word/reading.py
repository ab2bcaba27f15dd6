"""A Word document of a framework, brought back: the rows that an import compares, and what people are told of them."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from axes import document
from axes.document import Node
from axes.exchange.state import OrientationState, states_of
from axes.models import Framework, Orientation
from axes.word.brought import SHOWN, Bands
from axes.word.finding import GONE, NEW, Finder, KnownOrientation
from axes.word.layout import Key, TablePlace, boxes, places
from axes.word.marks import SHORT, Origin, Stood, origin, stood
from axes.word.merging import Merging
from axes.word.sheet import TableSheet, sheet_of
from axes.word.since import REWORDED, Since, since
from cohesion.lib.dates import french_moment
from cohesion.lib.spreadsheets import Problem, Refused
from cohesion.lib.spreadsheets.headed import Reading
from cohesion.lib.text import NBSP
from cohesion.lib.word_tables import WordDocument, read_word

MOST_NEW = 2_000  # paragraphs
PLACES = {
    "code": "Tableau",
    "parent": "Place dans le tableau",
    "level": "Colonne",
    "title": "Texte",
    "label": "Mention",
    "corrected_title": "Texte",
    "columns": "Cellule fusionnée",
    "applies_to": "Cellule fusionnée",
    "priority_type": "Colonne",
}
VALUES = (
    *("code", "parent", "level", "label", "title", "corrected_title", "priority_type", "columns", "applies_to"),
    "source_line",
)
NO_MARK = (
    "Ce document ne vient pas d’ici : rien n’y dit quelle orientation est chaque paragraphe. Exportez le cadre au "
    "format DOCX et modifiez ce document-là ; pour un document écrit ailleurs, passez par « Lire un document »."
)
OTHER_FRAMEWORK = (
    "Ce document vient d’un autre cadre{name}, dont aucune orientation n’est dans celui-ci : déposez-le dans le sien."
)
NO_TABLE = (
    "Aucun tableau de ce document ne porte les orientations du cadre : elles ont été sorties de leur tableau. Repartez "
    "du document exporté, et modifiez le texte dans les cellules."
)
STRAY = (
    "Ce texte est hors du tableau : remettez-le dans la cellule de son niveau, ou supprimez-le. Si c’est une "
    "orientation du cadre, elle est comptée comme ôtée tant qu’elle est là."
)
TOO_MANY = (
    "Le tableau a plus de 2 000 paragraphes nouveaux : ce n’est sans doute plus le document du cadre. Découpez-le, ou "
    "repartez du document exporté."
)
NO_ORIGIN = (
    "Ce document ne dit plus de quelle révision il vient : il est comparé au cadre tel qu’il est aujourd’hui, et ce "
    "qui a changé ici depuis son export peut paraître défait."
)
TRACKED = "Le document a des modifications suivies : elles sont lues comme acceptées."


@dataclass
class WordReading(Reading):
    """The rows, with what is told of the document: see :class:`Remarks`."""

    word: dict[str, Any] = field(default_factory=dict)


def read_framework(framework: Framework, data: bytes) -> WordReading:
    """Read a document against a framework as it is. Two queries.

    Raises:
        Refused: it is no document of ours, or not of this framework.
    """
    word = read_word(data)
    nodes = document.read_nodes(framework)
    codes = {node.orientation.uid: node.orientation.code for node in nodes}
    sheet = sheet_of(word, framework.column_titles)
    source = origin(word.properties)
    _refuse_others(sheet, codes, source)
    return _Comparison(framework, nodes, word, sheet, source).reading()


def _refuse_others(sheet: TableSheet, codes: dict[UUID, str], source: Origin | None) -> None:
    if not sheet.marked and source is None:
        raise Refused(NO_MARK)
    if not sheet.marked:
        raise Refused(NO_TABLE)
    if sheet.marked.isdisjoint(codes):
        name = f" («{NBSP}{source.slug}{NBSP}»)" if source else ""
        raise Refused(OTHER_FRAMEWORK.format(name=name))
    if not sheet.rows:
        raise Refused(NO_TABLE)


class _Comparison:
    """One document compared with the framework: as it left, as it came back, as the framework is today."""

    def __init__(
        self, framework: Framework, nodes: list[Node], word: WordDocument, sheet: TableSheet, source: Origin | None
    ) -> None:
        self.framework, self.word, self.sheet, self.source = framework, word, sheet, source
        self.uids = {node.orientation.uid: node.orientation.code for node in nodes}
        self.short = {uid.hex[:SHORT]: code for uid, code in self.uids.items()}
        self.stood: Sequence[Stood] = source.stood if source else stood(nodes)
        by_key = {each.key: each for each in self.stood}
        states = states_of(nodes)
        self.known = {
            code: KnownOrientation(states[code], by_key.get(uid.hex[:SHORT])) for uid, code in self.uids.items()
        }

    def reading(self) -> WordReading:
        finder = Finder(self.sheet, self.known, self.uids)
        finder.name()
        if sum(item.key.startswith(NEW) for item in self.sheet.items) > MOST_NEW:
            raise Refused(TOO_MANY)
        bands = Bands(self.known, self.framework.column_titles)
        bands.gather(self.sheet)
        after = places(bands.bands)
        merging = Merging(self.known, self._before(), after, self.framework.column_titles)
        merging.merge(item for item in self.sheet.items if item.key in after)
        rows = [_row(state, merging.rows.get(code, 0)) for code, state in merging.states.items()]
        problems = [*bands.problems, *merging.problems, *self._strays()]
        if not rows and not problems:
            raise Refused(NO_TABLE)
        reading = WordReading(rows, PLACES, problems=problems, warnings=self._warnings(merging))
        reading.word = self._facts(finder, merging)
        return reading

    def _before(self) -> dict[Key, TablePlace]:
        """Where each stood when the document left. What is not there any more has a key that nobody bears."""
        keys = {place: self.short.get(each.key, f"{GONE}{each.key}") for place, each in enumerate(self.stood)}
        nodes: list[Node] = []
        for place, each in enumerate(self.stood):
            orientation = Orientation(pk=place, code=each.code, level=each.level, columns=list(each.columns))
            parent = None if each.parent is None else nodes[each.parent]
            nodes.append(Node(orientation, parent))
            if parent is not None:
                parent.children.append(nodes[-1])
        for place, each in enumerate(self.stood):
            nodes[place].applies_to = [nodes[target] for target in each.applies_to]
            for target in nodes[place].applies_to:
                target.merged.append(nodes[place])
        return places(boxes(document.bands(nodes), keys))

    def _strays(self) -> list[Problem]:
        """What is outside the table, and is or may be an orientation."""
        return [Problem(STRAY, None, PLACES["code"], paragraph.text[:SHOWN]) for paragraph in self.sheet.strays]

    def _warnings(self, merging: Merging) -> list[str]:
        warnings = [TRACKED] if self.word.is_tracked else []
        if self.source is None:
            return [*warnings, NO_ORIGIN]
        warnings += [
            f"{change.code} a été reformulée ici depuis l’export, et l’est aussi dans le document{NBSP}: le texte du "
            "document remplacerait celui d’aujourd’hui."
            for change in self._since
            if REWORDED in change.what
            and change.code in merging.states
            and merging.states[change.code].title != self.known[change.code].state.title
        ]
        lost = [item for item in self.sheet.items if item.key.startswith(GONE)]
        warnings += [
            f"«{NBSP}{item.text[:SHOWN]}{NBSP}» n’est plus dans ce cadre{NBSP}: le document la porte encore, elle "
            "n’est ni recréée ni comparée."
            for item in lost
        ]
        return warnings

    @property
    def _since(self) -> list[Since]:
        return since(self.source, self.known, self.short) if self.source else []

    def _facts(self, finder: Finder, merging: Merging) -> dict[str, Any]:
        """What the screen tells beside the differences, by the codes of the orientations."""
        source = self.source
        return {
            "from": _from(source, self.framework) if source else "",
            "revision": source.revision if source else None,
            "since": [change.as_dict() for change in self._since],
            "cut": {merging.codes[key]: of for key, of in finder.cut.items() if key in merging.codes},
            "joined": finder.joined,
            "retyped": sorted(finder.retyped),
            "follows": sorted(merging.follows),
            "guessed": merging.guessed,
            "coded": sorted(finder.coded),
            "replaced": {
                code: other for code, other in merging.replaced(finder.cut).items() if other not in finder.joined
            },
            "cells": {key: merging.after[key].mates[0] for key in self.known if key in merging.after},
        }


def _from(source: Origin, framework: Framework) -> str:
    """« le cadre « … », révision 12 du 3 mars 2026 à 14 h »."""
    try:
        moment = french_moment(datetime.datetime.fromisoformat(source.moment))
    except ValueError:
        moment = ""
    name = "" if source.slug == framework.slug else f" du cadre «{NBSP}{source.slug}{NBSP}»"
    dated = f", telle qu’elle était le {moment}" if moment else ""
    return f"de la révision {source.revision}{name}{dated}"


def _row(state: OrientationState, number: int) -> dict[str, Any]:
    return {"row": number or None, **{name: getattr(state, name) for name in VALUES}}
