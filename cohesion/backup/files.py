"""What a backup holds: the tables but what must not come back to life, and the attachments that their rows name."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.files.storage import storages
from django.db import connection
from django.db.models import FileField

from cohesion.backup.archive import Manifest
from cohesion.database import cache_tables


@dataclass(frozen=True)
class BackupContents:
    """The rows of each table and the migrations applied, at the instant of the backup."""

    rows: dict[str, int]
    migrations: list[tuple[str, str]]

    def is_that_of(self, manifest: Manifest) -> bool:
        return self.rows == manifest.rows and [list(pair) for pair in self.migrations] == manifest.migrations


def left_out() -> list[str]:
    """Tables whose rows stay behind: a session that was closed since must not open again, nor a code serve twice."""
    return ["django_session", "usersessions_usersession", *cache_tables()]


def storage() -> Any:
    return storages["attachments"]


def named() -> Iterator[str]:
    """The name of each file that a row of the database speaks of."""
    present = set(connection.introspection.table_names())
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, FileField) and model._meta.db_table in present:
                rows = model._base_manager.exclude(**{field.name: ""}).order_by(field.name)
                yield from rows.values_list(field.name, flat=True).iterator()
