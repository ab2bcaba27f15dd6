"""Several processes write one tree at random, through the doors that officers use; then all is counted.

``python -m tests.load.tree --processes 8 --operations 10000`` on SQLite, or on PostgreSQL with
``TEST_DB=postgres``. Exits 1 when anything was lost or broken. The suite runs a short one.
"""

import argparse
import multiprocessing
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests import postgres

STALE = 20  # operations between two readings of the tree: most decisions rest on what others have changed since


@dataclass
class Outcome:
    """What one process was told: how each attempt ended, what it added and removed, which wordings were accepted."""

    verdicts: Counter[tuple[str, str]] = field(default_factory=Counter)
    inserted: int = 0
    deleted: int = 0
    wordings: dict[tuple[str, int], str] = field(default_factory=dict)  # (uid, version) → title
    errors: list[str] = field(default_factory=list)


class Writer:
    """One officer in a hurry. Needs Django."""

    WEIGHTS = {"move": 45, "insert": 30, "edit": 20, "delete": 5}

    def __init__(self, number: int, seed: int) -> None:
        self.number = number
        self.random = random.Random(f"{seed}-{number}")
        self.outcome = Outcome()
        self.pks: list[int] = []

    def run(self, operations: int) -> Outcome:
        from django.core.exceptions import ValidationError
        from mptt.exceptions import InvalidMove

        from axes.models import Orientation

        for turn in range(operations):
            if turn % STALE == 0:
                self.pks = list(Orientation.objects.values_list("pk", flat=True))
            name = self.random.choices(list(self.WEIGHTS), list(self.WEIGHTS.values()))[0]
            attempt: Callable[[int], None] = getattr(self, name)
            try:
                attempt(turn)
                verdict = "fait"
            except Orientation.DoesNotExist:
                verdict = "disparue"
            except (InvalidMove, ValidationError):
                verdict = "refusé"
            except Exception as error:  # anything else is a defect: it is reported, and fails the run
                verdict = "erreur"
                self.outcome.errors.append(f"{name}: {type(error).__name__}: {error}")
            self.outcome.verdicts[name, verdict] += 1
        return self.outcome

    def pick(self) -> Any:
        from axes.models import Orientation

        return Orientation.objects.get(pk=self.random.choice(self.pks))

    def move(self, turn: int) -> None:
        from axes.models import Orientation

        position = self.random.choice(["first-child", "last-child", "left", "right"])
        Orientation.objects.move_node(self.pick(), self.pick(), position)

    def insert(self, turn: int) -> None:
        from axes.levels import Level
        from axes.models import Orientation

        parent = self.pick()
        levels = Level(parent.level).below or [Level.PRIORITY]  # under a priority: to be refused
        node = Orientation(
            framework_id=parent.framework_id,
            parent=parent,
            level=self.random.choice(levels),
            code=f"P{self.number}.{turn}",
            title=f"Ajoutée par {self.number}, tour {turn}",
        )
        node.save()
        self.outcome.inserted += 1
        self.outcome.wordings[str(node.uid), node.version] = node.title

    def edit(self, turn: int) -> None:
        node = self.pick()
        node.title = f"Modifiée par {self.number}, tour {turn}"
        node.save()
        self.outcome.wordings[str(node.uid), node.version] = node.title

    def delete(self, turn: int) -> None:
        node = self.pick()
        if node.get_descendant_count() <= 3:
            self.outcome.deleted += node.delete()[1].get("axes.Orientation", 0)


def work(address: str, number: int, seed: int, operations: int) -> Outcome:
    """One process: its own connection, its own randomness."""
    _setup(address)
    return Writer(number, seed).run(operations)


def _setup(address: str) -> None:
    os.environ.update(DATABASE_URL=address, MAINTENANCE="1", DJANGO_SETTINGS_MODULE="cohesion.settings")
    import django

    django.setup()


def storm(address: str, *, processes: int, operations: int, seed: int = 1) -> Outcome:
    """Share ``operations`` between ``processes`` on one database, and add up what they were told."""
    shares = [operations // processes + (number < operations % processes) for number in range(processes)]
    context = multiprocessing.get_context("spawn")
    total = Outcome()
    with context.Pool(processes) as pool:
        jobs = [(address, number, seed, share) for number, share in enumerate(shares)]
        for outcome in pool.starmap(work, jobs, chunksize=1):
            total.verdicts += outcome.verdicts
            total.inserted += outcome.inserted
            total.deleted += outcome.deleted
            total.errors += outcome.errors
            total.wordings |= outcome.wordings
    return total


def losses(outcome: Outcome, before: int) -> list[str]:
    """Everything that is not as the writers were told, in sentences; ``before``: the nodes there were at first."""
    from axes import tree
    from axes.models import Orientation

    found = [problem.sentence for problem in tree.check()] + outcome.errors
    expected = before + outcome.inserted - outcome.deleted
    if (count := Orientation.objects.count()) != expected:
        found.append(f"{count} orientations au lieu de {expected}")
    kept = {
        (str(uid), version): title
        for uid, version, title in Orientation.history.values_list("uid", "version", "title").iterator()
    }
    found += [f"texte perdu : {title}" for key, title in outcome.wordings.items() if kept.get(key) != title]
    last: dict[str, int] = {}
    for uid, version in outcome.wordings:
        last[uid] = max(version, last.get(uid, 0))
    for uid, version, title in Orientation.objects.values_list("uid", "version", "title"):
        if str(uid) in last and version == last[str(uid)] and outcome.wordings[str(uid), version] != title:
            found.append(f"texte remplacé : {outcome.wordings[str(uid), version]}")
    return found


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--processes", type=int, default=8)
    options.add_argument("--operations", type=int, default=10_000)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        given = os.environ.get("DATABASE_URL") if os.environ.get("TEST_DB") == "postgres" else None
        return _measure(given or postgres.of_a_command(Path(folder)), chosen)


def _measure(address: str, chosen: argparse.Namespace) -> int:
    _setup(address)
    from django.core.management import call_command
    from django.db import connection

    from axes.founding import load_founding_framework
    from axes.models import Framework, Orientation

    call_command("migrate", verbosity=0)
    load_founding_framework()
    Framework.objects.update(is_locked=False)  # a locked one asks for a reason, and refuses these writers
    before = Orientation.objects.count()
    vendor = connection.vendor
    connection.close()
    started = time.perf_counter()
    outcome = storm(address, processes=chosen.processes, operations=chosen.operations, seed=chosen.seed)
    seconds = time.perf_counter() - started
    found = losses(outcome, before)
    if outcome.inserted == 0 or not outcome.wordings:
        found.append("rien n’a été écrit : l’essai ne prouve rien")
    tried = outcome.verdicts.total()
    lines = [f"{vendor}, {chosen.processes} processus, {tried} opérations en {seconds:.1f} s ({tried / seconds:.0f}/s)"]
    lines += [f"  {name:<8}{verdict:<10}{number:>7}" for (name, verdict), number in sorted(outcome.verdicts.items())]
    lines += [
        f"orientations : {before} + {outcome.inserted} ajoutées − {outcome.deleted} supprimées"
        f" = {Orientation.objects.count()}",
        f"textes confirmés : {len(outcome.wordings)}",
        *(["tout est en ordre, rien n’est perdu"] if not found else [f"✗ {sentence}" for sentence in found[:50]]),
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
