"""Long work that one watches: a page that is sent while the work goes on, a line at a time.

The work goes on to its end even when nobody looks any more; without scripts, the page simply grows.
"""

import logging
from collections.abc import Callable, Iterator
from queue import SimpleQueue
from threading import Thread
from typing import NamedTuple

from django.db import connections
from django.http import StreamingHttpResponse
from django.utils.html import format_html

from cohesion.lib.outages import outage

MARK = "<!-- progression -->"
PADDING = f"<!-- {'.' * 1024} -->"  # some browsers show nothing of a page before its first kilobyte
AWAY = (
    "{} Le travail s’est arrêté avant sa fin. Rouvrez la page de l’import dans quelques instants : elle dit s’il est "
    "appliqué ; s’il ne l’est pas, rien n’a été écrit, appliquez-le de nouveau."
)
FAILED = "Une erreur inattendue a interrompu le travail : rien n’a été écrit. Les administrateurs en sont avertis."
logger = logging.getLogger(__name__)


class Advance(NamedTuple):
    """How far the work is, in words and as a bar."""

    words: str
    settled: int
    total: int


Step = str | Advance
Say = Callable[[Step], None]


def watched(page: str, work: Callable[[Say], None]) -> StreamingHttpResponse:
    """``page`` with, in the place of its mark, what ``work`` says as it goes: each step is an item of a list."""
    head, _, tail = page.partition(MARK)
    sentences: SimpleQueue[Step | None] = SimpleQueue()

    def run() -> None:
        try:
            work(sentences.put)
        except Exception as error:
            logger.exception("Le travail suivi par une page a échoué.")
            cause = outage(error)
            sentences.put(AWAY.format(cause.value) if cause else FAILED)
        finally:
            connections.close_all()  # this thread's own
            sentences.put(None)

    def content() -> Iterator[str]:
        yield head + PADDING
        Thread(target=run, name="watched").start()
        while (sentence := sentences.get()) is not None:
            yield _item(sentence)
        yield tail

    response = StreamingHttpResponse(content(), content_type="text/html; charset=utf-8")
    response.headers["X-Accel-Buffering"] = "no"  # a proxy that waits for the end would show nothing
    response.headers["Cache-Control"] = "no-store, private"
    return response


def _item(step: Step) -> str:
    if isinstance(step, str):
        return format_html("<li>{}</li>\n", step)
    bar = '<progress aria-hidden="true" value="{}" max="{}"></progress>'
    return format_html("<li>{}" + bar + "</li>\n", *step)
