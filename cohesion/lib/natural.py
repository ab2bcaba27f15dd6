"""Codes in the order in which people count: 2026-2, 2026-9, 2026-10."""

import re
from typing import Any

from django.db import models

from cohesion.lib.text import fold

_RUNS = re.compile(r"[0-9]+|[a-z]+")


def natural_key(code: str) -> str:
    """What sorts a code as people count, in any database and any of its orders of letters.

    It has digits and small letters only, on whose order all agree. A number is preceded by how many digits it has;
    codes that differ only by their punctuation or capitals have the same key.

    >>> sorted(["2026-10", "2026-9", "2026-2"], key=natural_key)
    ['2026-2', '2026-9', '2026-10']
    """
    return "".join(_counted(run) if run[0].isdigit() else run for run in _RUNS.findall(fold(code)))


def _counted(digits: str) -> str:
    number = digits.lstrip("0") or "0"
    return f"{len(number):02}{number}"


class NaturalKeyField(models.CharField):
    """The natural key of another field of the row, written whenever the row is."""

    def __init__(self, *args: Any, of: str = "code", **kwargs: Any) -> None:
        self.of = of
        super().__init__(*args, **{"editable": False, "default": "", "db_default": "", **kwargs})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        key = natural_key(getattr(model_instance, self.of))
        setattr(model_instance, self.attname, key)
        return key
