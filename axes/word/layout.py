"""Where orientations stand in the table of their document, whether it is about to be printed or was brought back."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from axes.document import COLUMNS, Band, DocumentCell

FARTHEST = 200  # rows up to which one looks for what stands above
Key = str  # of an orientation, or of a paragraph that is none yet


@dataclass(frozen=True)
class Box:
    """A cell that says something: where it begins, how many columns and rows it covers, who stands in it."""

    row: int
    column: int
    colspan: int
    rowspan: int
    keys: tuple[Key, ...]

    def until(self, end: int) -> "Box":
        """The same, with no row from this one on."""
        return replace(self, rowspan=max(1, min(self.rowspan, end - self.row)))


@dataclass(frozen=True)
class BandBoxes:
    """An axis and the cells under it."""

    axis: Key
    boxes: list[Box]


@dataclass(frozen=True)
class TablePlace:
    """Where one stands: beside whom (``left``: those of the nearest cells to the left that say something, the axis
    where none does), under whom in the columns further left (``above``, where nothing stands to the left), with whom
    (``mates``, itself included), in which columns. ``order`` is its place in the whole table."""

    order: int
    axis: Key
    left: tuple[Key, ...]
    above: Key
    mates: tuple[Key, ...]
    column: int
    colspan: int

    @property
    def columns(self) -> range:
        return range(self.column, self.column + self.colspan)


def _keys_of(cell: DocumentCell, keys: dict[int, Key]) -> tuple[Key, ...]:
    return tuple(keys[node.pk] for node in cell.nodes)


def boxes(bands: Iterator[Band], keys: dict[int, Key]) -> list[BandBoxes]:
    """The cells of a table about to be printed; ``keys`` are those of its nodes."""
    printed = []
    for band in bands:
        cells = [
            Box(number, cell.column, cell.colspan, cell.rowspan, _keys_of(cell, keys))
            for number, row in enumerate(band.rows)
            for cell in row
            if cell.nodes
        ]
        printed.append(BandBoxes(keys[band.axis.pk], cells))
    return printed


def places(bands: list[BandBoxes]) -> dict[Key, TablePlace]:
    """Where each stands, in the order of the table."""
    all_places: dict[Key, TablePlace] = {}
    for band in bands:
        all_places[band.axis] = TablePlace(len(all_places), band.axis, (), "", (band.axis,), 0, COLUMNS)
        by_row: dict[int, list[Box]] = {}
        for box in band.boxes:
            for row in range(box.row, box.row + box.rowspan):
                by_row.setdefault(row, []).append(box)
        for box in sorted(band.boxes, key=lambda box: (box.row, box.column)):
            left = _left(box, by_row)
            above = "" if left else _above(box, by_row)
            for key in box.keys:
                order = len(all_places)
                all_places[key] = TablePlace(
                    order, band.axis, left or (band.axis,), above, box.keys, box.column, box.colspan
                )
    return all_places


def _nearest(box: Box, row: list[Box]) -> Box | None:
    return max((other for other in row if other.column < box.column), key=lambda other: other.column, default=None)


def _left(box: Box, by_row: dict[int, list[Box]]) -> tuple[Key, ...]:
    """Those to the left of a cell, in all the rows that it covers."""
    beside = (_nearest(box, by_row[row]) for row in range(box.row, box.row + box.rowspan))
    return tuple(dict.fromkeys(key for other in beside if other for key in other.keys))


def _above(box: Box, by_row: dict[int, list[Box]]) -> Key:
    """The last of those to the left in the nearest row above that has any."""
    for row in range(box.row - 1, max(-1, box.row - FARTHEST), -1):
        other = _nearest(box, by_row.get(row, []))
        if other is not None:
            return other.keys[-1]
    return ""
