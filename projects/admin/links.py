"""The links of one orientation of the framework that was: where each goes in the one that comes.

Before the adoption a decision is written and may be undone (:func:`carrying.decide`); after it, what waits is settled
(:func:`carrying.settle`). The page is the same.
"""

from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse

from axes import document
from axes.admin.choices import grouped
from axes.models import Framework, Orientation
from cohesion.lib.admin import admin_page
from cohesion.lib.people import signed_in
from cohesion.lib.text import count_phrase, squeeze, whole_number
from cohesion.together import states
from cohesion.together.once import once, refuse
from projects.admin.link_rows import LinkGuide, link_rows
from projects.catalogue import carrying
from projects.catalogue.carrying import Destination
from projects.catalogue.models import Contribution, Project, UncarriedLink

PAGE = 50
OWN, NOWHERE, UNDO = "coche", "nulle-part", "revenir"
HOW = {
    OWN: "Là où chaque ligne est cochée",
    NOWHERE: "Nulle part, pour le motif ci-contre",
    UNDO: "Revenir sur ce qui en a été décidé",
}
SETTLED = "Ce rattachement est déjà réglé, ou a été retiré : relisez la page."


class LinksAdmin(admin.ModelAdmin):
    """The page of the links of an orientation, beside the list of what waits."""

    own_pages = {"links": "succession/<int:framework_pk>/<int:orientation_pk>/"}

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
        guide = LinkGuide(coming, former)
        rows = link_rows(guide, nodes, page.object_list)
        context = {
            "framework": coming,
            "former": former,
            "became": [node.orientation for node in nodes if node.pk in guide.became],
            "rows": rows,
            "proposed": sum(row.is_proposed for row in rows),
            "page": page,
            "how": HOW if coming.is_draft else {key: HOW[key] for key in (OWN, NOWHERE)},
            "groups": grouped(nodes),
            "may_write": may_write,
            "seen": states.seal(carrying.decision_states(coming, [link.pk for link in page.object_list]), "links"),
            "reason_length": carrying.REASON_LENGTH,
            "desk": reverse("admin:axes_framework_succession", args=[coming.pk]),
        }
        return admin_page(self, request, "projects/links.html", f"Rattachements de {former.code}", **context)

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


# --- what is decided ------------------------------------------------------------------------------------------


def _decide(request: HttpRequest, coming: Framework, former: Orientation) -> str:
    """Do what the form asks of the ticked links, or of one; returns what was done, in one sentence.

    Raises:
        ValidationError: it asks for nothing that can be done; nothing is.
    """
    form, by = request.POST, signed_in(request)
    alone = form.get("save") or form.get("undo")
    follows, left = "follow" in form, 0
    keys = {whole_number(key) for key in ([alone] if alone else form.getlist("waits" if follows else "row"))}
    if follows:
        followed = {key for key in keys if f"to-{key}" in form}
        keys, left = followed, len(keys - followed)
    if not keys:
        raise ValidationError("Cochez d’abord les rattachements dont vous décidez.")
    chosen = list(_links(request, coming, former).filter(pk__in=keys - {None}))
    if len(chosen) != len(keys):
        raise ValidationError(SETTLED)
    how = OWN if follows or "save" in form else form.get("how", "")
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
    still = f"\u202f; {count_phrase(left, 'attend', 'attendent')} encore, où rien n’est coché" if left else ""
    return f"{count_phrase(len(chosen), 'rattachement décidé', 'rattachements décidés')}{still}."


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
