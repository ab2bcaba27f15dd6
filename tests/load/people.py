"""Many people read the site while 10 000 projects are imported beside it.

``python -m tests.load.people`` on a PostgreSQL of its own, ``--sqlite`` on SQLite. Fifty readers bear a cookie and so
get pages made for them, with filters that vary; a thousand bear none, get kept pages, and ask again with the ETag
that they hold. The loop is closed: everybody waits for the answer, then thinks (``--think``, ``--cached-think``: the
mean, in seconds). Exits 1 when an answer was wrong: a 5xx, a truncated page, a total that never was in the database.
"""

import argparse
import asyncio
import datetime
import os
import random
import secrets
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

from tests.load.reading import HOST, Frontal, Group, Reader, read_until

ADDED = 10_000
WORKERS = 2
QUIET = 3.0  # seconds of reading before the import begins
FILL = """
from pathlib import Path
from axes.models import Orientation
from tests.benchmark import importing
from tests.benchmark.filling import filled
from tests.benchmark.measuring import Size
from projects.choices import ProjectStatus
framework = filled(Size(nodes={nodes}, links={links}, projects={projects}))
codes = list(Orientation.objects.filter(framework=framework).in_order().values_list("code", flat=True))
Path({file!r}).write_bytes(importing.made_file({added}, codes, ProjectStatus.RUNNING))
"""
COUNT = "from projects.models import Project; print(Project.objects.published().count())"
LIST = "/projets/"
# What the readers of uncached pages ask for, at random.
ASKED = (
    "/",
    "/cadre/",
    "/couverture/",
    "/territoires/",
    "/orientations/{axis}/",
    "/orientations/{axis}.1/",
    LIST,
    "/projets/?nature={kind}",
    "/projets/?annee={year}&pst=hors",
    "/projets/?axe={axis}&nature={kind}",
    "/projets/?q={word}",
    "/projets/?q={word}&annee={year}&tri=-date",
    "/projets/?page={page}",
    "/recherche/?q={word}",
)
THIS_YEAR = datetime.date.today().year
WORDS = ("emploi", "logement", "vieillissement", "jeunes quartiers", "santé", "sport", "xylophone", "langue")
KEPT = (
    "/",
    "/cadre/",
    "/couverture/",
    LIST,
    "/projets/?nature=pst",
    f"/projets/?annee={THIS_YEAR - 1}",
    "/orientations/1/",
)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def address(draw: random.Random) -> str:
    return draw.choice(ASKED).format(
        axis=draw.randint(1, 8),
        kind=draw.choice(("pst", "prh", "action")),
        year=THIS_YEAR + draw.randint(-3, 1),
        page=draw.randint(1, 60),
        word=quote(draw.choice(WORDS)),
    )


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sqlite", action="store_true")
    options.add_argument("--readers", type=int, default=50)
    options.add_argument("--think", type=float, default=10.0)
    options.add_argument("--cached", type=int, default=1_000)
    options.add_argument("--cached-think", type=float, default=20.0)
    options.add_argument("--seconds", type=float, default=60.0)
    options.add_argument("--projects", type=int, default=10_000)
    options.add_argument("--nodes", type=int, default=1_000)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="cohesion-lecteurs-") as folder, ExitStack() as stack:
        environment = _environment(folder, chosen.sqlite)
        file = Path(folder) / "projets.csv"
        sizes = {"nodes": chosen.nodes, "links": 2 * chosen.projects, "projects": chosen.projects, "added": ADDED}
        _run(environment, "manage.py", "migrate", "--verbosity", "0")
        _run(environment, "manage.py", "shell", "--verbosity", "0", "-c", FILL.format(**sizes, file=str(file)))
        serving = environment | {"MAINTENANCE": "0"}
        _run(serving, "-m", "django", "collectstatic", "--noinput", "--verbosity", "0")
        port, server = _serve(serving, Path(folder) / "site.log")
        stack.callback(_stop, server)
        return asyncio.run(_measure(chosen, environment, port, server.pid, file))


def _environment(folder: str, sqlite: bool) -> dict[str, str]:
    if sqlite:
        database = f"sqlite:///{folder}/charge.sqlite3"
    else:
        from tests import postgres

        database = postgres.own()
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "cohesion.settings",
        "DATABASE_URL": database,
        "SECRET_KEY": secrets.token_urlsafe(64),
        "ALLOWED_HOSTS": HOST,
        "BEHIND_PROXY": "1",
        "PROXY_COUNT": "1",
        "STATIC_ROOT": f"{folder}/static",
        "ATTACHMENTS_ROOT": f"{folder}/attachments",
        "MAINTENANCE": "1",
    }


def _run(environment: dict[str, str], *command: str) -> str:
    done = subprocess.run([sys.executable, *command], env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout


def _serve(environment: dict[str, str], log: Path) -> tuple[int, subprocess.Popen[bytes]]:
    """The server as ``docs/operations.md`` has it in production."""
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", str(WORKERS), "--blocking-threads", "4", "--backpressure", "1024"]
    with log.open("w") as stream:
        server = subprocess.Popen(
            [*command, "cohesion.wsgi:application"], env=environment, stdout=stream, stderr=stream
        )
    return port, server


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()


async def _measure(chosen: argparse.Namespace, environment: dict[str, str], port: int, pid: int, file: Path) -> int:
    before = int(_run(environment, "manage.py", "shell", "--verbosity", "0", "-c", COUNT))
    frontal = Frontal(port)
    await _until_it_answers(frontal)
    made, kept = Group("pages faites pour la requête"), Group("pages gardées")
    draw = random.Random(27)
    readers = [
        Reader(made, frontal, rank, chosen.think, lambda: address(draw), cookie=True) for rank in range(chosen.readers)
    ]
    readers += [
        Reader(kept, frontal, chosen.readers + rank, chosen.cached_think, lambda: draw.choice(KEPT))
        for rank in range(chosen.cached)
    ]
    empty, at_work = _memory(pid), _processor(pid)
    cpu, started = time.process_time(), time.monotonic()
    import_ends = asyncio.create_task(_import(environment, file))
    await read_until(readers, lambda: time.monotonic() - started > chosen.seconds and import_ends.done())
    lasted = time.monotonic() - started
    took, code = import_ends.result()
    after = int(_run(environment, "manage.py", "shell", "--verbosity", "0", "-c", COUNT))
    spent = _processor(pid) - at_work
    told = await Reader(made, frontal, 0, 0, lambda: LIST, cookie=True).total()
    wrong = [*made.wrong, *kept.wrong]
    wrong += [
        f"{total} projets affichés, qui n’ont jamais été"
        for total in made.totals | kept.totals
        if total not in (before, after)
    ]
    if (told, after) != (after, before + ADDED) or code:
        wrong.append(f"après l’import ({code}) : {told} projets affichés, {after} en base, {before} avant")
    say(
        f"{'SQLite' if chosen.sqlite else 'PostgreSQL'}, {chosen.projects} projets, {WORKERS} processus, {lasted:.0f} s"
    )
    say(f"boucle fermée : {chosen.readers} lecteurs sans page gardée ({chosen.think:g} s de réflexion en moyenne),")
    say(f"  {chosen.cached} avec ({chosen.cached_think:g} s) ; import de {ADDED} projets en même temps : {took:.0f} s")
    for group in (made, kept):
        say(group.line(lasted))
    say(f"projets : {before}, puis {after} ; affiché à la fin : {told}")
    say(f"mémoire du site : {empty} Mo avant, {_memory(pid)} Mo après")
    share = (time.process_time() - cpu) / lasted
    say(
        f"charge de la machine : {os.getloadavg()[0]:.1f} sur {os.cpu_count()} cœurs, dont le site {spent / lasted:.2f}"
    )
    say(f"  et les lecteurs {share:.2f}")
    for sentence in wrong[:20]:
        say(f"✗ {sentence}")
    say("✓ Aucune réponse fausse." if not wrong else f"✗ {len(wrong)} réponse(s) fausse(s).")
    return 1 if wrong else 0


async def _import(environment: dict[str, str], file: Path) -> tuple[float, int]:
    """The command beside the site, as an officer's night job runs it: how long it took, and its exit code."""
    await asyncio.sleep(QUIET)
    begun = time.monotonic()
    command = [sys.executable, "manage.py", "import_projects", str(file), "--apply", "--json"]
    process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.DEVNULL)
    code = await process.wait()
    return time.monotonic() - begun, code


async def _until_it_answers(frontal: Frontal) -> None:
    group = Group("")
    for _ in range(200):
        try:
            if await Reader(group, frontal, 0, 0, lambda: "/sante/").ask() == 200:
                return
        except OSError:
            pass
        await asyncio.sleep(0.1)
    raise SystemExit("✗ Le site ne répond pas.")


def _family(pid: int) -> list[str]:
    """The server and its workers (Linux)."""
    return [str(pid), *Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _processor(pid: int) -> float:
    """Seconds of processor that they have taken."""
    ticks = [Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()[11:13] for one in _family(pid)]
    return sum(int(number) for pair in ticks for number in pair) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int) -> int:
    """Millions of bytes that they hold, what they share counted once."""
    lines = [line for one in _family(pid) for line in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()]
    return round(sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1_000)


if __name__ == "__main__":
    sys.exit(main())
