"""Backup and restore, by the commands themselves, on databases of their own."""

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
import zipfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings

from cohesion import __version__
from cohesion.backup.archive import MANIFEST, Unusable, opened
from cohesion.backup.restoring import _is_older
from tests.databases import POSTGRES, _connect, dump, execute, fresh_database, manage

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("backup")]
LEFT_OUT = ("django_session", "usersessions_usersession", "cohesion_cache")
LOG = "cohesion_auditevent"
SEND = """
from django.core.files.uploadedfile import SimpleUploadedFile
from projects.declaring.attachments import receive
from cohesion.models import User
from projects.models import Organization
receive(upload=SimpleUploadedFile("statuts.pdf", b"%PDF-1.7 statuts %%EOF"), kind="statutes", by=User.objects.first(),
        organization=Organization.objects.first())
"""


@dataclass
class Programme:
    """A demonstration with an attachment, and its backup."""

    address: str
    pieces: Path
    archive: Path

    def manage(self, *arguments):
        return manage(*arguments, address=self.address, ATTACHMENTS_ROOT=str(self.pieces))


def rows(address):
    """Every row that a backup holds, but for the log, where the commands themselves write."""
    held = {table: found for table, found in dump(address).items() if table not in (*LEFT_OUT, LOG)}
    if not POSTGRES:  # SQLite's counters of keys, that of the log too
        held["sqlite_sequence"] = [row for row in held["sqlite_sequence"] if LOG not in row]
    return held


def bytes_of(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def programme(tmp_path_factory):
    folder = tmp_path_factory.mktemp("programme")
    with fresh_database(folder) as address:
        made = Programme(address, folder / "pieces", folder / "sauvegarde.zip")
        assert made.manage("demo", "--check").returncode == 0
        assert made.manage("shell", "-c", SEND).returncode == 0
        answer = made.manage("backup", str(made.archive))
        assert answer.returncode == 0, answer.stderr
        yield made


@pytest.fixture
def elsewhere(tmp_path):
    with fresh_database(tmp_path) as address:
        yield Programme(address, tmp_path / "pieces", tmp_path / "copie.zip")


def test_the_version_is_that_of_the_package():
    assert f'\nversion = "{__version__}"\n' in (Path(settings.BASE_DIR) / "pyproject.toml").read_text(encoding="utf-8")


def test_what_is_restored_is_equal_row_by_row_and_byte_by_byte(programme, elsewhere):
    answer = elsewhere.manage("restore", str(programme.archive))
    assert answer.returncode == 0, answer.stderr
    assert "tout est en ordre" in answer.stdout  # check_tree
    assert rows(elsewhere.address) == rows(programme.address)
    with opened(programme.archive) as (_, manifest):
        kept = set(dump(elsewhere.address)[LOG]) & set(dump(programme.address)[LOG])
        assert len(kept) == manifest.rows[LOG] > 0
    assert bytes_of(elsewhere.pieces) == bytes_of(programme.pieces) != {}
    assert execute(elsewhere.address, "SELECT count(*) FROM django_session") == [(0,)]


def test_only_its_owner_reads_a_backup_and_nothing_is_left_beside(programme):
    assert programme.archive.stat().st_mode & 0o777 == 0o600
    assert not [path for path in programme.archive.parent.iterdir() if path.name.startswith(".")]


def test_a_database_that_holds_something_is_replaced_only_when_it_is_asked_and_kept_beside(programme, elsewhere):
    elsewhere.archive.write_bytes(programme.archive.read_bytes())
    assert elsewhere.manage("restore", str(elsewhere.archive)).returncode == 0
    execute(elsewhere.address, "UPDATE axes_framework SET note = 'écrit depuis'")
    before = rows(elsewhere.address)
    refused = elsewhere.manage("restore", str(elsewhere.archive))
    assert refused.returncode == 1
    assert "La base n’est pas vide" in refused.stderr
    assert rows(elsewhere.address) == before
    replaced = elsewhere.manage("restore", str(elsewhere.archive), "--replace")
    assert replaced.returncode == 0, replaced.stderr
    assert rows(elsewhere.address) == rows(programme.address)
    (former,) = elsewhere.archive.parent.glob("avant-restauration-*.zip")
    assert elsewhere.manage("restore", str(former), "--replace").returncode == 0
    assert rows(elsewhere.address) == before


def test_a_backup_of_an_older_version_is_brought_up_to_this_one(programme, elsewhere):
    assert programme.manage("migrate", "--check").returncode == 0
    older = elsewhere.archive
    with fresh_database(elsewhere.archive.parent / "..") as address:
        before = Programme(address, elsewhere.pieces, older)
        assert before.manage("migrate", "projects", "0010", "--verbosity", "0").returncode == 0
        answer = before.manage("backup", str(older))
        assert answer.returncode == 0, answer.stderr
    if not POSTGRES:
        (elsewhere.archive.parent / ".." / "essai.sqlite3").unlink()
    answer = elsewhere.manage("restore", str(older))
    assert answer.returncode == 0, answer.stderr
    assert "version plus ancienne" in answer.stdout
    assert elsewhere.manage("migrate", "--check").returncode == 0


@pytest.mark.parametrize("path", ["", "nulle-part/sauvegarde.zip"])
def test_a_backup_that_cannot_be_written_says_so_in_french(programme, tmp_path, path):
    answer = programme.manage("backup", str(tmp_path / path))
    assert answer.returncode == 1
    assert "dans un dossier qui existe" in answer.stderr


# --- while people write -------------------------------------------------------------------------------------


def _write_pairs(address, stop, first, second):
    """Each transaction adds two rows, and moves one from a project to another: counts stay even, sums the same."""
    with closing(_connect(address)) as connection:
        cursor = connection.cursor()
        if not POSTGRES:
            cursor.execute("PRAGMA busy_timeout = 20000")
        while not stop.is_set():
            cursor.execute("BEGIN" if POSTGRES else "BEGIN IMMEDIATE")
            for _ in range(2):
                cursor.execute("INSERT INTO cohesion_demomark (created_at) VALUES (CURRENT_TIMESTAMP)")
            cursor.execute(f"UPDATE projects_project SET version = version + 1 WHERE id = {first}")
            cursor.execute(f"UPDATE projects_project SET version = version - 1 WHERE id = {second}")
            cursor.execute("COMMIT")


def test_a_backup_taken_while_people_write_is_consistent(programme, elsewhere, tmp_path):
    assert elsewhere.manage("restore", str(programme.archive)).returncode == 0
    execute(elsewhere.address, "DELETE FROM cohesion_demomark")
    execute(elsewhere.address, "UPDATE projects_project SET version = 1000000")
    (first,), (second,) = execute(elsewhere.address, "SELECT id FROM projects_project ORDER BY id LIMIT 2")
    total = execute(elsewhere.address, "SELECT sum(version) FROM projects_project")
    stop = threading.Event()
    writers = [threading.Thread(target=_write_pairs, args=(elsewhere.address, stop, first, second)) for _ in range(3)]
    for writer in writers:
        writer.start()
    try:
        answer = elsewhere.manage("backup", str(elsewhere.archive))
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert answer.returncode == 0, answer.stderr
    with opened(elsewhere.archive) as (_, manifest):
        counted = manifest.rows["cohesion_demomark"]
    assert counted > 0
    assert counted % 2 == 0
    assert execute(elsewhere.address, "SELECT count(*) FROM cohesion_demomark")[0][0] >= counted
    restored = elsewhere.manage("restore", str(elsewhere.archive), "--replace")
    assert restored.returncode == 0, restored.stderr
    assert execute(elsewhere.address, "SELECT count(*) FROM cohesion_demomark") == [(counted,)]
    assert execute(elsewhere.address, "SELECT sum(version) FROM projects_project") == total


@pytest.mark.parametrize("after", [1.2, 1.8, 2.4])
def test_a_restore_that_is_killed_leaves_the_former_database_or_the_new_one(programme, elsewhere, after):
    assert elsewhere.manage("restore", str(programme.archive)).returncode == 0
    execute(elsewhere.address, "UPDATE axes_framework SET note = 'écrit depuis'")
    former, new = rows(elsewhere.address), rows(programme.address)
    environment = {**os.environ, "DATABASE_URL": elsewhere.address, "ATTACHMENTS_ROOT": str(elsewhere.pieces)}
    elsewhere.archive.write_bytes(programme.archive.read_bytes())
    running = subprocess.Popen(
        [sys.executable, "manage.py", "restore", str(elsewhere.archive), "--replace"],
        cwd=settings.BASE_DIR,
        env=environment | {"DJANGO_SETTINGS_MODULE": "cohesion.settings"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    time.sleep(after)
    os.killpg(running.pid, signal.SIGKILL)  # with the tools that it runs
    running.wait()
    assert rows(elsewhere.address) in (former, new)
    assert elsewhere.manage("check_tree").returncode == 0


# --- spoilt archives ----------------------------------------------------------------------------------------


def rewritten(source, target, *, without=(), manifest=None, more=None):
    """The archive with members left out, added, or with another manifest."""
    with zipfile.ZipFile(source) as read, zipfile.ZipFile(target, "w") as written:
        said = json.loads(read.read(MANIFEST))
        for name in read.namelist():
            if name not in (MANIFEST, *without):
                written.writestr(name, read.read(name))
        for name, data in (more or {}).items():
            written.writestr(name, data)
            said["members"][name] = [len(data), hashlib.sha256(data).hexdigest()]
        if manifest:
            manifest(said)
        written.writestr(MANIFEST, json.dumps(said))
    return target


def refusal(path):
    with pytest.raises(Unusable) as raised, opened(path):
        pass
    return str(raised.value)


def database_member(archive):
    with opened(archive) as (_, manifest):
        return manifest.database_member


def test_a_truncated_archive_is_refused(programme, tmp_path):
    whole, spoilt = programme.archive.read_bytes(), tmp_path / "x.zip"
    for length in (0, 1, 100, len(whole) // 2, len(whole) - 1):
        spoilt.write_bytes(whole[:length])
        assert "tronqué" in refusal(spoilt), length


def test_a_flipped_byte_is_seen_wherever_it_says_anything(programme, tmp_path):
    whole, spoilt = bytearray(programme.archive.read_bytes()), tmp_path / "x.zip"
    with opened(programme.archive) as (_, manifest):
        members = manifest.members
    draw = random.Random(5)
    with zipfile.ZipFile(programme.archive) as archive:
        data = [info.header_offset + 30 + len(info.filename) + 20 for info in archive.infolist()]
    # Inside each member; and anywhere, where a date that nobody reads may be spoilt without harm.
    for place in [*(offset + 5 for offset in data), *(draw.randrange(len(whole)) for _ in range(60))]:
        whole[place] ^= 0x55
        spoilt.write_bytes(whole)
        whole[place] ^= 0x55
        try:
            with opened(spoilt) as (_, found):
                assert found.members == members
                assert place not in [offset + 5 for offset in data]
        except Unusable:
            continue


def test_an_archive_without_one_of_its_members_is_refused(programme, tmp_path):
    name = database_member(programme.archive)
    assert f"Il manque « {name} »" in refusal(rewritten(programme.archive, tmp_path / "x.zip", without=[name]))


def test_an_archive_whose_manifest_says_another_digest_is_refused(programme, tmp_path):
    name = database_member(programme.archive)

    def lie(said):
        said["members"][name][1] = "0" * 64

    assert "est abîmé" in refusal(rewritten(programme.archive, tmp_path / "x.zip", manifest=lie))


@pytest.mark.parametrize(
    "name", ["pieces/../../x", "/etc/x", "pieces\\..\\x", "pieces//x", "pieces/..", "C:x", "pieces/.ssh/x", "pieces/é"]
)
def test_a_name_that_leads_elsewhere_is_refused(programme, tmp_path, name):
    assert "dangereux" in refusal(rewritten(programme.archive, tmp_path / "x.zip", more={name: b"x"}))


@pytest.mark.parametrize("change", [{"format": 2}, {"rows": {"a; DROP": 1}}, {"rows": 3}, {"database": "oracle"}])
def test_a_manifest_that_this_version_does_not_understand_is_refused(programme, tmp_path, change):
    sentence = refusal(rewritten(programme.archive, tmp_path / "x.zip", manifest=lambda said: said.update(change)))
    assert ("plus récente" if "format" in change else "Le manifeste") in sentence


@pytest.mark.django_db
def test_a_backup_of_a_newer_version_or_of_another_database_is_refused(programme):
    with opened(programme.archive) as (_, manifest):
        assert _is_older(manifest) is False
        manifest.migrations.append(["projects", "9999_demain"])
        with pytest.raises(Unusable, match="version plus récente"):
            _is_older(manifest)
        manifest.database = "sqlite" if POSTGRES else "postgresql"
        with pytest.raises(Unusable, match="de même nature"):
            _is_older(manifest)


def test_a_spoilt_archive_leaves_the_database_untouched(programme, elsewhere):
    assert elsewhere.manage("restore", str(programme.archive)).returncode == 0
    before = rows(elsewhere.address)

    def lie(said):
        said["rows"]["axes_framework"] += 1  # what only the loaded database shows

    spoilt = rewritten(programme.archive, elsewhere.archive, manifest=lie)
    answer = elsewhere.manage("restore", str(spoilt), "--replace")
    assert answer.returncode == 1
    assert "Rien n’a été modifié." in answer.stderr
    assert "Traceback" not in answer.stderr
    assert rows(elsewhere.address) == before
