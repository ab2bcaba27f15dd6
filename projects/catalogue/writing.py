"""What hangs on projects, written by one hand for all who write it: declaration, import, admin, demonstration."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.db.models import Model, Q
from django.utils import timezone
from simple_history.utils import get_history_manager_for_model

from cohesion.lib.people import Person
from projects.catalogue.models import Contribution
from projects.catalogue.recording import CHANGED, CREATED, change, record
from projects.catalogue.signing import REASON_LENGTH

BATCH = 500
DELETED = "-"
Key = tuple[int, Hashable, int]  # the project, what a row is known by in it, and which of those that share it


@dataclass(frozen=True)
class Signature:
    """Who writes, and why: what the history of the rows will say."""

    by: Person | None
    reason: str


class HangingRows:
    """The rows of a model that hang on some projects, to be those that are wanted: unsaved, by project.

    A row is known in its project by ``key``. One that stays takes the ``fields`` of the one that is wanted, and keeps
    the rest. ``within`` says of which rows this speaks: the others are left alone. Where ``is_ordered``, rows are read
    in the order in which they were written: those of a project whose order changes are all written anew.

    Nothing is checked here: whoever calls has asked the rules, and locked the projects.
    """

    def __init__(
        self,
        model: type[Model],
        wanted: Mapping[int, Sequence[Model]],
        key: Callable[[Any], Hashable],
        fields: Sequence[str] = (),
        *,
        within: Q | None = None,
        is_ordered: bool = False,
        signature: Signature | None = None,
    ) -> None:
        self.model, self.key, self.fields, self.signature = model, key, fields, signature
        self.wanted = self._by_key(row for rows in wanted.values() for row in rows)
        self.there: dict[Key, Any] = {}
        if wanted:
            rows = model._default_manager.filter(within or Q(), project__in=list(wanted)).order_by("pk")
            self.there = self._by_key(rows)
        self.gone = self.there.keys() - self.wanted.keys()
        if is_ordered:
            self.gone |= self._out_of_order()
        self.has_changed = False

    def drop(self) -> None:
        """Take away the rows that go. They may have to go before the projects change, and others come after."""
        gone = []
        for key in self.there.keys() & self.gone:
            row = self.there.pop(key)
            gone.append(row)
            if key in self.wanted:  # it comes back in another place, with what it says besides
                self._keep_the_rest(row, self.wanted[key])
        if not gone:
            return
        chosen = self.model._default_manager.filter(pk__in=[row.pk for row in gone])
        if hasattr(self.model, "history"):
            self._record_deleted(gone)
            chosen._raw_delete(chosen.db)  # type: ignore[attr-defined]
        else:
            chosen.delete()  # with what hangs on them
        self.has_changed = True

    def put(self) -> None:
        """Take away the rows that go, then write those that stay and those that come, in the order that is wanted."""
        self.drop()
        changed = []
        for key, row in self.wanted.items():
            if key in self.there and self._takes(self.there[key], row):
                changed.append(self.there[key])
        if changed:
            change(self.model, changed, self.fields)
            self._record(changed, CHANGED)
        new = [row for key, row in self.wanted.items() if key not in self.there]
        if new:
            self._record(self.model._default_manager.bulk_create(new, batch_size=BATCH), CREATED)  # not the tree
        self.has_changed |= bool(changed or new)

    def _by_key(self, rows: Iterable[Any]) -> dict[Key, Any]:
        """The rows by what they are known by; several that share it are told apart by their order."""
        numbers: Counter[tuple[int, Hashable]] = Counter()
        by_key: dict[Key, Any] = {}
        for row in rows:
            known_by = (row.project_id, self.key(row))
            by_key[*known_by, numbers[known_by]] = row
            numbers[known_by] += 1
        return by_key

    def _out_of_order(self) -> set[Key]:
        """The rows of the projects where those that stay are not the first that are wanted, in the same order."""
        stay: dict[int, list[Key]] = {}
        for key in self.there:
            if key in self.wanted:
                stay.setdefault(key[0], []).append(key)
        wanted: dict[int, list[Key]] = {}
        for key in self.wanted:
            wanted.setdefault(key[0], []).append(key)
        moved = {project for project, keys in stay.items() if wanted[project][: len(keys)] != keys}
        return {key for key in self.there if key[0] in moved}

    def _keep_the_rest(self, row: object, wanted: object) -> None:
        for field in self.model._meta.concrete_fields:
            if not field.primary_key and field.name not in self.fields:
                setattr(wanted, field.attname, getattr(row, field.attname))

    def _takes(self, row: object, wanted: object) -> bool:
        """Give a row the values of the one that is wanted; whether any of them is another."""
        is_changed = False
        for name in self.fields:
            if getattr(row, name) != getattr(wanted, name):
                setattr(row, name, getattr(wanted, name))
                is_changed = True
        return is_changed

    def _record(self, rows: Sequence[Any], kind: str) -> None:
        if hasattr(self.model, "history"):
            record(self.model, [row.pk for row in rows], kind, by=self._signed.by, reason=self._signed.reason)

    def _record_deleted(self, rows: Sequence[Any]) -> None:
        historical = get_history_manager_for_model(self.model).model
        names = [field.attname for field in historical.tracked_fields]
        signed = {
            "history_type": DELETED,
            "history_date": timezone.now(),
            "history_user": self._signed.by,
            "history_change_reason": self._signed.reason or None,
        }
        kept = []
        for row in rows:
            values = {name: getattr(row, name) for name in names}
            kept.append(historical(**values, **signed))
        historical.objects.bulk_create(kept, batch_size=BATCH)  # not the tree

    @property
    def _signed(self) -> Signature:
        """The signature of rows whose history is kept."""
        if self.signature is None:
            raise ValueError(f"{self.model.__name__} keeps its history: say who writes.")
        return Signature(self.signature.by, self.signature.reason.strip()[:REASON_LENGTH])


def links_to(
    wanted: Mapping[int, Sequence[Contribution]],
    frameworks: Q,
    signature: Signature,
    fields: Sequence[str] = ("is_main", "rationale"),
) -> HangingRows:
    """What some projects serve in these frameworks, to be the links that are wanted.

    The main one of each is written last: the database refuses two of them at any moment.
    """
    ordered = {project: sorted(links, key=attrgetter("is_main")) for project, links in wanted.items()}
    return HangingRows(
        Contribution, ordered, attrgetter("orientation_id"), fields, within=frameworks, signature=signature
    )
