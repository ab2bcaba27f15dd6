"""What an officer says of papers that are to be made: from which models, what no file knows, what they replace."""

from collections.abc import Sequence
from typing import Any

from django import forms

from cohesion.lib.forms import line_field
from cohesion.lib.people import Person
from cohesion.lib.text import NBSP, capital, count_phrase
from projects.catalogue.models import Project
from projects.choices import PaperKind
from projects.correspondence.choosing import (
    TOGETHER,
    asked_fields,
    chosen_source,
    model_choices,
    usual_facts,
    without_paper,
)
from projects.correspondence.drafting import PaperSource
from projects.correspondence.models import Paper
from projects.instructing.models import Committee

TYPED_LENGTH = 200
# Of these a second one corrects the first; of the others, each stands for itself.
CORRECTED = (PaperKind.NOTIFICATION, PaperKind.REFUSAL, PaperKind.CONVENTION)


class TypedForm(forms.Form):
    """A field for each fact that is typed for the paper; it begins with what its author typed last."""

    def __init__(self, sources: Sequence[PaperSource], by: Person, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        self.rows = asked_fields(sources)
        usual = usual_facts(by, [each.key for _, each in self.rows])
        for name, each in self.rows:
            self.fields[name] = line_field(
                capital(each.name),
                TYPED_LENGTH,
                f"Saisissez {{{each.name}}}{NBSP}: {each.meaning}.",
                help_text=f"{capital(each.meaning)}, par exemple{NBSP}: {each.example_words}.",
                initial=usual.get(each.key, ""),
            )

    @property
    def typed(self) -> dict[str, str]:
        """What was typed, by the key of its field."""
        return {each.key: self.cleaned_data[name] for name, each in self.rows if name in self.cleaned_data}


class ReplacedChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.reference}, «{NBSP}{obj.title}{NBSP}»"


class PaperForm(TypedForm):
    """One paper of one project."""

    def __init__(self, project: Project, source: PaperSource, by: Person, data: object = None) -> None:
        super().__init__([source], by, data)
        kind = source.about.kind
        former = Paper.objects.standing().filter(project=project, kind=kind, replaced_by=None).order_by("-pk")
        if former:
            self.fields["replaces"] = ReplacedChoice(
                former,
                label="Remplace",
                required=False,
                empty_label="Rien : c’est un document de plus",
                initial=former[0] if kind in CORRECTED else None,
                help_text="Le nouveau document le dit en tête ; l’ancien garde son numéro.",
            )

    @property
    def replaced(self) -> Paper | None:
        return self.cleaned_data.get("replaces")


class CommitteeForm(forms.Form):
    """Which papers to make for a whole committee, and from which model each."""

    def __init__(self, meeting: Committee, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        self.projects = {kind: list(without_paper(meeting, kind)) for kind in TOGETHER}
        for kind, projects in self.projects.items():
            if not projects:
                continue
            self.fields[f"faire-{kind}"] = forms.BooleanField(
                label=f"{kind.label}{NBSP}: {count_phrase(len(projects), 'document')}",
                required=False,
                initial=kind not in (PaperKind.SUMMONS, PaperKind.CONVENTION),
            )
            choices = [(key, label.partition(": ")[2]) for key, label in model_choices([kind])]
            self.fields[f"modele-{kind}"] = forms.ChoiceField(
                label=f"Modèle ({kind.label.lower()})", choices=choices, initial=choices[0][0]
            )

    @property
    def is_empty(self) -> bool:
        return not self.fields

    def clean(self) -> Any:
        cleaned = super().clean()
        if self.fields and not self.kinds:
            raise forms.ValidationError("Cochez au moins une sorte de document.")
        return cleaned

    @property
    def kinds(self) -> list[PaperKind]:
        """Those that are ticked, or would be."""
        values = self.cleaned_data if self.is_bound else {name: field.initial for name, field in self.fields.items()}
        return [kind for kind in TOGETHER if values.get(f"faire-{kind}")]

    @property
    def sources(self) -> dict[PaperKind, PaperSource]:
        """What each is made from; of all that may be made while nothing is chosen."""
        kinds = self.kinds if self.is_bound else [kind for kind in TOGETHER if f"modele-{kind}" in self.fields]
        keys = {
            kind: self.cleaned_data[f"modele-{kind}"] if self.is_bound else self.fields[f"modele-{kind}"].initial
            for kind in kinds
        }
        sources = {kind: chosen_source(key) for kind, key in keys.items()}
        return {kind: source for kind, source in sources.items() if source is not None}
