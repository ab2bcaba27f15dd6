"""Who changed what, when and why, as an officer reads it."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import flatten
from django.core.exceptions import PermissionDenied
from django.db.models import Field
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from cohesion.lib.changed_words import TextRun, changed_words
from cohesion.lib.dates import french_date, french_moment
from cohesion.lib.http import ExtraContext
from cohesion.lib.nouns import Noun, quoted
from cohesion.lib.text import NBSP, euros, fold

KINDS = {"+": "Création", "~": "Modification", "-": "Suppression"}
# Counters that every save moves, and what never changes: of no use to a reader.
SILENT = {"id", "version", "uid", "revision", "updated_at"}


@dataclass(frozen=True)
class FieldChange:
    """One field of one record: its French name, its value before and after."""

    field: str
    old: str
    new: str

    @property
    def pieces(self) -> list[TextRun]:
        """Its words, kept, gone or new, where most are kept."""
        return changed_words(self.old, self.new)


@dataclass(frozen=True)
class HistoryEntry:
    """One line of the history."""

    record: Any
    kind: str
    changes: list[FieldChange]
    part: str = ""  # what changed, where it is not the object itself


def entries(
    records: Iterable[Any], *, names: dict[Any, str] | None = None, part: str = "", hidden: Iterable[str] = ()
) -> Iterator[HistoryEntry]:
    """Describe the records of one object, the newest first, each against the one before it.

    ``part`` says what the object is, on the page of what it belongs to. ``names`` gives the name of a related object
    by its key, or by its field and key, so that no query is made for each. ``hidden`` fields are left out.
    """
    records = list(records)
    linked, silent = _linked(records), SILENT.union(hidden)
    for record, former in zip(records, [*records, None][1:], strict=True):
        changes = _changes(record, former, names or {}, silent) + _relinked(record, former, linked, names or {})
        yield HistoryEntry(record, KINDS[record.history_type], changes, part)


def _linked(records: list[Any]) -> dict[tuple[str, int], set[int]]:
    """The keys that each record is linked to, by field and record: one query a field."""
    linked: dict[tuple[str, int], set[int]] = {}
    for field in records[0]._history_m2m_fields if records else ():
        rows = getattr(type(records[0]), field.name).filter(history__in=records)
        for record, key in rows.values_list("history_id", f"{field.m2m_reverse_field_name()}_id"):
            linked.setdefault((field.name, record), set()).add(key)
    return linked


def _relinked(
    record: Any, former: Any, linked: dict[tuple[str, int], set[int]], names: dict[Any, str]
) -> list[FieldChange]:
    if former is None or record.history_type == "-":
        return []
    changes = []
    for field in record._history_m2m_fields:
        old = linked.get((field.name, former.pk), set())
        new = linked.get((field.name, record.pk), set())
        if old != new:
            words = _listed(field, old, names), _listed(field, new, names)
            changes.append(FieldChange(str(field.verbose_name), *words))
    return changes


def _listed(field: "Field[Any, Any]", keys: set[int], names: dict[Any, str]) -> str:
    words = [_shown(field, key, names) for key in keys]
    return ", ".join(sorted(words, key=fold)) or "(vide)"


def _changes(record: Any, former: Any, names: dict[Any, str], silent: set[str]) -> list[FieldChange]:
    if former is None or record.history_type == "-":
        return []
    changes = []
    moved = (getattr(record, "moved_from", ""), getattr(record, "moved_to", ""))
    if any(moved):
        changes.append(FieldChange("place", *moved))
        silent = silent | {"parent"}
    for field in record.tracked_fields:
        old, new = getattr(former, field.attname), getattr(record, field.attname)
        if field.name not in silent and old != new:
            changes.append(FieldChange(str(field.verbose_name), _shown(field, old, names), _shown(field, new, names)))
    return changes


def described_fields(now: Any, record: Any, names: Iterable[str]) -> Iterator[FieldChange]:
    """The fields of these names as an object has them, and as a record of its history has."""
    for name in names:
        field = now._meta.get_field(name)
        old, new = getattr(now, field.attname), getattr(record, field.attname)
        yield FieldChange(str(field.verbose_name), _shown(field, old, {}), _shown(field, new, {}))


def _shown(field: "Field[Any, Any]", value: object, names: dict[Any, str]) -> str:
    if value in (None, "", []):
        return "(vide)"
    if field.is_relation:
        return names.get((field.name, value)) or names.get(value, f"n° {value}, supprimée depuis")
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, dict):
        return "(un tracé)"
    if isinstance(value, list):
        # What the model calls the items of its lists: ``list_words = {field: {item: word}}``.
        words = getattr(field.model, "list_words", {}).get(field.name, {})
        return ", ".join(str(words.get(item, item)) for item in value)
    return str(dict(field.choices).get(value, value)) if field.choices else _in_french(value)


def _in_french(value: object) -> str:
    """A day, a moment or a number as one writes it; the rest as it is."""
    if isinstance(value, datetime.datetime):
        return french_moment(value)
    if isinstance(value, datetime.date):
        return french_date(value)
    # To the cent, without the sign: the name of the field says what is counted, and hours are no euros.
    return euros(value).removesuffix(f"{NBSP}€") if isinstance(value, Decimal) else str(value)


class HistoryAdmin(admin.ModelAdmin):
    """A model admin whose history page shows what each change replaced.

    ``writers_only``: the fields that nobody reads but who may change the row, neither in its form nor in its history.
    """

    object_history_template = "admin/history.html"
    writers_only: tuple[str, ...] = ()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.legible(request, obj, super().get_fieldsets(request, obj))

    def legible(self, request: HttpRequest, obj: Any, parts: Any) -> Any:
        """These parts of a form, without those that are of ``writers_only`` for whoever does not write."""
        hidden = set(self._hidden(request, obj))
        return [part for part in parts if not hidden.intersection(flatten(part[1]["fields"]))]

    def _hidden(self, request: HttpRequest, obj: Any) -> tuple[str, ...]:
        may_write = self.has_change_permission(request, obj) or (obj is None and self.has_add_permission(request))
        return () if may_write else self.writers_only

    def history_names(self, obj: Any) -> dict[Any, str]:
        """Names of the objects that the history may point at, by key."""
        return {}

    def history_parts(self, obj: Any, names: dict[Any, str]) -> Iterable[tuple[str, Iterable[Any]]]:
        """The histories of what belongs to the object: what each is called, and its records, the newest first."""
        return ()

    def history_view(self, request: HttpRequest, object_id: str, extra_context: ExtraContext = None) -> HttpResponse:
        obj = self.get_object(request, object_id)
        if obj is None:
            raise Http404("Cet objet n’existe pas, ou n’existe plus.")
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        records = obj.history.select_related("history_user").order_by("-history_date", "-history_id")
        names = self.history_names(obj)
        lines = list(entries(records, names=names, hidden=self._hidden(request, obj)))
        for part, own in self.history_parts(obj, names):
            lines += entries(own, names=names, part=part)
        lines.sort(key=lambda line: line.record.history_date, reverse=True)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Historique {Noun.of(self.opts).of_the} {quoted(obj)}",
            "subtitle": None,
            "entries": lines,
            "object": obj,
            "opts": self.opts,
            **(extra_context or {}),
        }
        return TemplateResponse(request, self.object_history_template, context)
