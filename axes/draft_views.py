"""A framework in preparation, for whoever holds a link to it: read only, and nowhere else to be found.

What the link opens goes from its address into the session, so that neither the address of the page, nor a print of
it, nor what a browser tells other sites opens anything.
"""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from axes import document
from axes.admin.choices import grouped
from axes.document import Node
from axes.levels import COLUMN_LEVELS
from axes.models import DraftLink, NodeNote, Orientation
from axes.models.preparing import NAME_LENGTH, NOTE_LENGTH
from axes.preparing.beside import beside
from axes.preparing.links import find_link, leave_remark, open_link
from cohesion.lib.http import changed_address
from cohesion.lib.sealing import digest
from cohesion.together.once import once

HELD = "draft_links"  # in the session: the digests of the links that were opened, by their keys; never a secret
MOST_HELD = 10
SENT, ONLY = "envoyee", "change"


class RemarkForm(forms.ModelForm):
    """What a holder of a link says of an orientation, or of the whole."""

    signature = forms.CharField(label="Votre nom", max_length=NAME_LENGTH)

    class Meta:
        model = NodeNote
        fields = ("signature", "orientation", "text")
        labels = {"orientation": "Sur quoi", "text": "Votre remarque"}
        widgets = {"text": forms.Textarea(attrs={"rows": 4, "maxlength": NOTE_LENGTH})}

    def __init__(self, nodes: list[Node], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["orientation"]
        field.queryset = Orientation.objects.filter(pk__in=[node.pk for node in nodes])
        field.choices = [("", "Tout le cadre"), *grouped(nodes)]


@require_safe
@never_cache
def opened(request: HttpRequest, token: str) -> HttpResponse:
    """The link itself: its digest goes into the session, and its secret out of the address."""
    link = find_link(digest(token))
    if link is None:
        return _spent(request)
    if request.method == "GET":  # what only looks whether the address is one opens nothing: each opening is noted
        open_link(link)
        held = {**request.session.get(HELD, {}), str(link.pk): link.token_digest}
        request.session[HELD] = dict(list(held.items())[-MOST_HELD:])
    return _hidden(redirect("axes:draft", pk=link.pk), referrer="no-referrer")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def draft(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What the link shows, with what changes; its form takes a remark where the link permits it."""
    link = find_link(request.session.get(HELD, {}).get(str(pk), ""))
    if link is None or link.pk != pk:
        return _spent(request)
    nodes = document.read_nodes(link.framework)
    form = RemarkForm(nodes, request.POST or None, instance=NodeNote(framework=link.framework))
    if request.method == "POST":
        if not link.may_remark:
            raise PermissionDenied
        if form.is_valid():
            return once(request, lambda: _remark(request, link, nodes, form))
    return _page(request, link, nodes, form)


def _remark(request: HttpRequest, link: DraftLink, nodes: list[Node], form: RemarkForm) -> HttpResponse:
    form.instance.signature = form.cleaned_data["signature"]
    try:
        leave_remark(link=link, remark=form.instance)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return _page(request, link, nodes, form)
    return _hidden(redirect(f"{reverse('axes:draft', args=[link.pk])}?{SENT}=1#remarque"))


def _page(request: HttpRequest, link: DraftLink, nodes: list[Node], form: RemarkForm) -> HttpResponse:
    both = beside(link.framework)
    context = {
        "link": link,
        "framework": link.framework,
        "former": both.former,
        "lines": list(both.shown(only_changes=ONLY in request.GET)),
        "axes": [node.orientation for node in nodes if node.parent is None],
        "texts": {node.pk: node.orientation for node in nodes},
        "numbers": both.numbers,
        "only": ONLY in request.GET,
        "only_address": changed_address(request, change=None if ONLY in request.GET else "1", envoyee=None),
        "headings": zip(COLUMN_LEVELS, link.framework.column_titles, strict=True),
        "bands": list(document.bands(nodes)),
        "form": form if link.may_remark else None,
        "is_sent": SENT in request.GET,
    }
    return _hidden(render(request, "axes/draft.html", context))


def _spent(request: HttpRequest) -> HttpResponse:
    """The same page for a link that was never one."""
    return _hidden(render(request, "axes/draft_spent.html", status=404))


def _hidden(response: HttpResponse, *, referrer: str = "same-origin") -> HttpResponse:
    """For no search engine, and no other site: a form needs to say where it comes from, to this one alone."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Referrer-Policy"] = referrer
    return response
