"""``/instruction/<pk>/subvention/retrait/``: a withdrawal, in two steps: from which day, then what was decided."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from cohesion.lib.people import signed_in
from cohesion.lib.refusals import by_field, tell
from cohesion.together.once import sent_once
from cohesion.together.states import ChangedMeanwhile
from projects.catalogue.granting import grant_of
from projects.catalogue.models import Withdrawal
from projects.instructing.views.door import shown, writers_page
from projects.paying.standing import standing_of
from projects.paying.views.forms import BreachForm, WithdrawalForm
from projects.paying.views.grant import granted_project, grants, seal, seen
from projects.paying.withdrawing import proposal, withdraw


@writers_page
@sent_once
def withdrawal(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Say from which day (in the address), read what that comes to, then write what was decided."""
    project = granted_project(pk)
    row = get_object_or_404(grants(), pk=grant_of(project).pk)
    if hasattr(row, "withdrawal"):
        return redirect("projects:instruction_grant", pk=pk)
    standing, conflict = standing_of(row), ""
    breach = BreachForm(request.GET if "manquement" in request.GET else None)
    proposed, form = None, None
    if breach.is_bound and breach.is_valid():
        day = breach.cleaned_data["manquement"]
        proposed = proposal(row, standing, day)
        initial: dict[str, Any] = {"decided_on": timezone.localdate()}
        initial |= {"withdrawn": proposed.withdrawn, "amount": proposed.amount}
        form = WithdrawalForm(request.POST if request.method == "POST" else None, initial=initial)
        if request.method == "POST" and form.is_valid():
            try:
                made = Withdrawal(breached_on=day, **form.cleaned_data)
                withdraw(pk, made, by=signed_in(request), seen=seen(request))
            except ChangedMeanwhile as changed:
                conflict = changed.messages[0]
            except ValidationError as error:
                tell(form, by_field(error))
            else:
                messages.success(request, "C’est fait : la subvention est retirée pour le reste de la période.")
                return redirect("projects:instruction_grant", pk=pk)
    context = {
        "project": project,
        "standing": standing,
        "breach": breach,
        "proposed": proposed,
        "form": form,
        "conflict": conflict,
        "seen": seal(request, row.version, conflict),
    }
    return shown(request, "instruction/withdrawal.html", context)
