"""The names of models in the sentences of the officers' screens."""

import json
from typing import Any

from django import template

from cohesion.lib.nouns import Noun, small
from cohesion.lib.text import NBSP

register = template.Library()


@register.filter
def noun(meta: Any) -> Noun:
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
