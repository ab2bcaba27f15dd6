"""Fields as people fill them in: dates as they write them, amounts with spaces and a comma, texts of a bounded size."""

import datetime
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator

from cohesion.lib.nouns import Noun
from cohesion.lib.pasted import clean
from cohesion.lib.spreadsheets import amounts, days
from cohesion.lib.text import squeeze, validate_line, validate_text
from cohesion.lib.widgets import TickList

HIGHEST_COUNT = 1_000_000
TITLE_LENGTH = 150  # of an action, as the form on paper has it; what officers and files write may be longer
NO_NUMBER = "Ce n’est pas un nombre : écrivez par exemple 40 ou 12,5, sans l’unité."
TOO_LONG = "Ce texte a %(show_value)d caractères, et %(limit_value)d au plus sont permis : raccourcissez-le."
Choices = Sequence[tuple[str, str]]


class Text(forms.CharField):
    """A text of a bounded size, cleaned of what a paste leaves. The browser is not told the size: it would cut what is
    pasted, and say nothing."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        for validator in self.validators:
            if isinstance(validator, MaxLengthValidator):
                validator.message = TOO_LONG

    def to_python(self, value: object) -> str:
        return clean(super().to_python(value) or "")

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}


class LineField(Text):
    """A text on one line; the spaces that a paste leaves are put in order."""

    def to_python(self, value: object) -> str:
        return squeeze(super().to_python(value) or "")


class Day(forms.Field):
    """A date as people write it: 12/03/2027, 1/9/27, 01092027, 12 mars 2027; or the month, the year that will do.

    ``is_end``: of a month or a year, its last day is meant, else its first.
    """

    def __init__(self, *, is_end: bool = False, **kwargs: Any) -> None:
        self.read = days.last_day if is_end else days.first_day
        super().__init__(**kwargs)

    def to_python(self, value: object) -> datetime.date | None:
        try:
            day = self.read(str(value or ""))
        except ValueError as error:
            raise ValidationError(str(error)) from error
        return datetime.date.fromisoformat(day) if day else None


class Amount(forms.Field):
    """An amount in euros as people write it: « 12 500 », « 1 250,50 € »."""

    def to_python(self, value: object) -> Decimal | None:
        try:
            number = amounts.euros(str(value or ""))
        except ValueError as error:
            raise ValidationError(str(error)) from error
        return Decimal(number) if number is not None else None


class Number(Amount):
    """A number of anything, decimals or not: it is read like an amount, and no sentence takes it for money."""

    def to_python(self, value: object) -> Decimal | None:
        try:
            return super().to_python(value)
        except ValidationError as error:
            raise ValidationError(NO_NUMBER) from error


class Count(forms.Field):
    """A whole number of people, or of anything else."""

    def to_python(self, value: object) -> int | None:
        text = re.sub(r"\s", "", str(value or ""))
        if not text:
            return None
        if not (text.isascii() and text.isdigit()):
            raise ValidationError("Ce n’est pas un nombre entier : écrivez seulement des chiffres.")
        if len(text) > 9 or int(text) > HIGHEST_COUNT:
            raise ValidationError("Ce nombre est trop grand : un million au plus.")
        return int(text)


# --- short names, so that a page reads like its form ------------------------------------------------------------


def line(label: str, size: int, **options: Any) -> forms.CharField:
    return LineField(label=label, required=False, max_length=size, validators=[validate_line], **options)


def paragraph(label: str, size: int, rows: int = 5, **options: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return Text(label=label, required=False, max_length=size, validators=[validate_text], widget=widget, **options)


def day(label: str, **options: Any) -> Day:
    attrs = {"autocomplete": "off", "class": "day", "placeholder": ""}
    return Day(label=label, required=False, widget=forms.TextInput(attrs=attrs), **options)


def amount(label: str, **options: Any) -> Amount:
    attrs = {"inputmode": "decimal", "autocomplete": "off", "class": "amount"}
    return Amount(label=label, required=False, widget=forms.TextInput(attrs=attrs), **options)


def number(label: str, **options: Any) -> Number:
    attrs = {"inputmode": "decimal", "autocomplete": "off", "class": "amount"}
    return Number(label=label, required=False, widget=forms.TextInput(attrs=attrs), **options)


def count(label: str, **options: Any) -> Count:
    attrs = {"inputmode": "numeric", "autocomplete": "off", "class": "amount"}
    return Count(label=label, required=False, widget=forms.TextInput(attrs=attrs), **options)


def one_of(label: str, choices: Choices, **options: Any) -> forms.ChoiceField:
    """One answer, all of them in sight."""
    return forms.ChoiceField(label=label, required=False, choices=choices, widget=forms.RadioSelect, **options)


def listed(label: str, choices: Choices, empty: str = "Choisissez…", **options: Any) -> forms.ChoiceField:
    """One answer of a long list."""
    return forms.ChoiceField(label=label, required=False, choices=[("", empty), *choices], **options)


def several(label: str, choices: Choices, **options: Any) -> forms.MultipleChoiceField:
    """Any number of answers."""
    widget = forms.CheckboxSelectMultiple
    return forms.MultipleChoiceField(label=label, required=False, choices=choices, widget=widget, **options)


def several_of_many(label: str, noun: Noun, **options: Any) -> forms.MultipleChoiceField:
    """The same, of a list that one searches; ``noun``: what is ticked."""
    widget = TickList(noun=noun, has_id=False)
    return forms.MultipleChoiceField(label=label, required=False, choices=[], widget=widget, **options)


def tick(label: str, **options: Any) -> forms.BooleanField:
    """Something that one confirms."""
    return forms.BooleanField(label=label, required=False, **options)
