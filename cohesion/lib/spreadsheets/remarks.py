"""What a reader should verify, cell by cell: the same remark about many cells of a column is one."""

from dataclasses import dataclass, field
from typing import Any

MAX_CELLS = 20  # named in a remark; all are counted
MAX_REMARKS = 200


@dataclass
class CellRemark:
    """A sentence about cells of one column: where they are, what they hold, how many there are."""

    column: str
    message: str
    cells: list[tuple[int, str]] = field(default_factory=list)  # row, value
    total: int = 0

    def as_dict(self) -> dict[str, Any]:
        cells = [{"row": row, "value": value} for row, value in self.cells]
        return {"column": self.column, "message": self.message, "cells": cells, "total": self.total}

    def __str__(self) -> str:
        listed = ", ".join(f"ligne {row} « {value} »" if value else f"ligne {row}" for row, value in self.cells)
        rest = self.total - len(self.cells)
        more = f" et {rest} autre{'s' if rest > 1 else ''}" if rest else ""
        return f"Colonne {self.column} : {self.message} ({listed}{more})"


class Remarks:
    """Remarks in the order in which they came."""

    def __init__(self) -> None:
        self._by_kind: dict[tuple[str, str], CellRemark] = {}

    def add(self, row: int, column: str, value: str, message: str) -> None:
        """``column`` as problems name it (« titre (D) »)."""
        key = (column, message)
        remark = self._by_kind.get(key)
        if remark is None:
            if len(self._by_kind) >= MAX_REMARKS:
                return
            remark = self._by_kind[key] = CellRemark(column, message)
        remark.total += 1
        if len(remark.cells) < MAX_CELLS:
            remark.cells.append((row, value))

    def __iter__(self) -> Any:
        return iter(self._by_kind.values())

    def __len__(self) -> int:
        return len(self._by_kind)
