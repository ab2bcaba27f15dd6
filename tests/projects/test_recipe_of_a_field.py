"""The recipes of CONTRIBUTING.md for one more field of a project or of a structure, followed in a copy of it all."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from tests.site.test_house import tracked_files

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
# A field of a structure: in each file, what stands there and what is written in its place.
OF_STRUCTURE = {
    "projects/members/models/organization.py": (
        '    note = models.TextField("note"',
        '    website = models.CharField("site", max_length=80, blank=True, default="", db_default="")\n'
        '    note = models.TextField("note"',
    ),
    "projects/members/columns.py": (
        "    siret_pending = own_line(",
        '    website = ColumnField("site", "website", help_text="l’adresse de son site", is_plain=True)\n'
        "    siret_pending = own_line(",
    ),
    "projects/housekeeping/admin.py": ('"address", say=', '"address", "website", say='),
    "templates/projects/organization.html": (
        "  <h1>{{ organization.name }}</h1>\n",
        "  <h1>{{ organization.name }}</h1>\n  <p>{{ organization.website }}</p>\n",
    ),
}
PROVED = """
import pytest

from cohesion.lib.spreadsheets import write
from projects.browsing.exports import table
from projects.choices import MembershipRole
from projects.declaring.drafts import take_corrections
from projects.declaring.handing_in import hand_in
from projects.exchange.applying import ProjectImporter
from projects.exchange.model_file import model_file
from projects.models import Project
from projects.housekeeping.merging import merge_organizations
from projects.members.importing import OrganizationImporter
from projects.members import importing
from projects.members.columns import ORGANIZATIONS
from projects.models import Organization
from tests.factories import OfficerFactory, OrganizationFactory, ProjectFactory


@pytest.mark.django_db
def test_the_field_of_a_structure_goes_everywhere(client, founding, officer):
    structure = OrganizationFactory(website="escale.example")
    project = ProjectFactory(organization=structure)
    exported = write("csv", [ORGANIZATIONS.table(Organization.objects.select_related("commune"))]).decode()
    assert "escale.example" in exported
    changed = exported.replace("escale.example", "phare.example").encode()
    plan, written = OrganizationImporter().apply_file(changed, "a.csv", by=officer)
    assert plan.changed[0]["fields"] == [{"field": "site", "old": "escale.example", "new": "phare.example"}]
    structure.refresh_from_db()
    assert (written, structure.website, structure.history.first().website) == (1, "phare.example", "phare.example")
    assert "site" in importing.model_file("csv")[0].decode()
    public = client.get("/donnees/structures.csv")
    content = b"".join(public.streaming_content) if public.streaming else public.content
    assert "phare.example" in content.decode()
    assert "phare.example" in client.get(f"/structures/{structure.pk}/").content.decode()
    client.force_login(OfficerFactory(is_superuser=True))
    page = client.get(f"/admin/projects/organization/{structure.pk}/change/").content.decode()
    assert "phare.example" in page
    keep = OrganizationFactory()
    merge_organizations(keep=keep, merged=structure, by=officer)
    keep.refresh_from_db()
    assert keep.website == "phare.example"


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


# What is asked of a copy without a database: who reads each of the two columns.
ASKED = """
import json

from tests.columns import page
from projects.api.components import components
from projects.declaring.pages.action import ActionForm
from projects.exchange.model_file import model_file as of_projects
from projects.housekeeping.merging import MERGED_FIELDS
from projects.members.importing import model_file as of_structures
from projects.opendata.datasets import BY_NAME

readers = {
    "docs": page(),
    "api": [*components()["Projet"]["properties"], *components()["Structure"]["properties"]],
    "open data": [column.header for name in ("projets", "structures") for column in BY_NAME[name].columns],
    "model files": (of_projects("csv")[0] + of_structures("csv")[0]).decode(),
}
print(json.dumps([name for name, read in readers.items() if "acces" not in read or "site" not in read]))
print(json.dumps(["access" in ActionForm.base_fields, "website" in MERGED_FIELDS]))
"""


@pytest.fixture
def copy(tmp_path):
    """The files that the project is made of."""
    for path in tracked_files():
        target = tmp_path / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    return tmp_path


def follow_the_recipes(copy: Path) -> None:
    for name, (before, line) in (ADDED | DECLARED).items():
        text = (copy / name).read_text(encoding="utf-8")
        assert text.count(before) == 1, name
        (copy / name).write_text(text.replace(before, line + before), encoding="utf-8")
    for name, (before, after) in ({ADMIN: FIELDS} | OF_STRUCTURE).items():
        text = (copy / name).read_text(encoding="utf-8")
        assert text.count(before) == 1, name
        (copy / name).write_text(text.replace(before, after), encoding="utf-8")


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


@pytest.mark.once
def test_five_files_are_enough_for_all_that_read_the_columns_of_a_project_and_of_a_structure(copy):
    follow_the_recipes(copy)
    unread, is_asked_and_merged = map(json.loads, run(copy, "-c", ASKED).splitlines())
    assert len({*ADDED, ADMIN}) == len(OF_STRUCTURE) == 4  # the fifth is the migration, which the long test makes
    assert unread == []
    assert is_asked_and_merged == [True, True]
    # What five files are is said to who writes them.
    recipe = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in recipe for name in {*ADDED, *DECLARED, ADMIN, *OF_STRUCTURE} - {FORM})


@pytest.mark.slow  # it makes the test databases of a copy of the project
def test_one_more_field_of_a_project_and_one_of_a_structure_are_five_files_each(copy):
    follow_the_recipes(copy)
    before = {path.name for path in (copy / "projects/migrations").iterdir()}
    run(copy, "-m", "django", "makemigrations", "projects", "--name", "access_and_website")
    (migration,) = {path.name for path in (copy / "projects/migrations").iterdir()} - before - {"__pycache__"}
    assert len({*ADDED, ADMIN, f"projects/migrations/{migration}"}) == 5
    assert len({*OF_STRUCTURE, f"projects/migrations/{migration}"}) == 5
    run(copy, "-m", "tests.columns")
    assert "`site`" in (copy / "docs/files.md").read_text(encoding="utf-8")
    (copy / PROOF).write_text(PROVED, encoding="utf-8")
    run(copy, "-m", "pytest", "-n", "0", "-q", "-p", "no:cacheprovider", PROOF)
