"""The papers that were issued: listed, read, sent, cancelled; and the door of those to whom they were sent."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from cohesion.audit import AuditKind, record
from cohesion.lib.file_types import DOCX, PDF
from cohesion.lib.http import paged
from cohesion.lib.people import signed_in
from cohesion.lib.text import NARROW_NBSP, count_phrase
from cohesion.together.once import sent_once
from projects.choices import PaperKind
from projects.correspondence.issuing import cancel
from projects.correspondence.models import Issuing, Paper
from projects.correspondence.sending import Sent, deliveries, send
from projects.correspondence.views.making import to_send
from projects.declaring.views.doors import space
from projects.instructing.views.door import shown, writers_page
from projects.members.rules import is_officer, memberships
from projects.messaging.models import Message

PAGE = 50
ABOUT = ("organization", "project", "by", "sent_by", "cancelled_by", "model", "replaces", "decision__committee")
FILES = {PDF.extension: ("pdf", PDF), DOCX.extension: ("word", DOCX)}
SANDBOX = "default-src 'none'; sandbox"


@writers_page
@require_safe
def papers(request: HttpRequest) -> HttpResponseBase:
    """All that was issued, the latest first, or of one kind; what is to be sent alone, when it is asked for."""
    kind, is_waiting = request.GET.get("nature", ""), request.GET.get("a-envoyer") == "1"
    listed = Paper.objects.with_readers().select_related("organization", "project", "by").order_by("-at", "-pk")
    if kind in PaperKind.values:
        listed = listed.filter(kind=kind)
    if is_waiting:
        listed = listed.standing().filter(sent_at=None)
    context = {"kinds": PaperKind.choices, "kind": kind, "is_waiting": is_waiting, **paged(request, listed, PAGE)}
    return shown(request, "instruction/papers/list.html", context)


@writers_page
@sent_once
def paper(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One of them: what it is made from, to whom it went, who read it; with POST, cancel it."""
    issued = get_object_or_404(Paper.objects.with_readers().select_related(*ABOUT), pk=pk)
    if request.method == "POST":
        try:
            cancel(issued, why=request.POST.get("motif", ""), by=signed_in(request))
        except ValidationError as error:
            context = _about(issued) | {"sentence": error.messages[0], "why": request.POST.get("motif", "")}
            return shown(request, "instruction/papers/paper.html", context)
        messages.success(request, f"{issued.reference} est annulé. Il garde son numéro.")
        return redirect("projects:instruction_issued", pk)
    return shown(request, "instruction/papers/paper.html", _about(issued))


def _about(issued: Paper) -> dict[str, Any]:
    replacing = Paper.objects.filter(replaces=issued).first()
    facts = {key: value for key, value in issued.facts.items() if isinstance(value, str) and value}
    return {"paper": issued, "replacing": replacing, "facts": facts, "project": issued.project}


@writers_page
@require_safe
def paper_file(request: HttpRequest, pk: int, format: str) -> HttpResponseBase:
    """Its bytes, as they were kept."""
    issued = get_object_or_404(Paper, pk=pk)
    if format not in FILES:
        raise Http404("Ce format n’existe pas.")
    return _given(issued, format)


@space("GET")
def lead_paper(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A paper that was sent, to those who act for its structure, and to officers; opening it is reading its message."""
    sent = Paper.objects.sent()
    issued = get_object_or_404(sent if is_officer(request.user) else sent.of(memberships(request.user)), pk=pk)
    if request.method == "GET":
        own = Message.objects.unread().filter(paper=issued, user=signed_in(request))
        own.update(read_at=timezone.now())
    return _given(issued, PDF.extension)


def _given(issued: Paper, format: str) -> HttpResponseBase:
    name, file_type = FILES[format]
    try:
        stream = getattr(issued, name).open("rb")
    except OSError as error:
        raise Http404("Ce fichier n’est plus sur le disque : écrivez à l’agglomération.") from error
    record(AuditKind.DOWNLOAD, on=issued, after={"document": issued.reference, "format": format})
    response = FileResponse(
        stream,
        as_attachment=True,
        filename=f"{issued.reference}.{file_type.extension}",
        content_type=file_type.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    response["Cache-Control"] = "no-store, private"
    return response


# --- sending ----------------------------------------------------------------------------------------------------


@writers_page
@sent_once
def send_paper(request: HttpRequest, pk: int) -> HttpResponseBase:
    """To whom one would go; with POST, send it."""
    issued = get_object_or_404(Paper.objects.select_related("project"), pk=pk)
    waiting = Paper.objects.standing().filter(pk=pk, sent_at=None)
    return _sending(request, waiting, redirect("projects:instruction_issued", pk), {"paper": issued})


@writers_page
@sent_once
def send_edition(request: HttpRequest, pk: int) -> HttpResponseBase:
    """To whom those of an edition would go; with POST, send them all."""
    issuing = get_object_or_404(Issuing.objects.select_related("committee"), pk=pk)
    return _sending(request, to_send(issuing), redirect("projects:instruction_issuing", pk), {"issuing": issuing})


def _sending(request: HttpRequest, waiting: Any, back: HttpResponseBase, context: dict[str, Any]) -> HttpResponseBase:
    if request.method == "POST":
        sent = send(waiting, by=signed_in(request))
        messages.success(request, _done(sent))
        return back
    listed = deliveries(waiting.select_related("organization", "project"))
    context |= {
        "deliveries": [each for each in listed if each.readers],
        "unreachable": [each for each in listed if not each.readers],
        "people": len({reader.name for each in listed for reader in each.readers}),
    }
    return shown(request, "instruction/papers/send.html", context)


def _done(sent: Sent) -> str:
    if not sent.papers and not sent.unreachable:
        return "Rien n’était à envoyer : chaque document ne part qu’une fois."
    words = f"{count_phrase(sent.papers, 'document envoyé', 'documents envoyés')}, "
    words += f"{count_phrase(sent.people, 'message écrit', 'messages écrits')}."
    if sent.unreachable:
        words += f" {count_phrase(len(sent.unreachable), 'document n’a', 'documents n’ont')} personne à qui aller"
        words += f"{NARROW_NBSP}: {', '.join(paper.reference for paper in sent.unreachable)}."
    return words
