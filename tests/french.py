"""The spaces of French typography in what is written by hand: found, and mended.

A sign of two parts is held to its word: U+202F before ``;``, ``!`` and ``?``, U+00A0 before ``:``, ``»``, ``€`` and
``%`` and after ``«``. ``python -m tests.french`` mends every template, every French string of the code and the same
strings of the tests; ``tests/site/test_french.py`` holds the rule.
"""

import ast
import re
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("cohesion", "axes", "projects")
NBSP, NARROW = "\u00a0", "\u202f"

_ENDS = r"(?=[\s<\"'’)\],.…&{}\\*]|$)"
_HIGH = re.compile(rf"(?<=[\w}}»”’)\]>%…\".]) ([;!?]){_ENDS}")
_LOW = re.compile(rf"(?<=[\w}}»”’)\]>%…\".]) ([:»€]){_ENDS}")
_SHARE = re.compile(r"(?<=[\d}]) %(?![\w(%}])")
_OPENING = re.compile(r"« (?=\S)|« $")
# What is between these is not read: a comment, a tag or a variable of the template. Its quoted words are.
_UNREAD = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_PROGRAM = re.compile(r"\{(?:[^{}]|\{[^{}]*\})*\}")
_QUOTED = re.compile(r'"[^"\n]*"')
# A question of the database, or a piece of a program, has its own signs.
_NOT_FRENCH = re.compile(r"\b(?:SELECT|UPDATE|INSERT|WHERE|VALUES|CASE WHEN|RAISE|SET|AND|LIKE)\b|\\s|\(\?")


def mended(text: str) -> str:
    """The text with spaces that do not break where French wants them."""
    text = _HIGH.sub(rf"{NARROW}\1", text)
    text = _LOW.sub(rf"{NBSP}\1", text)
    text = _SHARE.sub(f"{NBSP}%", text)
    return _OPENING.sub(f"«{NBSP}", text)


def mended_template(source: str) -> str:
    """A template whose text, and whose words given to its tags, are mended."""
    kept: list[str] = []

    def put_aside(match: re.Match[str]) -> str:
        tag = match[0]
        kept.append(tag if tag.startswith("{#") else _QUOTED.sub(lambda quoted: mended(quoted[0]), tag))
        return "{\ue000}"  # as the braces of a tag, so that a sign beside one is seen

    text = mended(_UNREAD.sub(put_aside, source))
    parts = text.split("{\ue000}")
    whole = [parts[0]]
    for tag, part in zip(kept, parts[1:], strict=True):
        whole += [tag, part]
    return "".join(whole)


def mended_code(source: str) -> str:
    """A module whose strings are mended: neither its docstrings, nor its comments, nor its patterns."""
    docstrings = set(_docstrings(source))
    lines = source.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    pieces, end = [], 0
    for token in tokenize.generate_tokens(iter(lines).__next__):
        if token.type != tokenize.STRING or token.start in docstrings or not _is_french(token.string):
            continue
        start = starts[token.start[0] - 1] + token.start[1]
        pieces += [source[end:start], _mended_literal(token.string)]
        end = start + len(token.string)
    return "".join([*pieces, source[end:]])


def _mended_literal(literal: str) -> str:
    """What stands between the braces of a formatted string is a program."""
    if "f" not in _letters(literal):
        return mended(literal)
    programs = _PROGRAM.findall(literal)
    parts = mended(_PROGRAM.sub("{\ue000}", literal)).split("{\ue000}")
    whole = [parts[0]]
    for program, part in zip(programs, parts[1:], strict=True):
        whole += [program, part]
    return "".join(whole)


def _letters(literal: str) -> str:
    prefix = re.match(r"[A-Za-z]*", literal)
    return prefix[0].lower() if prefix else ""


def _is_french(literal: str) -> bool:
    letters = _letters(literal)
    return not ("r" in letters or "b" in letters or _NOT_FRENCH.search(literal))


def sentences(source: str) -> Iterator[str]:
    """The strings of a module that have several words: neither its docstrings, nor its comments."""
    docstrings = set(_docstrings(source))
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        if (node.lineno, node.col_offset) not in docstrings and len(node.value.split()) > 1:
            yield node.value


def _docstrings(source: str) -> Iterator[tuple[int, int]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.value.lineno, node.value.col_offset


def templates() -> list[Path]:
    return sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in (".html", ".txt"))


def modules(*packages: str) -> list[Path]:
    found = [path for package in packages for path in sorted((ROOT / package).rglob("*.py"))]
    return [path for path in found if "migrations" not in path.parts and not path.name.endswith("french.py")]


def main() -> None:
    for path in templates():
        _mend(path, mended_template(path.read_text(encoding="utf-8")))
    for path in modules(*PACKAGES, *sys.argv[1:]):
        _mend(path, mended_code(path.read_text(encoding="utf-8")))


def _mend(path: Path, text: str) -> None:
    if text != path.read_text(encoding="utf-8"):
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
