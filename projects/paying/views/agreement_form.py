"""What officers type of a convention: its words, the amount of each year, its schedule."""

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from cohesion.lib.forms import EurosField, RowsField, day_field, day_input, line_field, offer_rows, text_field
from cohesion.lib.refusals import by_field, faults
from cohesion.lib.text import euros, validate_text
from projects.catalogue.granting import charged_year_expression
from projects.catalogue.models import Agreement, Project
from projects.catalogue.models.amounts import FIRST_YEAR, LAST_YEAR
from projects.choices import PaymentTerms
from projects.paying.agreements import PlannedInstalment, Terms, next_number
from projects.paying.by_year import parts_by_year

YEARS = 5  # lines of years that the form offers
MORE = 4  # lines of the schedule that it offers beyond those that are there
MOST = 40  # lines of a schedule that it reads
SPARE = {"placeholder": " "}  # by which the style sheet knows a line without an amount, on a phone


class YearForm(forms.Form):
    """The most that a year may be granted; an empty line says nothing."""

    year = forms.IntegerField(label="Année", required=False, min_value=FIRST_YEAR, max_value=LAST_YEAR)
    amount = EurosField("Montant (€)")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].widget.attrs.update(SPARE)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        return _whole(self, cleaned, "year", "Indiquez l’année de ce montant.")


class InstalmentForm(forms.Form):
    """A line of the schedule; an empty one says nothing."""

    due_on = day_field("Échéance")
    amount = EurosField("Montant (€)")
    label = line_field("Intitulé", 100)
    needs_report = forms.BooleanField(label="Après le bilan", required=False)
    grant: Any = forms.ModelChoiceField(label="Action", queryset=None, required=False, empty_label="—")

    def __init__(self, members: Sequence[Project], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].widget.attrs.update(SPARE)
        if len(members) < 2:
            del self.fields["grant"]
            return
        offer_rows(self, "grant", Project.objects.filter(pk__in=[project.pk for project in members]))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        return _whole(self, cleaned, "due_on", "Indiquez le jour de cette échéance.")


def _whole(form: forms.Form, cleaned: dict[str, Any], name: str, missing: str) -> dict[str, Any]:
    """A line says both its day, or its year, and its amount, or nothing."""
    if cleaned.get("amount") is not None and not cleaned.get(name) and name not in form.errors:
        form.add_error(name, missing)
    if cleaned.get(name) and cleaned.get("amount") is None and "amount" not in form.errors:
        form.add_error("amount", "Indiquez le montant.")
    elif cleaned.get("amount") is not None and cleaned["amount"] <= 0:
        form.add_error("amount", "Un montant est plus grand que zéro.")
    return cleaned


class AgreementForm(forms.ModelForm):
    """The words of a convention; for a new one, the grants that it covers."""

    projects = RowsField(
        label="Actions couvertes",
        queryset=Project.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins une action."},
    )

    class Meta:
        model = Agreement
        fields = (
            "number",
            "starts_on",
            "ends_on",
            "terms",
            "signed_for_authority",
            "signed_for_organization",
            "conditions",
        )
        widgets = {"starts_on": day_input(), "ends_on": day_input(), "conditions": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, offered: Sequence[Project], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["conditions"].validators.append(validate_text)
        if not offered:
            del self.fields["projects"]
            return
        own = Project.objects.filter(pk__in=[project.pk for project in offered])
        rows: Any = own.annotate(year=charged_year_expression()).order_by("code_key", "code")
        offer_rows(
            self, "projects", rows, lambda row: f"{row.title} ({row.code}), {euros(row.granted)} pour {row.year}"
        )


class AgreementSheet:
    """The whole form: words, amounts by year, schedule. ``members``: the projects that are under it, or may be;
    ``together``: those that a new one covers unless the officer says otherwise, all of ``year``."""

    def __init__(
        self,
        agreement: Agreement,
        members: Sequence[Project],
        data: QueryDict | None = None,
        *,
        together: Sequence[Project] = (),
        year: int = 0,
    ) -> None:
        self.is_new = agreement.pk is None
        self.agreement = agreement
        self.is_by_year = False  # whether the schedule is proposed as its lead asked
        years, lines = self._rows(together, year)
        initial: dict[str, Any] = {"projects": [project.pk for project in together]}
        if self.is_by_year:
            initial["terms"] = PaymentTerms.STAGGERED
        self.words = AgreementForm(members if self.is_new else (), data, instance=agreement, initial=initial)
        self.years = [
            YearForm(data, prefix=f"an{rank}", initial=years[rank] if rank < len(years) else None)
            for rank in range(max(YEARS, len(years)))
        ]
        number = min(len(lines) + MORE, MOST)
        self.lines = [
            InstalmentForm(members, data, prefix=f"ech{rank}", initial=lines[rank] if rank < len(lines) else None)
            for rank in range(number)
        ]
        self.errors: list[str] = []
        for table, rows in (("années", self.years), ("échéancier", self.lines)):
            for bound in (field for form in rows for field in form):
                row = _rank(bound.form.prefix)
                bound.field.widget.attrs["aria-label"] = f"{bound.label} ({table}, ligne {row})"

    def _rows(self, together: Sequence[Project], year: int) -> tuple[list[Any], list[Any]]:
        """What the lines begin with: what is there; for a new one, what its projects are granted, at once, or for one
        alone as its lead asked by year."""
        if not self.is_new:
            years = [{"year": row.year, "amount": row.amount} for row in self.agreement.amounts.all()]
            return years, [_instalment(row) for row in self.agreement.instalments.select_related("grant")]
        lines = _by_year(self.agreement, together[0]) if len(together) == 1 else []
        self.is_by_year = bool(lines)
        return [
            {"year": year, "amount": sum((project.granted or Decimal(0) for project in together), Decimal(0))}
        ], lines

    @property
    def has_members(self) -> bool:
        return any("grant" in line.fields for line in self.lines)

    def is_valid(self) -> bool:
        checks = [self.words.is_valid(), *(form.is_valid() for form in (*self.years, *self.lines))]
        return all(checks)

    def terms(self, keys: dict[int, int]) -> Terms:
        """What is engaged; ``keys``: of each project, the key of its grant."""
        years: dict[int, Decimal] = {}
        for form in self.years:
            if form.cleaned_data.get("amount") is not None:
                year = form.cleaned_data["year"]
                years[year] = years.get(year, Decimal(0)) + form.cleaned_data["amount"]
        return Terms(years, self.instalments(keys))

    def instalments(self, keys: dict[int, int]) -> list[PlannedInstalment]:
        planned = []
        for form in self.lines:
            cleaned = form.cleaned_data
            if cleaned.get("amount") is None:
                continue
            project = cleaned.get("grant")
            day: datetime.date = cleaned["due_on"]
            own = keys.get(project.pk) if project is not None else None
            planned.append(PlannedInstalment(day, cleaned["amount"], cleaned["label"], cleaned["needs_report"], own))
        return planned

    def tell(self, error: ValidationError) -> None:
        """What is wrong: beside a field of the words, else above the form."""
        for name, sentences in by_field(error).items():
            for words in sentences:
                if name in self.words.fields:
                    self.words.add_error(name, words)
                else:
                    self.errors.append(words)

    @property
    def sentences(self) -> list[tuple[str, str]]:
        """All that is wrong: the field to go to, the sentence."""
        wrong = [("", words) for words in self.errors]
        for form in (self.words, *self.years, *self.lines):
            wrong += faults(form)
        return wrong


def _rank(prefix: str | None) -> int:
    return int("".join(sign for sign in prefix or "0" if sign.isdigit())) + 1


def _instalment(row: Any) -> dict[str, Any]:
    project = row.grant.project_id if row.grant is not None else None
    values = {"due_on": row.due_on, "amount": row.amount, "label": row.label}
    return values | {"needs_report": row.needs_report, "grant": project}


def _by_year(agreement: Agreement, project: Project) -> list[dict[str, Any]]:
    """A line for each year that the lead asked something for, due once it has begun."""
    return [
        {
            "due_on": max(agreement.starts_on, datetime.date(part.year, 1, 1)),
            "amount": part.amount,
            "label": f"Part de {part.year}",
            "grant": project.pk,
        }
        for part in parts_by_year(project)
    ]


def new_agreement(project: Project, year: int) -> Agreement:
    """A convention as it is proposed for a project: its number, its period, who signs, as the last one said."""
    first = datetime.date(year, 1, 1)
    starts_on, ends_on = project.starts_on or first, project.ends_on or datetime.date(year, 12, 31)
    if not starts_on.year <= year <= ends_on.year:
        starts_on, ends_on = min(starts_on, first), max(ends_on, datetime.date(year, 12, 31))
    last = Agreement.objects.exclude(signed_for_authority="").order_by("-pk").first()
    return Agreement(
        organization=project.organization,
        number=next_number(year),
        starts_on=starts_on,
        ends_on=ends_on,
        terms=PaymentTerms.SINGLE,
        signed_for_authority=last.signed_for_authority if last is not None else "",
        signed_for_organization=project.organization.representative,
    )


class SignatureForm(forms.Form):
    signed_on = day_field("Signée le", "Indiquez le jour de la signature.")


class AmendmentForm(forms.Form):
    """What an amendment changes; an amount left empty stays as it is."""

    purpose = text_field("Objet", 2, "Dites ce que l’avenant change.")
    ends_on = day_field("Nouvelle fin (facultatif)")

    def __init__(self, agreement: Agreement, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        amounts = dict(agreement.amounts.values_list("year", "amount"))
        last = max([agreement.ends_on.year, *amounts])
        for year in range(agreement.starts_on.year, last + 2):
            now = f"Aujourd’hui {euros(amounts[year])}." if year in amounts else "Rien aujourd’hui."
            self.fields[f"amount_{year}"] = EurosField(f"Montant {year} (€, facultatif)", help_text=now)

    @property
    def amounts(self) -> dict[int, Decimal]:
        values = {name: value for name, value in self.cleaned_data.items() if name.startswith("amount_")}
        return {int(name.removeprefix("amount_")): value for name, value in values.items() if value is not None}
