"""The server is killed while leads save, hand in and send files; then it is started again, and all is compared.

``python -m tests.faults.kill --rounds 5`` on SQLite, or on PostgreSQL with ``TEST_DB=postgres``. Each round is one
SIGKILL at a random moment. Exits 1 when something that the server had confirmed is lost, or something is there by
half. The suite runs a short one.
"""

import argparse
import hashlib
import http.client
import json
import os
import random
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests import postgres

LONGEST = 0.5  # seconds before the server is killed
TOKEN = "a" * 32  # of CSRF: the cookie and the field need only be the same
FILE = b"%PDF-1.7\n" + b"%" * 300_000 + b"\n%%EOF\n"


class Killed(Exception):
    """The server went away before it answered."""


class Server:
    """The site as it is served, on this machine; and one lead who is logged in."""

    def __init__(self, cookie: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.cookie = f"{cookie}; csrftoken={TOKEN}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, env: dict[str, str] | None = None) -> None:
        """Serve, with the environment of this process or another."""
        from cohesion.management.commands.demo import SERVER

        command = [sys.executable, "-m", "granian", *SERVER, "--host", "127.0.0.1", "--port", str(self.port)]
        command.append("cohesion.wsgi:application")
        self.process = subprocess.Popen(command, env=env, start_new_session=True, stderr=subprocess.DEVNULL)
        limit = time.monotonic() + 30
        while time.monotonic() < limit:
            try:
                if self.ask("GET", "/sante/")[0] == 200:
                    return
            except Killed:
                time.sleep(0.05)
        raise SystemExit("Le serveur ne démarre pas.")

    def kill(self) -> None:
        """With its workers, and without warning."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, str, bytes]:
        """The status, the address to which it leads, and the page."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body, {"Cookie": self.cookie, **headers})
            response = connection.getresponse()
            return response.status, response.headers.get("Location", ""), response.read()
        except (OSError, http.client.HTTPException) as error:
            raise Killed from error
        finally:
            connection.close()

    def post(self, path: str, **fields: str) -> tuple[int, str, bytes]:
        body = urllib.parse.urlencode({"csrfmiddlewaretoken": TOKEN, **fields}).encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        return self.ask("POST", path, body, **kind)


class Lead:
    """What one person does in a round, and what the server confirmed of it. Needs Django."""

    def __init__(self, server: Server, user: Any, model: Any) -> None:
        self.server, self.user, self.model = server, user, model
        self.typed, self.handed, self.sent = self._draft("Saisie"), self._draft("Dépôt"), self._draft("Pièces")
        self.saved = 0  # the number of the last text that was confirmed
        self.tried = 0
        self.is_handed_in = False
        self.digests: list[str] = []  # of the files that were confirmed

    def _draft(self, title: str) -> Any:
        """A draft that only waits to be handed in."""
        from projects.declaring.drafts import begin
        from projects.models import Declaration

        made = begin(organization=self.model.project.organization, title=title, by=self.user)
        answers = {**self.model.answers, "pieces": {**self.model.answers["pieces"], "attests_mandate": "on"}}
        Declaration.objects.filter(pk=made.pk).update(answers=answers, campaign=self.model.campaign)
        return made.project

    def work(self, kill_after: float) -> None:
        threads = [threading.Thread(target=one) for one in (self._type, self._hand_in, self._send)]
        for thread in threads:
            thread.start()
        time.sleep(kill_after)
        self.server.kill()
        for thread in threads:
            thread.join()

    def _type(self) -> None:
        """Type as fast as the server confirms, until it is gone."""
        path, base = f"/espace/declarations/{self.typed.pk}/action/", ""
        try:
            while True:
                self.tried += 1
                fields = {"title": "Saisie", "summary": f"Texte {self.tried}", "base": base}
                if base:
                    status, _, page = self.server.post(path, **fields)
                else:  # the page as it is opened says what it showed
                    _, _, page = self.server.ask("GET", path)
                    base = page.decode().partition('name="base" value="')[2].partition('"')[0]
                    self.tried -= 1
                    continue
                if status == 200:
                    self.saved, base = self.tried, json.loads(page)["base"]
        except Killed:
            pass

    def _hand_in(self) -> None:
        try:
            path = f"/espace/declarations/{self.handed.pk}/"
            status, location, _ = self.server.post(f"{path}deposer/")
            self.is_handed_in = (status, location) == (302, path)
        except Killed:
            pass

    def _send(self) -> None:
        path = f"/espace/declarations/{self.sent.pk}/"
        kind = {"Content-Type": "multipart/form-data; boundary=LIMITE"}
        try:
            for number in range(10):
                data = FILE + b"%d\n" % number
                fields = {"csrfmiddlewaretoken": TOKEN, "kind": "other", 'file"; filename="a.pdf': ""}
                parts = [
                    f'--LIMITE\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}'
                    for name, value in fields.items()
                ]
                body = "\r\n".join(parts).encode() + data + b"\r\n--LIMITE--\r\n"
                status, location, _ = self.server.ask("POST", f"{path}pieces/ajouter/", body, **kind)
                if (status, location) == (302, f"{path}pieces/"):
                    self.digests.append(hashlib.sha256(data).hexdigest())
        except Killed:
            pass

    def losses(self, whole: tuple[Any, ...]) -> Iterator[str]:
        """What is missing, or there by half; ``whole`` is how a project that was handed in looks."""
        from projects.models import Attachment, Declaration

        kept = Declaration.objects.get(project=self.typed).answers["action"]["summary"]
        number = int(kept.removeprefix("Texte ")) if kept.startswith("Texte ") else 0
        if not self.saved <= number <= self.tried:
            yield f"texte {self.saved} confirmé, « {kept} » gardé"
        found = looks(self.handed.pk)
        if found not in (whole, NOTHING):
            yield f"dépôt à moitié : {found}"
        if self.is_handed_in and found != whole:
            yield f"dépôt confirmé, et perdu : {found}"
        rows = {one.digest: one for one in Attachment.objects.filter(project=self.sent)}
        yield from (f"pièce confirmée, et perdue : {one[:8]}" for one in self.digests if one not in rows)
        for digest, row in rows.items():
            with row.file.open("rb") as stream:
                if hashlib.sha256(stream.read()).hexdigest() != digest:
                    yield f"pièce abîmée : {row.file.name}"


NOTHING = ("draft", 0, 0, 0, 0, 0, 0)


def looks(pk: int) -> tuple[Any, ...]:
    """How far a project is handed in: its state, and how many rows of each kind that hand-in writes."""
    from projects.models import Project

    project = Project.objects.get(pk=pk)
    written = ("submissions", "log", "contributions", "budget_lines", "funding_lines", "indicators")
    return (project.status, *(getattr(project, name).count() for name in written))


def stray_files(folder: Path) -> int:
    """Bytes on the disk that no row names."""
    from projects.models import Attachment

    named = set(Attachment.objects.values_list("file", flat=True))
    return sum(str(one.relative_to(folder)) not in named for one in folder.rglob("*") if one.is_file())


@contextmanager
def demonstration(address: str, folder: Path) -> Iterator[tuple[Server, Any, Any]]:
    """A demonstration with a call that is open: its server, a lead, and a declaration to copy."""
    os.environ |= {"DATABASE_URL": address, "ATTACHMENTS_ROOT": str(folder), "DEMO": "1"}
    os.environ |= {"SECRET_KEY": secrets.token_urlsafe(64), "DJANGO_SETTINGS_MODULE": "cohesion.settings"}
    os.environ["LOG_LEVEL"] = "ERROR"
    import django

    django.setup()
    from django.contrib.auth import get_user_model
    from django.test import Client
    from django.utils import timezone

    from cohesion import demo
    from projects.models import Campaign, Declaration, Membership

    demo.prepare()
    model = Declaration.objects.filter(project__status="submitted", campaign__isnull=False).order_by("pk")[0]
    user = get_user_model().objects.create_user("essai@demo.example", "essai@demo.example")
    Membership.objects.create(user=user, organization=model.project.organization, role="signatory")
    now = timezone.now()
    day = timezone.timedelta(days=1)
    Campaign.objects.filter(pk=model.campaign_id).update(opens_at=now - day, closes_at=now + day)
    client = Client()
    client.force_login(user)
    server = Server(f"sessionid={client.cookies['sessionid'].value}")
    try:
        yield server, user, model
    finally:
        server.kill()


def measure(address: str, folder: Path, rounds: int, seed: int) -> int:
    chance, done, lost, started = random.Random(seed), Counter[str](), [], time.perf_counter()
    with demonstration(address, folder) as (server, user, model):
        server.start()
        control = Lead(server, user, model)
        control._hand_in()
        whole = looks(control.handed.pk)
        if not control.is_handed_in or 0 in whole:
            raise SystemExit(f"Sans panne, le dépôt n’est pas complet : {whole}")
        for number in range(rounds):
            lead = Lead(server, user, model)
            lead.work(chance.uniform(0.02, LONGEST))
            server.start()
            lost += [f"coupure {number + 1} : {sentence}" for sentence in lead.losses(whole)]
            done["textes confirmés"] += lead.saved
            done["textes en vol à la coupure"] += lead.tried > lead.saved
            done["dépôts confirmés"] += lead.is_handed_in
            done["dépôts faits sans que la réponse arrive"] += not lead.is_handed_in and looks(lead.handed.pk) == whole
            done["pièces confirmées"] += len(lead.digests)
            lead._hand_in()  # whoever was not answered presses again
            if looks(lead.handed.pk) != whole:
                lost.append(f"coupure {number + 1} : dépôt repris, puis {looks(lead.handed.pk)}")
        strays = stray_files(folder)
    lines = [f"{address.partition(':')[0]}, {rounds} coupures en {time.perf_counter() - started:.0f} s"]
    lines += [f"  {name:<42}{number:>6}" for name, number in done.items()]
    lines.append(f"  {'fichiers du disque que rien ne nomme':<42}{strays:>6}")
    lines += [f"✗ {sentence}" for sentence in lost] or ["rien de confirmé n’est perdu, rien n’est à moitié"]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if lost else 0


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        address = postgres.of_a_command(Path(name))
        folder = Path(name) / "pieces"
        folder.mkdir()
        return measure(address, folder, chosen.rounds, chosen.seed)


if __name__ == "__main__":
    sys.exit(main())
