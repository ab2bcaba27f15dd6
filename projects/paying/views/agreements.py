"""``/instruction/conventions/``: the conventions, one of them, and making one."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from cohesion.audit import AuditKind, record
from cohesion.lib.http import filtered, paged
from cohesion.lib.people import signed_in
from cohesion.lib.refusals import by_field, tell
from cohesion.lib.spreadsheets import CONTENT_TYPES, known_format, table_file
from cohesion.together.once import once, sent_once
from cohesion.together.states import ChangedMeanwhile
from projects.catalogue.granting import grant_of
from projects.catalogue.models import Agreement, Amendment, Project
from projects.instructing.views.door import officers_page, shown, writers_page
from projects.paying import agreements as acts
from projects.paying import mending
from projects.paying.columns import agreement_table
from projects.paying.listing import AgreementQuestion, covered, offered
from projects.paying.threshold import agreements_due, asks_agreement
from projects.paying.views.agreement_form import AgreementSheet, AmendmentForm, SignatureForm, new_agreement
from projects.paying.views.grant import granted_project, seal, seen

PAGE, SHOWN = "agreement", 40
SIGN, AMEND, SIGN_AMENDMENT = "signer", "avenant", "signer-avenant"
DROP_AMENDMENT, DROP_AGREEMENT = DROPS = "supprimer-avenant", "supprimer"


@filtered
@officers_page
@require_safe
def agreements(request: HttpRequest) -> HttpResponseBase:
    """The conventions that the address asks for, a page at a time; and what waits for one."""
    question = AgreementQuestion.of(request.GET)
    context: dict[str, Any] = paged(request, question.rows(), SHOWN)
    due, past = agreements_due()
    context |= {
        "asked": question,
        "due": due,
        "past_due": past,
        "rows": covered(list(context["page"].object_list)),
        "formats": list(CONTENT_TYPES),
    }
    return shown(request, "instruction/agreements.html", context)


@officers_page
@require_safe
def agreements_file(request: HttpRequest, format: str) -> HttpResponseBase:
    """All of them as a file; which is an event of the log.

    Raises:
        Http404: no such format.
    """
    known_format(format)
    question = AgreementQuestion.of(request.GET)
    record(AuditKind.EXPORT, on="conventions", after={"filtres": dict(request.GET.lists())}, request=request)
    return table_file(agreement_table(question.rows()), format, f"conventions-{timezone.localdate():%Y-%m-%d}")


@officers_page
def agreement(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Read a convention; with POST, note a signature, or write an amendment."""
    row = get_object_or_404(Agreement.objects.select_related("organization"), pk=pk)
    if request.method == "POST":
        return once(request, lambda: _write(request, row))
    return _page(request, row)


def _write(request: HttpRequest, row: Agreement) -> HttpResponseBase:
    name, raw = request.POST.get("acte", ""), request.POST.get("avenant", "")
    amendment = row.amendments.filter(pk=int(raw) if raw.isdecimal() else 0).first()
    form = AmendmentForm(row, request.POST) if name == AMEND else SignatureForm(request.POST)
    conflict = ""
    if name in DROPS or form.is_valid():
        try:
            with transaction.atomic():
                done = _do(request, row, name, form, amendment)
        except ChangedMeanwhile as changed:
            conflict = changed.messages[0]
        except ValidationError as error:
            if name in DROPS:
                messages.error(request, error.messages[0])
                return redirect("projects:instruction_agreement", pk=row.pk)
            tell(form, by_field(error))
        else:
            messages.success(request, done)
            if name == DROP_AGREEMENT:
                return redirect("projects:instruction_agreements")
            return redirect("projects:instruction_agreement", pk=row.pk)
    return _page(request, row, name, form, conflict)


def _do(request: HttpRequest, row: Agreement, name: str, form: Any, amendment: Amendment | None) -> str:
    by, version = signed_in(request), seen(request, PAGE)
    if name == SIGN:
        acts.sign_agreement(row.pk, form.cleaned_data["signed_on"], by=by, seen=version)
        return "C’est fait : la signature est notée, la convention peut être payée."
    if name == AMEND:
        cleaned = form.cleaned_data
        made = acts.draft_amendment(
            row.pk, purpose=cleaned["purpose"], amounts=form.amounts, ends_on=cleaned["ends_on"], by=by, seen=version
        )
        return f"C’est fait : l’avenant {made.number} est prêt à signer. Il ne change rien tant qu’il n’est pas signé."
    if name == DROP_AGREEMENT:
        number = mending.drop_agreement(row.pk, by=by, seen=version)
        return f"C’est fait : la convention {number} est supprimée, ses subventions n’en ont plus."
    if amendment is None:
        raise Http404("Cet acte n’existe pas.")
    if name == SIGN_AMENDMENT:
        acts.sign_amendment(amendment, form.cleaned_data["signed_on"], by=by, seen=version)
        return f"C’est fait : l’avenant {amendment.number} est signé, ses montants et ses dates s’appliquent."
    if name != DROP_AMENDMENT:
        raise Http404("Cet acte n’existe pas.")
    mending.drop_amendment(amendment, by=by)
    return f"C’est fait : l’avenant {amendment.number} est supprimé."


def _page(
    request: HttpRequest, row: Agreement, name: str = "", form: object = None, conflict: str = ""
) -> HttpResponseBase:
    row = Agreement.objects.select_related("organization").get(pk=row.pk)
    signature = form if name in (SIGN, SIGN_AMENDMENT) else SignatureForm()
    context = {
        "covered": covered([row])[0],
        "agreement": row,
        "amendments": row.amendments.prefetch_related("amounts"),
        "history": row.history.select_related("history_user")[:12],
        "signature": signature,
        "amending": form if name == AMEND else AmendmentForm(row),
        "is_amending": name == AMEND,
        "conflict": conflict,
        "seen": seal(request, row.version, conflict, PAGE),
    }
    return shown(request, "instruction/agreement.html", context)


@writers_page
@sent_once
def make(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Make a convention for the grant of a project, and for others of its organisation."""
    project = granted_project(pk)
    row = grant_of(project)
    if row.agreement_id is not None:
        return redirect("projects:instruction_agreement", pk=row.agreement_id)
    members: list[Any] = list(offered(project.organization_id))
    fresh = new_agreement(project, row.year)
    is_due = asks_agreement(row) is not None  # the law counts all of the year: one convention for it
    together = [member for member in members if member.pk == project.pk or (is_due and member.year == row.year)]
    typed = request.POST if request.method == "POST" else None
    sheet = AgreementSheet(fresh, members, typed, together=together, year=row.year)
    if request.method == "POST" and sheet.is_valid():
        chosen = [member.pk for member in sheet.words.cleaned_data["projects"]]
        keys = {member.pk: grant_of(member).pk for member in members if member.pk in chosen}
        try:
            made = acts.make_agreement(
                sheet.words.save(commit=False), sheet.terms(keys), projects=chosen, by=signed_in(request)
            )
        except ValidationError as error:
            sheet.tell(error)
        else:
            messages.success(request, f"C’est fait : la convention {made.number} est prête à signer.")
            return redirect("projects:instruction_agreement", pk=made.pk)
    context = {"sheet": sheet, "organization": project.organization, "project": project, "agreement": None}
    return shown(request, "instruction/agreement_form.html", context)


@writers_page
@sent_once
def rewrite(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Write anew a convention that is not signed; of one that is, its schedule alone."""
    row = get_object_or_404(Agreement.objects.select_related("organization"), pk=pk)
    was_signed = row.is_signed
    members = list(Project.objects.filter(grant__agreement=row).select_related("grant").order_by("code_key"))
    sheet = AgreementSheet(row, members, request.POST if request.method == "POST" else None)
    conflict = ""
    if request.method == "POST" and (_lines_are_valid(sheet) if was_signed else sheet.is_valid()):
        keys = {member.pk: member.grant.pk for member in members}
        try:
            if was_signed:
                acts.reschedule(row.pk, sheet.instalments(keys), by=signed_in(request), seen=seen(request, PAGE))
            else:
                written = sheet.words.save(commit=False)
                acts.rewrite(written, sheet.terms(keys), by=signed_in(request), seen=seen(request, PAGE))
        except ChangedMeanwhile as changed:
            conflict = changed.messages[0]
        except ValidationError as error:
            sheet.tell(error)
        else:
            messages.success(request, "C’est fait : la convention est enregistrée.")
            return redirect("projects:instruction_agreement", pk=pk)
    now = Agreement.objects.get(pk=pk)
    context: dict[str, Any] = {"sheet": sheet, "organization": row.organization, "agreement": now, "conflict": conflict}
    context["seen"] = seal(request, now.version, conflict, PAGE)
    return shown(request, "instruction/agreement_form.html", context)


def _lines_are_valid(sheet: AgreementSheet) -> bool:
    checks = [line.is_valid() for line in sheet.lines]  # each, so that each says what is wrong
    return all(checks)
