"""The drawing of ``docs/architecture.md``: the contracts of imports of pyproject.toml, as a diagram.

``python -m tests.layers`` draws it again when a contract has changed.
"""

import re
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "architecture.md"
DRAWING = re.compile(r"```mermaid\n.*?```\n", re.DOTALL)


def contracts() -> list[dict[str, Any]]:
    """The contracts that pile layers up, as pyproject.toml has them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return [one for one in project["tool"]["importlinter"]["contracts"] if one["type"] == "layers"]


def drawing() -> str:
    """A pile for each contract: what stands higher may import what stands lower, and never the other way."""
    lines = ["flowchart TB"]
    for number, contract in enumerate(contracts()):
        lines.append(f'  subgraph pile{number}["{contract["name"]}"]')
        lines.append("    direction TB")
        keys = [f"l{number}_{rank}" for rank in range(len(contract["layers"]))]
        lines += [f'    {key}["{_words(layer)}"]' for key, layer in zip(keys, contract["layers"], strict=True)]
        lines.append(f"    {' --> '.join(keys)}")
        lines.append("  end")
    return "```mermaid\n" + "\n".join(lines) + "\n```\n"


def _words(layer: str) -> str:
    """A layer as it is read: its modules, which may stand side by side, or be optional."""
    return " · ".join(name.strip(" ()") for name in re.split(r"[|:]", layer))


def drawn() -> str:
    """The page with the drawing of today."""
    return DRAWING.sub(lambda _: drawing(), PAGE.read_text(encoding="utf-8"), count=1)


if __name__ == "__main__":
    PAGE.write_text(drawn(), encoding="utf-8")
