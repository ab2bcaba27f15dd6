"""A form that makes something makes it once: sent again, even at the same moment, it gets the answer of the first."""

import datetime
import re
import secrets
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils import timezone

NAME = "once"  # the hidden field
KEPT = datetime.timedelta(days=2)
ALREADY = "Ce formulaire était déjà envoyé : ce qu’il demandait n’a été fait qu’une fois."
_WELL_FORMED = re.compile(r"[A-Za-z0-9_-]{22}")


def new_token() -> str:
    return secrets.token_urlsafe(16)


def once(request: HttpRequest, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """What ``answer`` does, in one transaction, unless the same form has done it.

    Whoever sends it while the first is being done waits for it. An answer that leads nowhere has made nothing (it
    shows what is wrong): the form may be sent again. A form without a token is answered as it comes.
    """
    token = request.POST.get(NAME, "")
    if not _WELL_FORMED.fullmatch(token):
        return answer()
    with transaction.atomic():
        known = _begun(token)
        if known is not None:
            messages.info(request, ALREADY)
            return HttpResponseRedirect(known.address)
        response: Any = answer()
        from cohesion.models import SentForm

        sent = SentForm.objects.filter(token=token)
        if 300 <= response.status_code < 400 and response.has_header("Location"):
            sent.update(address=response.headers["Location"][:500])
        else:
            sent.delete()
        return response


def _begun(token: str) -> Any:
    """None when this form is the first of its token, which nobody else may use from now on; else what was done."""
    from cohesion.models import SentForm

    try:
        with transaction.atomic():
            SentForm.objects.create(token=token)
    except IntegrityError:
        return SentForm.objects.get(token=token)
    SentForm.objects.filter(at__lt=timezone.now() - KEPT).delete()
    return None
