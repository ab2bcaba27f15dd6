"""The shape of the code: what a reader may count on without reading it all."""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.apps import AppConfig
from django.db.models import Choices, Field, Model
from django.forms import BaseForm
from django.template import Library
from import_export.resources import Resource

from tests.site.test_house import OURS, ROOT, SOURCES, TEMPLATES, templates

pytestmark = pytest.mark.once

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


# Who says what a project serves: people, a file, and a framework that comes into force (its links, carried or settled).
MAKERS_OF_LINKS = {
    "projects/catalogue/actions.py",
    "projects/exchange/writing.py",
    "projects/catalogue/carrying/heirs.py",
    "projects/catalogue/carrying/settling.py",
}
_MADE = re.compile(r"Contribution\(|Contribution\.objects\.(?:create|get_or_create|update_or_create)\(")


def test_the_links_of_projects_are_written_by_one_hand():
    calls = [
        (path.as_posix(), ast.unparse(node))
        for path, module in modules()
        for node in ast.walk(module)
        if isinstance(node, ast.Call)
    ]
    assert {path for path, call in calls if _MADE.match(call)} == MAKERS_OF_LINKS
    assert {path for path, call in calls if call.startswith("HangingRows(Contribution")} == {
        "projects/catalogue/writing.py"
    }


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


WORD = re.compile(r"\w+")
# Found by their names, or by those of the fields and tags that they are about.
FOUND_BY_NAME = re.compile(
    r"clean_|_read_|start_|end_|feed_|item_|process_|(?:author_name|get_help_text|regex|to_url)$"
)
NAMED_FOR_OTHERS = ("cohesion/settings.py", "cohesion/urls.py", "cohesion/formats/fr/formats.py")
DEFINED = (*FUNCTIONS, ast.ClassDef)


def written_once() -> Iterator[tuple[Path, str, str]]:
    """Each module, class and name of ours that stands but once in all that is served."""
    migrations = [path for package in OURS for path in (ROOT / package).glob("migrations/*.py")]
    files = [*SOURCES, *migrations, *templates(), *(ROOT / "static").glob("*.js")]
    words = Counter(word for path in files for word in WORD.findall(path.read_text(encoding="utf-8")))
    for path, module in modules():
        if str(path) in NAMED_FOR_OTHERS:
            continue
        owners = [("", module), *((node.name, node) for node in ast.walk(module) if isinstance(node, ast.ClassDef))]
        for owner, holder in owners:
            for name in names_of(holder):
                if words[name] == 1 and not name.startswith("__") and not FOUND_BY_NAME.match(name):
                    yield path, owner, name


def names_of(holder: ast.Module | ast.ClassDef) -> Iterator[str]:
    for node in holder.body:
        if isinstance(node, DEFINED):
            yield node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (target.id for target in targets if isinstance(target, ast.Name))


def is_asked_by_others(path: Path, owner: str, name: str) -> bool:
    """Whether a package asks for it: what its own classes have too, a value of a field, an application, a tag."""
    module = import_module(".".join(path.with_suffix("").parts))
    if not owner:
        held = getattr(module, name, None)
        tags = getattr(module, "register", Library())
        is_renamed = "templatetags" in path.parts and name not in tags.filters | tags.tags
        return is_renamed or (isinstance(held, type) and issubclass(held, AppConfig))
    holder = getattr(module, owner, None)
    if not isinstance(holder, type):  # an inner class, such as Meta
        return True
    if issubclass(holder, Choices | Field | BaseForm | Resource | Model):  # its values, its fields
        return name not in vars(holder) or not callable(vars(holder)[name]) or hasattr(super(holder, holder), name)
    is_page = name.removesuffix("_view") in vars(holder).get("own_pages", {})  # answered under its name (Screen)
    return is_page or any(hasattr(base, name) for base in holder.__mro__[1:])


def test_what_is_written_is_used_by_the_product_and_not_by_its_tests_alone():
    unused = [
        f"{path}: {owner or ''}.{name}"
        for path, owner, name in written_once()
        if not is_asked_by_others(path, owner, name)
    ]
    assert unused == []


def test_a_class_name_is_used_once():
    places = defaultdict(list)
    for path, module in modules():
        for node in ast.walk(module):
            if isinstance(node, ast.ClassDef) and node.name not in NAMED_BY_DJANGO:
                places[node.name].append(str(path))
    assert {name: paths for name, paths in places.items() if len(paths) > 1} == {}


TOO_LONG = ["tests/site/test_rights.py parameters"]  # a table of what every address takes


def test_no_file_and_no_function_is_too_long_to_be_read_in_the_tests_either():
    long = []
    for path in (*SOURCES, *sorted((ROOT / "tests").rglob("*.py"))):
        text, name = path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix()
        if len(text.splitlines()) > MOST_LINES:
            long.append(name)
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, FUNCTIONS) and (node.end_lineno or 0) - node.lineno > MOST_LINES_OF_A_FUNCTION:
                long.append(f"{name} {node.name}")
    assert long == TOO_LONG


# --- templates ------------------------------------------------------------------------------------------------------

MOST_CHARACTERS = 120
# « widget_type » is Django's own word for how a field is filled in: no state of ours.
NO_STATE = {"field.widget_type"}
_CONDITION = re.compile(r"\{% (?:el)?if (.*?) %\}")
_ARGUMENT = re.compile(r""":(?:"[^"]*"|'[^']*')""")  # of a filter: « |stringformat:"s" »
_LITERAL = r"""(?:"[^"]*"|'[^']*')"""
_COMPARED = re.compile(rf"([\w.|]+) (?:==|!=|in|not in) {_LITERAL}|{_LITERAL} (?:==|!=|in|not in) ([\w.|]+)")


def sources() -> dict[str, str]:
    """The templates of pages, by their names."""
    return {
        path.relative_to(TEMPLATES).as_posix(): path.read_text(encoding="utf-8")
        for path in templates()
        if path.suffix == ".html"
    }


def compared_to_a_word(source: str) -> list[str]:
    """What the conditions of a template compare with a word that is written there."""
    conditions = (_ARGUMENT.sub("", condition) for condition in _CONDITION.findall(source))
    return [left or right for condition in conditions for left, right in _COMPARED.findall(condition)]


def test_a_line_of_a_template_can_be_reviewed():
    long = [
        f"{name}:{number}"
        for name, source in sources().items()
        for number, line in enumerate(source.splitlines(), start=1)
        if len(line) > MOST_CHARACTERS
    ]
    assert long == []


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ('{% if project.status == "draft" %}', ["project.status"]),
        ("{% elif a and 'draft' != project.status %}", ["project.status"]),
        ('{% if "instruction" in here %}', ["here"]),
        ('{% if chosen == one.pk|stringformat:"s" %}', []),
        ("{% if project.is_draft %}", []),
    ],
)
def test_a_comparison_with_a_word_is_seen(condition, words):
    assert compared_to_a_word(condition) == words


def test_no_template_knows_a_state_by_its_word():
    """The model, the form or the view says it, once: « project.is_draft »."""
    known = {name: sorted(set(compared_to_a_word(source)) - NO_STATE) for name, source in sources().items()}
    assert {name: words for name, words in known.items() if words} == {}


def test_no_space_stands_between_what_is_hidden_and_the_end_of_its_button():
    """Out of the flow, it makes the space behind it an item of a flexible box: the button would grow by a gap."""
    spaced = re.compile(r'<span class="hidden">(?:(?!</span>).)*</span>\s+</(?:a|button)>', re.DOTALL)
    assert [name for name, source in sources().items() if spaced.search(source)] == []


def test_words_do_not_stick_to_what_follows_them_in_a_tag():
    """Even drawn as a block, it is read aloud and copied: « territoire, de quoi s’agit-il », « dont 2 hors PST »."""
    stuck = re.compile(r"[\w,:.!?»](?:\{%[^%]*%\})*<[a-z][^>]*>\S")
    assert [name for name, source in sources().items() if stuck.search(source)] == []
