"""The orientations that a project serves in the other programmes: a picker for each framework in force beside the
reference one, folded, and none of them required."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from axes.models import Framework, Orientation
from projects.catalogue.admin.picker import OrientationPicker, OrientationPickerField, PickedOrientations

Picked = dict[int, PickedOrientations]  # by the key of the framework
Chosen = tuple[Orientation | None, list[tuple[Orientation, str]]]


class PickersBeside(forms.Widget):
    use_fieldset = True
    frameworks: list[Framework] = []

    class Media:
        js = (forms.Script("picker.js", defer=True),)

    def render(self, name: str, value: object, attrs: Any = None, renderer: Any = None) -> SafeString:
        picked: Picked = value or {}
        parts = []
        for framework in self.frameworks:
            chosen = picked.get(framework.pk, PickedOrientations())
            picker = self._picker(framework).render(f"{name}_{framework.pk}", chosen)
            parts.append((framework, picker, bool(chosen.main)))
        context = {"name": name, "parts": parts}
        return mark_safe(render_to_string("admin/projects/pickers_beside.html", context))  # noqa: S308

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Picked:
        """What is chosen in each framework that the form showed: another one, come since, is left as it is."""
        shown = set(data.getlist(f"{name}_shown"))
        return {
            framework.pk: self._picker(framework).value_from_datadict(data, files, f"{name}_{framework.pk}")
            for framework in self.frameworks
            if str(framework.pk) in shown
        }

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False

    def _picker(self, framework: Framework) -> OrientationPicker:
        picker = OrientationPicker()
        picker.framework, picker.is_optional = framework, True
        return picker


class PickersBesideField(forms.Field):
    """Cleans to the main orientation (or None) and the secondary ones of each framework that the form showed."""

    widget = PickersBeside

    def bind(self, frameworks: list[Framework]) -> None:
        self.frameworks = self.widget.frameworks = frameworks

    def clean(self, value: Picked) -> list[tuple[Framework, Chosen]]:
        chosen = []
        for framework, field in self._fields():
            if framework.pk not in value:
                continue
            try:
                chosen.append((framework, field.clean(value[framework.pk])))
            except ValidationError as error:
                raise ValidationError(f"{framework.programme.name} : {' '.join(error.messages)}") from error
        return chosen

    def _fields(self) -> Iterator[tuple[Framework, OrientationPickerField]]:
        for framework in self.frameworks:
            field = OrientationPickerField(required=False)
            field.bind(framework)
            yield framework, field

    def in_words(self, value: Picked | None) -> str:
        """« Contrat de ville : 1.2 (principale), 3 », programme by programme."""
        picked = value or {}
        named = [(framework, field.in_words(picked.get(framework.pk))) for framework, field in self._fields()]
        return " ; ".join(f"{framework.programme.name} : {words}" for framework, words in named if words)

    def has_changed(self, initial: Any, data: Any) -> bool:
        before: Picked = initial or {}
        return any(before.get(pk, PickedOrientations()) != picked for pk, picked in data.items())
