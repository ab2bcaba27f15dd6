"""The columns of a kind of row, declared once: what a file is read and written by, compared, explained and documented.

They are django-import-export's: a resource has fields, and the widget of a field stands between a value and its cell.
A row is a mapping from the attributes of the fields to plain values, whether it was read or is to be written.

The package's own import stays closed: it reads files without bounds, saves row by row, and lets half a file in. What is
done instead is around it: bounded readers before (:mod:`cohesion.lib.spreadsheets`), then the plan of an importer
(:mod:`cohesion.imports.importer`).
"""

import enum
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, NoReturn

from django.db.models import TextChoices
from import_export.fields import Field
from import_export.resources import Resource
from import_export.widgets import Widget

from cohesion.lib import french, spreadsheets
from cohesion.lib.spreadsheets import Cell, Table
from cohesion.lib.spreadsheets.cells import at_most, items, line_of, text_of
from cohesion.lib.spreadsheets.damage import meant
from cohesion.lib.spreadsheets.expected import Expected, Holds
from cohesion.lib.spreadsheets.headers import GUIDE_SHEET
from cohesion.lib.spreadsheets.tables import Value

SEPARATOR = "|"  # between the items of a list in one cell
NOT_HERE = "Un fichier s’importe par cohesion.imports.importer : lu en entier, comparé, montré, puis appliqué."


class CellKind(enum.StrEnum):
    """What the cells of a column are, for who describes them to a program or to a reader."""

    TEXT = "text"
    LIST = "list"
    EUROS = "euros"
    WHOLE = "whole"
    DAY = "day"


class CellWidget(Widget):
    """A value and its cell. ``read`` raises ValueError with the French sentence that says how to mend the cell.

    ``words`` are all that its cells may say, where that is a closed list.
    """

    words: Sequence[str] = ()

    def __init__(self, read: Callable[[Cell | None], Any], write: Callable[[Any], Value] | None = None) -> None:
        super().__init__()
        self.read, self.write = read, write

    def clean(self, value: Cell | None, row: object = None, **kwargs: Any) -> Any:
        return self.read(value)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Value:
        return self.write(value) if self.write else value

    def is_same(self, old: object, new: object) -> bool:
        """Whether one value is no change from the other, however it is written."""
        return bool(old == new)


class LineWidget(CellWidget):
    """A text on one line, told by ``parse`` what it means. Spaces are no difference, nor what is mended in reading."""

    def __init__(
        self,
        parse: Callable[[str], Any] = str,
        write: Callable[[Any], Value] | None = None,
        words: Iterable[str] = (),
    ) -> None:
        super().__init__(lambda cell: parse(line_of(cell)), write)
        self.words = tuple(words)

    def is_same(self, old: object, new: object) -> bool:
        if isinstance(old, str) and isinstance(new, str):
            return meant(old) == meant(new)
        return super().is_same(old, new)


class ChoiceWidget(LineWidget):
    """One of some values, told by its label whatever its gender, its number and the order of its words.

    ``unknown`` and ``missing`` begin the sentences about a text that is no label and about an empty cell; without
    ``missing``, an empty cell is an empty value.
    """

    def __init__(self, choices: Iterable[TextChoices], unknown: str, missing: str = "") -> None:
        self.labels = {str(choice.label): str(choice.value) for choice in choices}
        words = {value: label for label, value in self.labels.items()}
        super().__init__(self._value, lambda value: words[value] if value else "")
        self.unknown, self.missing = unknown, missing
        self.words = tuple(self.labels) if missing else ("", *self.labels)

    def _value(self, text: str) -> str:
        if not text and not self.missing:
            return ""
        value = french.meant(text, self.labels) if text else None
        if value is None:
            begins = self.unknown if text else self.missing
            end = "" if self.missing else ", ou laissez vide"
            raise ValueError(f"{begins} : écrivez {', '.join(self.labels)}{end}.")
        return value


class WholeWidget(LineWidget):
    """A whole number up to ``highest``, in digits, or nothing; ``refused`` is the sentence about anything else.

    ``is_spaced``: people write it by groups of digits.
    """

    def __init__(self, highest: int, refused: str, *, is_spaced: bool = False) -> None:
        super().__init__(self._number)
        self.highest, self.refused, self.is_spaced = highest, refused, is_spaced

    def _number(self, text: str) -> int | None:
        text = text.replace(" ", "") if self.is_spaced else text
        if not text:
            return None
        is_number = text.isascii() and text.isdigit() and len(text) <= len(str(self.highest))
        if not is_number or int(text) > self.highest:
            raise ValueError(self.refused)
        return int(text)


class TextWidget(LineWidget):
    """A text that may have been written on several lines, told by ``parse`` what it means."""

    def __init__(self, parse: Callable[[str], Any] = str, write: Callable[[Any], Value] | None = None) -> None:
        CellWidget.__init__(self, lambda cell: parse(text_of(cell)), write)


class ParagraphWidget(CellWidget):
    """A text of several lines, of so many characters at most. What is on which line is a difference."""

    def __init__(self, length: int) -> None:
        super().__init__(lambda cell: at_most(text_of(cell).strip(), length))

    def is_same(self, old: object, new: object) -> bool:
        if isinstance(old, str) and isinstance(new, str):
            lines, others = old.strip().splitlines(), new.strip().splitlines()
            return [meant(line) for line in lines] == [meant(line) for line in others]
        return super().is_same(old, new)


class ListWidget(CellWidget):
    """Several items in one cell, told by ``parse`` what they mean. Their order is no difference."""

    def __init__(
        self,
        parse: Callable[[str], list[Any]] = items,
        write: Callable[[Any], Value] | None = SEPARATOR.join,
    ) -> None:
        super().__init__(lambda cell: parse(text_of(cell)), write)

    def is_same(self, old: Any, new: Any) -> bool:
        if old is None or new is None:
            return super().is_same(old, new)
        return set(old) == set(new)


class ColumnField(Field):
    """A column: its heading, the attribute of its values, and the widget of its cells.

    ``help_text`` says what one writes there. ``mandatory``: a file must have it. ``is_public``: it stands in files for
    everybody, or what tells whether it does, where a setting decides. ``is_plain``: it is one value of the row itself,
    which nothing else decides. ``declared_on`` is the page of a form that asks for it, under the name of its attribute.
    ``compared``: the attributes that a plan compares, where they are not its own. ``aliases``, ``holds``,
    ``filled_down`` and ``fills`` are those of :class:`cohesion.lib.spreadsheets.expected.Expected`. ``readonly``: it is
    written for people, and read by nobody. ``in_euros``: its numbers are amounts.
    """

    def __init__(
        self,
        heading: str,
        attribute: str,
        widget: CellWidget | None = None,
        *,
        help_text: str = "",
        width: int = 14,
        mandatory: bool = False,
        is_public: bool | Callable[[], bool] = True,
        is_plain: bool = False,
        declared_on: str = "",
        compared: Sequence[str] | None = None,
        aliases: Sequence[str] = (),
        holds: Holds = Holds.TEXT,
        filled_down: bool = False,
        fills: tuple[str, Callable[[Cell | None], Any]] | None = None,
        readonly: bool = False,
        in_euros: bool = False,
    ) -> None:
        super().__init__(attribute, heading, widget or CellWidget(line_of), readonly=readonly)
        self.help_text, self.width = help_text, width
        self.mandatory, self.is_plain = mandatory, is_plain
        self._is_public, self.in_euros = is_public, in_euros
        self.declared_on = declared_on
        self.compared = (attribute,) if compared is None else tuple(compared)
        self.aliases, self.holds, self.filled_down, self.fills = aliases, holds, filled_down, fills

    @property
    def header(self) -> str:
        return str(self.column_name)

    @property
    def is_public(self) -> bool:
        return self._is_public() if callable(self._is_public) else self._is_public

    @property
    def kind(self) -> CellKind:
        """What its cells are, as its widget and what it holds say."""
        if isinstance(self.widget, ListWidget):
            return CellKind.LIST
        if self.in_euros:
            return CellKind.EUROS
        if self.holds is Holds.DAYS:
            return CellKind.DAY
        return CellKind.WHOLE if isinstance(self.widget, WholeWidget) else CellKind.TEXT

    @property
    def is_by_setting(self) -> bool:
        """Whether a setting decides who reads it."""
        return callable(self._is_public)

    def value(self, row: Any) -> Value:
        """The cell of a row."""
        cell: Value = self.export(row)
        return cell

    def export(self, instance: object, **kwargs: Any) -> Any:
        # A row that is a dictionary is asked at once: a file of thousands of rows is as long as this line.
        if isinstance(instance, dict) and self.attribute in instance:
            return self.widget.render(instance[self.attribute])
        return self.widget.render(self.get_value(instance))

    def shown(self, row: object) -> str:
        """The cell of a row as a text."""
        value = self.value(row)
        return "" if value is None else str(value)

    @property
    def expected(self) -> Expected:
        """The column as a reader of files expects it."""
        return Expected(
            self.header,
            self.attribute,
            self.widget.clean,
            mandatory=self.mandatory,
            filled_down=self.filled_down,
            aliases=self.aliases,
            holds=self.holds,
            fills=self.fills,
        )


def own_line(heading: str, attribute: str, help_text: str, **options: Any) -> ColumnField:
    """A text on one line that is the row's own."""
    return ColumnField(heading, attribute, LineWidget(), help_text=help_text, is_plain=True, **options)


class TableResource(Resource):
    """A kind of row: its columns in their order, the name of its sheet, and what a file of headers only is told."""

    sheet = "Feuille"
    nothing = "Le fichier n’a que des en-têtes : il faut au moins une ligne."
    subjects = ("programme", "cadre")  # by which a CSV says of which framework all its rows speak

    @cached_property
    def columns(self) -> tuple[ColumnField, ...]:
        return tuple(self.fields.values())

    @cached_property
    def read_columns(self) -> tuple[ColumnField, ...]:
        """Those that a file may bring."""
        return tuple(column for column in self.columns if not column.readonly)

    @cached_property
    def expected(self) -> tuple[Expected, ...]:
        return tuple(column.expected for column in self.read_columns)

    @cached_property
    def unread(self) -> frozenset[str]:
        """The headings of what is written for people, which an import leaves without a word."""
        return frozenset(self.subjects) | {column.header for column in self.columns if column.readonly}

    @cached_property
    def by_attribute(self) -> Mapping[str, ColumnField]:
        return {str(column.attribute): column for column in self.columns}

    @cached_property
    def plain(self) -> tuple[str, ...]:
        """The attributes of the values that are the row's own, which nothing else decides."""
        return tuple(str(column.attribute) for column in self.columns if column.is_plain)

    @cached_property
    def compared(self) -> Mapping[str, ColumnField]:
        """What a plan compares of a row, each with the column that says it."""
        compared: dict[str, ColumnField] = {}
        for column in self.read_columns:
            for attribute in column.compared:
                compared.setdefault(attribute, column)
        return compared

    def table(
        self,
        rows: Iterable[Any],
        columns: Sequence[ColumnField] | None = None,
        total: Mapping[str, Value] | None = None,
    ) -> Table:
        """The rows as a table to write, read as they come; ``total`` is what people read under them, by header."""
        return Table.of(self.sheet, self.columns if columns is None else columns, rows, total)

    def model_file(self, format: str, rows: Collection[Mapping[str, Value]], name: str) -> tuple[bytes, str, str]:
        """The file that people start from: these rows by heading, and what may stand in each column.

        Returns its bytes, its content type and its name. It can itself be imported.

        Raises:
            KeyError: the format is none of :data:`cohesion.lib.spreadsheets.CONTENT_TYPES`.
        """
        headers = [column.header for column in self.read_columns]
        examples: list[list[Value]] = []
        for row in rows:
            examples.append([row.get(header, "") for header in headers])
        example = Table(self.sheet, headers, examples, [column.width for column in self.read_columns])
        guide = Table(
            GUIDE_SHEET,
            ["Colonne", "Obligatoire", "Ce qu’on y écrit"],
            [(column.header, "oui" if column.mandatory else "non", column.help_text) for column in self.read_columns],
            [max(16, *(len(header) + 1 for header in headers)), 12, 100],
        )
        content = spreadsheets.write(format, [example, guide])
        return content, spreadsheets.CONTENT_TYPES[format], f"{name}.{format}"

    def import_data(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise NotImplementedError(NOT_HERE)
