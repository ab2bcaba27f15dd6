"""Reading the tree: all of it in order, what stands under an axis, the path to a priority."""

from collections.abc import Iterator
from typing import Any

from django.db import connection

from axes import document
from axes.models import Orientation
from tests.benchmark.filling import filled
from tests.benchmark.measuring import Figure, Size, compare, same

NAME = "arbre"
TITLE = "L’arbre : tout entier dans l’ordre, une branche, un chemin"

COLUMNS = ", ".join(f"one.{field.column}" for field in Orientation._meta.concrete_fields)
WHOLE = f"SELECT {COLUMNS} FROM axes_orientation AS one WHERE one.framework_id = %s ORDER BY one.tree_id, one.lft"
BRANCH = f"""SELECT {COLUMNS} FROM axes_orientation AS one
    WHERE one.tree_id = %s AND one.lft >= %s AND one.rght <= %s ORDER BY one.lft"""
PATH = f"""SELECT {COLUMNS} FROM axes_orientation AS one
    WHERE one.tree_id = %s AND one.lft <= %s AND one.rght >= %s ORDER BY one.lft"""


def measure(size: Size) -> Iterator[Figure]:
    """The site's objects against the same rows, bare."""
    framework = filled(size)
    nodes = document.read_nodes(framework)
    axis = max((node for node in nodes if node.parent is None), key=lambda node: sum(1 for _ in node.descendants))
    deepest = max(nodes, key=lambda node: len(node.path))
    top, end = axis.orientation, deepest.orientation

    def whole() -> list[tuple[Any, ...]]:
        return _rows(WHOLE, framework.pk)

    def branch() -> list[tuple[Any, ...]]:
        return _rows(BRANCH, top.tree_id, top.lft, top.rght)

    def path() -> list[tuple[Any, ...]]:
        return _rows(PATH, end.tree_id, end.lft, end.rght)

    def in_memory() -> list[document.Node]:
        return [axis, *axis.descendants]

    ordered = Orientation.objects.in_order()
    same("branche en mémoire", [node.orientation.pk for node in in_memory()], [row[0] for row in branch()])
    same("chemin en mémoire", [node.orientation.pk for node in [*deepest.path, deepest]], [row[0] for row in path()])
    same("document.read_nodes", [node.orientation.pk for node in nodes], [row[0] for row in whole()])
    same("branch", [one.pk for one in ordered.branch(top)], [row[0] for row in branch()])
    same("ancestors", [one.pk for one in end.get_ancestors(include_self=True)], [row[0] for row in path()])
    case = f"{size.nodes} orientations"
    yield compare(f"{case}, arbre relié", lambda: document.read_nodes(framework), whole, "SQL nu")
    yield compare(f"{case}, arbre gardé", lambda: document.kept(framework), whole, "SQL nu")
    yield compare(f"{case}, branche relue", lambda: list(ordered.branch(top)), branch, "SQL nu")
    yield compare(f"{case}, branche gardée", in_memory, branch, "SQL nu")
    yield compare(f"{case}, chemin relu", lambda: list(end.get_ancestors(include_self=True)), path, "SQL nu")
    yield compare(f"{case}, chemin gardé", lambda: deepest.path, path, "SQL nu")


def _rows(statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()
