"""A scenario in one form: its name, and a line a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict

from cohesion.lib.forms import EurosField, line_field, name_in_row
from cohesion.lib.refusals import RowsRefused, faults, tell
from projects.catalogue.models import Project
from projects.instructing.deciding import GRANTING
from projects.instructing.sheet import LABELS
from projects.programming.comparing import try_words
from projects.programming.scenarios import NAME_LENGTH
from projects.programming.starts import NOTHING_YET, Tries, Try, granting

TOO_MUCH = "Le montant dépasse ce qui est demandé."


class ScenarioNameForm(forms.Form):
    name = line_field("Nom du scénario", NAME_LENGTH, "Donnez un nom au scénario.")


class TryForm(forms.Form):
    """What is tried for one file. To grant in whole or in part follows from the amount, whichever of both is chosen."""

    outcome = forms.ChoiceField(label="Décision essayée", required=False, choices=[(NOTHING_YET, "–"), *LABELS.items()])
    amount = EurosField("Montant (€)")

    def __init__(self, project: Project, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.project = project
        self.fields["amount"].widget.attrs["data-amount"] = True
        name_in_row(self, f"{project.title} ({project.code})")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        outcome, amount = cleaned.get("outcome", NOTHING_YET), cleaned.get("amount")
        requested = self.project.requested
        if outcome in GRANTING and amount is None and "amount" not in self.errors:
            self.add_error("amount", "Indiquez le montant, ou choisissez une autre décision.")
        elif outcome in GRANTING and amount is not None and requested is not None and amount > requested:
            self.add_error("amount", TOO_MUCH)
        return cleaned

    @property
    def line(self) -> Try:
        """What was typed, once it is valid."""
        outcome, amount = self.cleaned_data["outcome"], self.cleaned_data["amount"]
        is_typed = outcome == NOTHING_YET and "amount" in self.changed_data
        if amount is not None and (outcome in GRANTING or is_typed):
            return granting(self.project, amount)
        return Try(outcome, amount)


@dataclass
class TryLine:
    """A line of the form. ``theirs``: what a colleague wrote there meanwhile, in words."""

    project: Project
    form: TryForm
    theirs: str = ""
    note: str = ""

    @property
    def sentences(self) -> list[tuple[str, str]]:
        """What is wrong in it: the field to go to, the sentence."""
        return faults(self.form)


class ScenarioForm:
    """The name and the lines together: they are saved together or not at all."""

    def __init__(
        self, name: str, tries: Tries, projects: Sequence[Project], data: QueryDict | None = None, note: str = ""
    ) -> None:
        self.head = ScenarioNameForm(data, initial={"name": name})
        self.sentence = note
        self.lines = [
            TryLine(project, TryForm(project, data, prefix=f"p{project.pk}", initial=_initial(tries.get(project.pk))))
            for project in projects
        ]

    def is_valid(self) -> bool:
        return all([self.head.is_valid(), *(line.form.is_valid() for line in self.lines)])

    @property
    def name(self) -> str:
        return str(self.head.cleaned_data["name"])

    @property
    def tries(self) -> Tries:
        """What was typed, of the lines that can be read."""
        return {line.project.pk: line.form.line for line in self.lines if line.form.is_valid()}

    @property
    def is_wrong(self) -> bool:
        return bool(self.sentence or self.head.errors or any(line.form.errors for line in self.lines))

    def tell(self, refused: RowsRefused) -> None:
        """What is wrong, on each line."""
        self.sentence = refused.messages[0]
        for line in self.lines:
            tell(line.form, refused.rows.get(line.project.pk, {}))

    def show_theirs(self, theirs: Mapping[int, Try]) -> None:
        """Beside what was typed, what a colleague wrote otherwise."""
        mine = self.tries
        for line in self.lines:
            other = theirs.get(line.project.pk)
            if other is not None and mine.get(line.project.pk) != other:
                line.theirs = try_words(other)


def _initial(line: Try | None) -> dict[str, str | Decimal | None]:
    return {"outcome": line.outcome, "amount": line.amount} if line is not None else {}
