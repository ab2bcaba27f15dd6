"""What ``tests.faults.operations`` cuts: new matter for each piece of work, and what its whole looks like."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

PROJECTS = 1_500
ORIENTATIONS = 400
DECISIONS = 40
MAILS = 60


def officer() -> str:
    """The cookie of an administrator who is logged in."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    client = Client()
    client.force_login(get_user_model().objects.create_superuser("agent@demo.example", "agent@demo.example"))
    return f"sessionid={client.cookies['sessionid'].value}"


def tree_problems() -> list[Any]:
    from axes import tree

    return list(tree.check())


# --- imports ------------------------------------------------------------------------------------------------


def _projects(number: int, source: str) -> tuple[bytes, Callable[[], Any], Any, Any]:
    from axes.models import Orientation
    from projects.models import Contribution, Project

    node = Orientation.objects.in_force().filter(children=None).order_by("code")[0]
    start = f"{source}{number}-"
    lead = f"Structure {start} (nouvelle)"  # its name is near that of the round before
    rows = [f"{start}{rank};Projet {rank};hors PST;{lead};{node.code}" for rank in range(PROJECTS)]

    def look() -> tuple[int, int, int]:
        mine = Project.objects.filter(code__startswith=start)
        links = Contribution.objects.filter(project__code__startswith=start).count()
        return mine.count(), links, Project.history.filter(code__startswith=start).count()

    data = "\n".join(["code;titre;type;porteur;objectifs", *rows]).encode()
    return data, look, (PROJECTS, PROJECTS, PROJECTS), (0, 0, 0)


def projects_by_page(folder: Path, number: int) -> dict[str, Any]:
    from django.contrib.auth import get_user_model

    from tests.projects.exchange.jobs import create_import

    data, look, whole, nothing = _projects(number, "WEB")
    user = get_user_model().objects.get(username="agent@demo.example")
    job = create_import(data, f"projets-{number}.csv", user)
    path = f"/admin/projects/projectimport/{job.pk}/change/"
    state = {"look": look, "whole": whole, "nothing": nothing}
    return dict(name="import de projets, par la page", path=path, page=path, post={"apply": "1"}, **state)


def projects_by_command(folder: Path, number: int) -> dict[str, Any]:
    data, look, whole, nothing = _projects(number, "CMD")
    path = folder / f"projets-{number}.csv"
    path.write_bytes(data)
    state = {"look": look, "whole": whole, "nothing": nothing}
    return dict(name="import de projets, par la commande", command=("import_projects", str(path), "--apply"), **state)


def _orientations(number: int, source: str) -> tuple[bytes, Callable[[], Any], Any, Any]:
    from axes.exchange.export import export
    from axes.models import Framework, Orientation

    framework = Framework.objects.in_force().get()
    start = f"{source}{number}-"
    parent = Orientation.objects.filter(framework=framework, level="operational").order_by("code")[0]
    table = export(framework, "csv")[0].decode().rstrip("\r\n")
    columns = table.partition("\r\n")[0].count(";")
    new = [f"{start}{rank};{parent.code};priorité;Priorité {start}{rank}" for rank in range(ORIENTATIONS)]
    rows = [row + ";" * (columns - 3) for row in new]

    def look() -> tuple[int, int]:
        history = Orientation.history.filter(code__startswith=start)
        return Orientation.objects.filter(code__startswith=start).count(), history.count()

    return "\r\n".join([table, *rows]).encode(), look, (ORIENTATIONS, ORIENTATIONS), (0, 0)


def orientations_by_page(folder: Path, number: int) -> dict[str, Any]:
    from django.contrib.auth import get_user_model

    from axes.models import Framework
    from tests.axes.exchange.jobs import create_job

    data, look, whole, nothing = _orientations(number, "OW")
    user = get_user_model().objects.get(username="agent@demo.example")
    framework = Framework.objects.in_force().get()
    job = create_job(data, f"cadre-{number}.csv", framework, user)
    path = f"/admin/axes/framework/{framework.pk}/importer/{job.pk}/"
    state = {"look": look, "whole": whole, "nothing": nothing}
    return dict(
        name="import d’orientations, par la page", path=path, page=path, post={"apply": "1", "reason": "Essai"}, **state
    )


def orientations_by_command(folder: Path, number: int) -> dict[str, Any]:
    data, look, whole, nothing = _orientations(number, "OC")
    path = folder / f"cadre-{number}.csv"
    path.write_bytes(data)
    command = ("import_orientations", str(path), "--apply", "--reason", "Essai")
    state = {"look": look, "whole": whole, "nothing": nothing}
    return dict(name="import d’orientations, par la commande", command=command, **state)


# --- a move, decisions ----------------------------------------------------------------------------------------


def a_move(folder: Path, number: int) -> dict[str, Any]:
    """The axis that comes last goes first, with its branch."""
    from axes.models import Framework, Orientation

    framework = Framework.objects.in_force().get()
    axes = list(Orientation.objects.filter(framework=framework, parent=None).order_by("tree_id"))
    order = [axis.pk for axis in axes]

    def look() -> list[int]:
        roots = Orientation.objects.filter(framework=framework, parent=None)
        return list(roots.order_by("tree_id").values_list("pk", flat=True))

    post = {"place": f"left:{order[0]}", "reason": "Essai"}
    path = f"/admin/axes/orientation/{order[-1]}/deplacer/"
    state = {"look": look, "whole": [order[-1], *order[:-1]], "nothing": order}
    return dict(name="déplacement d’une branche", path=path, post=post, **state)


def decisions(folder: Path, number: int) -> dict[str, Any]:
    """A committee decides of all that is before it."""
    from django.utils import timezone

    from projects.models import Committee, Decision, Message, TransitionLog
    from tests.projects.instructing.made import proposed

    committee = Committee.objects.create(name=f"Comité {number}", held_on=timezone.localdate())
    made = [proposed(committee=committee, code=f"DEC{number}-{rank}") for rank in range(DECISIONS)]
    keys = [one.pk for one in made]
    typed = {"decided_on": timezone.localdate().isoformat(), "deliberation": "CC-1"}
    for key in keys:
        typed |= {f"p{key}-outcome": "retained", f"p{key}-amount": "5000", f"p{key}-deliberation": ""}
        typed |= {f"p{key}-reason": ""}

    def look() -> tuple[int, int, int]:
        of_ours = {"project__in": keys}
        kept = type(made[0]).objects.filter(pk__in=keys, status="retained").count()
        counted = Decision.objects.filter(**of_ours).count(), TransitionLog.objects.filter(**of_ours).count()
        return kept, *counted

    Message.objects.filter(project__in=keys).delete()
    whole, nothing = (DECISIONS, DECISIONS, DECISIONS), (0, 0, 0)
    path = f"/instruction/comite/{committee.pk}/"
    state = {"look": look, "whole": whole, "nothing": nothing}
    return dict(name="décisions d’un comité", path=path, post=typed, **state)


# --- mails ----------------------------------------------------------------------------------------------------


def mails(bench: Any, folder: Path, chance: random.Random, rounds: int, counts: Counter[str]) -> Iterator[str]:
    """A run is killed, then the next ones go to the end: nobody gets a mail twice, and each doubt is in writing."""
    from django.utils import timezone

    from cohesion.lib.claims import IN_DOUBT
    from cohesion.models import DemoMark
    from projects.models import Message

    DemoMark.objects.all().delete()  # from a demonstration nothing leaves
    Message.objects.all().update(mailed=False)
    box = folder / "courriels"
    box.mkdir()
    at = timezone.now() - timedelta(hours=1)
    for number in range(rounds + 1):
        for rank in range(MAILS):
            Message.objects.create(
                key=f"essai-{number}-{rank}", email=f"lecteur{number}.{rank}@exemple.test", title="Essai", text="Essai",
                path="/espace/", mailed=True,
            )  # fmt: skip
        Message.objects.filter(key__startswith="essai-").update(at=at)
        if number == 0:
            begun = time.perf_counter()
            _send(bench)
            seconds = time.perf_counter() - begun
            continue
        _killed(bench, ("send_messages",), chance.uniform(0.6 * seconds, seconds))
        counts["courriels : passage tué avant sa fin"] += Message.objects.to_send().exists()
        _send(bench)
    text = "".join(path.read_text(encoding="utf-8", errors="replace") for path in box.iterdir())
    found = Counter(line for line in text.splitlines() if line.startswith("To: lecteur"))
    missing = (rounds + 1) * MAILS - len(found)
    doubts = Message.objects.filter(failure=IN_DOUBT).count()
    counts["courriels partis"] += found.total()
    counts["courriels dont le sort est noté « en doute »"] += doubts
    yield from (f"courriel parti {times} fois : {to}" for to, times in found.items() if times > 1)
    if missing > doubts or doubts > rounds:
        yield f"courriels : {missing} ne sont pas partis, {doubts} notés en doute, pour {rounds} coupures"


def _send(bench: Any) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "send_messages"],
        env=bench.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"send_messages : {done.stderr}")


def _killed(bench: Any, command: tuple[str, ...], after: float) -> bool:
    """Whether the command came to its end before it was killed."""
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        [sys.executable, "manage.py", *command],
        env=bench.environment,
        stdout=quiet,
        stderr=quiet,
        start_new_session=True,
    )
    try:
        return process.wait(after) == 0
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return False


# --- backups --------------------------------------------------------------------------------------------------


def backups(bench: Any, folder: Path, chance: random.Random, rounds: int, counts: Counter[str]) -> Iterator[str]:
    """A backup that is killed leaves the former one whole; a restore, the former database or the new one."""
    from cohesion.backup.archive import opened
    from tests.databases import dump

    target, address = folder / "nuit.zip", bench.environment["DATABASE_URL"]
    begun = time.perf_counter()
    if not _killed(bench, ("backup", str(target)), 120):
        raise SystemExit("Sans panne, la sauvegarde échoue.")
    seconds = time.perf_counter() - begun

    def state() -> dict[str, list[str]]:
        held = dump(address)
        return {name: held[name] for name in ("axes_orientation", "projects_project", "axes_framework")}

    new = state()
    for _ in range(rounds):
        done = _killed(bench, ("backup", str(target)), chance.uniform(0.3 * seconds, seconds))
        counts["sauvegardes tuées avant leur fin"] += not done
        with opened(target):  # everything in it is verified
            pass
    from axes.models import Framework

    for number in range(rounds):
        Framework.objects.update(note=f"écrit depuis {number}")
        former = state()
        done = _killed(bench, ("restore", str(target), "--replace"), chance.uniform(0.5 * seconds, 2.5 * seconds))
        counts["restaurations tuées avant leur fin"] += not done
        found = state()
        if found not in (former, new):
            yield "restauration : ni la base d’avant, ni celle de la sauvegarde"
        yield from (f"restauration : {one.sentence}" for one in tree_problems())
