"""What the public pages share: which versions anybody may read, and when a page changes."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import cache, wraps
from time import monotonic
from typing import Any, cast

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from axes.models import Framework
from cohesion.audit import AuditKind, record
from cohesion.context import is_demo
from cohesion.lib.http import asked_again, etag, let_embed, revalidated

View = Callable[..., HttpResponseBase]
Stamp = tuple[object, ...]


class Versions(list[Framework]):
    """The public versions of the frameworks of every programme, the newest first."""

    @property
    def in_force(self) -> Framework | None:
        """That of the reference programme: the framework that a page means when it names none."""
        return next((version for version in self if version.is_reference), None)

    @property
    def beside(self) -> list[Framework]:
        """Those in force of the other programmes, in the order of these."""
        return [version for version in self.by_programme if version.is_in_force and version.is_beside]

    @property
    def by_programme(self) -> list[Framework]:
        return self.others(None)

    def current(self, framework: Framework) -> Framework | None:
        """That in force of the same programme."""
        of_programme = (version for version in self if version.programme_id == framework.programme_id)
        return next((version for version in of_programme if version.is_in_force), None)

    def others(self, framework: Framework | None) -> list[Framework]:
        """All but that one, programme by programme, the reference one first."""
        others = [version for version in self if version != framework]
        return sorted(others, key=lambda version: version.programme.rank)

    @property
    def stamp(self) -> Stamp:
        """Changes when any of them does: its name, its state, its tree or its links.

        The date stands beside the revision: a database restored from a backup may come to the same revision
        with other words.
        """
        return _stamp((version.pk, version.revision, version.status, version.updated_at) for version in self)


def public_page(view: View) -> View:
    """A page about the framework: the view receives the public versions, read in one query.

    Who asks again for what has not changed costs that one query, and who bears no cookie gets it as it was kept
    (:mod:`cohesion.site.kept_pages`). A file that is taken away is noted in the audit log. Without a framework in force
    nothing tells that projects change: the page is then made each time.
    """

    @require_safe
    @wraps(view)
    def page(request: HttpRequest, **kwargs: str) -> HttpResponseBase:
        versions = read_versions()
        if versions.in_force is None:
            response = asked_again(view(request, versions, **kwargs))
            let_embed(request, response)
            return response
        tag = etag(request, versions.stamp)
        response = revalidated(request, tag, lambda: view(request, versions, **kwargs))
        let_embed(request, response)
        cast(Any, response).kept_under = versions.stamp
        if request.method == "GET" and response.status_code == 200 and response.has_header("Content-Disposition"):
            record(AuditKind.EXPORT, on=request.path, after={"filtres": dict(request.GET.lists())}, request=request)
        return response

    cast(Any, page).is_public_page = True
    return page


def read_versions() -> Versions:
    """The public versions, in one query; what was kept under an older stamp is given to nobody any more."""
    versions = Versions(Framework.objects.public().select_related("programme"))
    _remember(versions.stamp)
    return versions


# --- the stamp alone ------------------------------------------------------------------------------------------


def current_stamp() -> Stamp:
    """What :attr:`Versions.stamp` would be now, in one bare query.

    With ``STAMP_SECONDS`` a process trusts what it read for so long, and asks once for all its requests.
    """
    return trusted_stamp() or _remember(_asked_stamp())


def trusted_stamp() -> Stamp | None:
    """The last stamp that this process read, if it is young enough."""
    read_at, stamp = _read
    return stamp if monotonic() - read_at < settings.STAMP_SECONDS else None


def held_lately(stamp: object) -> bool:
    """Whether this process read that stamp less than ``LATELY`` ago, be there another since.

    Never so where ``STAMP_SECONDS`` is 0: there, nobody is given anything but the present state.
    """
    return settings.STAMP_SECONDS > 0 and any(
        known == stamp and monotonic() - read_at < LATELY for read_at, known in (_read, _former)
    )


LATELY = 2.0  # seconds
_read: tuple[float, Stamp] = (float("-inf"), ())
_former = _read  # the last reading of another stamp


def _remember(stamp: Stamp) -> Stamp:
    """Every page that is made reads the stamp: whoever comes next sees nothing older."""
    global _read, _former
    if _read[1] != stamp:
        _former = _read
    _read = monotonic(), stamp
    return stamp


def _asked_stamp() -> Stamp:
    with connection.cursor() as cursor:
        cursor.execute(*_question())
        return _stamp(cursor.fetchall())


@cache
def _question() -> tuple[str, tuple[Any, ...]]:
    """The query as this database has it, made once: making it costs more than asking it."""
    return (
        Framework.objects.public()
        .order_by()
        .values_list("pk", "revision", "status", "updated_at")
        .query.sql_with_params()
    )


def _stamp(rows: Iterable[Sequence[Any]]) -> Stamp:
    versions = sorted((pk, revision, status, _moment(at)) for pk, revision, status, at in rows)
    return (*versions, is_demo(), timezone.localdate())


def _moment(at: datetime) -> datetime:
    """The same moment, whether the database keeps its zone or not: SQLite keeps UTC without saying so."""
    return at if at.tzinfo else at.replace(tzinfo=UTC)
