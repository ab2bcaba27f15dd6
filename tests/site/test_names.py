"""Names and statements: what a reader may count on without looking twice."""

import ast
from collections.abc import Callable, Iterator

from tests.site.test_shape import FUNCTIONS, modules

COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
# Names that tell how one came by a thing, not what it is.
VAGUE = {"found", "one", "said", "asked"}
# What is known by its name: who acts, what is asked, rows of the domain.
KNOWN = {"by", "user", "officer", "owner", "request", "project", "framework", "orientation", "organization"}


def numbers(count: Callable[[ast.Module], int]) -> dict[str, int]:
    """How many breaches of a rule each file has that has any."""
    counts = {str(path): count(module) for path, module in modules()}
    return {path: number for path, number in counts.items() if number}


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
    assert numbers(lambda module: sum(name.strip("_") in VAGUE for name in names_given(module))) == {}


def test_a_function_says_what_it_reads():
    def called_read(module: ast.Module) -> int:
        return sum(isinstance(node, FUNCTIONS) and node.name.strip("_") == "read" for node in ast.walk(module))

    assert numbers(called_read) == {}


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

    assert numbers(nested) == {}


def test_who_acts_and_what_is_written_have_a_type():
    """« Any » is for what no type knows; a name of the domain is one that a type knows (cohesion/lib/people.py)."""

    def untyped(module: ast.Module) -> int:
        arguments = [node for node in ast.walk(module) if isinstance(node, ast.arg) and node.arg in KNOWN]
        return sum(isinstance(node.annotation, ast.Name) and node.annotation.id == "Any" for node in arguments)

    assert numbers(untyped) == {}
