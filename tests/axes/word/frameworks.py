"""Frameworks as documents have them at their worst, made from a seed."""

import random

from axes import tree
from axes.levels import CLOSED_LEVELS, COLUMN_LEVELS, ROOT_LEVELS, Level
from axes.models import Framework
from tests.factories import FrameworkFactory

TEXT = """
œuvrer pour l'accès « aux droits » et l’égalité : dès aujourd'hui, 50 % des “quartiers” ; où ? à Évreux… (PST/PRH)
cœur – tiret — long, n° 3 & co <b> "cité" A.B. ... fin !
"""
WORDS = TEXT.split()


def nasty_framework(seed: int = 1, axes: int = 4) -> Framework:
    """Levels skipped, merged cells, cells that cover several columns, wordings of 500 characters, twins."""
    chance = random.Random(seed)
    framework = FrameworkFactory(name="Cadre « d’épreuve » & <autres> : l'œuvre", authority="Agglo & co")
    tree.load(framework, [_axis(chance, number) for number in range(1, axes + 1)])
    return framework


def _wording(chance: random.Random) -> str:
    if chance.random() < 0.1:
        return ("Très long " * 60)[:498] + "œ."
    if chance.random() < 0.1:
        return "Les mêmes mots"
    return " ".join(chance.choices(WORDS, k=chance.randint(1, 30)))[:480].strip(" ") or "Sans mots"


def _axis(chance: random.Random, number: int) -> tree.NewNode:
    root = next(iter(ROOT_LEVELS))
    label = chance.choice(["", f"AXE {number} :", f"AXE {number}"])
    node = tree.NewNode({"level": root, "code": str(number), "title": _wording(chance), "label": label})
    _fill(chance, node, 0)
    return node


def _fill(chance: random.Random, node: tree.NewNode, first: int) -> None:
    """Children from a column on, of any level, some of which share a merged cell."""
    levels = list(COLUMN_LEVELS[first:])
    for number in range(1, chance.randint(0, 4) if levels else 0):
        level = chance.choice(levels)
        place = COLUMN_LEVELS.index(level)
        columns = [level.value]
        if place > first and chance.random() < 0.3:
            columns = [each.value for each in COLUMN_LEVELS[first : place + 1]]
        code = f"{node.values['code']}.{number}"
        values = {"level": level.value, "code": code, "title": _wording(chance)}
        values["columns"] = columns if len(columns) > 1 else []
        child = tree.NewNode(values)
        node.children.append(child)
        if level not in CLOSED_LEVELS:
            _fill(chance, child, place + 1)
    _share(chance, node)


def _share(chance: random.Random, node: tree.NewNode) -> None:
    """Priorities of a merged cell, beside leaves of their parent that follow one another."""
    closed = next(level for level in Level if level.value in CLOSED_LEVELS)
    leaves = [child for child in node.children if not child.children and child.values["level"] not in CLOSED_LEVELS]
    if len(leaves) < 2 or chance.random() < 0.4:
        return
    targets = [leaf.values["code"] for leaf in leaves[: chance.randint(1, len(leaves))]]
    for letter in "ab"[: chance.randint(1, 2)]:
        values = {"level": closed.value, "code": f"{node.values['code']}-{letter}", "title": _wording(chance)}
        node.children.append(tree.NewNode(values, applies_to=targets))
