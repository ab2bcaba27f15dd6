"""Each long piece of work is killed in its middle: imports, a move, decisions, a mail run, a backup, a restore.

``python -m tests.faults.operations --rounds 3`` on SQLite, or on PostgreSQL with ``TEST_DB=postgres``. Each round kills
each of them once (SIGKILL, at a random moment of its work), looks whether all of it or nothing is there, whether the
tree is whole, what the page of an import says of it, and does it again. Hand-in is in ``tests.faults.kill``. Exits 1
when anything is there by half, confirmed and lost, done twice, or stuck.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests import postgres
from tests.faults import arranging
from tests.faults.kill import Killed, Server, demonstration

SETTLES = 15  # seconds that a database may take to undo what its dead client had begun


@dataclass
class Work:
    """Something that takes a while, how far it is, and what its whole looks like."""

    name: str
    look: Callable[[], Any]
    whole: Any
    nothing: Any
    page: str = ""  # of an import: what it says of an application that stopped
    post: dict[str, str] = field(default_factory=dict)
    path: str = ""  # where ``post`` goes; else a command
    command: tuple[str, ...] = ()


class Bench:
    """The site, an officer who is logged in, and commands on the same database."""

    def __init__(self, server: Server, environment: dict[str, str]) -> None:
        self.server, self.environment = server, environment
        self.confirmed = False
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, work: Work) -> threading.Thread:
        self.confirmed = False
        thread = threading.Thread(target=self._ask if work.path else self._run, args=[work])
        thread.start()
        return thread

    def _ask(self, work: Work) -> None:
        try:
            status, _, page = self.server.post(work.path, **work.post)
            self.confirmed = status == 302 or (status == 200 and "L’import est appliqué".encode() in page)
        except Killed:
            pass

    def _run(self, work: Work) -> None:
        command = [sys.executable, "manage.py", *work.command]
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(
            command, env=self.environment, stdout=quiet, stderr=quiet, start_new_session=True
        )
        self.confirmed = self.process.wait() == 0

    def kill(self, work: Work) -> None:
        if work.path:
            self.server.kill()
        elif self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)

    def lasts(self, work: Work) -> float:
        """Done once without any fault, in so many seconds."""
        begun = time.perf_counter()
        self.start(work).join()
        if not self.confirmed or work.look() != work.whole:
            raise SystemExit(f"Sans panne, {work.name} donne {work.look()} au lieu de {work.whole}.")
        return time.perf_counter() - begun

    def page(self, path: str) -> str:
        return self.server.ask("GET", path)[2].decode()


def settled() -> None:
    """Wait until no transaction of somebody dead is open any more."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return
    limit = time.monotonic() + SETTLES
    others = "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND xact_start IS NOT NULL"
    while time.monotonic() < limit:
        with connection.cursor() as cursor:
            cursor.execute(f"{others} AND datname = current_database()")
            if cursor.fetchone() == (0,):
                return
        time.sleep(0.05)


def cut(bench: Bench, work: Work, after: float, counts: Counter[str]) -> Iterator[str]:
    """Kill the work after so many seconds; yields what is wrong, then does it again."""
    thread = bench.start(work)
    thread.join(after)
    bench.kill(work)
    thread.join()
    settled()
    found = work.look()
    counts[f"{work.name} : rien n’est écrit" if found == work.nothing else f"{work.name} : tout est écrit"] += 1
    if found not in (work.whole, work.nothing):
        yield f"{work.name} : à moitié, {found} (attendu {work.nothing} ou {work.whole})"
    if bench.confirmed and found != work.whole:
        yield f"{work.name} : confirmé, et perdu"
    yield from (f"{work.name} : {one.sentence}" for one in arranging.tree_problems())
    if work.path:
        bench.server.start()
    if work.page and found == work.nothing:
        said = bench.page(work.page)
        counts["imports interrompus, et dits tels"] += "s’est arrêtée avant la fin" in said
        if "est en cours" in said or 'name="apply"' not in said or 'name="cancel"' not in said:
            yield f"{work.name} : la page n’offre ni d’appliquer de nouveau ni d’abandonner"
    if found == work.nothing:
        bench.start(work).join()
        if work.look() != work.whole:
            yield f"{work.name} : repris, puis {work.look()}"


def measure(address: str, folder: Path, rounds: int, seed: int) -> int:
    chance, lost, counts, begun = random.Random(seed), [], Counter[str](), time.perf_counter()
    pieces = folder / "pieces"
    pieces.mkdir()
    with demonstration(address, pieces) as (server, _, _), ExitStack() as stack:
        from django.conf import settings

        officer = arranging.officer()
        server.cookie = server.cookie.replace(server.cookie.partition(";")[0], officer)
        server.start()
        environment = os.environ | {"MAINTENANCE": "1", "DEMO": "0", "LOG_LEVEL": "CRITICAL"}
        environment |= {"EMAIL_URL": f"filemail:////{folder / 'courriels'}", "BASE_URL": "https://cst.example"}
        os.chdir(settings.BASE_DIR)
        stack.callback(server.kill)
        bench = Bench(server, environment)
        arranged = (arranging.projects_by_page, arranging.projects_by_command, arranging.orientations_by_page)
        arranged += (arranging.orientations_by_command, arranging.a_move, arranging.decisions)
        for arrange in arranged:
            seconds = bench.lasts(Work(**arrange(folder, 0)))
            for number in range(1, rounds + 1):
                work = Work(**arrange(folder, number))
                # A command first loads the site: its work is in the second half of its time.
                after = chance.uniform(0.02 if work.path else 0.55 * seconds, seconds)
                lost += cut(bench, work, after, counts)
        lost += arranging.mails(bench, folder, chance, rounds, counts)
        lost += arranging.backups(bench, folder, chance, rounds, counts)
    lines = [f"{address.partition(':')[0]}, {rounds} coupures de chaque travail en {time.perf_counter() - begun:.0f} s"]
    lines += [f"  {name:<62}{number:>4}" for name, number in sorted(counts.items())]
    lines += [f"✗ {sentence}" for sentence in lost] or ["tout ou rien, rien de confirmé n’est perdu, rien n’est bloqué"]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if lost else 0


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        address = postgres.of_a_command(Path(name))
        return measure(address, Path(name), chosen.rounds, chosen.seed)


if __name__ == "__main__":
    sys.exit(main())
