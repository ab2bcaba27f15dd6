"""The orientation picker: the framework as a tree of native inputs, one main orientation and any secondary ones.

Each orientation has a radio (main), a box (secondary) and a line for the reason. It works without scripts; a script
adds a field that narrows the tree.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from axes import document
from axes.document import Node
from axes.models import Framework, Orientation
from projects.catalogue.models import Contribution

RATIONALE_LENGTH = 300


@dataclass
class PickedOrientations:
    """What is chosen, as keys: the main orientation, and the reason of each secondary one."""

    main: str = ""
    secondary: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, links: Sequence[Contribution]) -> "PickedOrientations":
        """The links of a project to one framework."""
        return cls(
            next((str(link.orientation_id) for link in links if link.is_main), ""),
            {str(link.orientation_id): link.rationale for link in links if not link.is_main},
        )


@dataclass(frozen=True)
class PickerLine:
    """One orientation of the tree as the template draws it."""

    orientation: Orientation
    path: str
    is_main: bool
    is_secondary: bool
    rationale: str
    children: "list[PickerLine]"

    @property
    def is_open(self) -> bool:
        """Something under it is chosen."""
        return any(line.is_main or line.is_secondary or line.is_open for line in self.children)


class OrientationPicker(forms.Widget):
    use_fieldset = True
    is_searchable = True  # it draws its own list
    framework: Framework | None = None
    is_optional = False  # whether it may be said that there is no main orientation

    class Media:
        js = (forms.Script("picker.js", defer=True),)

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        nodes = document.read_nodes(self.framework) if self.framework else []
        chosen = value or PickedOrientations()
        lines = [_line(node, chosen) for node in nodes if node.parent is None]
        context = {
            "name": name,
            "lines": lines,
            "framework": self.framework,
            "length": RATIONALE_LENGTH,
            "is_optional": self.is_optional,
            "is_none": not chosen.main,
        }
        return mark_safe(render_to_string("admin/projects/picker.html", context))  # noqa: S308

    def value_from_datadict(self, data: Any, files: Any, name: str) -> PickedOrientations:
        keys = data.getlist(f"{name}_secondary")
        return PickedOrientations(
            data.get(f"{name}_main", ""), {key: data.get(f"{name}_reason_{key}", "") for key in keys}
        )

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False


def _line(node: Node, chosen: PickedOrientations) -> PickerLine:
    key = str(node.orientation.pk)
    return PickerLine(
        orientation=node.orientation,
        path=" › ".join(above.orientation.badge for above in node.path),
        is_main=key == chosen.main,
        is_secondary=key in chosen.secondary,
        rationale=chosen.secondary.get(key, ""),
        children=[_line(child, chosen) for child in node.children],
    )


class OrientationPickerField(forms.Field):
    """Cleans to the main orientation (or None) and the secondary ones, each with its reason."""

    widget = OrientationPicker

    def bind(self, framework: Framework | None, *, is_optional: bool = False) -> None:
        self.framework = self.widget.framework = framework
        self.widget.is_optional = is_optional

    def clean(self, value: PickedOrientations) -> tuple[Orientation | None, list[tuple[Orientation, str]]]:
        nodes = Orientation.objects.filter(framework=self.framework)
        known = {str(node.pk): node for node in nodes}
        if unknown := [key for key in (value.main, *value.secondary) if key and key not in known]:
            raise ValidationError(f"{len(unknown)} orientation choisie n’existe plus : choisissez à nouveau.")
        if not value.main:
            if value.secondary:
                raise ValidationError("Choisissez aussi l’orientation principale.")
            return None, []
        return known[value.main], list(self._secondary(value, known))

    def _secondary(self, value: PickedOrientations, known: dict[str, Orientation]) -> Iterator[tuple[Orientation, str]]:
        for key, rationale in value.secondary.items():
            if key == value.main:
                raise ValidationError(
                    f"L’orientation {known[key].code} ne peut pas être à la fois principale et secondaire."
                )
            if len(rationale) > RATIONALE_LENGTH:
                raise ValidationError(f"La raison de {known[key].code} dépasse {RATIONALE_LENGTH} caractères.")
            yield known[key], rationale

    def in_words(self, value: PickedOrientations | None) -> str:
        """The codes, the main one first."""
        chosen = value or PickedOrientations()
        nodes = Orientation.objects.filter(framework=self.framework)
        codes = {str(pk): code for pk, code in nodes.values_list("pk", "code")}
        secondary = [codes.get(key, "?") for key in chosen.secondary]
        main = [f"{codes.get(chosen.main, '?')} (principale)"] if chosen.main else []
        return ", ".join([*main, *sorted(secondary)])

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or PickedOrientations()) != data
