"""What officers type of a grant: payments, facts, withdrawal."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from cohesion.lib.forms import day_input
from cohesion.lib.text import validate_line, validate_text
from projects.catalogue.models import Agreement, Grant
from projects.choices import PaymentKind
from projects.instructing.views.forms import EurosField, area
from projects.paying.paying import PaymentEntry
from projects.paying.standing import DueLine, Standing


class PaymentForm(forms.Form):
    """A payment, a balance or a refund: what each asks for."""

    amount = EurosField(label="Montant (€)", error_messages={"required": "Indiquez le montant."})
    paid_on = forms.DateField(
        label="Fait le", widget=day_input(), error_messages={"required": "Indiquez le jour du versement."}
    )
    reference = forms.CharField(
        label="Référence (facultatif)", required=False, max_length=60, validators=[validate_line]
    )
    note = forms.CharField(label="Précision (facultatif)", required=False, max_length=300, validators=[validate_line])
    settles = forms.BooleanField(label="Rien de plus ne sera versé", required=False, initial=True)

    def __init__(self, kind: str, *args: Any, has_report: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.fields["paid_on"].initial = timezone.localdate
        self.fields["reference"].help_text = "Numéro du titre." if kind == PaymentKind.REFUND else "Numéro du mandat."
        if kind != PaymentKind.REFUND:
            del self.fields["settles"]
        if kind == PaymentKind.PAYMENT or (kind == PaymentKind.BALANCE and has_report):
            del self.fields["note"]
        elif kind == PaymentKind.BALANCE:
            self.fields["note"].label = "Pourquoi sans attendre le bilan"
        else:
            self.fields["note"].label = "À quel titre (facultatif)"
            self.fields["note"].help_text = "Trop-perçu, virement rejeté, retrait…"
            self.fields["settles"].help_text = "Décochez si la somme est à verser de nouveau, après une erreur."

    @property
    def entry(self) -> PaymentEntry:
        cleaned = self.cleaned_data
        return PaymentEntry(
            self.kind,
            cleaned["amount"],
            cleaned["paid_on"],
            cleaned["reference"],
            cleaned.get("note", ""),
            settles=cleaned.get("settles", False),
        )


def usual_amount(kind: str, standing: Standing, lines: list[DueLine]) -> Decimal:
    """What is most likely paid next: what is due, else all that is left; what is owed, for a refund."""
    if kind == PaymentKind.REFUND:
        return standing.still_owed
    waiting = [line.left for line in lines if line.is_due]
    return waiting[0] if kind == PaymentKind.PAYMENT and waiting else standing.left


class GrantFactsForm(forms.ModelForm):
    """What is said of a grant beside its amount: asked for by the open data too."""

    class Meta:
        model = Grant
        fields = (
            "year",
            "notified_on",
            "scheme",
            "payment_terms",
            "pays_from",
            "pays_until",
            "aid_kind",
            "is_eu_notified",
            "rae",
        )
        widgets = {name: day_input() for name in ("notified_on", "pays_from", "pays_until")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].help_text = "Année à laquelle le montant est imputé."
        scheme = self.fields["scheme"]
        assert isinstance(scheme, forms.ModelChoiceField)
        scheme.empty_label = "Aucun"
        unknown: Any = self.fields["is_eu_notified"]
        unknown.widget = forms.Select(choices=[("", "Sans objet"), ("true", "Oui"), ("false", "Non")])


class WhyForm(forms.Form):
    why = forms.CharField(
        label="Motif",
        max_length=300,
        validators=[validate_line],
        error_messages={"required": "Dites pourquoi : ce motif est gardé."},
    )


class JoinForm(forms.Form):
    """Under which convention of the organisation a grant goes."""

    agreement = forms.ModelChoiceField(
        label="Convention", queryset=Agreement.objects.none(), error_messages={"required": "Choisissez une convention."}
    )

    def __init__(self, grant: Grant, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["agreement"]
        own = Agreement.objects.filter(organization=grant.project.organization_id, amounts__year=grant.year)
        field.queryset = own.order_by("-starts_on")
        field.label_from_instance = lambda row: f"{row.number}, du {row.starts_on:%d/%m/%Y} au {row.ends_on:%d/%m/%Y}"


class CorrectionForm(forms.Form):
    """A payment as it should have been written, and why."""

    amount = EurosField(label="Montant (€)", error_messages={"required": "Indiquez le montant."})
    paid_on = forms.DateField(label="Fait le", widget=day_input(), error_messages={"required": "Indiquez le jour."})
    reference = forms.CharField(
        label="Référence (facultatif)", required=False, max_length=60, validators=[validate_line]
    )
    why = forms.CharField(
        label="Motif de la correction",
        max_length=300,
        validators=[validate_line],
        error_messages={"required": "Dites pourquoi : ce motif est gardé."},
    )


class BreachForm(forms.Form):
    """The day from which a withdrawal is counted."""

    manquement = forms.DateField(
        label="Jour du manquement",
        widget=day_input(),
        error_messages={"required": "Indiquez le jour du manquement."},
        help_text="Le retrait porte sur la partie de la période qui restait à courir ce jour-là.",
    )


class WithdrawalForm(forms.Form):
    """What was decided: the amounts begin with those that are computed."""

    decided_on = forms.DateField(
        label="Décidé le", widget=day_input(), error_messages={"required": "Indiquez le jour de la décision."}
    )
    withdrawn = EurosField(label="Montant retiré (€)", error_messages={"required": "Indiquez le montant retiré."})
    amount = EurosField(
        label="À rembourser (€)",
        error_messages={"required": "Indiquez ce qui est à rembourser : 0 si rien ne l’est."},
        help_text="De ce qui est déjà versé.",
    )
    reason = forms.CharField(
        label="Motif",
        widget=area(3),
        validators=[validate_text],
        error_messages={"required": "Dites pourquoi la subvention est retirée : la structure le lira."},
        help_text="La structure le lira. Elle a été entendue avant la décision.",
    )
