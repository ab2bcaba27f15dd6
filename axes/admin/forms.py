"""Forms of the officers' screens."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils import timezone

from axes import document, numbering, tree
from axes.admin.choices import described, grouped
from axes.document import Node
from axes.levels import CLOSED_LEVELS, COLUMN_LEVELS, ROOT_LEVELS, Level
from axes.models import Framework, Orientation
from axes.vocabulary import PRIORITY_KINDS
from cohesion.lib.dates import french_date
from cohesion.lib.text import capital, whole_number


class ReasonMixin:
    """A form that asks why, where the framework is locked."""

    fields: dict[str, forms.Field]

    def ask_reason(self, framework: Framework | None) -> None:
        """Make the reason compulsory for a locked framework."""
        field = self.fields["reason"]
        field.required = bool(framework and framework.asks_reason)
        if field.required:
            field.help_text = "Ce cadre est verrouillé : dites pourquoi vous le modifiez. Le motif est conservé."


def reason_field() -> forms.CharField:
    return forms.CharField(
        label="Motif",
        required=False,
        max_length=tree.REASON_LENGTH,
        help_text="Facultatif : conservé dans l’historique.",
        error_messages={"required": tree.REASON_NEEDED},
    )


class OrientationForm(ReasonMixin, forms.ModelForm):
    """An orientation as an officer edits it."""

    reason = reason_field()
    columns = forms.MultipleChoiceField(
        label="Colonnes du tableau",
        choices=[(level.value, level.label) for level in COLUMN_LEVELS],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Seulement si la cellule du document couvre plusieurs colonnes voisines.",
    )

    class Meta:
        model = Orientation
        fields = (
            "framework",
            "parent",
            "level",
            "code",
            "label",
            "title",
            "corrected_title",
            "context",
            "description",
            "columns",
            "priority_type",
            "applies_to",
            "source_line",
        )
        widgets = {
            "framework": forms.HiddenInput,
            "title": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
            "corrected_title": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
            "context": forms.Textarea(attrs={"rows": 6, "class": "vLargeTextField"}),
            "description": forms.Textarea(attrs={"rows": 8, "class": "vLargeTextField"}),
            "applies_to": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.framework = self._framework()
        nodes = document.read_nodes(self.framework) if self.framework else []
        if "parent" in self.fields:
            self._prepare_parent(nodes)
        if "applies_to" in self.fields:
            self._prepare_applies_to(nodes)
        if "priority_type" in self.fields:
            words = [(kind.value, capital(wording)) for kind, wording in PRIORITY_KINDS.items()]
            self.fields["priority_type"].choices = [("", "(aucun)"), *words]
        self.ask_reason(self.framework)
        if self.instance._state.adding:
            self._propose(nodes)

    def _framework(self) -> Framework | None:
        if not self.instance._state.adding:
            return self.instance.framework
        raw = self.data.get("framework") if self.is_bound else self.initial.get("framework")
        return Framework.objects.filter(pk=whole_number(str(raw or ""))).first()

    @property
    def where(self) -> Framework | None:
        """The framework, for a template: in one, « form.framework » is the field."""
        return self.framework

    def _prepare_parent(self, nodes: list[Node]) -> None:
        field = self.fields["parent"]
        own = self.instance.pk
        bearers = [n for n in nodes if n.orientation.level not in CLOSED_LEVELS and n.orientation.pk != own]
        field.queryset = Orientation.objects.filter(framework=self.framework)
        field.choices = [("", "(aucune : c’est un axe)"), *grouped(bearers)]

    def _prepare_applies_to(self, nodes: list[Node]) -> None:
        field = self.fields["applies_to"]
        mine = [n for n in nodes if n.orientation.pk == self.instance.pk]
        branch = list(mine[0].axis.descendants) if mine else []
        wider = [n for n in branch if Level(n.orientation.level).rank < Level(self.instance.level).rank]
        field.queryset = Orientation.objects.filter(framework=self.framework)
        field.choices = [(n.orientation.pk, described(n)) for n in wider]
        if not wider:
            del self.fields["applies_to"]

    def _propose(self, nodes: list[Node]) -> None:
        """For a new orientation: the level of its place, and a free code."""
        by_key = {str(n.orientation.pk): n for n in nodes}
        parent = by_key.get(str(self.initial.get("parent", "")))
        requested = self.initial.get("level")
        level = Level(requested) if requested in Level.values else numbering.proposed_level(parent)
        self.initial["level"] = level.value
        if self.framework and not self.initial.get("code"):
            self.initial["code"] = numbering.next_code(parent, level, nodes)

    def clean_columns(self) -> list[str]:
        """The columns from left to right; a cell that covers only its own is left blank."""
        chosen = self.cleaned_data["columns"]
        ordered = [level.value for level in COLUMN_LEVELS if level.value in chosen]
        return [] if ordered == [self.data.get(self.add_prefix("level"))] else ordered

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        as_typed = Orientation(
            framework_id=self.instance.framework_id, level=cleaned.get("level") or self.instance.level
        )
        for target in cleaned.get("applies_to") or ():
            if sentence := tree.applies_to_error(as_typed, target):
                self.add_error("applies_to", sentence[:1].upper() + sentence[1:])
        return cleaned

    def _update_errors(self, errors: ValidationError) -> None:
        """Show a refusal that names a field which this form does not show beside the level, its usual cause."""
        if hasattr(errors, "error_dict"):
            for name in [name for name in errors.error_dict if name not in self.fields and name != NON_FIELD_ERRORS]:
                errors.error_dict.setdefault("level", []).extend(errors.error_dict.pop(name))
        super()._update_errors(errors)


class MoveForm(ReasonMixin, forms.Form):
    """Every place that an orientation may take, grouped by what it would stand under."""

    place = forms.ChoiceField(label="Nouvelle place", widget=forms.Select(attrs={"size": 14}))
    reason = reason_field()

    def __init__(self, orientation: Orientation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.orientation = orientation
        self.fields["place"].choices = self._places()
        self.fields["place"].error_messages["required"] = "Choisissez une place dans la liste."
        self.fields["place"].error_messages["invalid_choice"] = (
            "Cette place n’existe plus : l’arbre a changé. Choisissez-en une autre."
        )
        self.ask_reason(orientation.framework)

    def _places(self) -> list[Any]:
        nodes = document.read_nodes(self.orientation.framework)
        if self.orientation.level in ROOT_LEVELS:
            axes = [n for n in nodes if n.parent is None]
            others = [n for n in axes if n.orientation.pk != self.orientation.pk]
            first = [(f"left:{others[0].orientation.pk}", "En premier")] if others else []
            return first + [(f"right:{n.orientation.pk}", f"Après {described(n)}") for n in others]
        groups = []
        for parent in nodes:
            if tree.placement_error(self.orientation, parent.orientation):
                continue
            siblings = [n for n in parent.children if n.orientation.pk != self.orientation.pk]
            options = [(f"first-child:{parent.orientation.pk}", f"Sous {parent.orientation.code}, en premier")]
            options += [(f"right:{n.orientation.pk}", f"Après {described(n, width=70)}") for n in siblings]
            groups.append((f"Sous {described(parent, width=70)}", options))
        return groups

    @property
    def destination(self) -> tuple[Orientation, str]:
        """The target and the position chosen."""
        position, _, key = self.cleaned_data["place"].partition(":")
        return Orientation.objects.get(pk=key), position


class AdoptionForm(forms.Form):
    """What the council decided."""

    adopted_on = forms.DateField(label="Adopté le", widget=forms.DateInput(attrs={"type": "date"}))
    deliberation = forms.CharField(label="Référence de la délibération", max_length=120, required=False)

    def clean_adopted_on(self) -> datetime.date:
        """Every page says since when: a day to come would make them say what is not so yet."""
        day: datetime.date = self.cleaned_data["adopted_on"]
        if day > timezone.localdate():
            raise ValidationError(
                f"Le {french_date(day)} est à venir, et la mise en vigueur se fait aussitôt. Corrigez la date, ou "
                "revenez ce jour-là\u00a0: tout ce qui est décidé d’avance est gardé."
            )
        return day


class FrameworkForm(ReasonMixin, forms.ModelForm):
    """A framework's own fields."""

    reason = reason_field()
    column_titles = forms.CharField(
        label="Intitulés des colonnes",
        widget=forms.Textarea(attrs={"rows": len(COLUMN_LEVELS)}),
        help_text="Les quatre têtes de colonne du document, à la lettre, une par ligne.",
    )

    class Meta:
        model = Framework
        fields = (
            "programme",
            "name",
            "slug",
            "authority",
            "perimeter",
            "column_titles",
            "note",
            "adopted_on",
            "deliberation",
            "starts_on",
            "ends_on",
            "predecessor",
            "origin",
            "is_locked",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            self.ask_reason(Framework.objects.get(pk=self.instance.pk))
        self.initial["column_titles"] = "\n".join(self.instance.column_titles)

    def clean_column_titles(self) -> list[str]:
        """One title a line; the model says whether they are as many as the columns."""
        return [line.strip() for line in self.cleaned_data["column_titles"].splitlines() if line.strip()]
