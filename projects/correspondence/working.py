"""Making many papers in the background: a line at a time, by any process, taken up again by another when one dies.

The lines that wait are in the database. A thread of the site works them off as soon as they are asked for; whoever
opens the page of the edition, or ``manage.py make_papers``, goes on with what is left.
"""

import datetime
import logging
import time
from threading import Lock, Thread

from django.core.exceptions import ValidationError
from django.db import connection, connections, transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from cohesion.lib.claims import claimable
from cohesion.lib.progress import Advance, Say
from cohesion.lib.text import count_phrase, number_fr
from projects.correspondence.drafting import source_of
from projects.correspondence.issuing import issue
from projects.correspondence.models import Issuing, IssuingLine

RELIEVED = datetime.timedelta(minutes=2)  # whoever began a line so long ago is dead
PAUSE, WATCHED = 0.4, 600  # seconds
TURN = 0.12  # seconds that SQLite, which has one writer, leaves to others between two papers: they look each 0.1
UNEXPECTED = "Une erreur inattendue a empêché ce document ; les administrateurs en sont avertis. Recommencez plus tard."
logger = logging.getLogger(__name__)
_running: set[int] = set()
_guard = Lock()


def waiting(issuing: Issuing) -> QuerySet[IssuingLine]:
    """The lines that have neither a paper nor a reason for none."""
    return IssuingLine.objects.filter(issuing=issuing, paper=None, refusal="")


def work(issuing: Issuing) -> int:
    """Make what waits; returns how many lines were settled here."""
    number = 0
    while (line := _take(issuing)) is not None:
        _settle(line, issuing)
        number += 1
        if not connection.features.has_select_for_update:
            time.sleep(TURN)
    return number


def _take(issuing: Issuing) -> IssuingLine | None:
    """The next line that nobody works on, taken so that nobody else does."""
    with transaction.atomic():
        now = timezone.now()
        is_free = Q(taken_at=None) | Q(taken_at__lt=now - RELIEVED)
        free = waiting(issuing).filter(is_free).order_by("pk")
        line = claimable(free).first()
        if line is not None:
            line.taken_at = now
            line.save(update_fields=["taken_at"])
        return line


def _settle(line: IssuingLine, issuing: Issuing) -> None:
    """Its paper, or why there is none: in one transaction, so that a death in the middle leaves neither."""
    try:
        with transaction.atomic():
            locked = IssuingLine.objects.select_for_update(of=("self",)).get(pk=line.pk)
            if locked.paper_id is not None or locked.refusal:
                return  # who was thought dead has done it
            source = source_of(locked.kind, locked.model)
            if issuing.by is None or issuing.by.erased_at is not None:
                raise ValidationError("Le compte qui a demandé ces documents n’existe plus : demandez-les de nouveau.")
            locked.paper = issue(source, locked.project, by=issuing.by, typed=issuing.typed)
            locked.save(update_fields=["paper"])
    except ValidationError as error:
        _refuse(line, " ".join(error.messages))
    except Exception:
        logger.exception("Un document n’a pas pu être fait")
        _refuse(line, UNEXPECTED)


def _refuse(line: IssuingLine, sentence: str) -> None:
    IssuingLine.objects.filter(pk=line.pk, paper=None).update(refusal=sentence[:500])


def retry(issuing: Issuing) -> int:
    """Take up again what could not be made; returns how many lines."""
    return IssuingLine.objects.filter(issuing=issuing, paper=None).exclude(refusal="").update(refusal="", taken_at=None)


def start(issuing: Issuing) -> None:
    """Work in a thread of this process, once the transaction is over; one thread an edition."""

    def run() -> None:
        try:
            work(issuing)
        except Exception:
            logger.exception("L’édition de documents s’est arrêtée")
        finally:
            with _guard:
                _running.discard(issuing.pk)
            connections.close_all()  # this thread's own

    def begin() -> None:
        with _guard:
            if issuing.pk in _running:
                return
            _running.add(issuing.pk)
        Thread(target=run, name="papers", daemon=True).start()

    transaction.on_commit(begin)


def follow(issuing: Issuing, say: Say) -> None:
    """Say how far an edition is, until it is over; whoever watches lends a hand to one that nobody works on."""
    start(issuing)
    last, until = None, time.monotonic() + WATCHED
    while time.monotonic() < until:
        advance = _advance(issuing)
        if advance != last:
            say(advance)
            last = advance
        if advance.settled == advance.total:
            return
        time.sleep(PAUSE)


def _advance(issuing: Issuing) -> Advance:
    counts = issuing.lines.aggregate(total=Count("pk"), made=Count("paper"), refused=Count("pk", filter=~Q(refusal="")))
    made, refused = counts["made"], counts["refused"]
    words = f"{count_phrase(made, 'document fait', 'documents faits')} sur {number_fr(counts['total'])}"
    words += f", {count_phrase(refused, 'ne peut l’être', 'ne peuvent l’être')}" if refused else ""
    return Advance(f"{words}.", made + refused, counts["total"])


def unfinished() -> QuerySet[Issuing]:
    """The editions of which lines wait, the oldest first."""
    lines = IssuingLine.objects.filter(paper=None, refusal="")
    return Issuing.objects.filter(pk__in=lines.values("issuing")).select_related("by").order_by("pk")
