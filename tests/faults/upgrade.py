"""An upgrade without a pause: the former code goes on serving while and after the new one migrates the database.

``python -m tests.faults.upgrade [REFERENCE]`` on SQLite, or on PostgreSQL with ``TEST_DB=postgres``. The former code is
that of a tag or of a commit; without one, of the last commit whose migrations are not those of this folder. It fills
a database and serves; somebody reads and writes all the time; the new code migrates under them, the former one goes on
over the new schema, then both serve in turn, then the new one alone. Exits 1 when anything but success or a clean 503
is answered, or something that was confirmed does not read back.
"""

import argparse
import os
import re
import secrets
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from tests import postgres
from tests.faults.machines import EMAIL, HOST, MADE, PASSWORD, Process, Reader, _typed, _until, say

HERE = Path(__file__).resolve().parents[2]
READ = (
    "/",
    "/cadre/",
    "/projets/",
    "/recherche/?q=sante",
    "/couverture/",
    "/espace/",
    "/projets/export.csv",
    "/sante/",
)


def git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=HERE, capture_output=True, text=True, check=True).stdout


def migrations_of(reference: str) -> set[str]:
    names = git("ls-tree", "-r", "--name-only", reference).splitlines()
    return {name for name in names if re.search(r"/migrations/\d{4}_", name)}


def former() -> str:
    """The last commit that had other migrations than this folder."""
    here = {path.relative_to(HERE).as_posix() for path in HERE.glob("*/migrations/[0-9]*.py")}
    for commit in git("rev-list", "--first-parent", "HEAD").split():
        if migrations_of(commit) != here:
            return commit
    raise SystemExit("Tous les états connus ont les mêmes migrations : il n’y a rien à essayer.")


def unpacked(reference: str, folder: Path) -> Path:
    folder.mkdir()
    archive = subprocess.Popen(["git", "archive", reference], cwd=HERE, stdout=subprocess.PIPE)
    subprocess.run(["tar", "-x", "-C", str(folder)], stdin=archive.stdout, check=True)
    if archive.wait():
        raise SystemExit(f"« {reference} » n’est ni une étiquette ni un état connus.")
    return folder


class Person:
    """Somebody who reads and writes through a load balancer, and checks each time what was confirmed."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.statuses: Counter[int] = Counter()
        self.lost: list[str] = []
        self.rank = 0
        self.home = ""

    def enter(self) -> None:
        self.reader.ask("/compte/connexion/")
        if self.reader.ask("/compte/connexion/", {"login": EMAIL, "password": PASSWORD}).status != 302:
            raise SystemExit("✗ L’ancien code n’ouvre pas de session.")
        self.reader.ask("/espace/declarations/nouvelle/")
        begun = self.reader.ask("/espace/declarations/nouvelle/", {"title": "Jardin d’avant et d’après"})
        found = re.search(r"/espace/declarations/(\d+)/", begun.header("Location"))
        if not found:
            raise SystemExit(f"✗ L’ancien code n’ouvre pas de déclaration ({begun.status}).")
        self.home = found[0]

    def work(self) -> None:
        """One text written and read back, every page read."""
        self.rank += 1
        written = f"Résumé numéro {self.rank}"
        page = self._ask(f"{self.home}action/")
        if page[0] == 200:
            form = _typed(page[1]) | {"title": "Jardin d’avant et d’après", "summary": written}
            saved = self._ask(f"{self.home}action/", form)
            again = self._ask(f"{self.home}action/")
            if saved[0] == 302 and again[0] == 200 and written not in again[1]:
                self.lost.append(f"« {written} », confirmé, ne se relit pas")
        new = self._ask("/espace/declarations/nouvelle/", {"title": f"Action {self.rank}"})
        if new[0] == 503:
            return
        for path in READ:
            self._ask(path)

    def _ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        answer = self.reader.ask(path, form)
        self.statuses[answer.status] += 1
        if answer.status not in (200, 302, 503) or (answer.status == 503 and not answer.header("Retry-After")):
            self.lost.append(f"{'GET' if form is None else 'POST'} {path} : {answer.status}")
        return answer.status, answer.body

    def said(self, when: str) -> list[str]:
        statuses = ", ".join(f"{number} × {status}" for status, number in sorted(self.statuses.items()))
        say(f"  {when} : {statuses} ; {len(self.lost)} défaut")
        lost = [f"{when} : {one}" for one in self.lost]
        self.lost, self.statuses = [], Counter()
        return lost


def run(folder: Path, environment: dict[str, str], *command: str) -> None:
    subprocess.run([sys.executable, *command], cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)


def upgrade(reference: str, address: str, root: Path, stack: ExitStack) -> list[str]:
    old = unpacked(reference, root / "ancien")
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "cohesion.settings",
        "DATABASE_URL": address,
        "SECRET_KEY": secrets.token_urlsafe(64),
        "ALLOWED_HOSTS": HOST,
        "BEHIND_PROXY": "1",
        "ATTACHMENTS_ROOT": str(root / "pieces"),
        "LOG_LEVEL": "ERROR",
    }
    run(old, environment, "manage.py", "demo", "--check")
    made = MADE.format(email=EMAIL, password=PASSWORD)
    run(old, environment, "manage.py", "shell", "--verbosity", "0", "-c", made)
    serving = {}
    for name, folder in (("ancien", old), ("nouveau", HERE)):
        serving[name] = environment | {"MAINTENANCE": "0", "STATIC_ROOT": str(root / f"statiques-{name}")}
        run(folder, serving[name], "-m", "django", "collectstatic", "--noinput", "--verbosity", "0")
    first = Process(serving["ancien"], root / "ancien.log", old)
    stack.callback(first.kill)
    _until(first)
    person = Person(Reader([first]))
    person.enter()
    lost = _worked(person, 5, "l’ancien code sur l’ancien schéma")
    migrating = subprocess.Popen(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=HERE, env=environment
    )
    begun = time.perf_counter()
    while migrating.poll() is None:
        person.work()
    if migrating.returncode:
        return [*lost, "La migration a échoué."]
    lost += person.said(f"pendant la migration ({time.perf_counter() - begun:.0f} s)")
    lost += _worked(person, 10, "l’ancien code sur le nouveau schéma")
    second = Process(serving["nouveau"], root / "nouveau.log", HERE)
    stack.callback(second.kill)
    _until(second)
    person.reader.processes = [first, second]
    lost += _worked(person, 10, "les deux à tour de rôle")
    first.kill()
    lost += _worked(person, 5, "le nouveau code seul")
    checked = subprocess.run(
        [sys.executable, "manage.py", "check_tree"], cwd=HERE, env=environment, capture_output=True, check=False
    )
    return lost + ([] if checked.returncode == 0 else ["check_tree trouve un défaut"])


def _worked(person: Person, times: int, when: str) -> list[str]:
    for _ in range(times):
        person.work()
    return person.said(when)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("reference", nargs="?", help="l’étiquette ou l’état du code d’avant")
    reference = options.parse_args().reference or former()
    with tempfile.TemporaryDirectory(prefix="cohesion-upgrade-") as name, ExitStack() as stack:
        address = postgres.of_a_command(Path(name))
        os.environ.pop("TEST_DB", None)
        say(f"{address.partition(':')[0]}, de {reference[:12]} à ce dossier")
        lost = upgrade(reference, address, Path(name), stack)
    for sentence in lost:
        say(f"✗ {sentence}")
    say("✓ Sans coupure, et rien n’est perdu." if not lost else f"✗ {len(lost)} défaut(s).")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
