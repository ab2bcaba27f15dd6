"""Which sheet of a workbook is read: the one that was asked for, else the first that suits."""

from collections.abc import Callable
from dataclasses import dataclass, field

from cohesion.lib.spreadsheets.model import Cell, Refused, Sheet

GLIMPSED = 30  # rows: enough to find headers below a banner
Rank = Callable[[Sheet], float]  # how well the first rows of a sheet suit, from 0 to 1


@dataclass
class Glimpse(Sheet):
    """A sheet begun: of its first rows, ``decide`` says whether the others are worth keeping.

    A bound that its first rows break is told only when it is read.
    """

    decide: Callable[[Sheet], bool] = field(default=lambda sheet: False)
    is_kept: bool | None = None
    refusal: Refused | None = None

    def put(self, row: int, column: int, value: Cell) -> None:
        if self.is_kept is None and len(self.rows) >= GLIMPSED and row not in self.rows:
            self.settle()
        if self.is_kept:
            super().put(row, column, value)
        elif self.is_kept is None:
            self._attempt(lambda: super(Glimpse, self).put(row, column, value))

    def merge(self, top: int, left: int, bottom: int, right: int) -> None:
        if self.is_kept:
            super().merge(top, left, bottom, right)
        elif self.is_kept is None:
            self._attempt(lambda: super(Glimpse, self).merge(top, left, bottom, right))

    def settle(self) -> None:
        """Decide, at the latest at its end.

        Raises:
            Refused: it is the one to read, and left its bounds.
        """
        if self.is_kept is None and self.rows:
            self.is_kept = self.decide(self)
            if self.is_kept and self.refusal:
                raise self.refusal

    def _attempt(self, put: Callable[[], None]) -> None:
        try:
            put()
        except Refused as refused:
            self.refusal = self.refusal or refused


class SheetChoice:
    """The sheets in the order of the tabs, and the one to read.

    ``rank`` tells which suit (1: entirely); without it the first that is seen and not empty does. ``tab`` is the
    place of the one that was asked for among the tabs, from 0.
    """

    def __init__(self, rank: Rank | None = None, tab: int | None = None) -> None:
        self.rank, self.tab = rank, tab
        self.sheets: list[Glimpse] = []
        self.picked: Sheet | None = None
        self._hidden: set[int] = set()

    def begin(self, name: str, is_hidden: bool) -> Glimpse:
        """The next sheet, to be filled."""
        number = len(self.sheets)
        if is_hidden:
            self._hidden.add(number)
        sheet = Glimpse(name, decide=lambda begun: self._decide(begun, number))
        self.sheets.append(sheet)
        return sheet

    def _decide(self, sheet: Sheet, number: int) -> bool:
        if self.picked is not None or number in self._hidden or self.tab not in (None, number):
            return False
        if self.tab is None and self.rank is not None and self.rank(sheet) < 1:
            return False
        self.picked = sheet
        return True

    def best(self) -> tuple[int, Sheet] | None:
        """The sheet to read and its place, else the one that suits most, of which there is a glimpse.

        Raises:
            Refused: none suits, and one left its bounds.
        """
        seen = [(n, sheet) for n, sheet in enumerate(self.sheets) if n not in self._hidden]
        if self.tab is not None:
            seen = [(n, sheet) for n, sheet in seen if n == self.tab]
        if self.picked is not None:
            return next(((n, sheet) for n, sheet in seen if sheet is self.picked), None)
        for _, sheet in seen:
            if sheet.refusal:
                raise sheet.refusal
        rank = self.rank or (lambda sheet: 0.0)
        return max(((n, sheet) for n, sheet in seen if sheet.rows), key=lambda pair: rank(pair[1]), default=None)
