"""What the lists and the forms of the officers' screens say: of filters, of parts and lines, of the names of models."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django import template
from django.apps import apps
from django.contrib.admin.utils import flatten
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cohesion.lib.list_filters import filters_of, last_filters
from cohesion.lib.nouns import Noun, small
from cohesion.lib.text import NBSP, capital, count_phrase
from cohesion.models import SavedFilter

register = template.Library()
_OPENING = re.compile(r"^(<t[dh])")


@register.simple_tag
def chosen(choices: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The choice that narrows the list; None while the first one, which narrows nothing, is selected."""
    return next((choice for choice in choices[1:] if choice.get("selected")), None)


@register.filter
def named(cells: Iterable[SafeString], headers: list[dict[str, Any]]) -> list[SafeString]:
    """The cells of a row, as Django drew them, each with the name of its column."""
    return [_with_label(cell, header) for cell, header in zip(cells, headers, strict=False)]


def _with_label(cell: SafeString, header: dict[str, Any]) -> SafeString:
    """The box that one ticks needs no name: it has its own."""
    if "action-checkbox" in header.get("class_attrib", ""):
        return cell
    label = format_html(' data-label="{}"', capital(str(header["text"])))
    return SafeString(_OPENING.sub(rf"\1{label}", cell, count=1))  # Django's own markup, and an escaped label


@register.filter
def only_action(form: Any) -> tuple[str, str] | None:
    """The one thing that a list does to the lines one ticks: its value and its words; None where there are several."""
    choices = [choice for choice in form.fields["action"].choices if choice[0]]
    return choices[0] if len(choices) == 1 else None


@register.filter
def kinds_counted(lines: Iterable[str]) -> str:
    """« 18 déclarations et 2 comités », of lines that begin with the name of their kind."""
    nouns = {capital(str(model._meta.verbose_name)): Noun.of(model._meta) for model in apps.get_models()}
    numbers = Counter(line.partition(f"{NBSP}:")[0] for line in lines)
    phrases = []
    for kind, number in numbers.items():
        noun = nouns.get(kind, Noun(kind, kind))
        phrases.append(count_phrase(number, noun.singular, noun.plural))
    return " et ".join(filter(None, [", ".join(phrases[:-1]), phrases[-1]]))


@register.inclusion_tag("includes/saved_filters.html", takes_context=True)
def saved_filters(context: dict[str, Any]) -> dict[str, Any]:
    """What somebody keeps of the list that they read, and the filters that it had when they last used some."""
    request = context["request"]
    query = filters_of(request.GET)
    saved = list(SavedFilter.objects.filter(user=request.user, screen=request.path))
    last = last_filters(request)
    return {
        "saved": saved,
        "query": query,
        "screen": request.path,
        "is_saved": query in {kept.query for kept in saved},
        "last": f"{request.path}?{last}" if last and not query else "",
        "keep_address": reverse("filter_keep"),
        "csrf_token": context.get("csrf_token"),
    }


@register.filter
def is_folded(part: Any) -> bool:
    """Whether a part is shown folded: never when it holds an error, be it in a field that shares its line."""
    return part.is_collapsible and not any(name in part.form.errors for name in flatten(part.fields))


@register.filter
def yes_no_in_words(contents: str) -> str:
    """What a form only shows; a yes and a no are words: Django draws them, and names its drawings in English."""
    for drawing, word in (("icon-yes", "oui"), ("icon-no", "non"), ("icon-unknown", "non précisé")):
        if contents.startswith("<img") and drawing in contents:
            return word
    return contents


@register.filter
def noun(meta: object) -> Noun:
    """The noun of a model's ``_meta``, or of the name alone that a widget knows."""
    return Noun(small(str(meta))) if isinstance(meta, str) else Noun.of(meta)


@register.filter
def lines_data(formset: Any) -> str:
    """What Django's script reads of the lines beneath a form, with the words of its buttons in French."""
    data = json.loads(formset.inline_formset_data())
    data["options"] |= {"addText": f"Ajouter {Noun.of(formset.opts.model._meta).a}", "deleteText": "Retirer"}
    return json.dumps(data)


@register.filter
def line_name(line: Any) -> str:
    """A line beneath the form of its owner: its name, without that of the owner beside it."""
    owner = str(getattr(line.original, line.formset.fk.name))
    return str(line.original).removeprefix(f"{owner}{NBSP}: ").removesuffix(f"{NBSP}: {owner}")
