"""The recipe of CONTRIBUTING.md for one more field of a project, followed to the letter in a copy of the project."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from tests.site.test_house import tracked_files

pytestmark = pytest.mark.once

ROOT = Path(settings.BASE_DIR)
MODEL = "projects/catalogue/models/project.py"
COLUMNS = "projects/catalogue/columns.py"
ADMIN = "projects/admin/project.py"
PAGE = "templates/projects/detail.html"
FORM = "projects/declaring/pages/action.py"
PROOF = "tests/projects/test_one_more_field.py"
# What is written in each file, and the line that it stands before.
ADDED = {
    MODEL: (
        "    audience = models.CharField(",
        '    access = models.CharField("accès", max_length=80, blank=True, default="", db_default="")\n',
    ),
    COLUMNS: (
        "    # What people read beside the codes",
        '    access = ColumnField("acces", "access", width=20, is_plain=True, declared_on="action")\n',
    ),
    PAGE: ("    <dt>Publics</dt>", "    <dt>Accès</dt><dd>{{ project.access }}</dd>\n"),
}
# What a lead declares is one file more.
DECLARED = {FORM: ("    need_noticed = paragraph(", '    access = line("Accès", 80)\n')}
FIELDS = ('"audience", "partners"', '"audience", "access", "partners"')  # of the admin
PROVED = """
import pytest

from cohesion.lib.spreadsheets import write
from projects.browsing.exports import table
from projects.choices import MembershipRole
from projects.declaring.drafts import take_corrections
from projects.declaring.handing_in import hand_in
from projects.choices import MembershipRole
from projects.declaring.drafts import take_corrections
from projects.declaring.handing_in import hand_in
from projects.exchange.applying import ProjectImporter
from projects.exchange.model_file import model_file
from projects.models import Project
from tests.factories import OfficerFactory, ProjectFactory


@pytest.mark.django_db
def test_the_field_goes_everywhere(client, founding):
    project = ProjectFactory(code="A-1", access="par la cour")
    exported = write("csv", [table(Project.objects.all())])
    assert "par la cour" in exported.decode()
    importer = ProjectImporter()
    assert importer.examine(exported, "a.csv")[0].counts["unchanged"] == 1
    changed = exported.decode().replace("par la cour", "par le jardin").encode()
    plan, _ = importer.examine(changed, "a.csv")
    assert plan.changed[0]["fields"] == [{"field": "acces", "old": "par la cour", "new": "par le jardin"}]
    assert importer.apply_file(changed, "a.csv", by=None)[1] == 1
    project.refresh_from_db()
    assert project.access == "par le jardin"
    assert project.history.first().access == "par le jardin"
    assert "acces" in model_file("csv")[0].decode()
    assert "par le jardin" in client.get(f"/projets/{project.code}/").content.decode()
    client.force_login(OfficerFactory(is_superuser=True))
    page = client.get(f"/admin/projects/{project.kind}/{project.pk}/change/").content.decode()
    assert "par le jardin" in page


@pytest.mark.django_db
def test_the_field_is_declared_and_corrected(complete, lead):
    complete.answers["action"]["access"] = "par la cour"
    complete.save()
    hand_in(project=complete.project, by=lead, role=MembershipRole.SIGNATORY)
    project = Project.objects.get(pk=complete.project_id)
    assert project.access == "par la cour"
    project.access = "par le jardin"
    project.save()
    take_corrections(project)
    complete.refresh_from_db()
    assert complete.answers["action"]["access"] == "par le jardin"
"""


@pytest.fixture
def copy(tmp_path):
    """The files that the project is made of."""
    for path in tracked_files():
        target = tmp_path / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    return tmp_path


def follow_the_recipe(copy: Path) -> None:
    for name, (before, line) in (ADDED | DECLARED).items():
        text = (copy / name).read_text(encoding="utf-8")
        assert text.count(before) == 1, name
        (copy / name).write_text(text.replace(before, line + before), encoding="utf-8")
    text = (copy / ADMIN).read_text(encoding="utf-8")
    assert text.count(FIELDS[0]) == 1
    (copy / ADMIN).write_text(text.replace(*FIELDS), encoding="utf-8")


def run(copy: Path, *command: str) -> str:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": str(copy)}
    address = environment.get("DATABASE_URL", "")
    if address.startswith("postgres"):  # a database of its own, beside that of the tests that run meanwhile
        environment["DATABASE_URL"] = urlsplit(address)._replace(path="/recipe").geturl()
    done = subprocess.run(
        [sys.executable, "-W", "ignore", *command], cwd=copy, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_one_more_field_of_a_project_is_five_files(copy):
    follow_the_recipe(copy)
    before = {path.name for path in (copy / "projects/migrations").iterdir()}
    run(copy, "-m", "django", "makemigrations", "projects", "--name", "access")
    (migration,) = {path.name for path in (copy / "projects/migrations").iterdir()} - before - {"__pycache__"}
    assert len({*ADDED, ADMIN, f"projects/migrations/{migration}"}) == 5
    (copy / PROOF).write_text(PROVED, encoding="utf-8")
    run(copy, "-m", "pytest", "-n", "0", "-q", "-p", "no:cacheprovider", PROOF)
