"""The links of one orientation of the framework that was: where each goes in the one that comes.

Before the adoption a decision is written and may be undone (:func:`carrying.decide`); after it, what waits is settled
(:func:`carrying.settle`). The page is the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse

from axes import adoption, document
from axes.admin.choices import grouped
from axes.models import Framework, Orientation
from cohesion.lib.people import signed_in
from cohesion.lib.text import count_phrase, squeeze, whole_number
from cohesion.together import states
from cohesion.together.once import once, refuse
from projects.catalogue import carrying
from projects.catalogue.carrying import Destination
from projects.catalogue.models import Contribution, LinkDecision, Project, UncarriedLink
from projects.suggestion import suggest

PAGE = 50
PROPOSED = 3  # orientations of the whole framework, where nothing is decided of the former one
OWN, NOWHERE, UNDO = "coche", "nulle-part", "revenir"
HOW = {
    OWN: "Là où chacune est cochée",
    NOWHERE: "Nulle part, pour le motif ci-contre",
    UNDO: "Revenir sur ce qui en a été décidé",
}
SETTLED = "Ce rattachement est déjà réglé, ou a été retiré : relisez la page."


@dataclass(frozen=True)
class LinkChoice:
    """An orientation where a link may go; ``reason``: the words of the project that lead there."""

    node: Orientation
    reason: str
    is_chosen: bool


@dataclass(frozen=True)
class LinkRow:
    """A link, where it may go, and what is decided of it: nothing, some orientations, or none for a reason."""

    link: Contribution
    choices: list[LinkChoice]
    decided: list[LinkDecision]

    @property
    def let_go(self) -> str:
        return next((decision.reason for decision in self.decided if decision.orientation_id is None), "")

    @property
    def elsewhere(self) -> list[Orientation]:
        """Where it goes that is not among the choices."""
        offered = {choice.node.pk for choice in self.choices}
        return [row.orientation for row in self.decided if row.orientation and row.orientation_id not in offered]


class LinksAdmin(admin.ModelAdmin):
    """The page of the links of an orientation, beside the list of what waits."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.links_view)
        address = "succession/<int:framework_pk>/<int:orientation_pk>/"
        return [path(address, view, name="projects_uncarriedlink_links"), *super().get_urls()]

    def links_view(self, request: HttpRequest, framework_pk: int, orientation_pk: int) -> HttpResponseBase:
        """Where the links of an orientation go and, in POST, what is decided of some of them."""
        coming = get_object_or_404(Framework, pk=framework_pk)
        may_write = self.has_change_permission(request)
        if not (may_write if request.method == "POST" else self.has_view_permission(request)):
            raise PermissionDenied
        others = Orientation.objects.select_related("framework").exclude(framework=coming)
        former = get_object_or_404(others, pk=orientation_pk)
        if request.method == "POST":
            return once(request, lambda: self._decided(request, coming, former))
        return self._links_page(request, coming, former, may_write)

    def _links_page(
        self, request: HttpRequest, coming: Framework, former: Orientation, may_write: bool
    ) -> HttpResponse:
        page = Paginator(_links(request, coming, former), PAGE).get_page(request.GET.get("page"))
        nodes = document.read_nodes(coming)
        became = adoption.lineage(former.framework, coming)[former.pk]
        context = {
            **self.admin_site.each_context(request),
            "title": f"Rattachements de {former.code}",
            "opts": self.opts,
            "framework": coming,
            "former": former,
            "became": [node.orientation for node in nodes if node.pk in became],
            "rows": _rows(coming, nodes, became, page.object_list),
            "page": page,
            "how": HOW if coming.is_draft else {key: HOW[key] for key in (OWN, NOWHERE)},
            "groups": grouped(nodes),
            "may_write": may_write,
            "seen": states.seal(carrying.decision_states(coming, [link.pk for link in page.object_list]), "links"),
            "reason_length": carrying.REASON_LENGTH,
            "desk": reverse("admin:axes_framework_succession", args=[coming.pk]),
        }
        return TemplateResponse(request, "admin/projects/links.html", context)

    def _decided(self, request: HttpRequest, coming: Framework, former: Orientation) -> HttpResponse:
        try:
            with transaction.atomic():
                sentence = _decide(request, coming, former)
        except ValidationError as error:
            refuse(request)
            self.message_user(request, " ".join(error.messages), "ERROR")
        else:
            self.message_user(request, sentence)
        return HttpResponseRedirect(request.get_full_path())


def _links(request: HttpRequest, coming: Framework, former: Orientation) -> QuerySet[Contribution]:
    """The links of an orientation that somebody may know of; once the framework is adopted, those that wait."""
    known = Project.objects.visible_to(request.user)
    links = Contribution.objects.filter(orientation=former, project__in=known.order_by().values("pk"))
    if not coming.is_draft:
        links = links.filter(pk__in=UncarriedLink.objects.open().values("link"))
    return links.select_related("project").order_by("project__code_key", "project__code")


def _rows(
    coming: Framework, nodes: list[document.Node], became: tuple[int, ...], links: Iterable[Contribution]
) -> list[LinkRow]:
    here = {node.pk: node.orientation for node in nodes}
    decided: dict[int, list[LinkDecision]] = {}
    shown = list(links)
    for decision in LinkDecision.objects.filter(framework=coming, link__in=shown).select_related("orientation"):
        decided.setdefault(decision.link_id, []).append(decision)
    return [
        LinkRow(link, _choices(coming, here, became, link, decided.get(link.pk, [])), decided.get(link.pk, []))
        for link in shown
    ]


def _choices(
    coming: Framework,
    here: dict[int, Orientation],
    became: tuple[int, ...],
    link: Contribution,
    decided: list[LinkDecision],
) -> list[LinkChoice]:
    """What the orientation became, or else what the words of the project resemble: the best of them is chosen, until
    somebody decides."""
    texts = {"title": link.project.title, "summary": link.project.summary}
    suggestions = suggest(coming, texts, limit=len(became) or PROPOSED, among=became or None)
    reasons = {suggestion.orientation.pk: ", ".join(suggestion.matched) for suggestion in suggestions}
    best = {suggestions[0].orientation.pk} if suggestions else set()
    chosen = {row.orientation_id for row in decided} if decided else best
    if not decided and len(became) == 1:
        chosen = set(became)
    keys = list(dict.fromkeys([*became, *reasons]))
    return [LinkChoice(here[pk], reasons.get(pk, ""), pk in chosen) for pk in keys]


# --- what is decided ------------------------------------------------------------------------------------------


def _decide(request: HttpRequest, coming: Framework, former: Orientation) -> str:
    """Do what the form asks of the ticked links, or of one; returns what was done, in one sentence.

    Raises:
        ValidationError: it asks for nothing that can be done; nothing is.
    """
    form, by = request.POST, signed_in(request)
    alone = form.get("save") or form.get("undo")
    keys = {whole_number(key) for key in ([alone] if alone else form.getlist("row"))}
    if not keys:
        raise ValidationError("Cochez d’abord les rattachements dont vous décidez.")
    chosen = list(_links(request, coming, former).filter(pk__in=keys - {None}))
    if len(chosen) != len(keys):
        raise ValidationError(SETTLED)
    how = OWN if "save" in form else form.get("how", "")
    if "undo" in form or how == UNDO:
        number = carrying.undo(
            framework=coming, links=[link.pk for link in chosen], by=by, seen=states.seen(form, "links")
        )
        return f"{count_phrase(number, 'décision reprise', 'décisions reprises')}."
    destinations = {link.pk: _destination(request, how, link, is_one="save" in form) for link in chosen}
    if coming.is_draft:
        carrying.decide(framework=coming, destinations=destinations, by=by, seen=states.seen(form, "links"))
    else:
        _settle(request, destinations)
    return f"{count_phrase(len(chosen), 'rattachement décidé', 'rattachements décidés')}."


def _destination(request: HttpRequest, how: str, link: Contribution, *, is_one: bool) -> Destination:
    form = request.POST
    reason = squeeze(form.get("reason", ""))
    if how == NOWHERE:
        return Destination(reason=reason)
    if how == OWN:
        own = tuple(key for raw in form.getlist(f"to-{link.pk}") if (key := whole_number(raw)))
        if not own and (not is_one or not reason):
            raise ValidationError(
                f"Rien n’est coché pour {link.project.code} : cochez où il va, ou choisissez « nulle part » et dites "
                "pourquoi."
            )
        return Destination(own, reason)
    if (key := whole_number(how)) is None:
        raise ValidationError("Dites où vont ces rattachements.")
    return Destination((key,), reason)


def _settle(request: HttpRequest, destinations: dict[int, Destination]) -> None:
    pending = UncarriedLink.objects.select_related("link").filter(link__in=destinations)
    for row in pending:
        destination = destinations[row.link_id]
        named = Orientation.objects.select_related("framework").in_bulk(destination.orientations)
        carrying.settle(
            pending=row,
            orientations=[named[pk] for pk in destination.orientations if pk in named],
            reason=destination.reason,
            by=signed_in(request),
        )
