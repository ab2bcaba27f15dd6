"""The files of the demonstration: what the product's own import reads, and its own export writes again."""

import csv
import datetime
import re

import pytest
from django.db.models import Q
from django.utils import timezone

from axes.models import Framework
from cohesion import demo
from cohesion.lib import spreadsheets
from projects.browsing.exports import FORMATS, OFFICER_COLUMNS, table
from projects.demo import Calendar, load_demo_projects
from projects.demo.files import FOLDER, DemoFiles
from projects.demo.loading import PROJECTS, DemoRefused
from projects.exchange.applying import ProjectImporter
from projects.models import Need, Offer, Organization, Project, Scheme, Submission
from tests.factories import FrameworkFactory

# A cell that is a number, or a number of a list: « CAF : 2 050 / 2 000 ».
AMOUNT = re.compile(r"(?<=;)\d+(?=;|$)|(?<=[:/] )\d+", re.MULTILINE)


@pytest.fixture
def files():
    return DemoFiles(Calendar(timezone.localdate()))


@pytest.fixture
def programme(founding):
    load_demo_projects(founding)


def read_again(files):
    plan, _ = ProjectImporter().examine(files.text(PROJECTS).encode(), PROJECTS)
    assert [plan.problems, plan.questions, plan.warnings, plan.remarks, plan.organizations] == [[], [], [], [], []]
    return plan


@pytest.mark.django_db
@pytest.mark.once
def test_its_file_of_projects_leaves_nothing_to_answer_nor_to_verify(programme, files):
    assert read_again(files).counts == {
        "created": 0,
        "changed": 0,
        "unchanged": len(files.rows(PROJECTS)),
        "organizations": 0,
    }
    Need.objects.all().delete()
    Offer.objects.all().delete()
    Project.objects.filter(host__isnull=False).delete()
    Project.objects.all().delete()
    assert read_again(files).counts == {
        "created": len(files.rows(PROJECTS)),
        "changed": 0,
        "unchanged": 0,
        "organizations": 0,
    }


@pytest.mark.django_db
def test_a_framework_that_it_does_not_go_with_takes_nothing_of_it():
    other = FrameworkFactory(status="in_force")
    with pytest.raises(DemoRefused, match="Aucune orientation du cadre en vigueur ne porte le code"):
        load_demo_projects(other)
    assert Framework.objects.get() == other
    assert [model.objects.exists() for model in (Project, Organization, Scheme)] == [False, False, False]


def test_its_years_are_those_of_the_day():
    calendar = Calendar(datetime.date(2027, 12, 31))
    assert calendar.dated("{year-1}-001, {year}, 30/06/{year+2}") == "2026-001, 2027, 30/06/2029"
    assert calendar.dated("{call_year} {call_year+1}") == "2028 2029"
    assert calendar.dated('{"year": 1} {annee}') == '{"year": 1} {annee}'


def test_its_files_bear_no_year_of_their_own(files):
    for path in (*FOLDER.glob("*.csv"), *FOLDER.glob("*.json")):
        written, read = path.read_text(encoding="utf-8"), files.text(path.name)
        if path.suffix == ".csv":
            rows = csv.DictReader(written.splitlines(), delimiter=";")
            assert all(row.get(name, "{").startswith("{") for row in rows for name in ("annee", "appel")), path.name
            written = re.sub(AMOUNT, "", written)
        assert not re.search(r"\b20\d\d\b(?!-(MADELEINE|NETREVILLE|NAVARRE|01-01;Décret|1314))", written), path.name
        assert not re.search(r"\{\w*(year|annee)", read), path.name


# --- the whole demonstration, which what follows only reads ----------------------------------------------------


@pytest.fixture(scope="module")
def seeded(lasting_rows):
    demo.seed()


@pytest.mark.django_db
def test_an_export_of_the_demonstration_read_again_changes_nothing(seeded):
    number = Project.objects.count()
    for format in FORMATS:
        written = spreadsheets.write(format, [table(Project.objects.order_by("code"), OFFICER_COLUMNS)])
        plan, _ = ProjectImporter().examine(written, f"export.{format}")
        assert plan.is_good, format
        assert plan.counts == {"created": 0, "changed": 0, "unchanged": number, "organizations": 0}, format


@pytest.mark.django_db
def test_it_is_about_nobody(seeded):
    """No organisation bears a number or an address that may be somebody's, and those that declare say why."""
    organizations = Organization.objects.all()
    assert not organizations.exclude(Q(siret="", phone="")).exists()
    assert not organizations.exclude(Q(rna="") | Q(rna__startswith="W279")).exists()  # of no sub-prefecture
    assert not organizations.exclude(Q(email="") | Q(email__endswith=".example")).exists()
    declaring = organizations.filter(pk__in=Submission.objects.values("project__organization"))
    assert declaring.count() == 2
    assert all("inventée pour la démonstration" in one.siret_pending for one in declaring)
