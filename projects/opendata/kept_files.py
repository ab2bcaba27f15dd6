"""The files of the public tables, made once and given again, compressed, while nothing public changes."""

import datetime
import gzip
import hashlib
from dataclasses import dataclass, field
from functools import cached_property

from axes.http import Versions
from cohesion.lib.http import site_stamp
from cohesion.lib.kept import Kept, compressed
from cohesion.lib.spreadsheets.tables import Value
from projects.opendata import of_places, writing
from projects.opendata.columns import OpenColumn
from projects.opendata.datasets import CSV, EXCEL, FORMATS, GEOJSON, SHEET, Dataset
from projects.opendata.source import OpenSource, Row

SHOWN = 8  # rows on the page of a table
COMPRESSED_ALREADY = (SHEET,)


@dataclass(frozen=True)
class KeptFile:
    """The bytes of a file, kept compressed, and what tells them from others."""

    content_type: str
    size: int
    digest: str
    packed: bytes = field(repr=False)
    is_packed: bool = True

    @classmethod
    def of(cls, body: bytes, format: str) -> "KeptFile":
        if format in COMPRESSED_ALREADY:
            return cls(FORMATS[format][2], len(body), hashlib.sha256(body).hexdigest(), body, is_packed=False)
        return cls.of_text(body, FORMATS[format][2])

    @classmethod
    def of_text(cls, body: bytes, content_type: str) -> "KeptFile":
        return cls(content_type, len(body), hashlib.sha256(body).hexdigest(), compressed(body, "gzip"))

    def body(self, coding: str) -> bytes:
        """In a coding that it has (:meth:`coding`)."""
        if coding == "gzip" or not self.is_packed:
            return self.packed
        return self._brotli if coding == "br" else gzip.decompress(self.packed)

    def coding(self, accepted: str) -> str:
        return accepted if self.is_packed else ""

    @cached_property
    def _brotli(self) -> bytes:
        return compressed(gzip.decompress(self.packed), "br")


@dataclass(frozen=True)
class TableFacts:
    """What the page of a table says of it, beside what it is."""

    rows: int
    size: int
    changed_at: datetime.datetime | None
    columns: tuple[OpenColumn, ...]
    head: list[Row]


# By table and format, two states of each: many, and none of them large.
_files: Kept[KeptFile] = Kept(100)
_facts: Kept[TableFacts] = Kept(30)


class TableReading:
    """A table in one state of the site, whose rows are read once for all that is made of them, and only if it is."""

    def __init__(self, dataset: Dataset, versions: Versions, site: str) -> None:
        self.dataset, self.source = dataset, OpenSource(versions, site)
        self.key = (dataset.name, site_stamp(), site, versions.stamp) if versions.in_force else None

    @cached_property
    def rows(self) -> list[Row]:
        return self.dataset.read_rows(self.source)

    def file(self, format: str) -> KeptFile:
        """As it is now. Without a framework in force nothing tells that projects change: it is made each time."""

        def make() -> KeptFile:
            return KeptFile.of(_body(self, format), format)

        return make() if self.key is None else _files.get((format, *self.key), make)

    @property
    def facts(self) -> TableFacts:
        """How many rows, how large, since when, and the first rows."""

        def make() -> TableFacts:
            size, changed_at = self.file(CSV).size, self.dataset.read_changed(self.source)
            return TableFacts(len(self.rows), size, changed_at, self.dataset.columns, self.rows[:SHOWN])

        return make() if self.key is None else _facts.get(self.key, make)


def kept_file(dataset: Dataset, format: str, versions: Versions, site: str) -> KeptFile:
    return TableReading(dataset, versions, site).file(format)


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
