"""Names and statements: what a reader may count on without looking twice."""

import ast
from collections import Counter
from collections.abc import Callable, Iterator

from tests.site.test_shape import FUNCTIONS, modules

COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
# Names that tell how one came by a thing, not what it is.
VAGUE = {"found", "one", "said", "asked"}
# What is known by its name: who acts, what is asked, rows of the domain.
KNOWN = {"by", "user", "officer", "owner", "request", "project", "framework", "orientation", "organization"}
# Rooms that were not gone through yet have what they have, and no more.
VAGUE_NAMES: dict[str, int] = {
    "projects/exchange": 39,
}
FUNCTIONS_CALLED_READ: dict[str, int] = {}
NESTED: dict[str, int] = {
    "projects/exchange": 2,
}
WITHOUT_TYPE: dict[str, int] = {
    "projects/exchange": 3,
}


def beyond(allowed: dict[str, int], count: Callable[[ast.Module], int]) -> dict[str, int]:
    """What each room, or file of a room that is done, has more than it may."""
    numbers: Counter[str] = Counter()
    for path, module in modules():
        room = next((room for room in allowed if path.is_relative_to(room)), str(path))
        numbers[room] += count(module)
    return {room: number for room, number in numbers.items() if number > allowed.get(room, 0)}


def names_given(module: ast.Module) -> Iterator[str]:
    """The names that a module gives: what it assigns, its arguments, loop variables, attributes and functions."""
    for node in ast.walk(module):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, FUNCTIONS):
            yield node.name


def test_a_name_says_what_the_thing_is():
    assert beyond(VAGUE_NAMES, lambda module: sum(name.strip("_") in VAGUE for name in names_given(module))) == {}


def test_a_function_says_what_it_reads():
    def called_read(module: ast.Module) -> int:
        return sum(isinstance(node, FUNCTIONS) and node.name.strip("_") == "read" for node in ast.walk(module))

    assert beyond(FUNCTIONS_CALLED_READ, called_read) == {}


def test_a_statement_is_plain():
    """No comprehension within another, no condition within another."""

    def nested(module: ast.Module) -> int:
        number = 0
        for node in ast.walk(module):
            if isinstance(node, COMPREHENSIONS):
                number += any(isinstance(child, COMPREHENSIONS) for child in ast.walk(node) if child is not node)
            elif isinstance(node, ast.IfExp):
                number += any(isinstance(part, ast.IfExp) for part in (node.test, node.body, node.orelse))
        return number

    assert beyond(NESTED, nested) == {}


def test_who_acts_and_what_is_written_have_a_type():
    """« Any » is for what no type knows; a name of the domain is one that a type knows (cohesion/lib/people.py)."""

    def untyped(module: ast.Module) -> int:
        arguments = [node for node in ast.walk(module) if isinstance(node, ast.arg) and node.arg in KNOWN]
        return sum(isinstance(node.annotation, ast.Name) and node.annotation.id == "Any" for node in arguments)

    assert beyond(WITHOUT_TYPE, untyped) == {}
