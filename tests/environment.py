"""The variables of the environment: those that the code reads, and those that ``docs/operations.md`` explains.

``python -m tests.environment`` writes ``.env.example`` from the tables of that page.
"""

import re
import textwrap
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "operations.md"
EXAMPLE = ROOT / ".env.example"
# Set by manage.py itself, for the demonstration and for the commands that serve nobody.
SET_BY_COMMANDS = {"DEMO", "MAINTENANCE"}
REFUSED_WITHOUT = "le site refuse de servir"
HEADER = """\
# Les réglages du site. Copiez ce fichier en « .env », à côté de manage.py, et donnez une valeur à ce qu’il vous faut :
# retirez le « # » devant le nom. docs/operations.md en dit plus ; « python -m tests.environment » écrit ce modèle.
"""
_ROW = re.compile(r"^\| (`[A-Z0-9_]+`(?:, `[A-Z0-9_]+`)*) \| (.+) \| (.+) \|$", re.MULTILINE)
_READ = re.compile(r'env\.\w+\(\s*"([A-Z0-9_]+)"')


@dataclass(frozen=True)
class Row:
    """One line of a table of settings: the variables that go together, what they set, what holds without them."""

    names: tuple[str, ...]
    meaning: str
    otherwise: str


def documented() -> list[Row]:
    text = PAGE.read_text(encoding="utf-8")
    return [
        Row(tuple(re.findall(r"`(\w+)`", names)), meaning.replace("`", ""), otherwise.replace("`", ""))
        for names, meaning, otherwise in _ROW.findall(text)
    ]


def read_by_settings() -> set[str]:
    """The variables that an installation may give to the settings."""
    files = (ROOT / "cohesion" / "settings.py", ROOT / "cohesion" / "lib" / "retention.py")
    return {name for file in files for name in _READ.findall(file.read_text(encoding="utf-8"))} - SET_BY_COMMANDS


def read_by_compose() -> set[str]:
    """The variables that ``compose.yaml`` takes from its environment, and what it passes on to the site."""
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    return set(re.findall(r"\$\{([A-Z0-9_]+)", text)) | set(re.findall(r"^    ([A-Z0-9_]+):$", text, re.MULTILINE))


def example() -> str:
    """The text of ``.env.example``: what the site cannot do without has its place, the rest is a comment."""
    blocks = [HEADER]
    for row in documented():
        words = f"{row.meaning[0].upper()}{row.meaning[1:]}. Sans valeur\u00a0: {row.otherwise}."
        lines = textwrap.wrap(words, width=118, break_long_words=False, break_on_hyphens=False)
        mark = "" if row.otherwise == REFUSED_WITHOUT else "# "
        given = [f"{mark}{name}=" for name in row.names]
        blocks.append("\n".join([f"# {line}" for line in lines] + given) + "\n")
    return "\n".join(blocks)


if __name__ == "__main__":
    EXAMPLE.write_text(example(), encoding="utf-8")
