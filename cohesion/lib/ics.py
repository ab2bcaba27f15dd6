"""A calendar that other programs read (RFC 5545): days and moments, with what is written in them kept as text.

Written here: a library would bring three packages for these few lines, and its own ways of folding and of zones.
"""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MOST_BYTES = 75  # of a line, before it is folded
CONTENT_TYPE = "text/calendar; charset=utf-8"
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


@dataclass(frozen=True)
class CalendarEntry:
    """A day, or a moment (aware); ``uid`` stays the same when the entry changes."""

    uid: str
    when: datetime.date | datetime.datetime
    title: str
    detail: str = ""
    address: str = ""


def calendar(entries: Iterable[CalendarEntry], *, name: str, maker: str, stamp: datetime.datetime) -> str:
    """The whole file. ``stamp``: when the entries were as they are told."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//{_text(maker)}//FR", "CALSCALE:GREGORIAN"]
    lines += ["METHOD:PUBLISH", f"X-WR-CALNAME:{_text(name)}"]
    for entry in entries:
        lines += _event(entry, stamp)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines)


def _event(entry: CalendarEntry, stamp: datetime.datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{_text(entry.uid)}"
    yield f"DTSTAMP:{_moment(stamp)}"
    if isinstance(entry.when, datetime.datetime):
        yield f"DTSTART:{_moment(entry.when)}"
    else:
        yield f"DTSTART;VALUE=DATE:{entry.when:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{entry.when + datetime.timedelta(days=1):%Y%m%d}"
        yield "TRANSP:TRANSPARENT"  # whoever has it in their diary is not busy all day
    yield f"SUMMARY:{_text(entry.title)}"
    if entry.detail:
        yield f"DESCRIPTION:{_text(entry.detail)}"
    if entry.address:
        yield f"URL:{entry.address}"
    yield "END:VEVENT"


def folded(line: str) -> str:
    """A line of which no part is longer than the standard allows, in bytes; no character is cut."""
    parts, size = [""], 0
    for character in line:
        length = len(character.encode())
        if size + length > MOST_BYTES:
            parts.append(" ")
            size = 1
        parts[-1] += character
        size += length
    return "\r\n".join(parts)


def _moment(moment: datetime.datetime) -> str:
    return f"{moment.astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    return text.translate(_ESCAPED)
