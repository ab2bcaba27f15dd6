"""The sheets of an XLSX file (ECMA-376), as a stream: what a cell far away costs is one cell."""

import datetime
import re

from cohesion.lib.spreadsheets.archive import DAMAGED, Archive, Scanner, number
from cohesion.lib.spreadsheets.choosing import SheetChoice
from cohesion.lib.spreadsheets.model import (
    EPOCH,
    MAC_EPOCH,
    MAX_TEXT,
    Cell,
    Oddity,
    Problem,
    Refused,
    Sheet,
    column_letter,
)
from cohesion.lib.spreadsheets.package import Relation, main_part, relations

_PLACE = re.compile(r"\$?([A-Z]{1,3})\$?([1-9]\d{0,7})\Z")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LITERALS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.')
_DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}


def place(reference: str) -> tuple[int, int]:
    """« B3 » → row 3, column 1."""
    if not (coordinates := _PLACE.match(reference)):
        raise Refused(DAMAGED)
    column = 0
    for letter in coordinates[1]:
        column = column * 26 + ord(letter) - 64
    return int(coordinates[2]), column - 1


def read_sheets(archive: Archive, choice: SheetChoice) -> None:
    """Give its sheets to a choice, in the order of the tabs."""
    main = main_part(archive)
    workbook, links = _Workbook(), relations(archive, main)
    workbook.scan(archive, main)
    if workbook.sheets and not links:
        raise Refused(DAMAGED)
    shared = _Shared(archive, links, workbook.epoch)
    parts = {link.key: link.part for link in links if link.kind == "worksheet"}
    for name, key, is_hidden in workbook.sheets:
        sheet = choice.begin(name, is_hidden)
        sheet.epoch = workbook.epoch
        if key in parts:
            _Cells(shared, sheet).scan(archive, parts[key])
            sheet.settle()


class _Shared:
    """The strings and formats that all sheets share, and the day from which they count."""

    def __init__(self, archive: Archive, links: list[Relation], epoch: datetime.date) -> None:
        strings, styles = _Strings(), _Styles()
        parts = {link.kind: link.part for link in links}
        for scanner, kind in ((strings, "sharedStrings"), (styles, "styles")):
            part = parts.get(kind, f"xl/{kind}.xml")
            if part in archive.names:
                scanner.scan(archive, part)
        self.strings = strings.texts
        self.dates = styles.dates
        self.epoch = epoch


class _Workbook(Scanner):
    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[tuple[str, str, bool]] = []  # name, key of the relation, whether it is hidden
        self.epoch = EPOCH

    def start_workbookPr(self, attributes: dict[str, str]) -> None:
        if attributes.get("date1904") in ("1", "true"):
            self.epoch = MAC_EPOCH

    def start_sheet(self, attributes: dict[str, str]) -> None:
        is_hidden = attributes.get("state", "visible") != "visible"
        self.sheets.append((attributes.get("name", ""), attributes.get("id", ""), is_hidden))


class _Rich(Scanner):
    """Runs of text, without the phonetic guides of Japanese."""

    def start_t(self, attributes: dict[str, str]) -> None:
        self.gather = not self.phonetic

    def end_t(self) -> None:
        self.gather = False

    phonetic = False

    def start_rPh(self, attributes: dict[str, str]) -> None:
        self.phonetic = True

    def end_rPh(self) -> None:
        self.phonetic = False


class _Strings(_Rich):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.total = 0

    def end_si(self) -> None:
        text = self.take()
        self.total += len(text)
        if self.total > MAX_TEXT:
            raise Refused("Le tableau contient trop de texte : découpez-le en plusieurs fichiers.")
        self.texts.append(text)


class _Styles(Scanner):
    """The numbers of the cell styles that show a date."""

    def __init__(self) -> None:
        super().__init__()
        self.formats = set(_DATE_FORMATS)
        self.dates: set[int] = set()
        self.inside = False
        self.count = 0

    def start_numFmt(self, attributes: dict[str, str]) -> None:
        key, code = number(attributes.get("numFmtId")), _LITERALS.sub("", attributes.get("formatCode", ""))
        (self.formats.add if re.search(r"[dmyhs]", code.lower()) else self.formats.discard)(key)

    def start_cellXfs(self, attributes: dict[str, str]) -> None:
        self.inside = True

    def end_cellXfs(self) -> None:
        self.inside = False

    def start_xf(self, attributes: dict[str, str]) -> None:
        if self.inside:
            if number(attributes.get("numFmtId")) in self.formats:
                self.dates.add(self.count)
            self.count += 1


class _Cells(_Rich):
    def __init__(self, shared: _Shared, sheet: Sheet) -> None:
        super().__init__()
        self.shared, self.sheet = shared, sheet
        self.row, self.column = 0, -1
        self.kind = ""
        self.style = 0
        self.formula = False

    def start_row(self, attributes: dict[str, str]) -> None:
        self.row = number(attributes.get("r"), self.row + 1)
        self.column = -1

    def start_c(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        self.row, self.column = place(reference) if reference else (max(self.row, 1), self.column + 1)
        self.kind = attributes.get("t", "n")
        self.style = number(attributes.get("s"))
        self.formula = False
        self.take()

    def start_v(self, attributes: dict[str, str]) -> None:
        self.gather = True

    def end_v(self) -> None:
        self.gather = False

    def start_f(self, attributes: dict[str, str]) -> None:
        self.formula = True

    def end_c(self) -> None:
        self.gather = False
        text = self.take()
        if text:
            self.sheet.put(self.row, self.column, self._value(text))
        elif self.formula and self.kind != "str":  # a formula may well give an empty text
            self.sheet.put(self.row, self.column, Oddity("formula", "formule sans résultat"))

    def _value(self, text: str) -> Cell:
        if self.kind == "s":
            key = text.strip()
            if not (key.isascii() and key.isdigit() and len(key) < 10 and int(key) < len(self.shared.strings)):
                raise Refused(self._damaged())
            return _unescape(self.shared.strings[int(key)])
        if self.kind in ("str", "inlineStr"):
            return _unescape(text)
        if self.kind == "b":
            return Oddity("boolean", "VRAI" if text.strip() == "1" else "FAUX")
        if self.kind == "e":
            return Oddity("error", text)
        if self.kind == "d":
            return Oddity("date", text, text.partition("T")[0])
        return self._number(text)

    def _damaged(self) -> Problem:
        return Problem(DAMAGED, self.row, column_letter(self.column))

    def _number(self, text: str) -> Cell:
        if not text.strip():
            return ""
        try:
            value = float(text)
        except ValueError as error:
            raise Refused(self._damaged()) from error
        if not abs(value) < 1e300:
            return Oddity("error", text.strip()[:40])
        return Oddity("date", _date(value, self.shared.epoch)) if self.style in self.shared.dates else value

    def start_mergeCell(self, attributes: dict[str, str]) -> None:
        first, _, last = attributes.get("ref", "").partition(":")
        (top, left), (bottom, right) = place(first), place(last or first)
        self.sheet.merge(top, left, bottom, right)


def _date(serial: float, epoch: datetime.date) -> str:
    try:
        return f"{epoch + datetime.timedelta(days=serial):%d/%m/%Y}"
    except (OverflowError, ValueError):
        return str(serial)


def _unescape(text: str) -> str:
    return _ESCAPED.sub(_escaped_sign, text) if "_x" in text else text


def _escaped_sign(escape: re.Match[str]) -> str:
    """« _x000A_ » → the sign of this code point."""
    return chr(int(escape[1], 16))
