"""Projects as files: the same rows in each format, read in one query, whole or not at all."""

import csv
import datetime
import io
from decimal import Decimal

import pytest
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from cohesion.lib.queries import InFrench
from cohesion.lib.spreadsheets import write
from projects.browsing import exports
from projects.exchange.applying import ProjectImporter
from projects.models import FundingLine, Place, Project, Scheme, Territory
from tests.factories import ProjectFactory, TerritoryFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def projects(founding, node):
    """One that has much of everything, and one that has nothing; the order of writing is not that of the file."""
    full = ProjectFactory(code="E-1", title="Accès & droits", serves=[node("7.1.1"), node("5.2.2"), node("1.1.1")])
    for name, code in (("Vernon", "27681"), ("Évreux", "27229"), ("Gravigny", "27299")):
        Place.objects.create(project=full, territory=TerritoryFactory(name=name, code=code))
    for name in ("Zone", "Agglomération"):
        Place.objects.create(project=full, territory=TerritoryFactory(name=name, kind="other"))
    full.schemes.set([Scheme.objects.create(code=code) for code in ("DZ", "DA")])
    ProjectFactory(code="E-2", serves=[])
    return Project.objects.filter(code__startswith="E-").order_by("code")


def lines(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_lists_stand_in_their_order(projects):
    full, empty = lines(write("csv", [exports.table(projects)]))
    assert full["objectifs"] == "7.1.1|1.1.1|5.2.2"  # the main one, then those of the tree
    assert full["objectifs_secondaires"] == "1.1.1|5.2.2"
    names = Place.objects.filter(project__code="E-1").order_by(InFrench("territory__name"), "pk")
    assert full["communes"].split("|") == list(
        names.filter(territory__kind="commune").values_list("territory__code", flat=True)
    )
    assert full["autres_territoires"] == "Agglomération|Zone"
    assert full["dispositifs"] == "DA|DZ"
    lists = ("objectifs", "objectifs_secondaires", "communes", "autres_territoires", "dispositifs")
    assert [empty[name] for name in lists] == [""] * 5


@pytest.mark.parametrize("format", ["xlsx", "ods"])
def test_each_format_says_the_same(projects, format):
    made = write(format, [exports.table(projects)])
    rows = CalamineWorkbook.from_filelike(io.BytesIO(made)).get_sheet_by_name("Projets").to_python()
    expected = list(
        csv.reader(io.StringIO(write("csv", [exports.table(projects)]).decode("utf-8-sig"), newline=""), delimiter=";")
    )
    as_written = [[cell.isoformat() if isinstance(cell, datetime.date) else cell for cell in row] for row in rows]
    assert as_written == [row[:-2] for row in expected]  # of which framework they speak is said on another sheet
    starts = rows[0].index("date_debut")
    assert {type(row[starts]) for row in rows[1:]} == {datetime.date}  # a date, not a text that looks like one


def test_people_read_names_an_address_and_the_last_change_beside_the_codes(projects):
    full, empty = lines(write("csv", [exports.table(projects, base_url="https://exemple.test")]))
    assert full["objectifs_en_clair"].startswith("7.1.1 Contribuer")
    assert [one.partition(" ")[0] for one in full["objectifs_en_clair"].split(" | ")] == full["objectifs"].split("|")
    assert full["lieux_en_clair"] == "Agglomération, Évreux, Gravigny, Vernon, Zone"
    assert full["page_du_site"] == f"https://exemple.test/projets/{projects[0].code}/"
    assert full["derniere_modification"] == timezone.localdate().isoformat()
    assert (empty["objectifs_en_clair"], empty["lieux_en_clair"], empty["pst_en_clair"]) == ("", "", "")


@pytest.mark.parametrize("format", ["csv", "xlsx", "ods"])
def test_an_untouched_export_says_nothing_to_the_import(projects, format):
    Project.objects.filter(code="E-2").delete()  # serves nothing: the import wants an objective
    made = write(format, [exports.table(projects)])
    reading = ProjectImporter().read_file(made, f"projets.{format}")
    assert (reading.problems, reading.warnings) == ([], [])
    assert reading.rows[0]["starts_on"] == "2026-01-01"


def test_one_query_reads_all_projects_so_that_a_file_tells_one_moment(projects, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(exports, "BATCH", 1)
    # Before it, the codes and words of what the keys stand for, which frameworks there are and which is in force,
    # other programmes, and which names no file has.
    with django_assert_num_queries(1 + 10):
        assert len(lines(write("csv", [exports.table(projects)]))) == 2


def test_what_came_since_the_words_were_read_has_its_words(projects):
    rows = exports.rows_of(projects)
    known = exports.Known(Territory.objects.order_by("name").values_list("pk", "name"))
    late = TerritoryFactory(name="Aube-Neuve")
    assert known.words([late.pk]) == ["Aube-Neuve"]
    assert next(rows)["secondary"] == ["1.1.1", "5.2.2"]


def test_a_place_that_came_since_stands_in_its_own_column(projects, monkeypatch):
    late = [TerritoryFactory(name="Aube-Neuve", code="27999"), TerritoryFactory(name="Le Bourg", kind="other")]
    for territory in late:
        Place.objects.create(project=projects[1], territory=territory)
    read = exports.Known.__init__
    keys = {one.pk for one in late}

    def without_late(self, rows):
        read(self, rows)
        for key in keys:
            self.pop(key, None)

    monkeypatch.setattr(exports.Known, "__init__", without_late)
    _, line = exports.rows_of(projects)
    assert (line["communes"], line["others"]) == (["27999"], ["Le Bourg"])


@pytest.mark.parametrize("format", exports.FORMATS)
def test_a_database_lost_midway_is_an_outage_and_no_file(client, projects, monkeypatch, format):
    read = exports.rows_of

    def broken(found, **options):
        yield next(iter(read(found, **options)))
        raise OperationalError("the connection is lost")

    monkeypatch.setattr(exports, "rows_of", broken)
    response = client.get(reverse("projects:export", args=[format]))
    assert response.status_code == 503
    assert "Content-Disposition" not in response.headers


def test_officers_read_every_amount_and_the_public_those_of_the_setting(projects, settings):
    first, second = projects
    Project.objects.filter(pk=first.pk).update(requested=Decimal("4000.50"), granted=Decimal(3000), title="=1+1")
    for kind, name, asked, granted in (
        ("agglomeration", "", "4000.50", None),
        ("social_body", "CAF", "2500", "1500.25"),
        ("region", "Région", "500", None),
    ):
        FundingLine.objects.create(project=first, kind=kind, name=name, requested=Decimal(asked), granted=granted)
    FundingLine.objects.create(project=second, kind="social_body", name="CAF")
    ordered = Project.objects.order_by("code")
    full, empty = lines(write("csv", [exports.table(ordered, exports.OFFICER_COLUMNS)]))
    amounts = ("demande", "accorde", "cofinancements", "cofinancements_obtenus")
    assert [full[name] for name in amounts] == ["4000,5", "3000", "3000", "1500,25"]
    assert [empty[name] for name in amounts] == ["", "", "", ""]
    assert not full["titre"].startswith("=")
    public = lines(write("csv", [exports.table(ordered)]))[0]
    assert {*amounts, "budget"} & public.keys() == {"accorde", "cofinancements_obtenus"}
    assert public["cofinancements_obtenus"] == "1500,25"
    settings.PUBLIC_AMOUNTS = []
    assert not {*amounts, "budget"} & lines(write("csv", [exports.table(ordered)]))[0].keys()


def test_a_sheet_for_people_has_names_beside_codes_and_the_total_of_its_page_and_a_file_of_machines_has_not(
    client, projects
):
    Project.objects.filter(code="E-1").update(granted=Decimal("1200.50"), starts_on="2026-02-01")
    Project.objects.filter(code="E-2").update(granted=Decimal(300), starts_on="2026-02-01")
    page = client.get("/projets/").context["money"]
    made = {format: b"".join(client.get(f"/projets/export.{format}")) for format in exports.FORMATS}
    plain = lines(made["csv"])
    assert list(plain[0]) == [*(column.header for column in exports.public_columns()), "programme", "cadre"]
    assert [row["code"] for row in plain] == ["E-1", "E-2"]
    for format in ("xlsx", "ods"):
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(made[format]))
        headers, *rows, blank, total = workbook.get_sheet_by_name("Projets").to_python()
        assert sorted([*headers, "programme", "cadre"]) == sorted(plain[0])
        for code, name in (("objectifs_secondaires", "objectifs_en_clair"), ("pst", "pst_en_clair")):
            assert headers.index(name) == headers.index(code) + 1
        assert [row[0] for row in rows] == ["E-1", "E-2"]
        assert not any(blank)
        assert total[0] == "Total"
        assert total[headers.index("accorde")] == dict(page.sums)["accordé"] == Decimal("1500.5")
        plan, _ = ProjectImporter().examine(made[format], f"a.{format}")
        assert plan.is_good
        assert plan.counts["unchanged"] == 2


def test_what_others_bring_adds_up_in_the_file_of_a_list_to_the_sum_of_its_page(client, founding):
    pst = ProjectFactory(kind="pst", code="PST-1")
    for project, granted in ((pst, "700"), (ProjectFactory(code="A-1", host=pst), "250.10"), (ProjectFactory(), "5")):
        FundingLine.objects.create(project=project, kind="region", name="Région", granted=Decimal(granted))
    page = client.get("/projets/").context["money"]
    rows = lines(b"".join(client.get("/projets/export.csv")))
    brought = {row["code"]: row["cofinancements_obtenus"] for row in rows}
    assert (brought["A-1"], brought["PST-1"]) == ("250,1", "")
    total = sum(Decimal(amount.replace(",", ".") or 0) for amount in brought.values())
    assert total == dict(page.sums)["cofinancements obtenus"] == Decimal("255.1")
