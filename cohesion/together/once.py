"""A form that makes something makes it once: sent again, even at the same moment, it gets the answer of the first."""

import datetime
import re
import secrets
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils import timezone

from cohesion.errors import unavailable
from cohesion.lib.outages import Outage
from cohesion.models import SentForm

NAME = "once"  # the hidden field
KEPT = datetime.timedelta(days=2)
FORGOTTEN = datetime.timedelta(minutes=1)
TRIES, PAUSE = 50, 0.1  # seconds: for the same file, which is being received
ALREADY = "Ce formulaire était déjà envoyé : ce qu’il demandait n’a été fait qu’une fois."
Answer = Callable[[], HttpResponseBase]
_WELL_FORMED = re.compile(r"[A-Za-z0-9_-]{22}")


def new_token() -> str:
    return secrets.token_urlsafe(16)


def once(request: HttpRequest, answer: Answer, *, is_whole: bool = True) -> HttpResponseBase:
    """What ``answer`` does, unless the same form has done it.

    Whoever sends it while the first is being done waits for it. An answer that leads nowhere has made nothing (it
    shows what is wrong), nor has one that says so (:func:`refuse`): the form may be sent again, corrected. A form
    without a token is answered as it comes.
    ``is_whole`` says that all is done in one transaction; what keeps files has transactions of its own.
    """
    token = request.POST.get(NAME, "")
    if not _WELL_FORMED.fullmatch(token):
        return answer()
    if is_whole:
        with transaction.atomic():
            return _answered(request, token, _begun(token), answer)
    known = _begun(token)
    for _ in range(TRIES):
        if known is None or known.address:
            break
        time.sleep(PAUSE)
        known = _begun(token)
    else:
        return unavailable(request, Outage.BUSY)
    try:
        return _answered(request, token, known, answer)
    except BaseException:
        SentForm.objects.filter(token=token, address="").delete()
        raise


def once_under(token: str, do: Callable[[], str]) -> str | None:
    """What ``do`` makes, unless the same was asked under this token: where that led. None where it was done now.

    For what is no form: ``do`` returns where its answer leads, and what it raises undoes all.
    """
    with transaction.atomic():
        known = _begun(token)
        if known is not None:
            return known.address
        SentForm.objects.filter(token=token).update(address=do()[:500])
        return None


def refuse(request: HttpRequest) -> None:
    """Say that this form has made nothing, though its answer leads to another page: its token stays good."""
    request.sent_form_refused = True  # type: ignore[attr-defined]


def _answered(request: HttpRequest, token: str, known: SentForm | None, answer: Answer) -> HttpResponseBase:
    if known is not None:
        messages.info(request, ALREADY)
        return HttpResponseRedirect(known.address)
    response = answer()
    sent = SentForm.objects.filter(token=token)
    is_refused = getattr(request, "sent_form_refused", False)
    if 300 <= response.status_code < 400 and response.has_header("Location") and not is_refused:
        sent.update(address=response.headers["Location"][:500])
    else:
        sent.delete()
    return response


def _begun(token: str) -> SentForm | None:
    """None when this form is the first of its token, which nobody else may use from now on; else what was done.

    A form whose server died before it answered may be taken up again after a while.
    """
    now = timezone.now()
    try:
        with transaction.atomic():
            SentForm.objects.create(token=token, at=now)
    except IntegrityError:
        if SentForm.objects.filter(token=token, address="", at__lt=now - FORGOTTEN).update(at=now):
            return None
        return SentForm.objects.filter(token=token).first() or _begun(token)
    SentForm.objects.filter(at__lt=now - KEPT).delete()
    return None


def sent_once(view: Callable[..., HttpResponseBase], *, is_whole: bool = True) -> Callable[..., HttpResponseBase]:
    """A view whose form makes something; its template holds ``{% form_once %}``."""

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        return once(request, lambda: view(request, *args, **kwargs), is_whole=is_whole)

    return page
