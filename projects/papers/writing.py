"""The parts of which papers are made, as their templates take them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone

from axes.models import Framework
from cohesion.lib.dates import plain_date
from cohesion.lib.http import file_answer
from cohesion.lib.text import NBSP, squeeze, typographic
from cohesion.lib.typesetting import typeset
from projects.catalogue.models import Project

HERE = Path(__file__).parent
MOST_ROWS = 45  # more never stand on a page
ROW_LENGTH = 150  # signs of a wording in a list
_UNBROKEN = re.compile(r"\S{32}(?=\S)")
SOFT_BREAK = "\u200b"


@dataclass(frozen=True)
class PaperColumn:
    """A column of a list: its title, its width beside the others (0: that of its words); numbers stand at the right."""

    title: str
    width: int = 1
    is_number: bool = False


@dataclass(frozen=True)
class Listed:
    """A list: its rows, or the first of them, of ``total``; ``others`` names those that are left, ``rest`` says where
    they are, at ``address``; ``nothing`` is what is said without any."""

    title: str
    columns: Sequence[PaperColumn]
    rows: Sequence[Sequence[str]]
    total: int
    others: tuple[str, str] = ("autre", "autres")
    rest: str = ""
    address: str = ""
    nothing: str = ""
    note: str = ""


@dataclass(frozen=True)
class Figure:
    """A figure of a paper, what it is of, and a few words beside it."""

    value: str
    label: str
    words: str = ""


@dataclass(frozen=True)
class OnePage:
    """What an A4 sheet says: its subject, what was promised to the letter, facts, figures, lists."""

    kicker: str
    heading: str
    promise: str = ""
    path: Sequence[str] = ()
    facts: Sequence[tuple[str, str]] = ()
    figures: Sequence[Figure] = ()
    sections: Sequence[Listed] = ()


def one_page(page: OnePage, framework: Framework | None, address: str) -> bytes:
    """The sheet as a PDF of one page; ``address`` is what is cited. The same bytes for the same revision and day."""
    about = {"title": page.heading, "cited": _cited(page.heading), "address": address, "state": state_of(framework)}
    return compose("one_page.typ", {**asdict(page), **about, "footer": [], "most": MOST_ROWS}, framework)


def compose(template: str, data: dict[str, Any], framework: Framework | None) -> bytes:
    """A paper, dated of the last change of the framework; today where there is none."""
    moment = moment_of(framework)
    day = timezone.localtime(moment)
    common = {"authority": settings.SITE_AUTHORITY, "date": [day.year, day.month, day.day]}
    return typeset(HERE / template, printed({**data, **common}), moment)


def moment_of(framework: Framework | None) -> datetime:
    if framework is not None:
        return framework.updated_at
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


def state_of(framework: Framework | None) -> str:
    """What state of things a paper tells."""
    today = f"État du {plain_date(timezone.localdate())}"
    return today if framework is None else f"{today} · {framework.full_name}, révision {framework.revision}"


def _cited(title: str) -> str:
    return f"À citer{NBSP}: {settings.SITE_AUTHORITY or settings.SITE_NAME}, «{NBSP}{brief(title)}{NBSP}»,"


def printed(data: dict[str, Any]) -> dict[str, Any]:
    """The same data, in which a word without end may be cut: nothing leaves its page. The title of the file stays."""
    return {**soft(data), "title": data["title"]}


def soft(value: object) -> Any:
    if isinstance(value, str):
        return _UNBROKEN.sub(rf"\g<0>{SOFT_BREAK}", value)
    if isinstance(value, dict):
        return {key: soft(inner) for key, inner in value.items()}
    return [soft(inner) for inner in value] if isinstance(value, (list, tuple)) else value


def brief(text: str, size: int = ROW_LENGTH) -> str:
    """The text on one line, cut after a word where it is long."""
    line = squeeze(text)
    if len(line) <= size:
        return line
    return f"{line[:size].rpartition(' ')[0] or line[:size]}…"


def leads(project: Project) -> str:
    """Who leads a project, one or several."""
    return ", ".join([project.organization.name, *(lead.name for lead in project.co_leads.all())])


def places(project: Project, most: int = 3) -> str:
    """Where a project acts; beyond a few places, how many."""
    names = [place.territory.dated_name for place in project.places.all()]
    if len(names) > most:
        left = len(names) - most
        return f"{', '.join(names[:most])} et {f'{left} autres lieux' if left > 1 else 'un autre lieu'}"
    return ", ".join(names) or "–"


def first(rows: Iterable[Sequence[str]]) -> list[list[str]]:
    """Rows as they are printed."""
    return [list(map(typographic, row)) for row in rows]


def pdf_file(content: bytes, name: str) -> HttpResponse:
    """A paper to read or to keep."""
    return file_answer(content, "application/pdf", f"{name}.pdf", is_shown=True)
