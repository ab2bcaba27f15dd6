"""What the API answers when it refuses: one shape (RFC 9457), in French, each error under the name of its field."""

import logging
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import set_rollback

from cohesion.errors import RETRY_AFTER
from cohesion.lib.outages import Outage, outage
from cohesion.lib.text import count_phrase

logger = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"
WHOLE = "requete"  # under what a refusal stands that is of no field
Errors = dict[str, list[str]]
TITLES = {
    400: "Requête mal formée",
    401: "Jeton demandé",
    403: "Interdit",
    404: "Introuvable",
    405: "Verbe non permis",
    406: "Format non proposé",
    409: "Impossible dans cet état",
    412: "Modifié entre-temps",
    413: "Trop long",
    415: "Format non lu",
    422: "Valeurs refusées",
    428: "Version demandée",
    429: "Trop de demandes",
    503: "Indisponible pour un moment",
}
DETAILS = {
    401: "Écrire ici demande un jeton : faites-en un à l’adresse /compte/jetons/.",
    403: "Ce jeton n’ouvre pas cela.",
    404: "Rien ne se trouve à cette adresse, ou rien que vous puissiez lire.",
    405: "Cette adresse ne connaît pas ce verbe : l’en-tête Allow dit lesquels.",
    406: "L’API ne répond qu’en JSON : demandez application/json.",
    415: "L’API ne lit que du JSON : envoyez application/json.",
}


class ApiProblem(Exception):
    """A refusal, with its status and its sentence; ``more`` are members that it has beside the usual ones."""

    def __init__(self, status: int, detail: str, errors: Mapping[str, list[str]] | None = None, **more: Any) -> None:
        super().__init__(detail)
        self.status, self.detail, self.errors, self.more = status, detail, dict(errors or {}), more


class AddressMoved(Exception):
    """What is asked lives elsewhere for ever: at ``path``, of this site."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class ValuesRefused(ApiProblem):
    """Values that a rule refuses: each sentence under the name of its field."""

    def __init__(self, errors: Mapping[str, list[str]]) -> None:
        number = sum(map(len, errors.values()))
        super().__init__(422, f"Rien n’a été écrit : {count_phrase(number, 'erreur')} à corriger.", errors)


def refused(error: ValidationError, names: Mapping[str, str]) -> ValuesRefused:
    """What a model or an action says, under the names that the API has for the fields."""
    errors: Errors = {}
    for name, sentences in error.update_error_dict({}).items():
        shown = WHOLE if name == NON_FIELD_ERRORS else names.get(name, WHOLE)
        errors.setdefault(shown, []).extend(ValidationError(sentences).messages)
    return ValuesRefused(errors)


def answer(problem: ApiProblem, headers: Mapping[str, str] | None = None) -> Response:
    body = {
        "type": "about:blank",
        "title": TITLES[problem.status],
        "status": problem.status,
        "detail": problem.detail,
        "errors": problem.errors,
        **problem.more,
    }
    return Response(
        body,
        status=problem.status,
        content_type=CONTENT_TYPE,
        headers={"Cache-Control": "no-store", **(headers or {})},
    )


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to a refusal; None to a mistake of the software, which Django tells of."""
    scheme = getattr(error, "auth_header", "")
    headers = {"WWW-Authenticate": scheme} if scheme else {}
    if isinstance(error, AddressMoved):
        return _moved(context["request"], error.path)
    if (cause := outage(error)) is not None:
        logger.log(logging.WARNING if cause is Outage.BUSY else logging.ERROR, "API %s", cause.name, exc_info=error)
        problem = ApiProblem(503, f"{cause.value} Rien n’est enregistré : recommencez dans quelques instants.")
        headers["Retry-After"] = str(RETRY_AFTER)
    elif isinstance(error, ApiProblem):
        problem = error
    elif isinstance(error, Http404):
        problem = ApiProblem(404, DETAILS[404])
    elif isinstance(error, PermissionDenied):
        problem = ApiProblem(403, "Votre compte n’a pas ce droit.")
    elif isinstance(error, exceptions.APIException):
        problem = _of_framework(error, headers)
    else:
        return None
    set_rollback()
    return answer(problem, headers)


def _moved(request: Request, path: str) -> Response:
    """Whoever writes writes there: 308 keeps the verb and the body, which 301 does not."""
    query = request._request.META.get("QUERY_STRING", "")
    code = status.HTTP_301_MOVED_PERMANENTLY if request.method in ("GET", "HEAD") else 308
    headers = {"Location": f"{path}?{query}" if query else path, "Cache-Control": "no-store"}
    return Response(status=code, headers=headers)


def _of_framework(error: exceptions.APIException, headers: dict[str, str]) -> ApiProblem:
    code = error.status_code if error.status_code in TITLES else status.HTTP_400_BAD_REQUEST
    if isinstance(error, exceptions.Throttled):
        wait = int(error.wait or 60)
        headers["Retry-After"] = str(wait)
        return ApiProblem(429, f"Trop de demandes en peu de temps : recommencez dans {count_phrase(wait, 'seconde')}.")
    if isinstance(error, exceptions.AuthenticationFailed):  # which says what is wrong with the token
        return ApiProblem(code, str(error.detail))
    return ApiProblem(code, DETAILS.get(code) or str(error.detail))
