"""Names and statements: what a reader may count on without looking twice."""

import ast
from collections.abc import Callable

import pytest

from tests.site.test_shape import FUNCTIONS, modules

pytestmark = pytest.mark.once

COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
# Names that tell how one came by a thing, not what it is.
VAGUE = {"found", "one", "said", "asked", "told"}
# What is known by its name: who acts, what is asked, rows of the domain.
KNOWN = {"by", "user", "officer", "owner", "request", "project", "framework", "orientation", "organization"}


def breaches(is_breach: Callable[[ast.AST], bool]) -> list[str]:
    """Where a rule is broken, in the whole product."""
    return [
        f"{path}:{getattr(node, 'lineno', 0)}"
        for path, module in modules()
        for node in ast.walk(module)
        if is_breach(node)
    ]


def name_given(node: ast.AST) -> str:
    """The name that a statement gives: to what it assigns or catches, an argument, an attribute, a function."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        return node.id
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
        return node.attr
    if isinstance(node, ast.arg):
        return node.arg
    if isinstance(node, (*FUNCTIONS, ast.ExceptHandler)):
        return node.name or ""
    return ""


def is_any(annotation: ast.AST | None) -> bool:
    """Whether a type says nothing: « Any », alone or beside another."""
    if isinstance(annotation, ast.BinOp):
        return is_any(annotation.left) or is_any(annotation.right)
    return isinstance(annotation, ast.Name) and annotation.id == "Any"


def test_a_name_says_what_the_thing_is():
    assert breaches(lambda node: name_given(node).strip("_") in VAGUE) == []


def test_a_function_says_what_it_reads():
    assert breaches(lambda node: isinstance(node, FUNCTIONS) and node.name.strip("_") == "read") == []


def test_a_statement_is_plain():
    """No comprehension within another, no condition within another."""

    def is_nested(node: ast.AST) -> bool:
        if isinstance(node, COMPREHENSIONS):
            return any(isinstance(child, COMPREHENSIONS) for child in ast.walk(node) if child is not node)
        if isinstance(node, ast.IfExp):
            return any(isinstance(part, ast.IfExp) for part in (node.test, node.body, node.orelse))
        return False

    assert breaches(is_nested) == []


def test_who_acts_and_what_is_written_have_a_type():
    """« Any » is for what no type knows; a name of the domain is one that a type knows (cohesion/lib/people.py)."""

    def is_untyped(node: ast.AST) -> bool:
        if isinstance(node, ast.arg):
            return node.arg in KNOWN and is_any(node.annotation)
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            return node.target.id in KNOWN and is_any(node.annotation)
        return False

    assert breaches(is_untyped) == []
