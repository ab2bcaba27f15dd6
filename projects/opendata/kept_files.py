"""The files of the public tables, made once and given again, compressed, while nothing public changes."""

import datetime
import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from axes.http import Versions
from cohesion.lib.spreadsheets.tables import Value
from projects.opendata import of_places, writing
from projects.opendata.columns import OpenColumn
from projects.opendata.datasets import CSV, EXCEL, GEOJSON, SHEET, Dataset
from projects.opendata.kept_file import KeptFile
from projects.opendata.shared_files import shared
from projects.opendata.source import OpenSource, Row

SHOWN = 8  # rows on the page of a table


@dataclass(frozen=True)
class TableFacts:
    """What the page of a table says of it, beside what it is."""

    rows: int
    size: int
    changed_at: datetime.datetime | None
    columns: tuple[OpenColumn, ...]
    head: list[Row]


FACTS = "faits"


class TableReading:
    """A table in one state of the site, whose rows are read once for all that is made of them, and only if it is."""

    def __init__(self, dataset: Dataset, versions: Versions, site: str) -> None:
        self.dataset, self.source = dataset, OpenSource(versions, site)
        self.state = versions.stamp if versions.in_force else None

    @cached_property
    def rows(self) -> list[Row]:
        return self.dataset.read_rows(self.source)

    def file(self, format: str, *, is_exact: bool = True) -> KeptFile:
        """As it is now; as it was a moment ago, where that is enough and somebody is making it. Without a framework in
        force nothing tells that projects change: it is made each time."""
        return self._shared(format, lambda: KeptFile.of(_body(self, format), format), is_exact=is_exact)

    @property
    def facts(self) -> TableFacts:
        """How many rows, how large, since when, and the first rows."""

        def make() -> KeptFile:
            moment = self.dataset.read_changed(self.source)
            known = {
                "rows": len(self.rows),
                "size": self.file(CSV).size,
                "changed_at": moment.isoformat() if moment else None,
                "head": [list(map(_kept_value, row)) for row in self.rows[:SHOWN]],
            }
            return KeptFile.of_text(json.dumps(known).encode(), "application/json")

        known = json.loads(self._shared(FACTS, make, is_exact=True).body(""))
        changed_at = datetime.datetime.fromisoformat(known["changed_at"]) if known["changed_at"] else None
        head = [list(map(_value, row)) for row in known["head"]]
        return TableFacts(known["rows"], known["size"], changed_at, self.dataset.columns, head)

    def _shared(self, format: str, make: Callable[[], KeptFile], *, is_exact: bool) -> KeptFile:
        if self.state is None:
            return make()
        return shared(f"{self.dataset.name}.{format}", self.source.site, self.state, make, is_exact=is_exact)


def _kept_value(value: Value) -> Any:
    """A cell as JSON keeps it: days say that they are."""
    if isinstance(value, datetime.date):
        return {"day": value.isoformat()}
    return float(value) if isinstance(value, Decimal) else value


def _value(kept: Any) -> Value:
    return datetime.date.fromisoformat(kept["day"]) if isinstance(kept, dict) else kept


def kept_file(dataset: Dataset, format: str, versions: Versions, site: str) -> KeptFile:
    return TableReading(dataset, versions, site).file(format, is_exact=False)


def facts(dataset: Dataset, versions: Versions, site: str) -> TableFacts:
    return TableReading(dataset, versions, site).facts


def _body(reading: TableReading, format: str) -> bytes:
    dataset, rows = reading.dataset, reading.rows
    columns = dataset.columns
    if format == CSV:
        return writing.machine_csv(columns, rows)
    if format == EXCEL:
        return writing.people_csv(columns, rows)
    if format == SHEET:
        return writing.sheet(dataset.title, columns, rows)
    if format == GEOJSON:
        return writing.geojson(columns, rows, of_places.outlines(reading.source))
    return writing.as_json(columns, rows)


def shown(value: Value) -> str:
    """A cell as the page shows it."""
    return "" if value is None else str(writing.people_value(value))
