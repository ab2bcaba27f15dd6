"""A form that came without a session, or with the token of another one, comes back as it was typed.

It waits in the session of that browser, for an hour, encrypted, and is shown in its own page after login. It is never
sent by itself: whoever typed it looks at it and presses the button.
"""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from cohesion.audit.recording import origin
from cohesion.lib.counting import wait_for
from cohesion.lib.html_forms import CSRF, filled
from cohesion.lib.http import is_of_script, somebody
from cohesion.lib.people import signed_in
from cohesion.lib.sealing import sealed, unsealed
from cohesion.lib.typed import Typed, typed

KEPT = "lost_form"  # in the session
LIFE = 3600  # seconds
MOST_CHARACTERS = 300_000
SAVED = "saved_drafts"  # in the session: drafts of the device that were saved, which its next page forgets
DRAFT = "draft"  # the field by which a page says which draft of the device it sends, and of whom
MOST_SAVED = 20

WAITS = (
    "Vous étiez déconnecté : rien n’a été enregistré. Ce que vous aviez écrit est gardé une heure : "
    "reconnectez-vous, le formulaire reviendra rempli."
)
TOO_LONG = (
    "Vous étiez déconnecté : rien n’a été enregistré, et ce que vous aviez écrit est trop long pour être gardé ici. "
    "Revenez à la page précédente avec votre navigateur et copiez votre texte avant de vous reconnecter."
)
EXPIRED = "Ce formulaire a été ouvert dans une autre session : rien n’est enregistré."
FORGOTTEN = "C’est effacé : la page montre ce qui est enregistré."


class LostForms:
    """Middleware: keeps what is sent to a page that asks for a login, and fills that page with it afterwards."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method == "POST":
            if somebody(request) is not None:
                _tell_saved(request, response)
            elif _asks_login(response) and not is_of_script(request) and not _is_door(request.path):
                return _waits_for_login(request, response)
        elif request.method == "GET" and somebody(request) is not None and KEPT in request.session:
            return _given_back(request, response)
        return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """The token is of another session: what was typed here comes back in its form, with the present token.

    What another site made a browser send is given back to nobody.
    """
    if is_of_script(request):
        words = {"ensure_ascii": False}
        return JsonResponse({"error": EXPIRED, "reason": "csrf"}, status=403, json_dumps_params=words)
    sent = typed(request) if _is_from_here(request) and not _is_door(request.path) else Typed()
    if sent.fields and somebody(request) is not None and _keep(request):
        return redirect(request.session[KEPT]["page"])
    return _page_that_keeps(request, sent)


@require_safe
@login_required
def lost_form(request: HttpRequest) -> HttpResponse:
    """What was typed in a form that its page no longer has: to be copied, or sent all the same."""
    kept = _kept(request)
    if kept is None:
        messages.info(request, "Aucune saisie n’attend ici.")
        return redirect("account")
    pairs = [(name, value) for name, values in kept["fields"].items() for value in values if name != CSRF]
    worded = [value for _, value in pairs if _holds_letters(value)]  # no keys, nor numbers of rows
    texts = [value for value in worded if " " in value.strip()] or [value for _, value in pairs if value.strip()]
    return render(request, "account/lost_form.html", {"kept": kept, "pairs": pairs, "texts": texts})


@require_POST
@login_required
def forget(request: HttpRequest) -> HttpResponse:
    """Take away what was kept, and show the page as it is saved."""
    kept = request.session.pop(KEPT, None)
    if kept is None:
        return redirect("account")
    messages.info(request, FORGOTTEN)
    return redirect(kept["page"])


def saved_drafts(request: HttpRequest) -> list[str]:
    """The drafts that were saved since the last page of this session, told once."""
    return request.session.pop(SAVED, []) if SAVED in request.session else []


# --- keeping ------------------------------------------------------------------------------------------------


def _waits_for_login(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    sent = typed(request)
    if not sent.files and not any(name != CSRF for name in sent.fields):
        return response
    if not _keep(request):
        return _page_that_keeps(request, sent, is_closed=True)
    messages.warning(request, WAITS)
    return redirect_to_login(request.session[KEPT]["page"])


def _keep(request: HttpRequest) -> bool:
    """Keep what was sent in the session of this browser; False when it is too much, or asked too often."""
    sent = typed(request)
    if sum(len(name) + len(value) for name, value in sent.pairs) > MOST_CHARACTERS:
        return False
    is_known = somebody(request) is not None
    if not is_known:
        most, seconds = settings.LOST_FORMS
        if wait_for(f"lost_form:{origin(request)}", most=most, seconds=seconds, is_patient=True):
            return False
        request.session.clear_expired()
        request.session.set_expiry(LIFE)
    request.session[KEPT] = {
        "path": request.get_full_path(),
        "page": _page(request),
        "typed": sealed({"fields": sent.fields, "files": sent.files}),
        "at": int(time.time()),
        "account": getattr(request, "closed_account", None) or _author(sent.fields),
    }
    request.is_lost_form = True  # type: ignore[attr-defined]
    return True


def _page_that_keeps(request: HttpRequest, sent: Typed, *, is_closed: bool = False) -> HttpResponse:
    """What no session keeps (nobody is logged in, it is too long or one of too many): the page itself has it.

    ``is_closed``: the session is over, so that one logs in before sending it again.
    """
    pairs = [] if sent.has_secret else [(name, value) for name, value in sent.pairs if name != CSRF]
    context = {"typed": pairs, "is_closed": is_closed, "files": bool(sent.files)}
    return render(request, "403_csrf.html", context, status=403)


def _holds_letters(value: str) -> bool:
    return any(sign.isalpha() for sign in value)


def _author(fields: dict[str, list[str]]) -> int | None:
    """Whose page it was, as its script says; unknown without scripts."""
    account = fields.get(DRAFT, [""])[0].partition("|")[0]
    return int(account) if account.isdecimal() and len(account) < 15 else None


def _page(request: HttpRequest) -> str:
    """The page on which the form stood: the one that sent it, which is not always the address that takes it."""
    page = urlsplit(request.headers.get("Referer", ""))
    if page.netloc != request.get_host() or _is_door(page.path):
        return request.get_full_path()
    return f"{page.path}?{page.query}" if page.query else page.path


def _asks_login(response: HttpResponseBase) -> bool:
    if not 300 <= response.status_code < 400:
        return False
    path = urlsplit(response.headers.get("Location", "")).path
    return path in (reverse("account_login"), reverse("admin:login"))


def _is_door(path: str) -> bool:
    """The pages of accounts, and the admin's ways in and out: what is typed there is kept by nobody."""
    return path.startswith((reverse("account"), reverse("admin:login"), reverse("admin:logout")))


def _is_from_here(request: HttpRequest) -> bool:
    return urlsplit(request.headers.get("Origin", "")).netloc == request.get_host()


# --- giving back --------------------------------------------------------------------------------------------


def _tell_saved(request: HttpRequest, response: HttpResponseBase) -> None:
    """A form that was taken: neither the session nor the device need keep it."""
    if getattr(request, "is_lost_form", False) or response.status_code >= 400:
        return
    kept = request.session.get(KEPT)
    if kept is not None and urlsplit(kept["path"]).path == request.path:
        del request.session[KEPT]
    if 300 <= response.status_code < 400 and (draft := typed(request).fields.get(DRAFT)):
        request.session[SAVED] = [*request.session.get(SAVED, []), draft[0][:500]][-MOST_SAVED:]


def _kept(request: HttpRequest) -> dict[str, Any] | None:
    kept = request.session.get(KEPT)
    if kept is None:
        return None
    if time.time() - kept["at"] > LIFE:
        del request.session[KEPT]
        return None
    if "typed" not in kept:
        return kept  # kept in plain by the version before: its fields are there
    content = unsealed(kept["typed"])
    return kept | content if content is not None else None


def _given_back(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    kept = _kept(request)
    if kept is None or urlsplit(kept["page"]).path != request.path:
        return response
    if isinstance(response, HttpResponseRedirect) and _is_door(urlsplit(response.url).path):
        return response  # a second factor first
    if response.status_code == 200 and isinstance(response, HttpResponse):
        page = filled(
            response.content.decode(),
            page=request.path,
            path=urlsplit(kept["path"]).path,
            sent=kept["fields"] | {name: [] for name in kept["files"]},
            notice=_notice(request, kept),
        )
        if page is not None:
            response.content = page.encode()
            return response
    return redirect("lost_form")


def _notice(request: HttpRequest, kept: dict[str, Any]) -> str:
    user = signed_in(request)
    author = kept["account"]
    other = None
    if author is not None and author != user.pk:
        other = get_user_model().objects.filter(pk=author).first() or "un autre compte"
    return render_to_string("includes/given_back.html", {"kept": kept, "user": user, "other": other}, request)
