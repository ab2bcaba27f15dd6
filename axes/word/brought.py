"""The bands of a table that was brought back: under which axis each cell stands, and what stands nowhere."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from axes.document import COLUMNS
from axes.levels import ROOT_LEVELS
from axes.word.finding import GONE, KnownOrientation
from axes.word.layout import BandBoxes, Box, Key
from axes.word.sheet import Item, SheetCell, TableSheet
from axes.word.table import AXIS_STYLE
from cohesion.lib.spreadsheets import Problem

SHOWN = 80  # characters of a wording that a problem names
NO_AXIS = (
    "Ce texte est au-dessus du premier axe : placez-le sous la bande d’un axe, dans la colonne de son niveau, "
    "ou supprimez-le."
)
BESIDE_AXIS = (
    "Ce texte partage la bande de l’axe {axis}, où l’axe est seul, en un paragraphe : placez-le dans une ligne du "
    "tableau, sous la bande, ou réunissez-le au texte de l’axe."
)
TOO_WIDE = (
    "Ce texte occupe toute la largeur du tableau, et rien ne dit si c’est un axe ou dans quelle colonne il va : pour "
    "un axe, donnez-lui le style « Axe » ; sinon, fractionnez la cellule et placez-le dans la colonne de son niveau."
)


@dataclass
class Bands:
    """The bands of a sheet whose items bear their keys, and what cannot be placed in them.

    ``titles`` are those of the columns.
    """

    known: Mapping[Key, KnownOrientation]
    titles: list[str]
    bands: list[BandBoxes] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def gather(self, sheet: TableSheet) -> None:
        """Read the rows of a sheet, from the top down."""
        for number, cells in sorted(sheet.rows.items()):
            full = [cell for cell in cells if list(self._items(cell))]
            axis = self._axis(full)
            if axis is not None:
                self._clip(number)
                self.bands.append(BandBoxes(axis.key, []))
                others = [(cell, item) for cell in full for item in self._items(cell) if item is not axis]
                for cell, item in others:
                    self._problem(BESIDE_AXIS.format(axis=self._name(axis)), item, cell)
                continue
            for cell in full:
                self._cell(cell)
        self._clip(max(sheet.rows, default=0) + 1)

    def _items(self, cell: SheetCell) -> Iterator[Item]:
        """Those of a cell, without what is no orientation of the framework any more."""
        return (item for item in cell.items if not item.key.startswith(GONE))

    def _axis(self, cells: list[SheetCell]) -> Item | None:
        """The axis whose band a row is, if it is the band of an axis."""
        items = [item for cell in cells for item in self._items(cell)]
        known = next((item for item in items if self._is_root(item)), None)
        if known is not None or not items:
            return known
        is_new_band = len(cells) == 1 and cells[0].colspan == COLUMNS and items[0].key not in self.known
        return items[0] if is_new_band and items[0].style == AXIS_STYLE else None

    def _is_root(self, item: Item) -> bool:
        known = self.known.get(item.key)
        return known is not None and known.state.level in ROOT_LEVELS

    def _cell(self, cell: SheetCell) -> None:
        items = list(self._items(cell))
        wide = [item for item in items if cell.colspan == COLUMNS and item.key not in self.known]
        for item in wide:
            self._problem(TOO_WIDE, item, cell)
        if not self.bands:
            if not self.problems:  # what follows it follows from it
                self._problem(NO_AXIS, items[0], cell)
            return
        keys = tuple(item.key for item in items if item not in wide)
        if keys:
            self.bands[-1].boxes.append(Box(cell.row, cell.column, cell.colspan, cell.rowspan, keys))

    def _clip(self, end: int) -> None:
        """A band ends where the next one begins, whatever its last cells cover."""
        if self.bands:
            self.bands[-1].boxes[:] = [box.until(end) for box in self.bands[-1].boxes]

    def _name(self, axis: Item) -> str:
        return axis.key if axis.key in self.known else f"« {axis.wording[:SHOWN]} »"

    def _problem(self, message: str, item: Item, cell: SheetCell) -> None:
        title = self.titles[cell.column] if cell.colspan < COLUMNS else ""
        axis = self.bands[-1].axis if self.bands else ""
        where = column_under(title, axis if axis in self.known else "")
        self.problems.append(Problem(message, item.row, where, item.text[:SHOWN]))


def column_under(title: str, axis: str) -> str:
    """Where something stands, for who mends it: its column, and the code of its axis."""
    return " ".join(part for part in (title, f"(sous {axis})" if axis else "") if part)
