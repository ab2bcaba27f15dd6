"""The project tests itself: its imports, migrations, settings, templates, words and files."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command

pytestmark = pytest.mark.once

ROOT = Path(settings.BASE_DIR)
TEMPLATES = ROOT / "templates"
OURS = ("cohesion", "axes", "projects")
SOURCES = [
    path for package in OURS for path in sorted((ROOT / package).rglob("*.py")) if "migrations" not in path.parts
]


def tracked_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("pas de dépôt git : archive téléchargée")
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A process with its own environment: nothing of the suite's, nothing of the machine's."""
    kept = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=kept | environment, capture_output=True, text=True, check=False
    )


# --- imports, migrations, production ------------------------------------------------------------------------


def test_imports_run_one_way():
    answer = run("-c", "from importlinter.cli import lint_imports_command; lint_imports_command()")
    assert answer.returncode == 0, answer.stdout


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


PRODUCTION = {
    "SECRET_KEY": "production-7f3k9x2m5q8w1z4c6v0b-ne-sert-qu-a-cet-essai-jHgTfRdEsZa",
    "ALLOWED_HOSTS": "cst.example",
    "MAIL_FROM": "ne-pas-repondre@cst.example",
    "DATABASE_URL": "sqlite:///:memory:",
}


@pytest.mark.parametrize("proxy", ["0", "1"])
def test_production_settings_pass_djangos_own_deployment_check(proxy):
    answer = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", BEHIND_PROXY=proxy, **PRODUCTION)
    assert answer.returncode == 0, answer.stderr


def test_the_deployment_check_says_that_mail_has_no_sender():
    answer = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **(PRODUCTION | {"MAIL_FROM": ""}))
    assert answer.returncode != 0
    assert "MAIL_FROM n’est pas réglée" in answer.stderr


def test_no_mail_leaves_a_demonstration_whatever_the_environment_says():
    asked = "import cohesion.settings as site; print(site.EMAIL_BACKEND)"
    server = PRODUCTION | {"EMAIL_URL": "smtp://ailleurs.example:25"}
    assert run("-c", asked, **server).stdout == "django.core.mail.backends.smtp.EmailBackend\n"
    assert run("-c", asked, DEMO="1", **server).stdout == "cohesion.kept_mails.KeptMailBackend\n"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY est absente ou trop courte"),
        ({"SECRET_KEY": "x" * 49}, "SECRET_KEY est absente ou trop courte"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS est vide"),
        ({"ALLOWED_HOSTS": " , "}, "ALLOWED_HOSTS est vide"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS=* ouvre le site"),
        ({"ALLOWED_HOSTS": "cst.example,*"}, "ALLOWED_HOSTS=* ouvre le site"),
    ],
)
def test_the_site_refuses_to_serve_when_it_would_be_open(change, sentence):
    answer = run("-c", "import cohesion.wsgi", **(PRODUCTION | change))
    assert answer.returncode != 0
    assert sentence in answer.stderr


def test_the_site_starts_with_production_settings():
    assert run("-c", "import cohesion.wsgi", **PRODUCTION).returncode == 0


# --- pages --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_every_page_closes_what_it_does_not_use(client, founding):
    headers = client.get("/").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert "camera=()" in headers["Permissions-Policy"]
    policy = dict(part.strip().partition(" ")[::2] for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["style-src"] == "'self'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert {"frame-ancestors", "base-uri", "object-src"} <= {key for key, value in policy.items() if value == "'none'"}


def templates() -> list[Path]:
    return sorted(TEMPLATES.rglob("*.html")) + sorted(TEMPLATES.rglob("*.txt")) + sorted(TEMPLATES.rglob("*.xml"))


def test_no_template_carries_what_the_content_security_policy_forbids():
    forbidden = re.compile(r"\sstyle=|\son[a-z]+=[\"']|<style|<script(?![^>]*\b(?:src=|type=.application/json))")
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in templates()
        for match in forbidden.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_every_template_is_used():
    # Django and its applications look for these by their names; {level}, {model} of the admin among them.
    by_convention = re.compile(
        r"^(?:[45]\d\d(?:_csrf)?\.html|robots\.txt|(?:admin|auth|import_export|registration|django|mptt|account|mfa|usersessions)/.*)$"
    )
    text = "\n".join(path.read_text(encoding="utf-8") for path in [*SOURCES, *templates()])
    names = [path.relative_to(TEMPLATES).as_posix() for path in templates()]
    assert [name for name in names if not by_convention.match(name) and name not in text] == []


def test_a_part_of_a_page_says_first_what_it_takes():
    """Whatever extends no other template is included, or is a frame."""
    header = re.compile(r"(?:\{% load [^%]+ %\}\s*)?(?:\{#|\{% comment %\})")
    paths = sorted(TEMPLATES.rglob("*.html"))
    sources = {path.relative_to(TEMPLATES): path.read_text(encoding="utf-8") for path in paths}
    silent = [name for name, source in sources.items() if "{% extends " not in source and not header.match(source)]
    assert silent == []


# --- words --------------------------------------------------------------------------------------------------

MODELS = [model for model in apps.get_models() if model._meta.app_label in OURS]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_model_has_a_french_name_with_a_capital(model):
    if not model.__name__.startswith("Historical"):
        assert "verbose_name" in model._meta.original_attrs, "nom de modèle à écrire"
        assert "verbose_name_plural" in model._meta.original_attrs
    for name in (str(model._meta.verbose_name), str(model._meta.verbose_name_plural)):
        assert name[0].isupper() or model.__name__.startswith("Historical"), name


# --- files --------------------------------------------------------------------------------------------------


def test_no_tracked_file_holds_a_machines_path_or_a_registrys_address():
    forbidden = re.compile(r"/wor[k]/|/hom[e]/|/roo[t]/|pythonhoste[d]|py[p]i\.org/simple|registry\.npm[j]s")
    found = []
    for path in tracked_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in forbidden.finditer(text)]
    assert found == []


def test_no_template_keeps_the_marks_of_a_merge():
    marks = re.compile(r"^(?:<{7}|={7}|>{7})(?: |$)", re.MULTILINE)
    assert [path.name for path in templates() if marks.search(path.read_text(encoding="utf-8"))] == []


FORBIDDEN_CALLS = re.compile(
    r"\.bulk_create\(|\.bulk_update\(|\.rebuild\(|\.partial_rebuild\(|\.disable_mptt_updates\(|\.delay_mptt_updates\("
    r"|\.update\([^)]*\bparent(?:_id)?\s*=|\bloaddata\b|history\.instance\.save"
    r"|\._base_manager\b[^\n]*\.(?:update|delete|create|bulk_\w+)\("
)
# Written beside a bulk write of other rows than orientations.
OTHER_ROWS = "# not the tree"


def test_only_the_tree_package_writes_the_tree():
    found = []
    for path in SOURCES:
        if {ROOT / "axes" / "tree", ROOT / "axes" / "guard"} & {*path.parents}:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if FORBIDDEN_CALLS.search(line) and OTHER_ROWS not in line:
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()}")
    assert found == []


def test_a_browser_test_sees_where_a_gesture_leads_before_it_goes_elsewhere():
    """A page that is on its way when another address is asked for breaks the test once in a hundred runs."""
    hasty = re.compile(r"\.(?:click|press)\(.*\n +(?:page\.goto|page\.reload|axe)\(")
    sources = {path.name: path.read_text() for path in (ROOT / "tests" / "browser").glob("*.py")}
    assert [(name, hasty.findall(source)) for name, source in sources.items() if hasty.search(source)] == []


def test_the_lock_and_the_constraints_of_uv_agree():
    pinned = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^ ;\\]+)", re.MULTILINE)
    lock = dict(pinned.findall((ROOT / "requirements.lock").read_text(encoding="utf-8")))
    sites = [
        dict(pinned.findall((ROOT / name).read_text(encoding="utf-8")))
        for name in ("deploy/requirements-prod.lock", "deploy/requirements-machines.lock")
    ]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    constraints = dict(line.split("==") for line in project["tool"]["uv"]["constraint-dependencies"])
    assert constraints == lock
    assert sites[0].items() < sites[1].items() <= lock.items()
    groups = [name for group in project["dependency-groups"].values() for name in group if isinstance(name, str)]
    asked = [*project["project"]["dependencies"], *groups]
    assert {re.split(r"[\[>=<]", name)[0] for name in asked} <= lock.keys()
