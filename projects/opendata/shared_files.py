"""A public file is made once after each change, whatever the number of processes and of those who ask.

Whoever comes first claims it in the database and makes it; meanwhile the others give the one before it, for as long as
a claim holds and no longer; what they made together is then read by each process once. A file of another version of the
software, or of other settings, is never given: they decide what is public.
"""

import datetime
import hashlib
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Lock

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from cohesion.lib.http import site_stamp
from projects.opendata.kept_file import KeptFile
from projects.opendata.models import OpenFile

logger = logging.getLogger(__name__)

CLAIM = datetime.timedelta(seconds=60)  # the most that a file of before is given: said in docs/open-data.md
PATIENCE = 20  # seconds: who may not be given the one before waits so long, then makes it alone
PAUSE = 0.05
SOFTWARE_KEPT = datetime.timedelta(days=2)  # files of another version, which may still serve beside this one

Key = tuple[str, str, str]
_held: dict[Key, tuple[str, KeptFile]] = {}
_lock = Lock()


def shared(name: str, site: str, state: object, make: Callable[[], KeptFile], *, is_exact: bool = False) -> KeptFile:
    """The file of this ``state``; while somebody else makes it, the one before it, unless it has to be exact."""
    key, digest = (site_stamp(), site[:200], name), hashlib.sha256(repr(state).encode()).hexdigest()
    held = _held.get(key)
    if held is not None and held[0] == digest:
        return held[1]
    try:
        return _together(key, digest, make, is_exact=is_exact)
    except (DatabaseError, OpenFile.DoesNotExist):
        # Busy, closed to writing, or emptied meanwhile: nobody waits for a file because it cannot be kept.
        logger.warning("Un fichier ouvert est fait sans être gardé : %s", name, exc_info=True)
        return _hold(key, digest, make())


def _together(key: Key, digest: str, make: Callable[[], KeptFile], *, is_exact: bool) -> KeptFile:
    ends = time.monotonic() + PATIENCE
    while True:
        row = _rows(key).values("state", "claimed_at").first()
        if row is not None and row["state"] == digest:
            return _hold(key, digest, _kept_copy(key))
        claim = _claimed(key, digest)
        if claim is not None:
            return _made(key, digest, claim, make)
        if row is not None and row["state"] and not is_exact:
            return _former(key, row["state"])
        if time.monotonic() > ends:
            return _hold(key, digest, make())
        time.sleep(PAUSE)


def _rows(key: Key) -> QuerySet[OpenFile]:
    software, site, name = key
    return OpenFile.objects.filter(software=software, site=site, name=name)


def _claimed(key: Key, digest: str) -> datetime.datetime | None:
    """The moment at which this process took it in hand; None where another has it, or has made it."""
    now = timezone.now()
    free = Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIM)
    if _rows(key).exclude(state=digest).filter(free).update(claimed_at=now):
        return now
    if _rows(key).exists():
        return None
    software, site, name = key
    with suppress(IntegrityError), transaction.atomic():
        OpenFile.objects.create(software=software, site=site, name=name, claimed_at=now)
        return now
    return None


def _made(key: Key, digest: str, claim: datetime.datetime, make: Callable[[], KeptFile]) -> KeptFile:
    """Make it and give it to the others; who was so slow that another took it in hand keeps it for itself."""
    mine = _rows(key).filter(claimed_at=claim)
    try:
        file = make()
    except BaseException:
        mine.update(claimed_at=None)
        raise
    mine.update(
        state=digest,
        content_type=file.content_type,
        size=file.size,
        digest=file.digest,
        packed=file.packed,
        is_packed=file.is_packed,
        made_at=timezone.now(),
        claimed_at=None,
    )
    OpenFile.objects.exclude(software=key[0]).filter(made_at__lt=timezone.now() - SOFTWARE_KEPT).delete()
    return _hold(key, digest, file)


def _kept_copy(key: Key) -> KeptFile:
    row = _rows(key).get()
    return KeptFile(row.content_type, row.size, row.digest, bytes(row.packed or b""), row.is_packed)


def _former(key: Key, state: str) -> KeptFile:
    """The one before, said to be so: nobody keeps it under the state that follows."""
    held = _held.get(key)
    file = held[1] if held is not None and held[0] == state else _hold(key, state, _kept_copy(key))
    return file.of_before


def _hold(key: Key, digest: str, file: KeptFile) -> KeptFile:
    with _lock:
        _held[key] = (digest, file)
        for former in [other for other in _held if other[0] != key[0]]:
            del _held[former]
    return file
