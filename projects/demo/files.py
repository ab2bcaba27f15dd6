"""The files of ``fixtures/demo/``, read at the dates of a calendar."""

import csv
import datetime
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import TextChoices

from projects.demo.calendar import DAY, Calendar

FOLDER = Path(settings.BASE_DIR) / "fixtures" / "demo"
BETWEEN = "|"  # the items of a cell


@dataclass(frozen=True)
class DemoFiles:
    """The files, as they are on the day of reference of ``calendar``."""

    calendar: Calendar

    def text(self, name: str) -> str:
        return self.calendar.dated((FOLDER / name).read_text(encoding="utf-8"))

    def rows(self, name: str) -> list[dict[str, str]]:
        """The rows of a CSV file, by the headings of its columns."""
        return list(csv.DictReader(self.text(name).splitlines(), delimiter=";"))

    def document(self, name: str) -> dict[str, Any]:
        """What a JSON file holds."""
        return json.loads(self.text(name))

    def handed_on(self, report: dict[str, str]) -> datetime.date | None:
        """When a report of the past was handed in: on a day, or so many days ago; None where it was not."""
        if report["remis_il_y_a"]:
            return self.calendar.today - int(report["remis_il_y_a"]) * DAY
        return datetime.date.fromisoformat(report["remis_le"]) if report["remis_le"] else None


def items(cell: str) -> list[str]:
    """What one cell lists."""
    return cell.split(BETWEEN) if cell else []


def choice(choices: type[TextChoices], label: str) -> str:
    """The value of a choice, from the label that people read; nothing for nothing.

    Raises:
        KeyError: it is the label of none.
    """
    return {str(known): value for value, known in choices.choices}[label] if label else ""
