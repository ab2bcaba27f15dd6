"""The index of the search: what it is asked, how each database looks, what happens while somebody writes."""

import sqlite3
from contextlib import closing, contextmanager

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from projects.models import Need, Offer, Project, SearchEntry, StaleEntry
from projects.search import complete, index, mentions, refreshing, search
from projects.search.index import EntryRow
from projects.search.refreshing import refresh_all
from projects.search.versions import follow_version
from projects.search.words import for_sqlite, in_a_row
from tests.factories import (
    FrameworkFactory,
    OfficerFactory,
    OrganizationFactory,
    OrientationFactory,
    ProjectFactory,
    TerritoryFactory,
)

pytestmark = pytest.mark.django_db
STRANGER = AnonymousUser()


@pytest.fixture
def framework():
    framework = FrameworkFactory(status="in_force")
    OrientationFactory(framework=framework, code="5", title="Accès aux droits et aide aux familles", level="axis")
    return framework


def titles(typed, framework, viewer=STRANGER):
    return [hit.title for hit in search(typed, viewer, framework).hits]


# --- words between quotation marks ----------------------------------------------------------------------------


def test_words_between_quotation_marks_keep_their_order_in_every_kind(framework):
    place = TerritoryFactory(code="27299", name="Le Bois des Dames")
    lead = OrganizationFactory(name="Les Amis du quartier", acronym="AQ")
    project = ProjectFactory(title="Aide aux devoirs", summary="Le soir après l’école, le goûter", organization=lead)
    ProjectFactory(title="Devoirs : une aide", summary="Goûter le soir", organization=OrganizationFactory(name="Autre"))
    Offer.objects.bulk_create([Offer(project=project, kind="other", name="Atelier de lecture")])  # not the tree
    Need.objects.create(wording="Un bus du soir", heard_on="2026-01-02", territory=place, is_published=True)
    expected = {
        "aide aux devoirs": {"Aide aux devoirs", "Devoirs : une aide"},
        "« aide aux devoirs »": {"Aide aux devoirs", "Atelier de lecture"},  # an offer, by its project
        '"aide aux devoirs"': {"Aide aux devoirs", "Atelier de lecture"},
        '"AIDE AUX DEVOIRS"': {"Aide aux devoirs", "Atelier de lecture"},
        '"devoirs aide"': set(),
        '"aide aux familles"': {"Accès aux droits et aide aux familles"},
        '"soir après"': {"Aide aux devoirs"},
        '"amis du quartier"': {"Les Amis du quartier", "Aide aux devoirs", "Atelier de lecture"},
        '"quartier du"': set(),
        '"bois des dames"': {"Le Bois des Dames", "Un bus du soir"},
        '"bus du soir"': {"Un bus du soir"},
        '"atelier de lecture"': {"Atelier de lecture"},
        '"tableau de bord"': {"Le tableau de bord"},
        '"devoirs le soir"': set(),  # the end of one text and the beginning of the next
        '"27299"': {"Le Bois des Dames", "Un bus du soir"},  # and what is there
    }
    found = {typed: set(titles(typed, framework)) & set().union(*expected.values()) for typed in expected}
    assert found["aide aux devoirs"] >= expected.pop("aide aux devoirs")
    assert {typed: found[typed] for typed in expected} == expected
    assert list(Project.objects.filter(mentions('"aide aux devoirs"'))) == [project]
    assert titles('goûter "aide aux devoirs"', framework)[0] == "Aide aux devoirs"
    assert complete('"aide aux devoirs"', STRANGER, framework)[0].title == "Aide aux devoirs"


def test_a_text_of_quotation_marks_alone_breaks_nothing(framework):
    ProjectFactory(title="Le lien")
    for typed in ('""', "« »", '"', '"le"', '" le lien', '"lien" le', '"a" "b" "c"', '"l’"', "« (a | b) & !c »", '"*"'):
        search(typed, STRANGER, framework)
        complete(typed, STRANGER, framework)
    assert titles('"le lien"', framework)[0] == "Le lien"


def test_an_expression_says_the_same_in_both_languages():
    row = in_a_row(["aide", "aux", "devoirs"])
    assert row == "(waide <-> waux <-> wdevoirs)"
    assert for_sqlite(f"(({row} & rp)) & !(kart | wsa:*)") == '(("waide waux wdevoirs" AND rp)) NOT (kart OR wsa*)'
    assert in_a_row(["aide"]) == "waide"


# --- how it looks ---------------------------------------------------------------------------------------------


def _statements(framework):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        for typed in ("vélo", "projet", "projet vélo", "M-1", '"projet numéro"', "proj", "veelo"):
            search(typed, STRANGER, framework)
            search(typed, OfficerFactory(), framework, kinds=["project", "pst"])
            complete(typed, STRANGER, framework)
    return {query["sql"] for query in captured if "projects_search" in query["sql"]}


def _plan(statement):
    explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    with connection.cursor() as cursor:
        cursor.execute(f"{explain} {statement}".replace("%", "%%"))
        return [str(row[-1]) for row in cursor.fetchall()]


def _end_to_end(plan):
    """The lines of a plan that read every row of the entries. SQLite's index of kinds and keys, which holds neither
    words nor rows, is read up to a limit to count the entries."""
    whole = "Seq Scan on projects_searchentry" if connection.vendor == "postgresql" else "SCAN projects_searchentry"
    return [line for line in plan if whole in line and "COVERING INDEX" not in line]


def test_no_search_reads_the_entries_from_end_to_end(framework, monkeypatch):
    """With the settings that the site has, and more entries than a page of the disk holds, one word in all of them."""
    # There are more entries than are counted, as on a large site: a table of fewer is small enough to be read.
    monkeypatch.setattr(index, "COUNTED", 100)
    lead = OrganizationFactory()
    ProjectFactory(title="Vélo pour tous", code="M-1", organization=lead)
    refresh_all()
    words = [f"projet numéro {number}" for number in range(3_000)]
    SearchEntry.objects.bulk_create(
        SearchEntry(
            kind="project",
            rank=3,
            key=10**6 + key,
            length=20,
            is_public=True,
            title=text,
            address="/",
            tokens="kprojet tprojet rp " + " ".join(f"k{key}x{other}" for other in range(40)),
            words=" ".join(f"w{word}" for word in text.split()),
        )
        for key, text in enumerate(words)
    )  # not the tree
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE projects_searchentry")
    plans = [line for statement in _statements(framework) for line in _plan(statement)]
    of_words = "Bitmap Index Scan on projects_searchindex" if connection.vendor == "postgresql" else "VIRTUAL TABLE"
    assert any(of_words in line for line in plans)
    assert _end_to_end(plans) == []
    assert _end_to_end(_plan("SELECT id FROM projects_searchentry WHERE title LIKE '%vélo%'")) != []  # it would be seen


def test_each_entry_is_filed_at_its_place_as_it_is_now(framework):
    ProjectFactory(title="Un vélo", code="A-1")
    refresh_all()
    other = ProjectFactory(title="Un très long titre de vélo", code="A-2")
    refresh_all()
    SearchEntry.objects.filter(kind="project", key=other.pk).update(length=1)
    entries = SearchEntry.objects.filter(kind="project").order_by("rank", "length", "key")
    found = search("vélo", STRANGER, framework).hits
    assert [hit.key for hit in found] == [entry.key for entry in entries] == [other.pk, found[1].key]
    SearchEntry.objects.filter(kind="project", key=other.pk).delete()
    assert len(search("vélo", STRANGER, framework).hits) == 1
    row = EntryRow(1, (3 << 56) | (12 << 40) | 4_321)
    assert (row.kind, row.key) == ("project", 4_321)


# --- while somebody writes ------------------------------------------------------------------------------------


@contextmanager
def _locked(monkeypatch):
    """Somebody is writing: on SQLite a lock that would be waited for, on PostgreSQL the others' turn."""

    def refuse():
        raise OperationalError("database is locked")

    monkeypatch.setattr(refreshing, "_is_ours", refuse if connection.vendor == "sqlite" else lambda: False)
    yield
    monkeypatch.undo()


def test_a_search_that_meets_a_writer_serves_what_there_was(framework, client, monkeypatch):
    project = ProjectFactory(title="Zygomatiques discrets", status="running")
    assert titles("zygomatiques", framework) == ["Zygomatiques discrets"]
    Project.objects.filter(pk=project.pk).update(title="Autre nom")
    with _locked(monkeypatch):
        assert titles("zygomatiques", framework) == ["Zygomatiques discrets"]
        assert client.get("/recherche/?q=zygomatiques").status_code == 200
        assert client.get("/recherche/propositions/?q=zygo").status_code in (200, 404)
    assert titles("zygomatiques", framework) == []


def test_what_the_public_may_read_no_more_is_not_served_while_somebody_writes(framework, monkeypatch):
    project = ProjectFactory(title="Zygomatiques discrets", status="running")
    assert titles("zygomatiques", framework) == ["Zygomatiques discrets"]
    Project.objects.filter(pk=project.pk).update(status="abandoned")
    with _locked(monkeypatch):
        assert titles("zygomatiques", framework) == []
        assert titles("zygomatiques", framework, OfficerFactory()) == ["Zygomatiques discrets"]


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_a_writer(framework, monkeypatch):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL a son tour de rôle, essayé au-dessus.")
    refresh_all()
    ProjectFactory(title="Zygomatiques discrets", status="running")
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        assert titles("zygomatiques", framework) == []
        writer.execute("ROLLBACK")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        assert cursor.fetchone()[0] >= 5_000  # as before: other writes wait
    assert titles("zygomatiques", framework) == ["Zygomatiques discrets"]


# --- pages that stand whatever is done ------------------------------------------------------------------------


def test_the_pages_of_the_site_follow_each_version_by_themselves(framework):
    refresh_all()
    follow_version("default")
    assert not StaleEntry.objects.exists()
    SearchEntry.objects.filter(kind="page").order_by("key").first().delete()
    SearchEntry.objects.filter(kind="page", title="Le glossaire").update(title="Le lexique", words="wlexique")
    follow_version("default", apps)
    follow_version("default", apps)
    assert list(StaleEntry.objects.values_list("source", "key")) == [("page", 0)]
    refresh_all()
    SearchEntry.objects.filter(kind="page", title="Déclarer une action, dans votre espace").update(
        context="Sans compte"
    )
    follow_version("default")
    assert StaleEntry.objects.exists()
    assert "Le glossaire" in titles("glossaire", framework)
    assert titles("cadre d’orientations", framework)[0] == "Le cadre d’orientations"
