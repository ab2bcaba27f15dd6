"""The attachments: those that the rows name, wherever the installation keeps them."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.files.storage import storages
from django.db import connection
from django.db.models import FileField


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
