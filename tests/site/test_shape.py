"""The shape of the code: what a reader may count on without reading it all."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from tests.site.test_house import OURS, ROOT, SOURCES

MOST_LINES, MOST_LINES_OF_A_FUNCTION = 400, 50
# Django names these: each model, screen or command has its own.
NAMED_BY_DJANGO = {"Meta", "Media", "Command", "Migration"}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


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


def imported(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Each module that another one imports, and each name that may be one."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def is_inner(name: str) -> bool:
    """What its authors keep for themselves, and change without saying so."""
    package, *inner = name.split(".")
    return package not in OURS and any(part == "internal" or re.match("_(?!_)", part) for part in inner)


def test_nothing_is_imported_that_its_authors_keep_for_themselves():
    assert is_inner("allauth.core.internal.ratelimit")
    assert is_inner("django.db._private")
    assert not is_inner("cohesion._ours")
    inner = [f"{path}:{line} {name}" for path, module in modules() for line, name in imported(module) if is_inner(name)]
    assert inner == []


def test_who_writes_a_row_of_projects_and_why_is_said_by_one_function():
    own = []
    for path, module in modules():
        if path.parts[0] != "projects" or path.name == "signing.py":
            continue
        for node in ast.walk(module):
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                own += [f"{path}:{node.lineno}"] if node.attr in ("_history_user", "_change_reason") else []
    assert own == []


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
