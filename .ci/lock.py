#!/usr/bin/env python3
"""Choose the versions that pyproject.toml allows, and write them everywhere they are pinned.

Usage: ``python .ci/lock.py [--newest]`` (needs uv). What is pinned already stays, unless the newest is wanted. Writes
``requirements.lock`` (the site and its tests), in ``deploy/`` ``requirements-prod.lock`` (the site alone) and
``requirements-machines.lock`` (with what several machines share), and ``constraint-dependencies`` of pyproject.toml, by
which ``uv run`` installs the same. No file names the registry that answered.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HEADER = "# {what}. Écrit par « python .ci/lock.py », à ne pas modifier à la main.\n"
OPTIONS = ["--no-config", "--quiet", "--universal", "--python-version=3.11", "--generate-hashes"]
PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^ ;\\]+)", re.MULTILINE)


def compile_lock(name: str, what: str, *options: str) -> str:
    answer = subprocess.run(
        ["uv", "pip", "compile", *OPTIONS, "--no-header", "--no-annotate", *options, "pyproject.toml"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    (ROOT / name).write_text(HEADER.format(what=what) + answer, encoding="utf-8")
    return answer


def main() -> None:
    pinned = [] if "--newest" in sys.argv[1:] else ["--constraint", "requirements.lock"]
    everything = compile_lock("requirements.lock", "Le site et ses essais", "--group", "dev", *pinned)
    compile_lock("deploy/requirements-prod.lock", "Le site seul", "--constraint", "requirements.lock")
    shared = ("--group", "machines", "--constraint", "requirements.lock")
    compile_lock("deploy/requirements-machines.lock", "Le site sur plusieurs machines", *shared)
    pins = "".join(f'    "{package}=={version}",\n' for package, version in PINNED.findall(everything))
    project = ROOT / "pyproject.toml"
    text = project.read_text(encoding="utf-8")
    block = f"constraint-dependencies = [  # written by .ci/lock.py\n{pins}]\n"
    text, count = re.subn(r"constraint-dependencies = \[.*?\n\]\n", block, text, flags=re.DOTALL)
    if not count:
        text = text.replace("[tool.uv]\n", f"[tool.uv]\n{block}")
    project.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
