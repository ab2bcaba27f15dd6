"""What the forms of the officers' screens are made of: the browser's own dates, lists of boxes that one searches."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django import forms
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.utils import flatten
from django.db import models
from django.db.models import Field
from django.forms.models import ModelChoiceIterator
from django.http import HttpRequest

from cohesion.lib.forms import DecimalInput, day_input, moment_input
from cohesion.lib.nouns import Noun
from cohesion.lib.text import capital, count_phrase

CHOOSE = "Choisissez…"
UNSAID = "(non précisé)"
SEARCHED_FROM = 9  # boxes: a shorter list is read at a glance
BOX = Noun("case", "cases")
CLOSED = ("collapse",)
VERBS = {"view": "Voir", "add": "Ajouter", "change": "Modifier", "delete": "Supprimer"}


def folded(row: object, *fields: Any, say: str = "") -> dict[str, Any]:
    """A part of a form that most leave alone: folded where it says nothing, be the row added (None) or read again.

    Django unfolds it by itself when it holds an error.
    """
    part = {"fields": fields, "description": say}
    return (
        part if row is not None and any(_says(row, name) for name in flatten(fields)) else {**part, "classes": CLOSED}
    )


def _says(row: Any, name: str) -> bool:
    """Whether a row says something by a field; one that is none of its columns is asked of nobody, and may."""
    if name not in {field.name for field in row._meta.concrete_fields}:
        return True
    field = row._meta.get_field(name)
    return getattr(row, field.attname) not in (None, "", [], field.get_default())


class TickList(forms.CheckboxSelectMultiple):
    """Boxes in a list that scrolls, those that are ticked first, with their count.

    Every box is there without scripts; ``choices.js`` adds a field that narrows the list and keeps the count. ``noun``
    names what is ticked. The field that holds it is a fieldset, which names the group.
    """

    template_name = "widgets/tick_list.html"
    is_searchable = True  # it draws its own boxes

    class Media:
        css = {"all": ("ticks.css",)}
        js = (forms.Script("choices.js", defer=True),)

    def __init__(self, attrs: Any = None, choices: Any = (), *, noun: Noun = BOX, has_id: bool = True) -> None:
        """``has_id``: the list bears the id of the field, which its fieldset else does."""
        super().__init__(attrs, choices)
        self.noun, self.has_id = noun, has_id

    def get_context(self, name: str, value: object, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        groups = [(title, options) for title, options, _ in context["widget"]["optgroups"]]
        ticked = [option for _, options in groups for option in options if option["selected"]]
        ticking = self.noun.agreed("coché")
        singular, plural = f"{self.noun.singular} {ticking}", f"{self.noun.plural} {ticking}s"
        context["widget"] |= {
            "own_id": context["widget"]["attrs"].get("id") if self.has_id else None,
            "ticked": ticked,
            "groups": list(_unticked(groups)),
            "is_searched": sum(len(options) for _, options in groups) >= SEARCHED_FROM,
            "one": singular,
            "many": plural,
            "count": count_phrase(len(ticked), singular, plural),
            "none": f"{self.noun.no} à cocher",
        }
        return context


def _unticked(groups: Iterable[tuple[Any, list[Any]]]) -> Iterable[tuple[Any, list[Any]]]:
    """The boxes that are not ticked; those that stand in no group are one list."""
    loose: list[Any] = []
    for title, options in groups:
        left = [option for option in options if not option["selected"]]
        if title is None:
            loose += left
        elif left:
            yield title, left
    if loose:
        yield None, loose


class PermissionChoices(ModelChoiceIterator):
    """Permissions under the name of what they are about, with Django's four verbs in French."""

    def __iter__(self) -> Any:
        for content, permissions in groupby(self.queryset, key=lambda permission: permission.content_type):
            yield capital(content.name), [(permission.pk, permitted(permission)) for permission in permissions]


def permitted(permission: Any) -> str:
    """What a permission allows; one of our own says itself in French."""
    verb = permission.codename.partition("_")[0]
    return VERBS[verb] if permission.name.startswith("Can ") and verb in VERBS else permission.name


class NativeInputs(BaseModelAdmin):
    """Fields that a browser knows by itself, and words where Django draws dashes."""

    def formfield_for_dbfield(self, db_field: "Field[Any, Any]", request: HttpRequest, **kwargs: Any) -> Any:
        field: Any
        if isinstance(db_field, models.DateTimeField):
            kwargs = {"form_class": forms.DateTimeField, "widget": moment_input(), **kwargs}
        elif isinstance(db_field, models.DateField):
            kwargs = {"widget": day_input(), **kwargs}
        elif isinstance(db_field, models.DecimalField):
            kwargs = {"form_class": DecimalInput, **kwargs}
        elif isinstance(db_field, models.ManyToManyField):
            noun = Noun.of(db_field.remote_field.model._meta)
            field = self.formfield_for_manytomany(db_field, request, **{"widget": TickList(noun=noun), **kwargs})
            if noun.singular == "permission":
                field.iterator = PermissionChoices
                field.queryset = field.queryset.select_related("content_type")
            return field
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(field, forms.ModelChoiceField):
            if field.empty_label is not None and field.queryset is not None:
                noun = Noun.of(field.queryset.model._meta)
                field.empty_label = CHOOSE if field.required else f"({noun.no})"
        elif db_field.choices:
            empty = CHOOSE if field.required else UNSAID
            field.choices = [(value, label if value else empty) for value, label in field.choices]
        return field
