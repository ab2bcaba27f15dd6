"""What a page of the declaration is made of: a form that keeps everything, and says what is wrong or still missing."""

import hashlib
from collections.abc import Iterator
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.datastructures import MultiValueDict
from django.utils.functional import cached_property

from cohesion.lib.dates import french_date
from cohesion.lib.french import shortened
from cohesion.lib.glossary import GlossaryEntry, explained
from cohesion.lib.text import NARROW_NBSP, NBSP, capital, euros, number_fr, small_initial
from cohesion.together.merging import Typed
from projects.declaring.answers import is_blank
from projects.declaring.contradictions import Correction, Rule
from projects.declaring.fields import Amount, Count, Day, Text, paragraph
from projects.declaring.models import Declaration
from projects.declaring.pieces import WHY, Piece

REASON_LENGTH = 500
IN_SHORT = 18  # words
LIMIT_SAID = 255  # a shorter limit is told when it is near


class PageField(forms.BoundField):
    """A field with what stands beside it: whether it may be left blank, its limit, its words, what contradicts it."""

    form: "PageForm"

    def __init__(self, form: "PageForm", field: forms.Field, name: str) -> None:
        super().__init__(form, field, name)
        if self.limit and self.limit >= LIMIT_SAID:
            self.help_text = f"{self.help_text} {number_fr(self.limit)} caractères au plus.".lstrip()

    @property
    def limit(self) -> int | None:
        """How many characters it may have."""
        return self.field.max_length if isinstance(self.field, Text) else None

    @property
    def is_optional(self) -> bool:
        return self.form.is_optional(self.name)

    @property
    def explained(self) -> list[GlossaryEntry]:
        return explained(self.form.EXPLAINED.get(self.name, ()))

    @property
    def doubts(self) -> list[str]:
        """What contradicts it, unless it stands among the errors."""
        sentences = [doubt.sentence for doubt in self.form.doubts if doubt.field == self.name]
        return [sentence for sentence in sentences if sentence not in self.errors]

    @property
    def aria_describedby(self) -> str:
        described = super().aria_describedby or ""
        return f"{described} {self.auto_id}_told".lstrip() if self.doubts else described

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        attrs = super().build_widget_attrs(attrs, widget)
        return attrs | {"data-limit": self.limit} if self.limit else attrs


class PageForm(forms.Form):
    """The answers of one page. Nothing is required to save them; :meth:`needed` says what handing in requires.

    ``faults`` are what was typed and cannot be read (a date that does not exist), ``contradictions`` what two answers
    cannot both say, ``gaps`` what handing in waits for: what is missing, and what contradicts itself.
    """

    # The field, and the sentence that asks for it.
    NEEDED: ClassVar[dict[str, str]] = {}
    # Fields that another answer makes necessary: their hint says when, so they are not marked as optional.
    CONDITIONAL: ClassVar[tuple[str, ...]] = ()
    RULES: ClassVar[tuple[Rule, ...]] = ()
    # The words of the glossary that are explained beside a field.
    EXPLAINED: ClassVar[dict[str, tuple[str, ...]]] = {}
    template = "space/page_fields.html"
    bound_field_class = PageField

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

    def lacking(self) -> Iterator[Correction]:
        """What is still missing once each needed field is there, and that is no field's alone."""
        return iter(())

    def answer(self, name: str) -> Any:
        """The answer as a value; None when it is blank or cannot be read."""
        if name in self.errors:
            return None
        value = self.cleaned_data.get(name)
        return None if is_blank(value) else value

    # --- what is wrong, contradictory or missing ------------------------------------------------------------

    @property
    def faults(self) -> list[Correction]:
        return [
            Correction("", str(sentence)) if name == NON_FIELD_ERRORS else self._about(name, str(sentence))
            for name, sentences in self.errors.items()
            for sentence in sentences
        ]

    def _about(self, name: str, sentence: str) -> Correction:
        """The sentence after the name of its field: two colons do not follow one another."""
        if name not in self.fields:
            return Correction(name, sentence)
        rest = small_initial(sentence).replace(f"{NBSP}:", f"{NARROW_NBSP};")
        return Correction(name, f"{self.full_label(name)}{NBSP}: {rest}")

    def full_label(self, name: str) -> str:
        """The field, as a sentence that stands far from it names it."""
        return capital(str(self.fields[name].label).rstrip(" ?"))

    @property
    def doubts_lines(self) -> list[tuple[str, str, str]]:
        """Each thing told: its field, the sentence that stands beside it, and the same after the name of the field."""
        return [
            (doubt.field, doubt.sentence, self._about(doubt.field, doubt.sentence).sentence) for doubt in self.doubts
        ]

    @cached_property
    def contradictions(self) -> list[Correction]:
        return [correction for rule in self.RULES for correction in rule(self)]

    @property
    def doubts(self) -> list[Correction]:
        """What the page says of itself when it is shown; where it can be read, beside the fields."""
        return self.contradictions

    @property
    def doubts_mark(self) -> str:
        """What tells that one set of contradictions is another: pressed again, the button goes on."""
        sentences = "\n".join(correction.sentence for correction in self.doubts)
        return hashlib.sha256(sentences.encode()).hexdigest()[:16] if sentences else ""

    @property
    def missing(self) -> list[Correction]:
        return [
            Correction(name, sentence)
            for name, sentence in self.needed().items()
            if name not in self.errors and self.answer(name) is None
        ]

    @property
    def gaps(self) -> list[Correction]:
        missing = self.missing
        if not missing and not self.errors:
            missing = list(self.lacking())
        return missing + [correction for correction in self.contradictions if correction.stops]

    def is_optional(self, name: str) -> bool:
        """Whether the label says that this field may be left blank."""
        is_tick = isinstance(self.fields[name], forms.BooleanField)
        return not is_tick and name not in self.CONDITIONAL and name not in self.needed()

    @property
    def has_optional(self) -> bool:
        return any(self.is_optional(name) for name in self.fields)

    # --- what a template asks -------------------------------------------------------------------------------

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
