"""All that is held about somebody, to be handed over to them: to read, and as JSON."""

import datetime
import json
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Field
from django.http import HttpResponse
from django.utils import timezone

from cohesion.accounts.traces import PersonWords, acts_naming, in_french, mentions, own_events, own_rows
from cohesion.lib.dates import plain_date, plain_moment
from cohesion.lib.http import file_answer
from cohesion.lib.text import capital
from cohesion.models import User

# What opens something, or was drawn at random: it says nothing of anybody.
_SECRETS = {"password", "token_digest", "session_key", "key", "digest", "file", "calendar_key"}
_CLOSED = (models.JSONField, models.BinaryField, models.FileField)
MOST_SHOWN = 50  # rows of a section on a page; the file has them all
Line = dict[str, Any]


@dataclass(frozen=True)
class Section:
    """What one table holds: a title, and one line a row, by the names of its columns."""

    title: str
    lines: list[Line]

    @property
    def shown(self) -> list[list[tuple[str, str]]]:
        return [_cells(line) for line in self.lines[:MOST_SHOWN]]

    @property
    def left(self) -> int:
        return max(0, len(self.lines) - MOST_SHOWN)


def held(user: User, *, is_whole: bool = True) -> list[Section]:
    """The account, what it did and was told, what the log noted, and where texts name the person.

    Not ``is_whole``: without the texts of others that name the person, which an administrator judges first.
    """
    sections = [Section("Compte", [_account(user)])]
    for field, rows in own_rows(user):
        title = (
            f"{capital(in_french(str(field.model._meta.verbose_name_plural)))} ({in_french(str(field.verbose_name))})"
        )
        sections.append(Section(title, [_line(row) for row in rows.order_by("pk").iterator(chunk_size=500)]))
    sections.append(Section("Journal", [_event(event, user) for event in own_events(user).order_by("at")]))
    if is_whole:
        words = PersonWords.of(user)
        named = [mention_line(mention) for mention in (*mentions(words, in_files=True), *acts_naming(words))]
        sections.append(Section("Textes où le nom ou l’adresse figure", named))
    return [section for section in sections if section.lines]


def as_json(user: User | None, sections: list[Section]) -> str:
    """The file to hand over; ``user``: the account, if they have one."""
    whole = {
        "compte": user.pk if user else None,
        "établi le": timezone.now(),
        "rubriques": [{"titre": section.title, "lignes": section.lines} for section in sections],
    }
    return json.dumps(whole, ensure_ascii=False, indent=2, cls=DjangoJSONEncoder) + "\n"


def as_file(user: User | None, sections: list[Section]) -> HttpResponse:
    """What is held, to be kept by whoever asked for it: of an account, or of somebody who has none."""
    name = "donnees-personne.json" if user is None else f"donnees-compte-{user.pk}.json"
    return file_answer(as_json(user, sections), "application/json; charset=utf-8", name, is_private=True)


def _account(user: User) -> Line:
    roles = ["Administrateur"] if user.is_superuser else []
    return _line(user) | {"rôles": [*roles, *user.groups.values_list("name", flat=True)]}


def _line(row: models.Model) -> Line:
    """The columns of a row that say something: no secret, no number of another row, nothing empty."""
    line: Line = {"n°": row.pk, "objet": str(row)}
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if not _is_left_out(field) and value not in (None, ""):
            name = in_french(str(field.verbose_name))
            line[name] = getattr(row, f"get_{field.name}_display", lambda kept=value: kept)()
    return line


def _is_left_out(field: "Field[Any, Any]") -> bool:
    is_key = field.is_relation or field.primary_key or field.name == "history_id"
    return is_key or field.name in _SECRETS or isinstance(field, _CLOSED)


def _event(event: Any, user: User) -> Line:
    """Where a failed login came from is not the person's: somebody else may have tried."""
    line = {"le": event.at, "événement": event.get_kind_display(), "objet": event.label}
    if event.account == user.pk and event.address:
        line["adresse réseau"] = event.address
    return line


def mention_line(mention: Any) -> Line:
    return {"nature": mention.nature, "n°": mention.pk, "objet": mention.label, "où": mention.columns}


def _cells(line: Line) -> list[tuple[str, str]]:
    return [(name, _in_words(value)) for name, value in line.items()]


def _in_words(value: object) -> str:
    if isinstance(value, datetime.datetime):
        return plain_moment(value)
    if isinstance(value, datetime.date):
        return plain_date(value)
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "aucun"
    return str(value)
