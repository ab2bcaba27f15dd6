"""The sheets of an ODS file (OpenDocument), as a stream: a repetition is counted, never unrolled when empty."""

from cohesion.lib.spreadsheets.archive import DAMAGED, PASSWORD, Archive, Scanner, number
from cohesion.lib.spreadsheets.choosing import SheetChoice
from cohesion.lib.spreadsheets.model import (
    MAX_CELL,
    MAX_COLUMNS,
    MAX_ROWS,
    Cell,
    Oddity,
    Problem,
    Refused,
    column_letter,
)
from cohesion.lib.text import number_fr


def read_sheets(archive: Archive, choice: SheetChoice) -> None:
    """Give its sheets to a choice, in the order of the tabs."""
    manifest = _Manifest()
    if "META-INF/manifest.xml" in archive.names:
        manifest.scan(archive, "META-INF/manifest.xml")
    if manifest.encrypted:
        raise Refused(PASSWORD)
    content = _Content(choice)
    content.scan(archive, "content.xml")
    content.settle()


class _Manifest(Scanner):
    encrypted = False

    def start_encryption_data(self, attributes: dict[str, str]) -> None:
        self.encrypted = True


class _Content(Scanner):
    def __init__(self, choice: SheetChoice) -> None:
        super().__init__()
        self.choice = choice
        self.sheets = choice.sheets
        self.row = 1
        self.cells: list[tuple[int, int, Cell]] = []  # first column, how many, value
        self.column = 0
        self.attributes: dict[str, str] | None = None
        self.paragraphs = 0
        self.aside = 0  # inside a comment or a drawing
        self.style = ""
        self.hidden: set[str] = set()  # styles of sheets that are not shown

    # --- sheets and rows ------------------------------------------------------------------------------

    def start_style(self, attributes: dict[str, str]) -> None:
        self.style = attributes.get("name", "")

    def start_table_properties(self, attributes: dict[str, str]) -> None:
        if attributes.get("display") == "false":
            self.hidden.add(self.style)

    def start_table(self, attributes: dict[str, str]) -> None:
        self.settle()
        self.choice.begin(attributes.get("name", ""), attributes.get("style-name") in self.hidden)
        self.row = 1

    def settle(self) -> None:
        """The last sheet is at its end."""
        if self.sheets:
            self.sheets[-1].settle()

    def start_table_row(self, attributes: dict[str, str]) -> None:
        self.repeated = max(1, number(attributes.get("number-rows-repeated"), 1))
        self.cells, self.column = [], 0

    def end_table_row(self) -> None:
        if not self.sheets:
            raise Refused(DAMAGED)
        if self.cells and self.repeated > MAX_ROWS:
            raise Refused(f"Le tableau a plus de {number_fr(MAX_ROWS)} lignes : découpez-le en plusieurs fichiers.")
        for row in range(self.row, self.row + self.repeated) if self.cells else ():
            for column, count, value in self.cells:
                for place in range(column, column + count):
                    self.sheets[-1].put(row, place, value)
        self.row += self.repeated
        self.cells = []

    # --- cells ----------------------------------------------------------------------------------------

    def start_table_cell(self, attributes: dict[str, str]) -> None:
        self.attributes, self.paragraphs = attributes, 0
        self.take()

    start_covered_table_cell = start_table_cell

    def end_table_cell(self) -> None:
        attributes, self.attributes = self.attributes or {}, None
        count = max(1, number(attributes.get("number-columns-repeated"), 1))
        value = self._value(attributes, self.take())
        if not isinstance(value, str) or value.strip():
            # One beyond the bound is enough to be refused.
            self.cells.append((self.column, min(count, MAX_COLUMNS + 1), value))
        down, across = (number(attributes.get(f"number-{side}-spanned"), 1) for side in ("rows", "columns"))
        if (down > 1 or across > 1) and self.sheets:
            self.sheets[-1].merge(self.row, self.column, self.row + down - 1, self.column + across - 1)
        self.column += count

    def end_covered_table_cell(self) -> None:
        """What a merge covers shows nothing, whatever it still holds."""
        attributes, self.attributes = self.attributes or {}, None
        self.take()
        self.column += max(1, number(attributes.get("number-columns-repeated"), 1))

    def _value(self, attributes: dict[str, str], text: str) -> Cell:
        kind = attributes.get("value-type", "string" if text else "")
        if kind in ("float", "percentage", "currency"):
            return self._number(attributes.get("value", ""))
        if kind in ("date", "time"):
            moment = attributes.get("date-value", "")
            return Oddity("date", text or moment, moment.partition("T")[0])
        if kind == "boolean":
            return Oddity("boolean", text or attributes.get("boolean-value", ""))
        if attributes.get("formula") and text.startswith(("#", "Err:")):
            return Oddity("error", text)
        return text or attributes.get("string-value", "")[: MAX_CELL + 1]

    def _number(self, text: str) -> Cell:
        try:
            value = float(text)
        except ValueError as error:
            raise Refused(Problem(DAMAGED, self.row, column_letter(self.column))) from error
        return value if abs(value) < 1e300 else Oddity("error", text[:40])

    # --- text -----------------------------------------------------------------------------------------

    def start_p(self, attributes: dict[str, str]) -> None:
        if self.attributes is None or self.aside:
            return
        if self.paragraphs:
            self.add("\n")
        self.paragraphs += 1
        self.gather = True

    def end_p(self) -> None:
        self.gather = False

    def start_s(self, attributes: dict[str, str]) -> None:
        if self.gather:
            self.add(" " * min(number(attributes.get("c"), 1), MAX_CELL + 1))

    def start_tab(self, attributes: dict[str, str]) -> None:
        if self.gather:
            self.add("\t")

    def start_line_break(self, attributes: dict[str, str]) -> None:
        if self.gather:
            self.add("\n")

    def start_annotation(self, attributes: dict[str, str]) -> None:
        self.aside += 1

    def end_annotation(self) -> None:
        self.aside -= 1

    start_shapes, end_shapes = start_annotation, end_annotation
    start_frame, end_frame = start_annotation, end_annotation
