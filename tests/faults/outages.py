"""PostgreSQL is taken away from the site while people read and write; a transaction is forgotten with its locks.

``TEST_DB=postgres python -m tests.faults.outages``. Four leads type, an officer moves branches in the admin, others
read, while every connection is ended again and again, the server is stopped and started, is killed and recovers, and
somebody leaves a transaction open. Exits 1 when anything but success or a clean 503 is answered, when the site is not
back in three seconds, or when something that it had confirmed is lost.
"""

import argparse
import copy
import json
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from tests.faults import arranging
from tests.faults.kill import Killed, Lead, Server, demonstration
from tests.faults.machines import BACK, _control, _options

READ = ("/", "/cadre/", "/projets/", "/recherche/?q=sante", "/projets/export.csv", "/couverture/")
LOCK_TIMEOUT = 5.0  # of the settings
IDLE = 2  # seconds given here to a forgotten transaction; the settings give thirty


class Traffic:
    """People at work, and what each of them was answered."""

    def __init__(self, server: Server, officer: str, user: Any, model: Any, branches: tuple[int, int]) -> None:
        self.server, self.branches = server, branches
        self.officer = copy.copy(server)
        self.officer.cookie = server.cookie.replace(server.cookie.partition(";")[0], officer)
        self.leads = [Lead(server, user, model) for _ in range(4)]
        self.stop = threading.Event()
        self.answers: Counter[int] = Counter()
        self.wrong: list[str] = []
        self.longest = 0.0
        self.last_unavailable = 0.0
        self.threads: list[threading.Thread] = []

    def begin(self) -> None:
        self.stop.clear()
        self.answers.clear()
        self.wrong, self.longest, self.last_unavailable = [], 0.0, 0.0
        work: list[Callable[[], None]] = [lambda lead=lead: self._type(lead) for lead in self.leads]  # type: ignore[misc]
        work += [self._read, self._move]
        self.threads = [threading.Thread(target=one) for one in work]
        for thread in self.threads:
            thread.start()

    def end(self) -> None:
        self.stop.set()
        for thread in self.threads:
            thread.join()

    def ask(self, person: Server, method: str, path: str, **fields: str) -> tuple[int, bytes]:
        begun = time.monotonic()
        try:
            status, _, page = person.post(path, **fields) if method == "POST" else person.ask("GET", path)
        except Killed as error:
            self.wrong.append(f"{method} {path} : pas de réponse ({error.__cause__!r})")
            return 0, b""
        self.longest = max(self.longest, time.monotonic() - begun)
        self.answers[status] += 1
        if status == 503:
            self.last_unavailable = time.monotonic()
            if "momentanément indisponible".encode() not in page and b"envoyez de nouveau" not in page:
                self.wrong.append(f"{method} {path} : 503 sans sa phrase")
        elif status not in (200, 302):
            self.wrong.append(f"{method} {path} : {status}")
        return status, page

    def _type(self, lead: Lead) -> None:
        path, base = f"/espace/declarations/{lead.typed.pk}/action/", ""
        while not self.stop.is_set():
            if not base:
                status, page = self.ask(self.server, "GET", path)
                base = page.decode().partition('name="base" value="')[2].partition('"')[0] if status == 200 else ""
                continue
            lead.tried += 1
            fields = {"title": "Saisie", "summary": f"Texte {lead.tried}", "base": base}
            status, page = self.ask(self.server, "POST", path, **fields)
            if status == 200:
                lead.saved, base = lead.tried, json.loads(page)["base"]
            else:
                base = ""

    def _read(self) -> None:
        while not self.stop.is_set():
            for path in READ:
                self.ask(self.server, "GET", path)

    def _move(self) -> None:
        """The last axis goes first, then the other way round; a move that is refused is answered by a page."""
        turn = 0
        while not self.stop.is_set():
            mover, target = self.branches if turn % 2 else self.branches[::-1]
            self.ask(
                self.officer,
                "POST",
                f"/admin/axes/orientation/{mover}/deplacer/",
                place=f"left:{target}",
                reason="Essai",
            )
            turn += 1

    def losses(self) -> list[str]:
        from projects.models import Declaration

        lost = []
        for lead in self.leads:
            kept = Declaration.objects.get(project=lead.typed).answers["action"]["summary"]
            number = int(kept.removeprefix("Texte ")) if kept.startswith("Texte ") else 0
            if not lead.saved <= number <= lead.tried:
                lost.append(f"texte {lead.saved} confirmé, « {kept} » gardé")
        return lost + [one.sentence for one in arranging.tree_problems()]


def trial(traffic: Traffic, name: str, fault: Callable[[], None]) -> list[str]:
    """People work, the fault happens, they go on for a while; what was answered and lost."""
    from django.db import connection

    traffic.begin()
    time.sleep(0.5)
    connection.close()
    fault()
    over = time.monotonic()
    time.sleep(BACK + 1)
    traffic.end()
    back = max(0.0, traffic.last_unavailable - over)
    lost = [f"{name} : {one}" for one in [*traffic.wrong[:20], *traffic.losses()]]
    if back > BACK:
        lost.append(f"{name} : encore indisponible {back:.1f} s après")
    said = ", ".join(f"{number} × {status}" for status, number in sorted(traffic.answers.items()))
    _say(f"{name} : {said} ; revenu en {back:.1f} s ; la plus longue {traffic.longest:.1f} s ; {len(lost)} défaut")
    return lost


# --- faults ---------------------------------------------------------------------------------------------------


def end_connections(address: str) -> Callable[[], None]:
    def fault() -> None:
        from tests.databases import execute

        for _ in range(12):
            execute(address, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
            time.sleep(0.25)

    return fault


def restart(cluster: Path, mode: str) -> Callable[[], None]:
    def fault() -> None:
        _control(cluster, "stop", "-m", mode)
        time.sleep(2)
        _control(cluster, "start", "-l", str(cluster / "log"), "-o", _options(cluster))

    return fault


Writes = tuple[tuple[Server, str, dict[str, str]], ...]


def _while_locked(traffic: Traffic, writes: Writes) -> list[str]:
    """Who writes what is locked is told soon, who reads is answered at once."""
    lost: list[str] = []
    for person, path, fields in writes:
        begun = time.monotonic()
        status, _ = traffic.ask(person, "POST", path, **fields)
        waited = time.monotonic() - begun
        if status != 503 or waited > LOCK_TIMEOUT + 2:
            lost.append(f"transaction oubliée : POST {path} répond {status} en {waited:.1f} s")
    for path in READ:
        begun = time.monotonic()
        status, _ = traffic.ask(traffic.server, "GET", path)
        if status != 200 or time.monotonic() - begun > 2:
            lost.append(f"transaction oubliée : {path} ne se lit pas ({status})")
    return lost


def forgotten(traffic: Traffic, address: str) -> list[str]:
    """A transaction left open with the tree and a declaration locked: others are told soon, readers go on."""
    from django.db import connection

    from axes.guard.lock import ADVISORY_LOCK
    from tests.databases import _connect, execute

    lost: list[str] = []
    traffic.wrong.clear()
    traffic.answers.clear()
    lead, (mover, target) = traffic.leads[0], traffic.branches
    typed = f"/espace/declarations/{lead.typed.pk}/action/"
    _, page = traffic.ask(traffic.server, "GET", typed)
    base = page.decode().partition('name="base" value="')[2].partition('"')[0]
    writes: Writes = (
        (traffic.server, typed, {"title": "Saisie", "summary": f"Texte {lead.tried}", "base": base}),
        (traffic.officer, f"/admin/axes/orientation/{mover}/deplacer/", {"place": f"left:{target}", "reason": "Essai"}),
    )
    connection.close()
    with closing(_connect(address)) as idle:
        cursor = idle.cursor()
        cursor.execute("BEGIN")
        cursor.execute(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})")
        cursor.execute("SELECT 1 FROM axes_orientation FOR UPDATE")
        cursor.execute(f"SELECT 1 FROM projects_project WHERE id = {lead.typed.pk} FOR UPDATE")
        lost += _while_locked(traffic, writes)
        cursor.execute(f"SET idle_in_transaction_session_timeout = '{IDLE}s'")
        time.sleep(IDLE + 1)
        alive = execute(address, "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction'")
        if alive != [(0,)]:
            lost.append(f"transaction oubliée : encore ouverte après {IDLE} s")
        for person, path, fields in writes:
            status, _ = traffic.ask(person, "POST", path, **fields)
            if status not in (200, 302):
                lost.append(f"transaction oubliée, puis finie : POST {path} répond {status}")
    lost += traffic.wrong
    with connection.cursor() as cursor:
        cursor.execute("SHOW idle_in_transaction_session_timeout")
        given = cursor.fetchone()[0]
    if given != "30s":
        lost.append(f"une connexion du site reste oubliée {given}")
    _say(
        f"Une transaction oubliée tient l’arbre et un dossier : {traffic.answers[503]} écritures 503 en 5 s, "
        f"{len(READ)} lectures ; finie après son délai (ici {IDLE} s, {given} dans les réglages) ; {len(lost)} défaut"
    )
    return lost


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    argparse.ArgumentParser(description=__doc__).parse_args()
    os.environ["TEST_DB"] = "postgres"
    from tests import postgres

    address = postgres.start()
    cluster = Path(unquote(address.split("@")[1].split("/")[0]))
    own = postgres.own()
    lost: list[str] = []
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        server, user, model = stack.enter_context(demonstration(own, Path(name)))
        from axes.models import Orientation

        axes = Orientation.objects.in_force().filter(parent=None).order_by("tree_id")
        branches = axes[0].pk, axes[1].pk
        traffic = Traffic(server, arranging.officer(), user, model, branches)
        server.start()
        lost += trial(traffic, "Sans panne", lambda: None)
        lost += trial(traffic, "Toutes les connexions finies douze fois en 3 s", end_connections(own))
        lost += trial(traffic, "PostgreSQL arrêté 2 s puis relancé", restart(cluster, "fast"))
        lost += trial(traffic, "PostgreSQL tué puis relancé 2 s après", restart(cluster, "immediate"))
        lost += forgotten(traffic, own)
    for sentence in lost:
        _say(f"✗ {sentence}")
    _say("✓ Rien n’est perdu, rien que des succès et des 503." if not lost else f"✗ {len(lost)} défaut(s).")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
