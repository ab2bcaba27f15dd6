"""What the site writes of its life: one JSON object a line, with the request's number, and never a secret."""

import json
import logging
import re
import time
from datetime import UTC, datetime
from typing import Any

from django.core.mail import mail_admins

from cohesion.lib.requests import identity

HIDDEN = "…"
MAIL_PAUSE = 300  # seconds before the same error is mailed again
# « password=… », « Cookie: … », « "token": "…" ».
_PAIR = re.compile(
    r"""(?ix)(\b[\w-]*(?:passw(?:or)?d|token|secret|cookie|authorization|session_?id|dsn)\b["']?\s*[:=]\s*)"""
    r"""("[^"]*"|'[^']*'|(?:(?:basic|bearer)\s+)?[^\s,;&"'})\]]+)"""
)
# A password in an address, and what follows the door of a reset, of an invitation, of somebody's own calendar or of a
# framework that is shown before the vote.
_ADDRESS = re.compile(r"(://[^/\s:@]*):[^@\s/]+@")
_LINK = re.compile(
    r"(/(?:mot-de-passe/oublie|invitation|calendrier|projet-de-cadre)/)"
    r"(?!envoye/|fait/|ouverte/|abonnement/|lire/|calendrier\.ics\b)[^\s/?\"']+"
)


def discreet(text: str) -> str:
    """The text without what opens anything."""
    text = _PAIR.sub(rf"\1{HIDDEN}", text)
    text = _ADDRESS.sub(rf"\1:{HIDDEN}@", text)
    return _LINK.sub(rf"\1{HIDDEN}", text)


def is_refusal(record: logging.LogRecord) -> bool:
    """Whether a line is about a request that was refused: what somebody sent, no fault of the site."""
    return 400 <= getattr(record, "status_code", 0) < 500


class Refusals(logging.Filter):
    """A refused request is one line, no alarm: neither the trace of the refusal nor its gravity is anybody's to fix."""

    def filter(self, record: logging.LogRecord) -> bool:
        if is_refusal(record):
            record.exc_info = record.exc_text = None
            if record.levelno > logging.WARNING:
                record.levelno, record.levelname = logging.WARNING, "WARNING"
        return True


class JsonFormatter(logging.Formatter):
    """One object a line: when (UTC), how grave, who says it, what, in answer to which request."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": discreet(record.getMessage()),
        }
        # Django writes its line about an answer once the middleware has let the request go.
        if name := identity.get() or getattr(getattr(record, "request", None), "identity", ""):
            entry["request_id"] = name
        for extra in ("status_code", "duration_ms"):
            if hasattr(record, extra):
                entry[extra] = getattr(record, extra)
        if record.exc_info:
            entry["exception"] = discreet(self.formatException(record.exc_info))
        return json.dumps(entry, ensure_ascii=False)


class PlainFormatter(logging.Formatter):
    """For somebody's own screen: the same, as text."""

    def format(self, record: logging.LogRecord) -> str:
        return discreet(super().format(record))


class ErrorMail(logging.Handler):
    """An error, by mail, to those of ADMINS: the line and the trace, nothing of what was sent. Not twice in a row."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self._mailed: dict[tuple[str, int], float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        if is_refusal(record):
            return
        place, now = (record.pathname, record.lineno), time.monotonic()
        if now - self._mailed.get(place, -MAIL_PAUSE) < MAIL_PAUSE:
            return
        self._mailed[place] = now
        subject = discreet(record.getMessage()).splitlines() or [record.name]
        try:
            mail_admins(subject[0][:150], JsonFormatter().format(record).replace("\\n", "\n"), fail_silently=True)
        except Exception:
            self.handleError(record)


def settings(*, formatter: str, level: str, mails_errors: bool) -> dict[str, Any]:
    """What Django writes to its log: one line an event, in ``json`` or in ``text``; errors are mailed as well where
    there is somebody to read them."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {"()": "cohesion.lib.logs.JsonFormatter"},
            "text": {"()": "cohesion.lib.logs.PlainFormatter", "format": "%(levelname)s %(name)s: %(message)s"},
        },
        "filters": {"refusals": {"()": "cohesion.lib.logs.Refusals"}},
        "handlers": {
            "console": {"class": "logging.StreamHandler", "filters": ["refusals"], "formatter": formatter},
            "mail": {"class": "cohesion.lib.logs.ErrorMail"},
        },
        "root": {"handlers": ["console", *(["mail"] if mails_errors else [])], "level": level},
        # Django's own would write its lines a second time, and mail what people sent.
        "loggers": {"django": {"handlers": [], "level": "INFO", "propagate": True}},
    }
