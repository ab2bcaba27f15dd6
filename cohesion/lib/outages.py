"""Failures that are nobody's mistake: the database is away or busy, the disk is full. Which they are, and how said."""

import errno
from collections.abc import Iterator
from enum import Enum

from django.db import DatabaseError, Error, InterfaceError, OperationalError


class Outage(Enum):
    """What is wrong, in a sentence for whoever was waiting."""

    AWAY = "Le site ne parvient pas à joindre ses données en ce moment. Il reprendra de lui-même."
    BUSY = "Beaucoup de monde travaille au même endroit en ce moment, et le site a attendu trop longtemps."
    FULL = "Le disque du site est plein : rien de nouveau ne peut y être gardé. Les administrateurs en sont avertis."


# PostgreSQL's codes: a wait that was ended, a deadlock, two transactions that cannot both hold.
_BUSY = {"55P03", "57014", "40P01", "40001"}
# A transaction left idle and ended, or that lasted too long; a server that only reads: psycopg calls them internal.
_AWAY = {"25P03", "25P04", "25006"}
_FULL = {"53100"}
_SQLITE = {
    "SQLITE_BUSY": Outage.BUSY,
    "SQLITE_LOCKED": Outage.BUSY,
    "SQLITE_FULL": Outage.FULL,
    "SQLITE_IOERR": Outage.AWAY,
    "SQLITE_CORRUPT": Outage.AWAY,
    "SQLITE_NOTADB": Outage.AWAY,
}
_DISK = {
    errno.ENOSPC: "il n’y a plus de place sur le disque",
    errno.EDQUOT: "le quota du disque est atteint",
    errno.EFBIG: "le fichier dépasse la taille permise",
    errno.EROFS: "le disque est en lecture seule",
}
_OTHER = {
    errno.EACCES: "accès refusé",
    errno.EPERM: "accès refusé",
    errno.ENOENT: "chemin introuvable",
    errno.EIO: "erreur de lecture ou d’écriture du disque",
}


def outage(error: BaseException | None) -> Outage | None:
    """What is away, when that is why ``error`` was raised; nothing when it is a mistake of the software."""
    for cause in _causes(error):
        if isinstance(cause, OSError) and cause.errno in _DISK:
            return Outage.FULL
        if isinstance(cause, Error | InterfaceError) and (kind := _of_database(cause)):
            return kind
    return None


def is_disk_full(error: OSError) -> bool:
    return error.errno in _DISK


def why(error: OSError) -> str:
    """What the system says, in French where we know it."""
    return (_DISK | _OTHER).get(error.errno or 0) or error.strerror or str(error)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def _of_database(error: Exception) -> Outage | None:
    code = getattr(error.__cause__, "pgcode", None)
    name = getattr(error.__cause__, "sqlite_errorname", "")
    if code in _FULL:
        return Outage.FULL
    if code in _BUSY:
        return Outage.BUSY
    if code in _AWAY:
        return Outage.AWAY
    known = next((kind for start, kind in _SQLITE.items() if name.startswith(start)), None)
    return known or (Outage.AWAY if isinstance(error, OperationalError | InterfaceError) or _is_cut(error) else None)


def _is_cut(error: Exception) -> bool:
    """« server closed the connection unexpectedly » comes at times without a code, as an error of no kind."""
    cause = error.__cause__
    return type(error) is DatabaseError and cause is not None and not getattr(cause, "pgcode", True)
