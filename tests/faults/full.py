"""Disks that are full: of the database, of the attachments, of the temporary folder, of the backups.

``python -m tests.faults.full`` on SQLite, or on PostgreSQL with ``TEST_DB=postgres``; as root, for it mounts small
disks in memory. Each is filled while people work, then given room again. Exits 1 when anything but success, a sentence
or a clean 503 is answered, when something confirmed is lost, or something is there by half.
"""

import argparse
import hashlib
import json
import os
import pwd
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests import postgres
from tests.faults import arranging
from tests.faults.kill import FILE, TOKEN, Lead, demonstration, stray_files

FULL = "Le disque du site est plein"
NO_ROOM = "il n’y a plus de place sur le disque"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    folder.mkdir(exist_ok=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        raise SystemExit("Ce compte ne peut monter de petit disque : rien n’est essayé (lancez la commande en root).")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@contextmanager
def filled(disk: Path, left: int = 0) -> Iterator[None]:
    """No room any more on the disk, but for so many bytes."""
    ballast = disk / "lest"
    with ballast.open("wb", buffering=0) as stream:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    stream.write(b"\0" * size)
            except OSError:
                continue
        stream.truncate(max(0, stream.tell() - left))
    try:
        yield
    finally:
        ballast.unlink()


# --- what people do -------------------------------------------------------------------------------------------


def types(lead: Lead, times: int) -> tuple[int, list[str]]:
    """Save so many texts; returns how many were answered 503, and what was answered wrongly."""
    path, unavailable, wrong = f"/espace/declarations/{lead.typed.pk}/action/", 0, []
    base = ""
    for _ in range(times):
        if not base:
            status, _, page = lead.server.ask("GET", path)
            if status == 503:
                unavailable += 1
                continue
            base = page.decode().partition('name="base" value="')[2].partition('"')[0]
        lead.tried += 1
        text = f"Texte {lead.tried} " + "long " * 2_000
        status, _, page = lead.server.post(path, title="Saisie", summary=text, base=base)
        if status == 200:
            lead.saved, base = lead.tried, json.loads(page)["base"]
        elif status == 503 and (FULL in page.decode() or "joindre ses données" in page.decode()):
            unavailable += 1
        else:
            wrong.append(f"saisie : {status} {page[:200].decode(errors='replace')}")
    return unavailable, wrong


def kept(lead: Lead) -> list[str]:
    from projects.models import Declaration

    words = Declaration.objects.get(project=lead.typed).answers["action"]["summary"].split()
    number = int(words[1]) if words[:1] == ["Texte"] else 0
    found = [] if lead.saved <= number <= lead.tried else [f"texte {lead.saved} confirmé, {number} gardé"]
    return found + [one.sentence for one in arranging.tree_problems()]


def sends(lead: Lead, number: int, padding: int = 0) -> tuple[int, str, str]:
    """Send a file; the status, the page that follows, and the digest."""
    path = f"/espace/declarations/{lead.sent.pk}/"
    data = FILE + b"%" * padding + b"%d\n%%%%EOF\n" % number
    fields = {"csrfmiddlewaretoken": TOKEN, "kind": "other", 'file"; filename="a.pdf': ""}
    parts = [f'--LIMITE\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{one}' for key, one in fields.items()]
    body = "\r\n".join(parts).encode() + data + b"\r\n--LIMITE--\r\n"
    kind = {"Content-Type": "multipart/form-data; boundary=LIMITE"}
    status, _, page = lead.server.ask("POST", f"{path}pieces/ajouter/", body, **kind)
    if status == 302:
        page = lead.server.ask("GET", f"{path}pieces/")[2]
    return status, page.decode(), hashlib.sha256(data).hexdigest()


# --- disks ----------------------------------------------------------------------------------------------------


def full_database(lead: Lead, disk: Path, name: str) -> list[str]:
    _, wrong = types(lead, 3)
    with filled(disk):
        unavailable, more = types(lead, 40)
        status = lead.server.ask("GET", "/cadre/")[0]
    after, again = types(lead, 3)
    lost = [*wrong, *more, *again, *kept(lead)]
    if not unavailable:
        lost.append("le disque n’a jamais été plein")
    if after:
        lost.append("le site n’est pas revenu une fois la place rendue")
    if status not in (200, 503):
        lost.append(f"/cadre/ répond {status}")
    _say(
        f"{name} : {unavailable} réponses 503 en français, {lead.saved} textes confirmés, {len(lost)} perdu ou à moitié"
    )
    return [f"{name} : {one}" for one in lost]


def full_attachments(lead: Lead, disk: Path) -> list[str]:
    from projects.models import Attachment

    confirmed, refused, lost = [], 0, []
    with filled(disk, left=2 * len(FILE)):
        for number in range(6):
            status, page, digest = sends(lead, number)
            if status == 302 and "est joint" in page:
                confirmed.append(digest)
            elif status in (302, 503) and FULL in page:
                refused += 1
            else:
                lost.append(f"envoi : {status}")
    status, page, digest = sends(lead, 99)
    confirmed.append(digest)
    there = {one.digest: one for one in Attachment.objects.filter(project=lead.sent)}
    if there.keys() != set(confirmed):
        lost.append(f"{len(there)} pièces pour {len(confirmed)} confirmées")
    for digest, row in there.items():
        with row.file.open("rb") as stream:
            if hashlib.sha256(stream.read()).hexdigest() != digest:
                lost.append(f"pièce abîmée : {row.file.name}")
    if strays := stray_files(disk):
        lost.append(f"{strays} fichier(s) que rien ne nomme")
    if not refused:
        lost.append("le disque n’a jamais été plein")
    _say(
        f"Disque des pièces plein : {refused} refus en français, {len(confirmed)} pièces confirmées, {len(lost)} défaut"
    )
    return [f"pièces : {one}" for one in lost]


def full_temporary(lead: Lead, disk: Path) -> list[str]:
    from projects.models import Attachment

    before = Attachment.objects.count()
    with filled(disk, left=1 << 20):
        status, page, _ = sends(lead, 100, padding=6_000_000)  # larger than what is kept in memory
    lost = [] if status == 503 and FULL in page else [f"dossier temporaire plein : {status}"]
    if Attachment.objects.count() != before or list(disk.iterdir()):
        lost.append("dossier temporaire plein : quelque chose est resté")
    if sends(lead, 101, padding=6_000_000)[0] != 302:
        lost.append("dossier temporaire vidé : le fichier n’est pas pris")
    _say(f"Dossier temporaire plein : {status}, {len(lost)} défaut")
    return lost


def full_backups(disk: Path, pieces: Path, base: Path | None) -> list[str]:
    from cohesion.backup.archive import opened

    target, lost = disk / "nuit.zip", []
    lost += _command("backup", str(target), said="✓", code=0)
    former = target.read_bytes()
    with filled(disk, left=100_000):
        lost += _command("backup", str(target), said=NO_ROOM, code=1)
        if target.read_bytes() != former or {one.name for one in disk.iterdir()} != {"nuit.zip", "lest"}:
            lost.append("la sauvegarde d’avant n’est plus seule et intacte")
    with opened(target):
        pass
    if base:  # a new SQLite database, where there is no room for it
        new = {"DATABASE_URL": f"sqlite:///{base / 'nouvelle.sqlite3'}", "ATTACHMENTS_ROOT": str(base / "nouvelles")}
        with filled(base, left=1_000_000):
            lost += _command("restore", str(target), said=NO_ROOM, code=1, **new)
            if [one for one in (base / "nouvelles").rglob("*") if one.is_file()]:
                lost.append("des pièces d’une restauration manquée sont restées")
    before = stray_files(pieces)
    with filled(disk, left=100_000):
        lost += _command("restore", str(target), "--replace", said=NO_ROOM, code=1)
    if stray_files(pieces) != before or arranging.tree_problems():
        lost.append("une restauration sans place a laissé quelque chose")
    _say(f"Disque des sauvegardes plein (sauvegarde, puis restauration) : {len(lost)} défaut")
    return [f"sauvegardes : {one}" for one in lost]


def _command(*command: str, said: str, code: int, **more: str) -> list[str]:
    environment = os.environ | {"MAINTENANCE": "1", "DEMO": "0", "LOG_LEVEL": "CRITICAL"} | more
    done = subprocess.run(
        [sys.executable, "manage.py", *command], env=environment, capture_output=True, text=True, check=False
    )
    told = done.stdout + done.stderr
    if done.returncode != code or said not in told or "Traceback" in told:
        return [f"{command[0]} : sortie {done.returncode}, {told.strip()[-600:]}"]
    return []


def _tablespace(disk: Path, address: str) -> None:
    """What is typed goes to the small disk."""
    from tests.databases import execute

    account = pwd.getpwnam("postgres")
    home = disk / "base"
    home.mkdir()
    os.chown(home, account.pw_uid, account.pw_gid)
    execute(address, f"CREATE TABLESPACE petit LOCATION '{home}'")
    execute(address, "ALTER TABLE projects_declaration SET TABLESPACE petit")


def main() -> int:
    argparse.ArgumentParser(description=__doc__).parse_args()
    lost: list[str] = []
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        root = Path(name)
        root.chmod(0o755)
        disks = {one: stack.enter_context(small_disk(root / one, 24)) for one in ("base", "pieces", "tmp", "nuit")}
        is_postgresql = os.environ.get("TEST_DB") == "postgres"
        address = postgres.of_a_command(disks["base"])
        server, user, model = stack.enter_context(demonstration(address, disks["pieces"]))
        if is_postgresql:
            _tablespace(disks["base"], address)
        lead = Lead(server, user, model)
        os.environ["TMPDIR"] = str(disks["tmp"])
        server.start()
        del os.environ["TMPDIR"]
        lost += full_database(lead, disks["base"], "Disque de la base plein")
        lost += full_attachments(lead, disks["pieces"])
        lost += full_temporary(lead, disks["tmp"])
        lost += full_backups(disks["nuit"], disks["pieces"], None if is_postgresql else disks["base"])
        server.kill()
        if is_postgresql:
            from tests.databases import execute

            execute(address, "ALTER TABLE projects_declaration SET TABLESPACE pg_default")
            execute(address, "DROP TABLESPACE petit")
    for sentence in lost:
        _say(f"✗ {sentence}")
    _say("✓ Rien n’est perdu, rien n’est à moitié." if not lost else f"✗ {len(lost)} défaut(s).")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
