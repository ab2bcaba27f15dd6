"""Tokens: what a program shows to read and write in somebody's name. None may do more than its person."""

import datetime
import re
import secrets
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from cohesion.accounts import second_factor
from cohesion.audit import AuditKind, record
from cohesion.audit.recording import address
from cohesion.choices import TokenScope
from cohesion.lib.people import Person
from cohesion.lib.sealing import digest
from cohesion.models import ApiToken, User
from cohesion.roles import OFFICER

START = "cst_"
SHOWN = len(START) + 6  # characters that stay readable: they tell one token from another, and open nothing
MOST = 20  # open at once, for one person
DAYS, MOST_DAYS = 90, 365
# A token in use is not written at each request.
PRECISION = datetime.timedelta(minutes=1)
_WELL_FORMED = re.compile(rf"{START}[A-Za-z0-9_-]{{43}}")


def allowed_scopes(user: Person) -> list[TokenScope]:
    """What somebody may open to a program: all to officers, their own files to leads, reading to everybody."""
    if user.is_superuser or user.groups.filter(name=OFFICER.name).exists():
        return list(TokenScope)
    leads = user.memberships.exists()
    return [TokenScope.READ, TokenScope.PROJECTS] if leads else [TokenScope.READ]


@transaction.atomic
def make(*, user: Person, name: str, scopes: Iterable[str], days: int = DAYS) -> tuple[ApiToken, str]:
    """A new token, and its words: they are shown once, and kept nowhere.

    Raises:
        ValidationError: it would open what its person may not, last too long, or be one too many.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    wanted = set(scopes)
    if not wanted <= set(allowed_scopes(user)):
        raise ValidationError("Un jeton n’ouvre rien de plus que votre compte.")
    if not 1 <= days <= MOST_DAYS:
        raise ValidationError(f"Un jeton dure de 1 à {MOST_DAYS} jours.")
    if user.api_tokens.open().count() >= MOST:
        raise ValidationError(f"Vous avez déjà {MOST} jetons ouverts : révoquez-en un.")
    words = f"{START}{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(
        user=user,
        name=name,
        prefix=words[:SHOWN],
        digest=digest(words),
        scopes=[scope.value for scope in TokenScope if scope in wanted or scope is TokenScope.READ],
        expires_at=timezone.now() + datetime.timedelta(days=days),
    )
    after = {"ouvre": token.scopes, "jusqu’au": token.expires_at.date()}
    record(AuditKind.TOKEN_MADE, on=token, by=user, after=after)
    return token, words


def opened(words: str, request: HttpRequest) -> ApiToken | None:
    """The token of these words, if it still opens something; its use is noted."""
    if not _WELL_FORMED.fullmatch(words):
        return None
    token = ApiToken.objects.open().select_related("user").filter(digest=digest(words)).first()
    if token is None or not _is_welcome(token.user):
        return None
    _note(token, address(request), request)
    return token


def _is_welcome(user: Person) -> bool:
    """Whether this person could enter at this moment: active, and with the second factor that is asked of agents."""
    return user.is_active and user.erased_at is None and not second_factor.is_missing(user)


def _note(token: ApiToken, source: str | None, request: HttpRequest) -> None:
    now = timezone.now()
    is_elsewhere = source is not None and source != token.last_address
    if not is_elsewhere and token.last_used_at is not None and now - token.last_used_at < PRECISION:
        return
    if is_elsewhere:
        before = {"adresse": token.last_address} if token.last_address else None
        after = {"adresse": source}
        record(AuditKind.TOKEN_ELSEWHERE, on=token, by=token.user, before=before, after=after, request=request)
    ApiToken.objects.filter(pk=token.pk).update(last_used_at=now, last_address=source or token.last_address)


def revoke(token: ApiToken, *, by: Person) -> bool:
    """Close a token for ever; False where it was closed already."""
    if not ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()):
        return False
    record(AuditKind.TOKEN_REVOKED, on=token, by=by, before={"ouvre": token.scopes, "compte": token.user_id})
    return True
