"""``manage.py import_orientations``: dry unless told, exit 0 or 1, never a traceback."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from axes import tree
from axes.exchange.export import export
from axes.models import Framework
from tests.axes.exchange.files import GOOD, lines
from tests.axes.exchange.test_round_trip import fingerprint
from tests.factories import FrameworkFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def good_file(tmp_path):
    path = tmp_path / "Cadre 2026.csv"
    path.write_bytes(lines(*GOOD))
    return path


def run(*args) -> str:
    out = io.StringIO()
    call_command("import_orientations", *map(str, args), stdout=out)
    return out.getvalue()


def refused(*args) -> tuple[str, str]:
    out = io.StringIO()
    before = fingerprint()
    with pytest.raises(CommandError) as error:
        call_command("import_orientations", *map(str, args), stdout=out)
    assert error.value.returncode == 1
    assert fingerprint() == before
    return out.getvalue(), str(error.value)


def test_it_is_dry_unless_told(good_file):
    before = fingerprint()
    said = run(good_file)
    assert "un nouveau cadre en préparation" in said
    assert "À créer : 3" in said
    assert "ajoutez --apply" in said
    assert fingerprint() == before


def test_in_an_empty_database_it_makes_a_draft_named_after_the_file(good_file):
    assert "3\u00a0orientations écrites" in run(good_file, "--apply")
    framework = Framework.objects.get()
    assert (framework.name, framework.slug, framework.status) == ("Cadre 2026", "cadre-2026", "draft")
    assert tree.check() == []
    before = fingerprint()
    assert "ne change rien" in run(good_file, "--apply")
    assert fingerprint() == before


def test_it_goes_to_the_framework_in_force(founding, tmp_path):
    FrameworkFactory(slug="brouillon")
    path = tmp_path / "cst.xlsx"
    path.write_bytes(export(founding, "xlsx")[0])
    report = json.loads(run(path, "--json"))
    assert (report["framework"], report["accepted"], report["applied"]) == ("cst-gea", True, False)
    assert report["counts"]["unchanged"] == 64


def test_it_goes_to_the_framework_that_is_named_with_its_author(founding, officer, good_file):
    draft = FrameworkFactory(slug="brouillon")
    run(good_file, "--apply", "--framework", "brouillon", "--user", officer.email.upper())
    assert draft.orientations.get(code="A").history.get().history_user == officer


def test_it_does_not_choose_between_two_drafts(good_file):
    FrameworkFactory(slug="un")
    FrameworkFactory(slug="deux")
    assert "--framework" in refused(good_file)[1]


def test_a_refused_file_is_explained(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(lines("A;;action;T"))
    said, error = refused(path, "--apply")
    assert "✗ Ligne 2, colonne niveau (C) : Ce niveau n’existe pas" in said
    assert "Trouvé : « action »." in said
    assert error == "Fichier refusé : 1\u00a0erreur. Rien n’a été écrit."
    report = json.loads(refused(path, "--json")[0])
    assert report["errors"][0]["row"] == 2
    assert report["errors"][0]["value"] == "action"


@pytest.mark.parametrize("json_too", [[], ["--json"]])
def test_a_file_that_cannot_be_read_is_a_sentence(tmp_path, json_too):
    for path, sentence in ((tmp_path / "rien.csv", "n’existe pas"), (tmp_path, "est un dossier"), ("a\0b.csv", "lu")):
        said, error = refused(path, *json_too)
        assert sentence in (json.loads(said)["errors"][0]["message"] if json_too else error)


def test_a_long_or_odd_path_is_a_sentence(tmp_path):
    assert "ne peut être lu" in refused("x" * 5000)[1]


def test_a_locked_framework_asks_for_a_reason(good_file):
    framework = FrameworkFactory(is_locked=True)
    assert "motif" in refused(good_file, "--apply")[1]
    run(good_file, "--apply", "--reason", "Vote")
    assert framework.orientations.count() == 3


def test_an_unknown_framework_or_account_is_a_sentence(good_file):
    assert "Aucun cadre ne porte l’identifiant « x »" in refused(good_file, "--framework", "x")[1]
    assert "Aucun compte" in refused(good_file, "--user", "x@y.z")[1]
