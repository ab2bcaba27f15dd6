"""The import of a Word document: its rows are compared and written as those of a table are."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import ProtectedError

from axes import actions, tree
from axes.exchange import plan as planning
from axes.exchange.applying import OrientationImporter
from axes.exchange.plan import OrientationPlan
from axes.exchange.state import states
from axes.models import Framework, Orientation
from axes.word.differences import KINDS, consequences, lines
from axes.word.reading import read_framework
from cohesion.imports.applying import origin
from cohesion.imports.importer import Tell, tell_nobody
from cohesion.lib.people import Person
from cohesion.lib.spreadsheets.expected import Choices
from cohesion.lib.spreadsheets.headed import Reading

NEVER_REMOVED = "Une orientation n’est supprimée que d’un cadre en préparation : rien n’a été écrit."


@dataclass
class WordPlan(OrientationPlan):
    """The differences, and what is told of the document (none when it is applied: it was told)."""

    word: dict[str, Any] = field(default_factory=dict)

    def report(self) -> dict[str, Any]:
        report = super().report()
        if not self.word:
            return report | {"word": {}}
        entries = {kind: getattr(self, kind) for kind in ("created", "changed", "moved", "missing")}
        differences = lines(entries, self.word)
        counted = Counter(line["kind"] for line in differences)
        counts = {kind: counted[kind] for kind in KINDS}
        shown = {"lines": differences, "counts": counts, "consequences": consequences(entries, self.word)}
        return report | {"word": self.word | shown}


class WordImporter(OrientationImporter):
    """``removed`` are the codes of those that the document lacks and that somebody chose to remove."""

    plan: type[OrientationPlan] = WordPlan
    unit = ("orientation écrite ou supprimée", "orientations écrites ou supprimées")

    def __init__(self, framework: Framework, removed: Collection[str] = ()) -> None:
        super().__init__(framework)
        self.removed = set(removed)

    def read_file(self, data: bytes, filename: str, choices: Choices | None = None) -> Reading:
        return read_framework(self._framework, data)

    def compare(self, reading: Reading) -> WordPlan:
        plan = planning.make(states(self.framework), reading)
        return WordPlan(**vars(plan), word=getattr(reading, "word", {}))

    def compare_brought(self, reading: Reading) -> WordPlan:
        """The document names its orientations itself, whatever code each bears."""
        return self.compare(reading)

    def write(
        self,
        plan: OrientationPlan,
        filename: str,
        *,
        by: Person | None = None,
        reason: str = "",
        tell: Tell = tell_nobody,
    ) -> int:
        """Write a good plan, then remove what was chosen. Returns the number of orientations written or removed.

        Raises:
            ValidationError: the framework asks for a reason, a rule is broken, or something hangs on what was to go.
        """
        with tree.locked():
            written = super().write(plan, filename, by=by, reason=reason, tell=tell)
            return written + self._remove(plan, filename, by, reason)

    def _remove(self, plan: OrientationPlan, filename: str, by: Person | None, reason: str) -> int:
        codes = self.removed & {entry["code"] for entry in plan.missing}
        if not codes:
            return 0
        framework = self._framework
        if not framework.is_draft or by is None:
            raise ValidationError(NEVER_REMOVED)
        if framework.asks_reason and not reason.strip():
            raise ValidationError(tree.REASON_NEEDED, code="reason_needed")
        chosen = list(Orientation.objects.filter(framework=framework, code__in=codes).order_by("-lft"))
        _refuse_full(framework, chosen)
        for orientation in chosen:
            try:
                actions.delete_orientation(orientation=orientation, by=by, reason=origin(filename, reason))
            except ProtectedError as error:
                raise ValidationError(
                    f"{orientation.code} ne peut pas être supprimée : quelque chose y est encore rattaché. "
                    "Décochez-la, ou rattachez d’abord ce qui en dépend ailleurs. Rien n’a été écrit."
                ) from error
        return len(chosen)


def _refuse_full(framework: Framework, chosen: list[Orientation]) -> None:
    """Raises ValidationError: what would go holds something that would stay."""
    keys = {orientation.pk for orientation in chosen}
    staying = Orientation.objects.filter(framework=framework, parent__in=keys).exclude(pk__in=keys)
    for child in staying.select_related("parent"):
        raise ValidationError(
            f"{child.parent.code} contient encore {child.code}, qui resterait : supprimez les deux, ou déplacez "
            f"d’abord {child.code}. Rien n’a été écrit."
        )
