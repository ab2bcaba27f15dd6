"""What is written to be read says what is there: its commands, its paths, its settings, its drawing."""

import re
import tomllib
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands

from cohesion import __version__
from tests import columns, environment, layers

pytestmark = pytest.mark.once

ROOT = Path(settings.BASE_DIR)
README = ROOT / "README.md"
PAGES = [
    README,
    *(ROOT / name for name in ("CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
MOST_LINES = 150  # of the README
MOST_BYTES = 120_000  # of a picture
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())


def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def commands(page: Path, language: str = "sh") -> list[str]:
    """The command lines of a page's shell blocks, without comments."""
    blocks = re.findall(rf"```{language}\n(.*?)```", text(page), re.DOTALL)
    lines = (line.split("#")[0].strip() for block in blocks for line in block.splitlines())
    return [line for line in lines if line]


def slug(title: str) -> str:
    """The anchor of a title, as the forges make it."""
    return re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-")


def anchors(page: Path) -> set[str]:
    return {slug(title) for title in re.findall(r"^#+ (.+)$", text(page), re.MULTILINE)}


# --- the README -------------------------------------------------------------------------------------------------------


def test_the_readme_is_read_in_one_sitting():
    assert len(text(README).splitlines()) <= MOST_LINES


def test_ci_runs_the_very_test_commands_of_the_readme():
    script = text(ROOT / ".ci" / "run")
    for command in ("uv run pytest", 'TEST_DB=postgres uv run pytest -m "not browser and not slow"'):
        assert command in commands(README)
        assert f"{{ {command}; }}" in script
    assert "uv run manage.py demo" in commands(README)
    assert "uv run manage.py demo --check" in script


def test_the_readme_shows_three_pictures_that_are_quickly_loaded():
    shown = re.findall(r"!\[(.+)\]\((docs/pictures/.+?)\)", text(README))
    assert len(shown) == 3
    for _, name in shown:
        assert (ROOT / name).stat().st_size < MOST_BYTES, name


# --- every page -------------------------------------------------------------------------------------------------------


@each_page
def test_a_link_leads_to_a_file_and_to_a_title_that_are_there(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", text(page)):
        if target.startswith("https://"):
            continue
        name, _, anchor = unquote(target).partition("#")
        path = (page.parent / name).resolve() if name else page
        assert path.exists(), target
        if anchor:
            assert anchor in anchors(path), target


def spoken_paths(page: Path) -> set[str]:
    """The paths of the repository that a page names: they begin with one of its folders, and are no pattern."""
    folders = "|".join(sorted(path.name for path in ROOT.iterdir() if path.is_dir() and path.name[0] != "."))
    names = re.findall(rf"`((?:{folders})/[\w./-]*)`", text(page))
    return {name for name in names if not name.startswith("var/")}


@each_page
def test_a_path_that_a_page_names_is_there(page):
    assert {name for name in spoken_paths(page) if not (ROOT / name).exists()} == set()


@each_page
def test_the_commands_of_a_page_exist(page):
    named = set(re.findall(r"manage\.py (\w+)", text(page)))
    assert named <= get_commands().keys()
    modules = set(re.findall(r"python -m (tests\.[\w.]+\w)", text(page)))
    assert {name for name in modules if find_spec(name) is None} == set()


# --- settings, drawing, versions --------------------------------------------------------------------------------------


def test_every_variable_that_is_read_is_explained_and_no_other():
    explained = {name for row in environment.documented() for name in row.names}
    assert explained == environment.read_by_settings() | environment.read_by_compose()


def test_the_example_of_an_environment_is_what_the_documentation_says():
    """« python -m tests.environment » writes it."""
    assert text(environment.EXAMPLE) == environment.example()


def test_the_list_of_columns_is_what_their_declarations_say():
    """« python -m tests.columns » writes it."""
    assert text(columns.PAGE) == columns.page()


UNLAYERED = {"migrations", "apps", "models"}  # Django finds them by their names


@pytest.mark.parametrize("package", ["cohesion", "axes", "projects"])
def test_every_module_of_the_house_stands_in_a_layer_of_the_contract(package):
    layered = set()
    for contract in layers.contracts():
        layered |= {name.strip(" ()") for layer in contract["layers"] for name in layer.split("|")}
    modules = {path.stem for path in (layers.ROOT / package).iterdir() if path.suffix == ".py" or path.is_dir()}
    unplaced = {name for name in modules - UNLAYERED if not name.startswith("__")}
    assert {name for name in unplaced if f"{package}.{name}" not in layered} == set()


def test_the_drawing_of_the_house_is_that_of_the_contract():
    """« python -m tests.layers » draws it."""
    assert text(layers.PAGE) == layers.drawn()


def test_every_decision_is_in_the_list_of_decisions():
    folder = ROOT / "docs" / "decisions"
    listed = set(re.findall(r"\]\((\d\d-.+?\.md)\)", text(folder / "README.md")))
    assert listed == {path.name for path in folder.glob("[0-9]*.md")}


def test_what_catalogues_read_is_what_the_project_says():
    project = tomllib.loads(text(ROOT / "pyproject.toml"))["project"]
    public = yaml.safe_load(text(ROOT / "publiccode.yml"))
    assert public["softwareVersion"] == project["version"] == __version__
    assert public["legal"]["license"] == project["license"]
    assert f"SPDX-License-Identifier: {project['license']}" in text(ROOT / "LICENSE")


def test_what_is_checked_before_a_commit_is_what_ci_checks():
    script = text(ROOT / ".ci" / "run")
    hooks = yaml.safe_load(text(ROOT / ".pre-commit-config.yaml"))["repos"]
    assert {repository["repo"] for repository in hooks} == {"local"}
    for hook in hooks[0]["hooks"]:
        assert hook["entry"].removesuffix(" --fix") in script
