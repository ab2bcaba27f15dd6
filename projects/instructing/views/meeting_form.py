"""The decisions of a meeting in one form: a line a project, and what is the same for all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from cohesion.lib.forms import EurosField, day_field, line_field, name_in_row, offer, text_field
from cohesion.lib.refusals import RowsRefused, faults, tell
from projects.catalogue.models import Project
from projects.choices import Opinion, ProjectStatus
from projects.instructing.deciding import Ruling
from projects.instructing.models import Committee
from projects.instructing.views.forms import amount_meant, outcomes, usual_day

NOTHING = "Aucune décision n’est saisie : choisissez-en une, sur une ligne au moins."


class SharedForm(forms.Form):
    """What is the same for all the lines."""

    decided_on = day_field("Décidé le", "Indiquez le jour de la décision.")
    deliberation = line_field(
        "Délibération", 100, help_text="Pour les projets retenus dont la ligne n’en porte pas d’autre."
    )


class LineForm(forms.Form):
    """What is decided of one project; nothing leaves it before the committee. The amount begins with the proposal."""

    outcome = forms.ChoiceField(label="Décision", required=False)
    amount = EurosField("Montant (€)", show_hidden_initial=True)
    deliberation = line_field("Délibération", 100)
    reason = text_field("Motif", 2)

    def __init__(self, project: Project, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "outcome", [("", "Pas encore"), *outcomes(project)])
        review = getattr(project, "review", None)
        self.initial.setdefault("amount", review.proposed_amount if review else None)
        self.fields["amount"].widget.attrs["data-amount"] = True
        name_in_row(self, f"{project.title} ({project.code})")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("outcome") and "outcome" not in self.errors and self.says_something:
            self.add_error("outcome", "Choisissez une décision, ou videz la ligne.")
        return cleaned | {"amount": amount_meant(self, cleaned)}

    @property
    def says_something(self) -> bool:
        """Whether anything was written in the line, beyond the amount that stood there."""
        return any(str(self[name].value() or "").strip() for name in self.changed_data)


@dataclass(frozen=True)
class MeetingLine:
    project: Project
    form: LineForm

    @property
    def sentences(self) -> list[tuple[str, str]]:
        """What is wrong in it: the field to go to, the sentence."""
        return faults(self.form)


def proposed_outcome(project: Project) -> str:
    """The decision that says what the opinion does; nothing where it leaves the amount open."""
    review = getattr(project, "review", None)
    if review is None or not review.opinion:
        return ""
    if review.opinion == Opinion.UNFAVOURABLE:
        return str(ProjectStatus.REFUSED)
    if review.proposed_amount is None:
        return ""
    is_reduced = project.requested is not None and review.proposed_amount < project.requested
    return str(ProjectStatus.PARTLY_RETAINED if is_reduced else ProjectStatus.RETAINED)


class MeetingForm:
    """All the lines together: they are decided together or not at all."""

    def __init__(
        self,
        committee: Committee,
        projects: Sequence[Project],
        data: QueryDict | None = None,
        *,
        follows_opinions: bool = False,
    ) -> None:
        """``follows_opinions``: each line begins with what its opinion proposes; nothing is written by that."""
        self.committee = committee
        self.follows_opinions = follows_opinions
        self.shared = SharedForm(data, initial={"decided_on": usual_day(committee)})
        self.lines = []
        for project in projects:
            begun = {"outcome": proposed_outcome(project)} if follows_opinions else None
            self.lines.append(MeetingLine(project, LineForm(project, data, prefix=f"p{project.pk}", initial=begun)))
        self.sentence = ""

    def is_valid(self) -> bool:
        """Whether every line can be read, and one at least says something."""
        checks = [self.shared.is_valid(), *(line.form.is_valid() for line in self.lines)]
        for line in self.lines:
            review = getattr(line.project, "review", None)
            if line.form.says_something and (review is None or review.committee_id != self.committee.pk):
                line.form.add_error(None, "Ce dossier n’est plus devant ce comité : videz la ligne.")
                checks.append(False)
        if all(checks) and not self.rulings:
            self.sentence = NOTHING
        return all(checks) and not self.sentence

    @property
    def rulings(self) -> dict[int, Ruling]:
        shared = self.shared.cleaned_data
        rulings = {}
        for line in self.lines:
            cleaned = dict(line.form.cleaned_data)
            if not cleaned["outcome"]:
                continue
            cleaned["deliberation"] = cleaned["deliberation"] or shared["deliberation"]
            rulings[line.project.pk] = Ruling(decided_on=shared["decided_on"], committee=self.committee, **cleaned)
        return rulings

    def tell(self, refused: RowsRefused) -> None:
        """What is wrong, on each line."""
        self.sentence = refused.messages[0]
        for line in self.lines:
            errors = dict(refused.rows.get(line.project.pk, {}))
            for sentence in errors.pop("decided_on", []):
                if sentence not in self.shared.errors.get("decided_on", []):
                    self.shared.add_error("decided_on", sentence)
            tell(line.form, errors)

    @property
    def is_wrong(self) -> bool:
        return bool(self.sentence or self.shared.errors or any(line.form.errors for line in self.lines))
