"""What a page of the declaration is made of: a form that keeps everything, and says what is wrong or still missing."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.datastructures import MultiValueDict

from cohesion.lib.dates import french_date
from cohesion.lib.french import shortened
from cohesion.lib.text import euros, number_fr
from cohesion.together.merging import Typed
from projects.declaring.answers import is_blank
from projects.declaring.fields import Amount, Count, Day, paragraph
from projects.declaring.models import Declaration
from projects.declaring.pieces import WHY, Piece

REASON_LENGTH = 500
IN_SHORT = 18  # words


@dataclass(frozen=True)
class Correction:
    """Something to mend: the field of the page (none: the page as a whole), and the sentence that says how."""

    field: str
    sentence: str


class PageForm(forms.Form):
    """The answers of one page. Nothing is required to save them; :meth:`needed` says what handing in requires.

    ``faults`` are what was typed and cannot be read (a date that does not exist), ``gaps`` what is missing or does
    not add up.
    """

    # The field, and the sentence that asks for it.
    NEEDED: ClassVar[dict[str, str]] = {}
    template = "space/page_fields.html"

    def __init__(self, declaration: Declaration, typed: Typed) -> None:
        self.declaration = declaration
        self.typed = dict(typed)
        data: MultiValueDict[str, str] = MultiValueDict(
            {name: value if isinstance(value, list) else [value] for name, value in typed.items()}
        )
        super().__init__(data=data, label_suffix="")
        self.build()

    def build(self) -> None:
        """Choices and rows that depend on the declaration."""

    def needed(self) -> dict[str, str]:
        """What handing in requires here, given the other answers."""
        return self.NEEDED

    def unbalanced(self) -> Iterator[Correction]:
        """What does not add up, once all of it is readable and there."""
        return iter(())

    def answer(self, name: str) -> Any:
        """The answer as a value; None when it is blank or cannot be read."""
        if name in self.errors:
            return None
        value = self.cleaned_data.get(name)
        return None if is_blank(value) else value

    @property
    def faults(self) -> list[Correction]:
        return [
            Correction("" if name == NON_FIELD_ERRORS else name, str(sentence))
            for name, sentences in self.errors.items()
            for sentence in sentences
        ]

    @property
    def gaps(self) -> list[Correction]:
        missing = [
            Correction(name, sentence)
            for name, sentence in self.needed().items()
            if name not in self.errors and self.answer(name) is None
        ]
        return missing if missing or self.errors else list(self.unbalanced())

    @property
    def is_untouched(self) -> bool:
        """Nothing was answered yet."""
        return all(is_blank(value) for value in self.typed.values())

    @property
    def plain(self) -> list[forms.BoundField]:
        """The fields that stand alone, in no row."""
        return [self[name] for name in self.fields]

    @property
    def ticked(self) -> list[str]:
        """The fields that hold a list."""
        return [name for name, field in self.fields.items() if isinstance(field, forms.MultipleChoiceField)]

    # --- in words -------------------------------------------------------------------------------------------

    def words(self) -> list[tuple[str, str]]:
        """Each answer with its label, in the order of the page; what was left blank is left out."""
        answers = [(str(field.label), self.in_words(name)) for name, field in self.fields.items()]
        return [(label, words) for label, words in answers if words]

    @property
    def in_short(self) -> str:
        """The page in a line, for the list of parts: its first answers."""
        return shortened(", ".join(words for _, words in self.words()[:3]), IN_SHORT)

    def in_words(self, name: str) -> str:
        """One answer in words; as it was typed, when it cannot be read."""
        field, typed, value = self.fields[name], self.typed.get(name, ""), self.answer(name)
        if isinstance(field, forms.ChoiceField):
            labels = {str(key): str(label) for key, label in _flat(field.choices)}
            chosen = typed if isinstance(typed, list) else [typed]
            return ", ".join(labels.get(key, key) for key in chosen if key)
        if isinstance(field, forms.BooleanField):
            return "oui" if value else ""
        if value is not None and isinstance(field, Amount):
            return euros(value)
        if value is not None and isinstance(field, Day):
            return french_date(value)
        if value is not None and isinstance(field, Count):
            return number_fr(value)
        return typed if isinstance(typed, str) else ", ".join(typed)


def _flat(choices: Any) -> Iterator[tuple[Any, Any]]:
    """Choices without their groups."""
    for key, label in choices:
        if isinstance(label, (list, tuple)):
            yield from label
        else:
            yield key, label


class PiecesForm(PageForm):
    """A page with pieces that the call expects: for one that is missing, it may ask why."""

    pieces: list[Piece]

    def ask_why(self) -> None:
        """A field for each piece that may be missing with a reason; called by :meth:`build`."""
        for piece in self.pieces:
            if piece.asks_why:
                self.fields[piece.field] = paragraph(
                    f"{piece.label} : pourquoi cette pièce manque", REASON_LENGTH, rows=2
                )

    @property
    def gaps(self) -> list[Correction]:
        lacking = [Correction("", piece.sentence) for piece in self.pieces if piece.stops]
        reasons = {piece.field: piece.sentence for piece in self.pieces if piece.asks_why}
        lacking += [Correction(name, sentence) for name, sentence in reasons.items() if self.answer(name) is None]
        return [*super().gaps, *lacking]

    @property
    def expected(self) -> list[tuple[Piece, forms.BoundField | None]]:
        """Each piece with the field that asks why it is missing."""
        return [(piece, self[piece.field] if piece.asks_why else None) for piece in self.pieces]

    @property
    def plain(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if not name.startswith(WHY)]


class RowsForm(PageForm):
    """A page that also has rows: as many as are filled in, and one more to fill in, up to ``MOST``.

    A row is a group of fields named ``<name>-<rank>``, such as those that ``row_fields`` makes.
    """

    MOST: ClassVar[int] = 20
    ROW: ClassVar[str] = "ligne"  # what one row is, for its legend

    def row_fields(self, rank: int) -> dict[str, forms.Field]:
        """The fields of a row by their bare names."""
        raise NotImplementedError

    def build(self) -> None:
        names = list(self.row_fields(0))
        filled = 0
        for key, value in self.typed.items():
            name, _, number = key.rpartition("-")
            if name in names and number.isdecimal() and len(number) < 4 and not is_blank(value):
                filled = max(filled, int(number) + 1)
        self.row_count = min(self.MOST, filled + 1)
        for rank in range(self.row_count):
            for name, field in self.row_fields(rank).items():
                self.fields[f"{name}-{rank}"] = field
        self.row_names = names

    @property
    def plain(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.rpartition("-")[0] not in self.row_names]

    @property
    def rows(self) -> list[dict[str, forms.BoundField]]:
        """Each row as the template draws it."""
        return [self._row(rank) for rank in range(self.row_count)]

    def _row(self, rank: int) -> dict[str, forms.BoundField]:
        return {name: self[f"{name}-{rank}"] for name in self.row_names}

    def filled_rows(self) -> list[tuple[int, dict[str, Any]]]:
        """The rows where something was answered: their rank, and their values by bare name."""
        rows = []
        for rank in range(self.row_count):
            typed = [self.typed.get(f"{name}-{rank}") for name in self.row_names]
            if not all(is_blank(answer) for answer in typed):
                rows.append((rank, {name: self.answer(f"{name}-{rank}") for name in self.row_names}))
        return rows
