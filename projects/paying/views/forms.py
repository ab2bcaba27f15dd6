"""What officers type of a grant: payments, facts, withdrawal."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from cohesion.lib.forms import EurosField, day_field, day_input, line_field, offer_rows, text_field
from projects.catalogue.models import Agreement, Grant
from projects.choices import PaymentKind
from projects.paying.paying import PaymentEntry
from projects.paying.standing import DueLine, Standing


class PaymentForm(forms.Form):
    """A payment, a balance or a refund: what each asks for."""

    amount = EurosField("Montant (€)", "Indiquez le montant.")
    paid_on = day_field("Fait le", "Indiquez le jour du versement.")
    reference = line_field("Référence (facultatif)", 60)
    note = line_field("Précision (facultatif)", 300)
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
        self.fields["is_eu_notified"].widget = forms.Select(
            choices=[("", "Sans objet"), ("true", "Oui"), ("false", "Non")]
        )


class WhyForm(forms.Form):
    why = line_field("Motif", 300, "Dites pourquoi : ce motif est gardé.")


class JoinForm(forms.Form):
    """Under which convention of the organisation a grant goes."""

    agreement = forms.ModelChoiceField(
        label="Convention", queryset=Agreement.objects.none(), error_messages={"required": "Choisissez une convention."}
    )

    def __init__(self, grant: Grant, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Agreement.objects.filter(organization=grant.project.organization_id, amounts__year=grant.year)
        offer_rows(self, "agreement", own.order_by("-starts_on"), _dated)


def _dated(agreement: Agreement) -> str:
    return f"{agreement.number}, du {agreement.starts_on:%d/%m/%Y} au {agreement.ends_on:%d/%m/%Y}"


class CorrectionForm(forms.Form):
    """A payment as it should have been written, and why."""

    amount = EurosField("Montant (€)", "Indiquez le montant.")
    paid_on = day_field("Fait le", "Indiquez le jour.")
    reference = line_field("Référence (facultatif)", 60)
    why = line_field("Motif de la correction", 300, "Dites pourquoi : ce motif est gardé.")


class BreachForm(forms.Form):
    """The day from which a withdrawal is counted."""

    manquement = day_field(
        "Jour du manquement",
        "Indiquez le jour du manquement.",
        help_text="Le retrait porte sur la partie de la période qui restait à courir ce jour-là.",
    )


class WithdrawalForm(forms.Form):
    """What was decided: the amounts begin with those that are computed."""

    decided_on = day_field("Décidé le", "Indiquez le jour de la décision.")
    withdrawn = EurosField("Montant retiré (€)", "Indiquez le montant retiré.")
    amount = EurosField(
        "À rembourser (€)",
        "Indiquez ce qui est à rembourser : 0 si rien ne l’est.",
        help_text="De ce qui est déjà versé.",
    )
    reason = text_field(
        "Motif",
        3,
        "Dites pourquoi la subvention est retirée : la structure le lira.",
        help_text="La structure le lira. Elle a été entendue avant la décision.",
    )
