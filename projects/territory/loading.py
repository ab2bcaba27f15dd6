"""The communes and quarters of the programme, from ``fixtures/territories.json``."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from projects.territory.models import Territory

FIXTURE = Path(settings.BASE_DIR) / "fixtures" / "territories.json"
DATES = ("valid_from", "valid_to")


@transaction.atomic
def load_territories(path: Path = FIXTURE) -> int:
    """Create the territories that are not there yet, known by their codes; what an officer changed is left alone.

    Returns how many were created.
    """
    known = {territory.code: territory for territory in Territory.objects.all()}
    created = 0
    for row in json.loads(path.read_text(encoding="utf-8"))["territories"]:
        if row["code"] not in known:
            known[row["code"]] = _create(row, known)
            created += 1
    return created


def _create(row: dict[str, Any], known: dict[str, Territory]) -> Territory:
    values = {name: date.fromisoformat(value) if name in DATES else value for name, value in row.items()}
    values["parent"] = known[row["parent"]] if "parent" in row else None
    territory = Territory(**values)
    territory.full_clean()
    territory.save()
    return territory
