"""``/instruction/<pk>/subvention/``: a grant at a glance, and each act in the order of the work."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect

from cohesion.audit import AuditKind, record
from cohesion.lib.people import signed_in
from cohesion.lib.refusals import by_field, tell
from cohesion.lib.text import euros
from cohesion.together import states
from cohesion.together.once import once
from cohesion.together.states import ChangedMeanwhile
from projects.catalogue.granting import grant_of, year_refusal
from projects.catalogue.models import Agreement, Grant, Project
from projects.catalogue.workflow import GRANTED
from projects.choices import PaymentKind
from projects.instructing.views.door import officers_page, shown
from projects.paying import agreements, mending
from projects.paying.leaving import leave, leave_refusal
from projects.paying.paying import door, pay, writing
from projects.paying.standing import DueLine, Standing, report_is_in, schedules, standing_of
from projects.paying.threshold import asks_agreement, sentence
from projects.paying.views.forms import GrantFactsForm, JoinForm, PaymentForm, WhyForm, usual_amount

PAGE = "grant"  # the kind of page whose state is sealed
JOIN, LEAVE, FACTS, REOPEN = "rattacher", "sortir", "renseigner", "rouvrir"
KINDS = {"verser": PaymentKind.PAYMENT, "solder": PaymentKind.BALANCE, "rembourser": PaymentKind.REFUND}
LABELS = {
    "verser": "Saisir un versement",
    "solder": "Saisir le solde",
    "rembourser": "Saisir un remboursement",
    JOIN: "Rattacher à une convention",
    FACTS: "Renseigner la subvention",
    REOPEN: "Rouvrir la subvention",
    LEAVE: "Sortir de la convention",
}


@dataclass(frozen=True)
class GrantPanel:
    """An act as the page offers it; ``closed``: why it may not be done."""

    name: str
    form: Any
    closed: str
    is_open: bool

    @property
    def label(self) -> str:
        return LABELS[self.name]


@dataclass(frozen=True)
class GrantFile:
    """A grant as its page has it."""

    grant: Grant
    standing: Standing
    lines: list[DueLine]
    has_report: bool

    @classmethod
    def of(cls, project: Project) -> "GrantFile":
        grant = get_object_or_404(grants(), pk=grant_of(project).pk)
        return cls(grant, standing_of(grant), schedules([grant])[grant.pk], report_is_in(grant))

    @property
    def names(self) -> list[str]:
        """What may be done now, in the order of the work."""
        standing, names = self.standing, []
        joinable: Any = JoinForm(self.grant).fields["agreement"]
        if self.grant.agreement_id is None and joinable.queryset.exists():
            names.append(JOIN)
        if standing.left > 0:
            names += ["verser", "solder"]
        if standing.net > 0:
            names.append("rembourser")
        if self.grant.is_settled:
            names.append(REOPEN)
        return [*names, FACTS, *([LEAVE] if self.grant.agreement_id is not None else [])]

    def form(self, name: str, data: QueryDict | None = None) -> Any:
        """What an act asks for; None for one that does not exist."""
        options: dict[str, Any] = {"prefix": name, "auto_id": "%s"}
        if name in KINDS:
            kind = KINDS[name]
            amount = usual_amount(kind, self.standing, self.lines) or None
            return PaymentForm(kind, data, has_report=self.has_report, initial={"amount": amount}, **options)
        if name == JOIN:
            return JoinForm(self.grant, data, **options)
        if name in (REOPEN, LEAVE):
            return WhyForm(data, **options)
        return GrantFactsForm(data, instance=Grant.objects.get(pk=self.grant.pk), **options) if name == FACTS else None

    def panels(self, name: str, bound: object) -> list[GrantPanel]:
        """The acts, the first that may be done open; the one that was refused, with what was typed."""
        made = []
        names = [*self.names, *([name] if name and name not in self.names else [])]
        first = name or next((act for act in names if act in KINDS or act == JOIN), "")
        for act in names:
            closed = self._closed(act)
            form = bound if act == name else self.form(act)
            made.append(GrantPanel(act, form, closed, act == first))
        return made

    def _closed(self, act: str) -> str:
        if act == LEAVE:
            return leave_refusal(self.grant)
        return door(self.grant, self.standing, KINDS[act]) if act in KINDS else ""


def grants() -> Any:
    return Grant.objects.select_related(
        "agreement", "scheme", "withdrawal__by", "project__organization", "project__declaration__campaign"
    )


def granted_project(pk: int) -> Project:
    """A project that is, or was, granted something.

    Raises:
        Http404: there is none.
    """
    granted = Project.objects.filter(granted__isnull=False).select_related("organization")
    return get_object_or_404(granted, pk=pk)


def seal(request: HttpRequest, version: int, conflict: str, page: str = PAGE) -> str:
    """``conflict``: what the page says of a colleague who wrote."""
    return states.shown_again(request, {"version": str(version)}, page, was_told=bool(conflict))


def seen(request: HttpRequest, page: str = PAGE) -> int:
    """The version that a page showed; none that there is, where it does not say."""
    version = states.seen(request.POST, page).get("version", "")
    return int(version) if version.isdecimal() else -1


@officers_page
def grant(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Read a grant; with POST, do what ``acte`` says."""
    project = granted_project(pk)
    if request.method == "POST":
        return once(request, lambda: _write(request, project))
    return _page(request, project)


def _write(request: HttpRequest, project: Project) -> HttpResponseBase:
    name, file = request.POST.get("acte", ""), GrantFile.of(project)
    form = file.form(name, request.POST)
    if form is None:
        raise Http404("Cet acte n’existe pas.")
    conflict = ""
    if form.is_valid():
        try:
            with transaction.atomic():
                done = _do(request, file.grant, name, form)
        except ChangedMeanwhile as changed:
            conflict = changed.messages[0]
        except ValidationError as error:
            tell(form, by_field(error))
        else:
            messages.success(request, done)
            return redirect("projects:instruction_grant", pk=project.pk)
    return _page(request, granted_project(project.pk), name, form, conflict)


def _do(request: HttpRequest, row: Grant, name: str, form: Any) -> str:
    """Do what was asked; returns what is said of it."""
    project, by, version = row.project_id, signed_in(request), seen(request)
    if name in KINDS:
        payment = pay(project, form.entry, by=by, seen=version)
        return f"C’est fait : {payment.get_kind_display().lower()} de {euros(payment.amount)} enregistré."
    if name == JOIN:
        agreement = form.cleaned_data["agreement"]
        agreements.join(project, agreement.pk, by=by, seen=version)
        return f"C’est fait : la subvention est sous la convention {agreement.number}."
    if name == REOPEN:
        mending.reopen(project, why=form.cleaned_data["why"], by=by, seen=version)
        return "C’est fait : la subvention est rouverte."
    if name == LEAVE:
        left = leave(project, why=form.cleaned_data["why"], by=by, seen=version)
        return f"C’est fait : la subvention n’est plus sous la convention {left.number}, ni dans son échéancier."
    with writing(project, by=by, seen=version, done="Renseignée") as locked:
        if refused := year_refusal(locked, form.cleaned_data["year"]):
            raise ValidationError({"year": refused})
        before = {field: str(getattr(locked, field) or "") for field in form.changed_data}
        for field, value in form.cleaned_data.items():
            setattr(locked, field, value)
        after = {field: str(value or "") for field, value in form.cleaned_data.items() if field in before}
        record(AuditKind.GRANT, on=locked.project, by=by, before=before, after=after)
    return "C’est fait : la subvention est renseignée."


def _page(
    request: HttpRequest, project: Project, name: str = "", form: object = None, conflict: str = ""
) -> HttpResponseBase:
    file = GrantFile.of(project)
    row = file.grant
    total = asks_agreement(row)
    context = {
        "project": project,
        "grant": row,
        "standing": file.standing,
        "lines": file.lines,
        "payments": row.payments.select_related("by").order_by("paid_on", "pk"),
        "withdrawal": getattr(row, "withdrawal", None),
        "agreement_due": sentence(project.organization, row.year, total) if total is not None else "",
        "panels": file.panels(name, form),
        "is_granted": project.status in GRANTED,
        "conflict": conflict,
        "refused": form is not None,
        "seen": seal(request, row.version, conflict),
        "history": row.history.select_related("history_user")[:12],
        "is_late": any(line.is_late for line in file.lines),
        "agreements": Agreement.objects.filter(organization=project.organization_id).count(),
    }
    return shown(request, "instruction/grant.html", context)
