"""The shape of the code: what a reader may count on without reading it all."""

import ast
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from tests.site.test_house import OURS, ROOT, SOURCES

MOST_LINES, MOST_LINES_OF_A_FUNCTION = 400, 50
# Django names these: each model, screen or command has its own.
NAMED_BY_DJANGO = {"Meta", "Media", "Command", "Migration"}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
# Names that tell how one came by a thing, not what it is.
VAGUE = {"found", "one", "said", "asked"}
# What is known by its name: who acts, what is asked, rows of the domain.
KNOWN = {"by", "user", "officer", "owner", "request", "project", "framework", "orientation", "organization"}


def modules() -> Iterator[tuple[Path, ast.Module]]:
    for path in SOURCES:
        yield path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))


def test_no_import_of_ours_stands_inside_a_function():
    hidden = []
    for path, module in modules():
        for function in (node for node in ast.walk(module) if isinstance(node, FUNCTIONS)):
            for node in ast.walk(function):
                if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in OURS:
                    hidden.append(f"{path}:{node.lineno}")
    assert hidden == []


def is_there(module: str, name: str) -> bool:
    try:
        return name == "*" or hasattr(import_module(module), name) or find_spec(f"{module}.{name}") is not None
    except ImportError:
        return False


def test_what_the_tests_import_is_there():
    """The checker of types reads the code alone, and a measure or a fault imports what it needs when it is run."""
    missing = []
    for path in sorted((ROOT / "tests").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.ImportFrom) or (node.module or "").split(".")[0] not in {*OURS, "tests"}:
                continue
            names = [alias.name for alias in node.names if not is_there(node.module, alias.name)]
            missing += [f"{path.relative_to(ROOT)}:{node.lineno} {node.module}.{name}" for name in names]
    assert missing == []


def test_a_class_name_is_used_once():
    places = defaultdict(list)
    for path, module in modules():
        for node in ast.walk(module):
            if isinstance(node, ast.ClassDef) and node.name not in NAMED_BY_DJANGO:
                places[node.name].append(str(path))
    assert {name: paths for name, paths in places.items() if len(paths) > 1} == {}


def test_no_file_and_no_function_is_too_long_to_be_read():
    long = []
    for path, module in modules():
        lines = len((ROOT / path).read_text(encoding="utf-8").splitlines())
        if lines > MOST_LINES:
            long.append(f"{path}: {lines}")
        for node in ast.walk(module):
            if isinstance(node, FUNCTIONS) and (node.end_lineno or 0) - node.lineno > MOST_LINES_OF_A_FUNCTION:
                long.append(f"{path}:{node.lineno} {node.name}")
    assert long == []


# --- names and statements: rooms that were not gone through yet have what they have, and no more --------------

VAGUE_NAMES: dict[str, int] = {
    "axes/exchange": 8,
    "cohesion/accounts": 10,
    "cohesion/audit": 5,
    "cohesion/backup": 4,
    "cohesion/imports": 3,
    "cohesion/lib/importing_command.py": 3,
    "cohesion/lib/spreadsheets": 29,
    "cohesion/together": 6,
    "projects/declaring": 60,
    "projects/demo": 6,
    "projects/exchange": 59,
    "projects/instructing": 59,
    "projects/management/commands/import_projects.py": 1,
    "projects/reporting": 20,
}
FUNCTIONS_CALLED_READ: dict[str, int] = {
    "axes/exchange": 1,
    "cohesion/accounts": 1,
    "cohesion/imports": 1,
    "cohesion/lib/spreadsheets": 6,
    "projects/instructing": 3,
}
NESTED: dict[str, int] = {
    "axes/exchange": 1,
    "cohesion/accounts": 2,
    "cohesion/imports": 1,
    "cohesion/lib/spreadsheets": 1,
    "projects/declaring": 6,
    "projects/exchange": 9,
    "projects/instructing": 2,
    "projects/reporting": 1,
}
WITHOUT_TYPE: dict[str, int] = {
    "axes/exchange": 2,
    "cohesion/accounts": 9,
    "cohesion/audit": 10,
    "cohesion/imports": 8,
    "cohesion/together": 3,
    "projects/declaring": 15,
    "projects/demo": 3,
    "projects/exchange": 4,
    "projects/instructing": 35,
    "projects/reporting": 4,
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
