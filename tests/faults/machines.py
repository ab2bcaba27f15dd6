"""Two processes of the site on one PostgreSQL: one is killed, even while it writes, then the database goes away.

``TEST_DB=postgres python -m tests.faults.machines``. Somebody logs in, begins a declaration with one process and goes
on with the other; each request goes to the next process in turn, and to the other one when that one is dead, as a
load balancer does. Exits 1 when anything that was acknowledged is lost, or anything but a clean 503 is said.
"""

import argparse
import contextlib
import http.client
import os
import random
import re
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import unquote, urlencode

import psycopg2

HOST = "deux-machines.example"
PASSWORD = "un-mot-de-passe-de-machine-a-machine"
EMAIL = "porteuse@exemple.test"
MADE = """
from django.contrib.auth import get_user_model
from projects.models import Membership, Organization
user = get_user_model().objects.create_user(username={email!r}, email={email!r}, password={password!r})
organization = Organization.objects.create(name="Association des deux machines", kind="association")
Membership.objects.create(user=user, organization=organization, role="signatory")
"""
WAIT = 20  # seconds for a process to answer, at most
CUTS = 12  # writings that are cut
LONGEST = 0.08  # seconds before the process that writes is killed
SETTLES = 0.3
BACK = 3.0  # seconds in which the site must be back after its database


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


class Answer:
    def __init__(self, status: int, headers: list[tuple[str, str]], body: str) -> None:
        self.status, self.headers, self.body = status, headers, body

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


class Process:
    """One process of the site with the settings of production, as nginx would reach it."""

    def __init__(self, environment: dict[str, str], log: Path, folder: Path | None = None) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
        command += ["--port", str(self.port), "--workers", "1", "--blocking-threads", "4", "cohesion.wsgi:application"]
        with log.open("w") as stream:
            self.process = subprocess.Popen(
                command, env=environment, stdout=stream, stderr=stream, start_new_session=True, cwd=folder
            )

    def ask(self, method: str, path: str, headers: dict[str, str], body: str = "") -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        try:
            sent = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"} | headers
            connection.request(method, path, body.encode() or None, sent)
            answer = connection.getresponse()
            return Answer(answer.status, answer.getheaders(), answer.read().decode(errors="replace"))
        finally:
            connection.close()

    def kill(self) -> None:
        """The server and its worker, without a word."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Reader:
    """A browser behind a load balancer: cookies kept, the next process asked in turn, a dead one passed over."""

    def __init__(self, processes: list[Process]) -> None:
        self.processes = processes
        self.cookies: dict[str, str] = {}
        self.turn = 0
        self.passed_over = 0

    def ask(self, path: str, form: dict[str, str] | None = None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if form is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"https://{HOST}{path}"}
            form = form | {"csrfmiddlewaretoken": self.cookies.get("__Host-csrftoken", "")}
        for _ in self.processes:
            self.turn += 1
            try:
                answer = self.processes[self.turn % len(self.processes)].ask(
                    "GET" if form is None else "POST", path, headers, urlencode(form or {})
                )
            except ConnectionRefusedError:
                self.passed_over += 1
                continue
            for name, value in answer.headers:
                if name.lower() == "set-cookie":
                    key, _, rest = value.partition("=")
                    self.cookies[key] = rest.partition(";")[0]
            return answer
        raise SystemExit("✗ Plus aucun processus ne répond.")


def main() -> int:
    argparse.ArgumentParser(description=__doc__).parse_args()
    os.environ["TEST_DB"] = "postgres"
    from tests import postgres

    address = postgres.start()
    cluster = Path(unquote(address.split("@")[1].split("/")[0]))
    own = postgres.own()
    lost: list[str] = []
    with tempfile.TemporaryDirectory(prefix="cohesion-machines-") as folder, ExitStack() as stack:
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "cohesion.settings",
            "DATABASE_URL": own,
            "SECRET_KEY": secrets.token_urlsafe(64),
            "ALLOWED_HOSTS": HOST,
            "BEHIND_PROXY": "1",
            "PROXY_COUNT": "1",
            "STATIC_ROOT": f"{folder}/static",
            "ATTACHMENTS_ROOT": f"{folder}/attachments",
        }
        for command in (
            ["manage.py", "migrate", "--verbosity", "0"],
            ["manage.py", "shell", "--verbosity", "0", "-c", MADE.format(email=EMAIL, password=PASSWORD)],
        ):
            subprocess.run([sys.executable, *command], env=environment, check=True, stdout=subprocess.DEVNULL)
        serving = environment | {"MAINTENANCE": "0"}
        static = [sys.executable, "-m", "django", "collectstatic", "--noinput", "--verbosity", "0"]
        subprocess.run(static, env=serving, check=True)
        processes = [Process(serving, Path(folder) / f"{number}.log") for number in (1, 2)]
        for process in processes:
            stack.callback(process.kill)
        for process in processes:
            _until(process)
        reader = Reader(processes)
        lost += one_is_killed(reader)
        processes[0] = Process(serving, Path(folder) / "1-encore.log")
        stack.callback(processes[0].kill)
        _until(processes[0])
        lost += cut_in_its_middle(reader, cluster, serving, Path(folder), stack)
        lost += database_stopped(reader, cluster)
    for sentence in lost:
        say(f"✗ {sentence}")
    say("✓ Rien n’est perdu." if not lost else f"✗ {len(lost)} défaut(s).")
    return 1 if lost else 0


def one_is_killed(reader: Reader) -> list[str]:
    lost = []
    reader.ask("/compte/connexion/")
    logged = reader.ask("/compte/connexion/", {"login": EMAIL, "password": PASSWORD})
    if logged.status != 302:
        return [f"La connexion a répondu {logged.status}."]
    reader.ask("/espace/declarations/nouvelle/")
    begun = reader.ask("/espace/declarations/nouvelle/", {"title": "Jardin des deux machines"})
    found = re.search(r"/espace/declarations/(\d+)/", begun.header("Location"))
    if begun.status != 302 or not found:
        return [f"La déclaration commencée a répondu {begun.status}."]
    home = found[0]
    statuses: Counter[int] = Counter()
    for rank in range(40):
        if rank == 20:
            reader.processes[0].kill()
        written = f"Résumé numéro {rank}"
        page = reader.ask(f"{home}action/")
        form = _typed(page.body) | {"title": "Jardin des deux machines", "summary": written}
        saved = reader.ask(f"{home}action/", form)
        again = reader.ask(f"{home}action/")
        statuses.update([page.status, saved.status, again.status])
        if saved.status not in (200, 302) or written not in again.body:
            lost.append(f"« {written} », enregistré ({saved.status}), ne se relit pas ({again.status}).")
    statuses_said = ", ".join(f"{number} × {status}" for status, number in sorted(statuses.items()))
    say(
        f"Un processus sur deux tué (SIGKILL) au milieu d’une session : {sum(statuses.values())} requêtes, "
        f"{statuses_said} ; {reader.passed_over} passées à l’autre ; {len(lost)} écriture(s) perdue(s)."
    )
    return lost + [f"Réponse {status} inattendue." for status in statuses if status not in (200, 302)]


def cut_in_its_middle(
    reader: Reader, cluster: Path, serving: dict[str, str], folder: Path, stack: ExitStack
) -> list[str]:
    """The process that is writing is killed; the same form is sent again to the other: it is written once."""
    lost: list[str] = []
    counts: Counter[str] = Counter()
    chance, processes = random.Random(1), reader.processes
    for number in range(CUTS):
        title = f"Coupure {number}"
        page = reader.ask("/espace/declarations/nouvelle/")
        form = _typed(page.body) | {"title": title}
        answered: list[Answer] = []

        def send(form: dict[str, str] = form, answered: list[Answer] = answered) -> None:
            alone = Reader([processes[0]])
            alone.cookies = dict(reader.cookies)
            with contextlib.suppress(OSError, http.client.HTTPException, SystemExit):
                answered.append(alone.ask("/espace/declarations/nouvelle/", form))

        thread = threading.Thread(target=send)
        thread.start()
        thread.join(chance.uniform(0.0, LONGEST))
        processes[0].kill()
        thread.join()
        time.sleep(SETTLES)  # what a dead client had begun is undone, or done
        confirmed = bool(answered) and answered[0].status == 302
        before = _begun(cluster, title)
        reader.processes = processes[1:]
        again = reader.ask("/espace/declarations/nouvelle/", form)
        reader.processes = processes
        after = _begun(cluster, title)
        counts["confirmées"] += confirmed
        counts["faites sans réponse"] += not confirmed and before == 1
        counts["défaites"] += before == 0
        if confirmed and before != 1:
            lost.append(f"« {title} », confirmée, n’est pas là.")
        if again.status != 302 or after != 1:
            lost.append(f"« {title} », envoyée de nouveau ({again.status}), est là {after} fois.")
        processes[0] = Process(serving, folder / f"coupure-{number}.log")
        stack.callback(processes[0].kill)
        _until(processes[0])
    said = ", ".join(f"{number} {name}" for name, number in counts.items())
    say(f"Une écriture coupée en son milieu, {CUTS} fois, et renvoyée à l’autre : {said} ; {len(lost)} défaut.")
    return lost


def _begun(cluster: Path, title: str) -> int:
    """How many declarations bear this title, asked past the site."""
    with contextlib.closing(psycopg2.connect(dbname="postgres", host=str(cluster), user="cohesion")) as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT count(*) FROM projects_declaration JOIN projects_project p ON p.id = project_id"
                       " WHERE p.title = %s", [title])  # fmt: skip
        return cursor.fetchone()[0]


def _typed(page: str) -> dict[str, str]:
    """The hidden fields of the form, among them the version that was read."""
    hidden = re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", page)
    pairs = [(re.search(r'name="([^"]+)"', one), re.search(r'value="([^"]*)"', one)) for one in hidden]
    return {name[1]: value[1] for name, value in pairs if name and value}


def database_stopped(reader: Reader, cluster: Path) -> list[str]:
    """Stopped at once, started again four seconds later; a page that needs the database is asked all the time."""
    lost = []
    statuses: Counter[int] = Counter()
    _control(cluster, "stop", "-m", "fast")
    until = time.monotonic() + 4
    while time.monotonic() < until:
        answer = reader.ask("/espace/")
        statuses[answer.status] += 1
        if answer.status != 503 or not answer.header("Retry-After"):
            lost.append(f"Base arrêtée : réponse {answer.status}, Retry-After « {answer.header('Retry-After')} ».")
    _control(cluster, "start", "-l", str(cluster / "log"), "-o", _options(cluster))
    started = time.monotonic()
    while (answer := reader.ask("/espace/")).status != 200 and time.monotonic() - started < 2 * BACK:
        statuses[answer.status] += 1
        if answer.status != 503:
            lost.append(f"Base revenue : réponse {answer.status}.")
    back = time.monotonic() - started
    if answer.status != 200 or back > BACK:
        lost.append(f"Le site n’est pas revenu en {BACK:.0f} s : {answer.status} après {back:.1f} s.")
    said = ", ".join(f"{number} × {status}" for status, number in sorted(statuses.items()))
    say(f"PostgreSQL arrêté quatre secondes : {said} ; session encore ouverte {back:.2f} s après son retour.")
    return lost


def _options(cluster: Path) -> str:
    return f"-c listen_addresses= -c unix_socket_directories={cluster} -c fsync=off -c max_connections=200"


def _control(cluster: Path, action: str, *options: str) -> None:
    from tests import postgres

    command = [str(postgres.binaries() / "pg_ctl"), "-D", str(cluster / "data"), "-w", *options, action]
    subprocess.run(
        command,
        check=True,
        cwd=cluster,
        stdout=subprocess.DEVNULL,
        **postgres._as_server_user(),  # type: ignore[call-overload]
    )


def _until(process: Process) -> None:
    until = time.monotonic() + WAIT
    while time.monotonic() < until:
        try:
            if process.ask("GET", "/sante/", {}).status == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise SystemExit("✗ Un processus du site ne répond pas.")


if __name__ == "__main__":
    sys.exit(main())
