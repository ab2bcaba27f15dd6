"""What every address of the API does: known parameters alone, one state for one answer, nothing kept of what is not
public."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, cast

from django.contrib.auth.models import AnonymousUser
from django.urls import ResolverMatch, reverse
from django.utils.cache import get_conditional_response
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from axes.http import Versions
from axes.models import Framework
from cohesion.choices import TokenScope
from cohesion.lib.http import asked_again, base_url, etag, holds_any_state
from cohesion.lib.people import Person, Visitor
from cohesion.models import ApiToken
from cohesion.together.once import once_under
from projects.api.authentication import ApiThrottle, ScopePermission, TokenAuthentication
from projects.api.paging import CURSOR, SIZE_NAME, RowsPage
from projects.api.parsing import BoundedJson
from projects.api.problems import ApiProblem, ValuesRefused

FIELDS = "champs"
LONGEST_KEY = 200
PAGED = {
    SIZE_NAME: "Le nombre de lignes d’une page, de 1 à 200 ; 50 si rien n’est dit.",
    CURSOR: "Où la page commence : ce que « suivant » donne.",
}
CHOSEN = {FIELDS: "Les seuls champs voulus, séparés par des virgules."}


class ApiView(APIView):
    """An address. ``parameters``: those of its query, each with what it says; ``scopes``: what writes there ask."""

    # A session opens nothing here: whoever writes shows a token, so that no other site can write for them.
    authentication_classes = (TokenAuthentication,)
    permission_classes = (ScopePermission,)
    throttle_classes = (ApiThrottle,)
    parser_classes = (BoundedJson,)
    parameters: ClassVar[Mapping[str, str]] = {}
    scopes: ClassVar[Mapping[str, TokenScope]] = {}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        known = self.parameters if request.method in ("GET", "HEAD") else {}
        unknown = [name for name in request.query_params if name not in known]
        if unknown:
            names = ", ".join(known) or "aucun"
            sentence = f"Ce paramètre n’existe pas ici. Les paramètres sont : {names}."
            raise ApiProblem(400, "Requête mal formée.", {name[:80]: [sentence] for name in unknown})

    def check_permissions(self, request: Request) -> None:
        """What is refused is counted as what is given: whoever tries every door comes to the end of their count too."""
        super().check_throttles(request)
        super().check_permissions(request)

    def check_throttles(self, request: Request) -> None:
        """Counted already, before rights were asked."""

    # --- who, and what they may read --------------------------------------------------------------------------

    @property
    def reader(self) -> Visitor:
        """The person of the token; anybody, without one."""
        return cast("Visitor", self.request.user if self.request.auth is not None else AnonymousUser())

    @property
    def person(self) -> Person:
        """Who writes: there is a token where this is asked."""
        return cast("Person", self.request.user)

    @property
    def reason(self) -> str:
        """What the history says of what a program wrote."""
        token = cast("ApiToken", self.request.auth)
        return f"Par l’API, jeton « {token.name} »"

    def versions(self) -> Versions:
        """The public versions of the frameworks, in one query a request."""
        if not hasattr(self, "_versions"):
            self._versions = Versions(Framework.objects.public().select_related("programme"))
        return self._versions

    def lasting(self, **named: str) -> str:
        """This address with the names of today in the place of those of old."""
        match = cast("ResolverMatch", self.request._request.resolver_match)
        return reverse(match.view_name, kwargs={**match.kwargs, **named})

    @property
    def site(self) -> str:
        return base_url(self.request._request)

    # --- answers ------------------------------------------------------------------------------------------------

    def revalidated(self, make: Callable[[], Response]) -> Response:
        """Without a token: 304 to who holds this state. With one, it is made each time, and nobody keeps it."""
        if self.request.auth is not None:
            response = make()
            response.headers["Cache-Control"] = "no-store, private"
            return response
        versions = self.versions()
        if versions.in_force is None:
            return cast("Response", asked_again(make()))
        tag = etag(self.request._request, ("api", *versions.stamp))
        request = self.request._request
        known = None if holds_any_state(request) else get_conditional_response(request, tag)
        response = make() if known is None else Response(status=304)
        response.headers["ETag"] = tag
        return cast("Response", asked_again(response))

    def listed(self, page: RowsPage, rows: Iterable[Mapping[str, Any]]) -> Response:
        """A page of rows, and the address of the next."""
        following = None
        if page.following:
            query = self.request.query_params.copy()
            query[CURSOR] = page.following
            following = f"{self.site}{self.request.path}?{query.urlencode()}"
        return Response({"suivant": following, "resultats": [self.narrowed(row) for row in rows]})

    def narrowed(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """The members of a row that are asked for."""
        raw = self.request.query_params.get(FIELDS)
        if raw is None:
            return dict(row)
        names = [name for name in raw.split(",") if name]
        unknown = [name for name in names if name not in row]
        if unknown or not names:
            sentence = f"Les champs sont : {', '.join(row)}."
            raise ApiProblem(400, "Requête mal formée.", {FIELDS: [sentence]})
        return {name: row[name] for name in row if name in names}

    def of_state(self, row: Mapping[str, Any], tag: str, status: int = 200, **headers: str) -> Response:
        """A row with its state, to whoever may bring it back."""
        if status == 200 and self.request.method in ("GET", "HEAD"):
            if get_conditional_response(self.request._request, tag) is not None:
                return Response(status=304, headers={"ETag": tag, "Cache-Control": "no-store, private"})
            row = self.narrowed(row)
        return Response(row, status=status, headers={"ETag": tag, "Cache-Control": "no-store, private", **headers})

    # --- writing --------------------------------------------------------------------------------------------------

    @property
    def body(self) -> dict[str, Any]:
        return cast("dict[str, Any]", self.request.data)

    def made_once(self, make: Callable[[], str], show: Callable[[str], Response]) -> Response:
        """What a POST makes, once under its ``Idempotency-Key``: asked again, it gets what was made.

        ``make`` returns the address of what it made, ``show`` what stands at an address.
        """
        key = self.request.headers.get("Idempotency-Key", "").strip()
        if not key:
            return self._created(show(make()), 201)
        if len(key) > LONGEST_KEY:
            raise ApiProblem(400, f"Idempotency-Key a {LONGEST_KEY} signes au plus.")
        body = _digest(repr(sorted(self.body.items())))
        token = _digest(f"{self.person.pk}\n{self.request.path}\n{key}")
        made: list[str] = []

        def do() -> str:
            made.append(make())
            return f"{made[0]}#{body}"

        known = once_under(token, do)
        if known is None:
            return self._created(show(made[0]), 201)
        address, _, former = known.rpartition("#")
        if former != body:
            raise ApiProblem(422, "Cette Idempotency-Key a déjà servi pour autre chose : donnez-en une autre.")
        return self._created(show(address), 200)

    def _created(self, response: Response, status: int) -> Response:
        response.status_code = status
        return response

    def require(self, *permissions: str) -> None:
        """
        Raises:
            ApiProblem: 403, the person of the token may not.
        """
        if not self.reader.has_perms(permissions):
            raise ApiProblem(403, "Votre compte n’a pas le droit d’écrire ici.")


class Listing(ApiView):
    """An address whose GET answers what ``made`` makes, and 304 while nothing changed."""

    def get(self, request: Request) -> Response:
        return self.revalidated(self.made)

    def made(self) -> Response:
        raise NotImplementedError


def _digest(text: str) -> str:
    """As long as the token of a form."""
    return hashlib.sha256(text.encode()).hexdigest()[:22]


def refuse_if(errors: Mapping[str, list[str]]) -> None:
    """
    Raises:
        ValuesRefused: there is an error.
    """
    if errors:
        raise ValuesRefused(errors)
