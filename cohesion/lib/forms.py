"""What the forms of the site share."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, TypeVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.choices import flatten_choices

from cohesion.lib.spreadsheets import amounts
from cohesion.lib.text import NBSP, euros, validate_line, validate_text

Row = TypeVar("Row", bound=Model)
NO_DECIMAL = "Ce n’est pas un nombre que le site sait lire : écrivez par exemple 12 500 ou 12,50."


def shown(bound: forms.BoundField, value: object) -> str:
    """The value of a field as people read it: the words of a choice, « (vide) » for nothing.

    A field of which the value is no word says it itself (``in_words``).
    """
    if hasattr(bound.field, "in_words"):
        return bound.field.in_words(value) or "(vide)"
    values = value if isinstance(value, list | tuple | set) else [value]
    choices: Any = flatten_choices(getattr(bound.field, "choices", ()))
    labels = {str(key): str(label) for key, label in choices if key != ""}
    keys = [str(getattr(chosen, "pk", chosen)) for chosen in values if chosen not in (None, "")]
    return ", ".join(labels.get(key, key) for key in keys) or "(vide)"


def offer(form: forms.BaseForm, name: str, choices: Iterable[tuple[str, str]]) -> None:
    """Give a field of choices what it offers."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)


def offer_rows(
    form: forms.BaseForm, name: str, rows: QuerySet[Row], label: Callable[[Row], str] | None = None
) -> forms.ModelChoiceField:
    """Give a field of rows those that it offers, each by its ``label`` where its own name does not suffice."""
    field: Any = form.fields[name]
    field.queryset = rows
    if label is not None:
        field.label_from_instance = label
    return cast(forms.ModelChoiceField, field)


class RowsField(forms.ModelMultipleChoiceField):
    """Several rows of a table; a key too long for any table is that of none."""

    def clean(self, value: Any) -> QuerySet[Any]:
        try:
            return super().clean(value)
        except OverflowError as error:
            sentence = self.error_messages["invalid_choice"] % {"value": "trop long"}
            raise ValidationError(sentence, code="invalid_choice") from error


class DecimalInput(forms.DecimalField):
    """A number as French people write it: « 12 500 », « 1 250,50 », with or without its euros."""

    widget = forms.TextInput

    def to_python(self, value: object) -> Any:
        try:
            return super().to_python(amounts.euros(value) if isinstance(value, str) else value)
        except ValueError as error:
            raise ValidationError(NO_DECIMAL) from error

    def prepare_value(self, value: object) -> Any:
        """What was typed stays as it was."""
        return euros(value).removesuffix(f"{NBSP}€") if isinstance(value, Decimal) else value

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "inputmode": "decimal", "class": "decimal"}


def day_input() -> forms.DateInput:
    """The browser's own choice of a day."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def _needed(missing: str, options: dict[str, Any]) -> dict[str, Any]:
    needed = {"required": True, "error_messages": {"required": missing}} if missing else {"required": False}
    return needed | options


def line_field(label: str, length: int, missing: str = "", **options: Any) -> forms.CharField:
    """A line of text; ``missing``: what an empty one is told. Without it, it may stay empty."""
    return forms.CharField(label=label, max_length=length, validators=[validate_line], **_needed(missing, options))


def text_field(label: str, rows: int, missing: str = "", **options: Any) -> forms.CharField:
    """A text of so many lines in sight; ``missing`` as above."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, widget=widget, validators=[validate_text], **_needed(missing, options))


def day_field(label: str, missing: str = "", **options: Any) -> forms.DateField:
    """A day; ``missing`` as above."""
    return forms.DateField(label=label, widget=day_input(), **_needed(missing, options))


class EurosField(forms.CharField):
    """An amount as the French write it: « 12 500,50 € »; ``missing``: what an empty one is told."""

    def __init__(self, label: str, missing: str = "", **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal"})
        super().__init__(label=label, widget=widget, **_needed(missing, options))

    def clean(self, value: object) -> Any:
        text = super().clean(value)
        try:
            amount = amounts.euros(text)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None
        return None if amount is None else Decimal(amount)

    def prepare_value(self, value: object) -> Any:
        return plain_amount(value) if isinstance(value, Decimal) else value

    def has_changed(self, initial: object, data: object) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


def moment_input() -> forms.DateTimeInput:
    """The browser's own choice of a moment, to the second."""
    return forms.DateTimeInput(format="%Y-%m-%dT%H:%M:%S", attrs={"type": "datetime-local", "step": 1})


def plain_amount(amount: Decimal | None) -> str:
    """An amount as it is typed: « 12500 », « 12500,50 »."""
    if amount is None:
        return ""
    return f"{amount:.2f}".removesuffix(".00").replace(".", ",")


def name_in_row(form: forms.BaseForm, row: str) -> None:
    """Say of each field that is seen which row of its table it is in, to who does not see the table."""
    for bound in form.visible_fields():
        bound.field.widget.attrs["aria-label"] = f"{bound.label} : {row}"
