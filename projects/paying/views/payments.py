"""``/instruction/versements/``: what is due and late, entered several at once; what was paid; one that is mended."""

import datetime
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from cohesion.audit import AuditKind, record
from cohesion.lib.forms import EurosField, day_field, line_field, name_in_row
from cohesion.lib.http import filtered, paged
from cohesion.lib.people import signed_in
from cohesion.lib.refusals import RowsRefused, by_field, faults, tell
from cohesion.lib.spreadsheets import CONTENT_TYPES, known_format, table_file
from cohesion.lib.text import count_phrase
from cohesion.together.once import once, sent_once
from cohesion.together.states import ChangedMeanwhile
from projects.catalogue.models import Grant, Payment
from projects.choices import PaymentKind
from projects.instructing.views.door import officers_page, shown, writers_page
from projects.paying.columns import due_table, payment_table
from projects.paying.listing import PAID, PaymentQuestion, to_pay
from projects.paying.mending import cancel, correct
from projects.paying.paying import PaymentEntry, door, pay_together
from projects.paying.standing import ZERO, DueLine, standings
from projects.paying.threshold import above
from projects.paying.views.forms import CorrectionForm
from projects.paying.views.grant import seal, seen

SHOWN, MOST = 40, 200
NOTHING = "Rien n’est coché : cochez ce qui est versé, puis enregistrez."
_NAMES = re.compile(r"v(\d{1,15})-(version|ticked)")


class DayForm(forms.Form):
    """What is the same for all the lines."""

    paid_on = day_field("Versés le", "Indiquez le jour des versements.")
    reference = line_field(
        "Référence", 60, help_text="Bordereau ou mandat, pour les lignes qui n’en portent pas d’autre."
    )


class TickForm(forms.Form):
    """A payment of the list: ticked when it is made."""

    ticked = forms.BooleanField(label="Versé", required=False)
    amount = EurosField("Montant (€)")
    reference = line_field("Référence", 60)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, line: DueLine, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update(amount=line.left, version=line.grant.version)
        project = line.grant.project
        name_in_row(self, f"{project.title} ({project.code})")

    def read_again(self) -> None:
        """What is refused shows what a colleague did: it is sent again by somebody who has read that."""
        typed: Any = self.data
        self.data = typed.dict() | {self.add_prefix("version"): str(self.initial["version"])}

    def clean_amount(self) -> Decimal | None:
        amount = self.cleaned_data["amount"]
        if self.cleaned_data.get("ticked") and amount is None:
            raise forms.ValidationError("Indiquez le montant versé.")
        return amount


@dataclass(frozen=True)
class MandateLine:
    """A line of the list; ``closed``: why it may not be paid yet."""

    line: DueLine
    form: TickForm
    closed: str

    @property
    def is_open(self) -> bool:
        """Whether its fields are shown: what was sent, and refused, keeps what was typed."""
        return not self.closed or self.form.is_bound


class MandateList:
    """What is due, the first line of each grant: paid together or not at all."""

    def __init__(self, lines: list[DueLine], data: QueryDict | None = None) -> None:
        self.shared = DayForm(data, initial={"paid_on": timezone.localdate()})
        self.sentence = ""
        firsts: dict[int, DueLine] = {}
        for line in lines:
            firsts.setdefault(line.grant.pk, line)
        places = standings(line.grant for line in firsts.values())
        over = above({line.grant.project.organization_id for line in firsts.values()})
        self.lines = [
            MandateLine(
                line,
                TickForm(line, data, prefix=f"v{line.grant.project_id}"),
                door(line.grant, places[line.grant.pk], PaymentKind.PAYMENT, over),
            )
            for line in firsts.values()
        ]

    @property
    def payable(self) -> list[MandateLine]:
        return [line for line in self.lines if line.is_open]

    @property
    def waiting(self) -> list[MandateLine]:
        """What is due and may not be paid yet."""
        return [line for line in self.lines if not line.is_open]

    def is_valid(self) -> bool:
        checks = [self.shared.is_valid(), *(line.form.is_valid() for line in self.lines)]
        if all(checks) and not self.entries:
            self.sentence = NOTHING
        return all(checks) and not self.sentence

    @property
    def entries(self) -> dict[int, PaymentEntry]:
        shared = self.shared.cleaned_data
        day: datetime.date = shared["paid_on"]
        entries = {}
        for line in self.lines:
            cleaned = line.form.cleaned_data
            if cleaned["ticked"]:
                instalment = line.line.instalment
                kind = PaymentKind.BALANCE if instalment and instalment.needs_report else PaymentKind.PAYMENT
                reference = cleaned["reference"] or shared["reference"]
                entries[line.line.grant.project_id] = PaymentEntry(kind, cleaned["amount"], day, reference)
        return entries

    @property
    def seen(self) -> dict[int, int]:
        return {line.line.grant.project_id: line.form.cleaned_data["version"] for line in self.lines}

    def tell(self, refused: RowsRefused) -> None:
        """What is wrong, on each line; sent again, it is said by somebody who has read that."""
        self.sentence = refused.messages[0]
        for line in self.lines:
            line.form.read_again()
            tell(line.form, refused.rows.get(line.line.grant.project_id, {}))

    @property
    def is_wrong(self) -> bool:
        return bool(self.sentence or self.shared.errors or any(line.form.errors for line in self.lines))

    @property
    def sentences(self) -> list[tuple[str, str]]:
        """What is wrong: the field to go to, the sentence."""
        wrong = faults(self.shared)
        for line in self.lines:
            grant = line.line.grant
            for target, words in faults(line.form, elsewhere=f"ligne-{grant.pk}"):
                wrong.append((target, f"{grant.project.code} : {words}"))
        return wrong


@filtered
@officers_page
def payments(request: HttpRequest) -> HttpResponseBase:
    """What is due, or what was paid; with POST, enter what is ticked, all or nothing."""
    if request.method == "POST":
        return once(request, lambda: _pay(request))
    question = PaymentQuestion.of(request.GET)
    if question.is_due:
        return _due_page(request, MandateList(to_pay()[:MOST]))
    context = paged(request, question.rows(), SHOWN)
    context |= {"asked": question, "formats": list(CONTENT_TYPES)}
    return shown(request, "instruction/payments.html", context)


def _pay(request: HttpRequest) -> HttpResponseBase:
    listed = MandateList(_posted(request.POST), request.POST)
    if listed.is_valid():
        try:
            with transaction.atomic():
                number = pay_together(listed.entries, seen=listed.seen, by=signed_in(request))
        except RowsRefused as refused:
            listed.tell(refused)
        else:
            done = count_phrase(number, "versement enregistré", "versements enregistrés")
            messages.success(request, f"C’est fait : {done}.")
            return redirect("projects:instruction_payments")
    return _due_page(request, listed)


def _posted(data: QueryDict) -> list[DueLine]:
    """The lines that the page had when it was sent, each of them and no other: what is due since then was not read by
    who sends it, and a colleague may have paid some of it meanwhile."""
    names = list(filter(None, map(_NAMES.fullmatch, data)))
    listed = {int(name[1]) for name in names}
    ticked = {int(name[1]) for name in names if name[2] == "ticked"}
    due = {line.grant.project_id: line for line in reversed(to_pay()) if line.grant.project_id in listed}
    missing = ticked - due.keys()
    others = Grant.objects.filter(project__in=sorted(missing)[:MOST]).select_related(
        "project__organization", "agreement"
    )
    paid = [DueLine(grant, None, grant.project.granted or ZERO, ZERO, "", False) for grant in others]
    return [*sorted(due.values(), key=_by_day), *paid]


def _by_day(line: DueLine) -> datetime.date:
    return line.due_on or datetime.date.max


def _due_page(request: HttpRequest, listed: MandateList) -> HttpResponseBase:
    late = sum(line.line.is_late for line in listed.lines)
    context = {
        "asked": PaymentQuestion.of({}),
        "list": listed,
        "late": late,
        "total": sum((line.line.left for line in listed.lines), start=0),
        "formats": list(CONTENT_TYPES),
    }
    return shown(request, "instruction/payments.html", context)


@officers_page
@require_safe
def payments_file(request: HttpRequest, format: str) -> HttpResponseBase:
    """What was paid, or what is due, as a file; which is an event of the log.

    Raises:
        Http404: no such format.
    """
    known_format(format)
    question = PaymentQuestion.of(request.GET)
    name = "versements" if question.view == PAID else "echeances"
    record(AuditKind.EXPORT, on=name, after={"filtres": dict(request.GET.lists())}, request=request)
    table = payment_table(question.rows()) if question.view == PAID else due_table(to_pay())
    return table_file(table, format, f"{name}-{timezone.localdate():%Y-%m-%d}")


@writers_page
@sent_once
def payment(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Mend a payment that was entered wrongly, or take it away; with a reason."""
    rows, conflict = Payment.objects.select_related("grant__project", "by"), ""
    if request.method == "POST" and not rows.filter(pk=pk).exists():
        messages.error(request, "Ce versement a été annulé entre-temps : rien n’est changé.")
        return redirect("projects:instruction_payments")
    row = get_object_or_404(rows, pk=pk)
    initial = {"amount": row.amount, "paid_on": row.paid_on, "reference": row.reference}
    form = CorrectionForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        cleaned, by = form.cleaned_data, signed_in(request)
        try:
            if request.POST.get("acte") == "annuler":
                cancel(row, why=cleaned["why"], by=by, seen=seen(request))
                done = "annulé, et son historique le garde"
            else:
                entry = PaymentEntry(row.kind, cleaned["amount"], cleaned["paid_on"], cleaned["reference"])
                correct(row, entry, why=cleaned["why"], by=by, seen=seen(request))
                done = "corrigé, et l’ancien reste dans l’historique"
        except ChangedMeanwhile as changed:
            conflict = changed.messages[0]
        except ValidationError as error:
            tell(form, by_field(error))
        else:
            messages.success(request, f"C’est fait : le versement est {done}.")
            return redirect("projects:instruction_grant", pk=row.grant.project_id)
    row = get_object_or_404(rows, pk=pk)  # as it is now
    context = {
        "payment": row,
        "form": form,
        "conflict": conflict,
        "seen": seal(request, row.grant.version, conflict),
        "history": row.history.select_related("history_user"),
    }
    return shown(request, "instruction/payment.html", context)
