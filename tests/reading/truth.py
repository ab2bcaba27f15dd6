"""Documents with the reading that is right: the founding text, and plans of invented towns.

A line of a plan is ``level|what is printed``: A, C, S, O, P for the levels from the widest, ``-`` for what is no node,
``~`` for what goes on from the line before. `` ++ `` parts two nodes that ran together on one line.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path

from axes.founding import FIXTURE
from axes.levels import Level
from axes.reading.preparing import AT_PAGE
from axes.vocabulary import level_from_word
from cohesion.lib.text import squeeze

HERE = Path(__file__).parent
FOUNDING = HERE.parent / "axes" / "founding_text.txt"
LETTERS = dict(zip("ACSOP", Level, strict=True))


@dataclass
class TrueNode:
    """A node as it should be read: ``parent`` is its place among the nodes, ``line`` the line that it is printed on."""

    level: Level
    text: str  # with its label
    label: str
    parent: int | None
    line: int
    columns: list[str] = field(default_factory=list)
    applies_to: list[int] = field(default_factory=list)


@dataclass
class Plan:
    """A document: what is printed, line by line, and its nodes."""

    name: str
    text: str
    nodes: list[TrueNode]
    is_aside: bool = False  # kept apart: nothing is tuned on it


def founding() -> Plan:
    """The founding text, and the transcription that officers hold for right."""
    rows = json.loads(FIXTURE.read_text(encoding="utf-8"))["orientations"]
    places = {row["code"]: place for place, row in enumerate(rows)}
    nodes = [
        TrueNode(
            Level(level_from_word(row["niveau"])),
            f"{row.get('mention', '')} {row['titre']}".strip(),
            row.get("mention", ""),
            places.get(row["parent_code"]),
            row["ligne_source"],
            [level_from_word(word) for word in row.get("colonnes", [])],
            [places[code] for code in row.get("s_applique_a", [])],
        )
        for row in rows
    ]
    return Plan("texte fondateur", FOUNDING.read_text(encoding="utf-8"), nodes)


def plans() -> list[Plan]:
    """The invented plans; those whose file begins with ``aside`` were never tuned on."""
    return [_plan(path) for path in sorted((HERE / "plans").glob("*.txt"))]


def _plan(path: Path) -> Plan:
    printed: list[str] = []
    nodes: list[TrueNode] = []
    open_nodes: list[int] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        letter, _, words = line.partition("|")
        printed.append(words.replace(" ++ ", " "))
        if letter == "~":
            nodes[-1].text += f" {words}"
        if letter not in LETTERS:
            continue
        level = LETTERS[letter]
        while open_nodes and nodes[open_nodes[-1]].level.rank >= level.rank:
            open_nodes.pop()
        parent = open_nodes[-1] if open_nodes else None
        for piece in words.strip().split(" ++ "):
            nodes.append(TrueNode(level, piece, "", parent, number))
        open_nodes.append(len(nodes) - 1)
    for node in nodes:
        node.text = AT_PAGE.sub("", squeeze(node.text))
    return Plan(path.stem.removeprefix("aside_"), "\n".join(printed), nodes, path.stem.startswith("aside_"))
