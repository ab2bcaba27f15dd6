"""Moving an orientation: by drag, by buttons, by « déplacer vers… ». One door for all, with and without JavaScript."""

from urllib.parse import urlsplit

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from mptt.exceptions import InvalidMove

from axes import actions, hanging, tree
from axes.admin.forms import MoveForm
from axes.admin.outline import UNFOLDED
from axes.models import Orientation
from cohesion.lib.admin import admin_page
from cohesion.lib.http import ExtraContext
from cohesion.lib.people import signed_in
from cohesion.lib.refusals import first_sentence
from cohesion.lib.text import whole_number

MOVE_FIELDS = ("cmd", "cut_item", "pasted_on", "position", "pas")
STEPS = {"haut": -1, "bas": 1}
ANNOUNCED = {"first-child": "sous", "last-child": "sous", "left": "avant", "right": "après"}


def _branch(orientation: Orientation) -> QuerySet[Orientation]:
    """An orientation and all that stands under it."""
    return Orientation.objects.branch(orientation).select_related("framework").in_order()


class MovingAdmin(admin.ModelAdmin):
    """The moves of the tree list and the page « Déplacer vers… »."""

    own_pages = {"move": "<int:pk>/deplacer/"}

    def changelist_view(self, request: HttpRequest, extra_context: ExtraContext = None) -> HttpResponse:
        if request.method == "POST" and request.POST.get("cmd") == "move_node":
            return self._drop(request)
        if request.method == "POST" and request.POST.get("pas"):
            return self._step(request)
        return super().changelist_view(request, extra_context)

    def _movable(self, request: HttpRequest, key: str) -> Orientation | None:
        if not self.has_change_permission(request):
            raise PermissionDenied
        orientation = self.get_queryset(request).filter(pk=whole_number(key)).first()
        if orientation is None:
            self.message_user(request, "Cette orientation n’existe plus : la liste a été rechargée.", messages.ERROR)
        elif not self.has_change_permission(request, orientation):
            raise PermissionDenied
        return orientation

    def _drop(self, request: HttpRequest) -> HttpResponse:
        """A drag: ``cut_item`` goes to ``position`` of ``pasted_on``."""
        orientation = self._movable(request, request.POST.get("cut_item", ""))
        target = self._movable(request, request.POST.get("pasted_on", ""))
        if (
            orientation
            and target
            and (self._lacks_reason(request, orientation) or self._is_silent(request, orientation, target))
        ):
            where = ANNOUNCED.get(request.POST.get("position", ""), "sous")
            return self._ask_reason(request, orientation, f"Elle se placera {where} {target.badge}.", target)
        if orientation and target:
            self._move(request, orientation, target, request.POST.get("position", ""))
        return self._back(request, orientation)

    def _step(self, request: HttpRequest) -> HttpResponse:
        """A button: ``pas`` is « haut:12 » or « bas:12 »."""
        direction, _, key = request.POST["pas"].partition(":")
        orientation = self._movable(request, key)
        if orientation and direction in STEPS and self._lacks_reason(request, orientation):
            way = "montera" if direction == "haut" else "descendra"
            return self._ask_reason(request, orientation, f"Elle {way} d’une place.")
        if orientation and direction in STEPS:
            try:
                moved = actions.shift_orientation(
                    orientation=orientation,
                    step=STEPS[direction],
                    by=signed_in(request),
                    reason=request.POST.get("reason", ""),
                )
            except (InvalidMove, ValidationError) as error:
                self.message_user(request, first_sentence(error), messages.ERROR)
            else:
                self._say_step(request, orientation, direction, moved)
        return self._back(request, orientation)

    def _lacks_reason(self, request: HttpRequest, orientation: Orientation) -> bool:
        return orientation.framework.asks_reason and not request.POST.get("reason", "").strip()

    def _is_silent(self, request: HttpRequest, orientation: Orientation, target: Orientation) -> bool:
        """Whether what hangs on a branch would go to another axis with it, which nobody has read yet."""
        is_elsewhere = orientation.parent_id is not None and orientation.tree_id != target.tree_id
        return is_elsewhere and "lu" not in request.POST and not hanging.burden(_branch(orientation)).is_empty

    def _ask_reason(
        self, request: HttpRequest, orientation: Orientation, what: str, target: Orientation | None = None
    ) -> HttpResponse:
        """The move waits on a page that says what goes along, asks why if one must say it, and comes back with it."""
        context = {
            "burden": hanging.burden(_branch(orientation)) if target else None,
            "framework": orientation.framework,
            "orientation": orientation,
            "what": what,
            "asked": [(name, request.POST[name]) for name in MOVE_FIELDS if name in request.POST],
            "length": tree.REASON_LENGTH,
            "back": self._back_address(request, orientation),
        }
        return admin_page(self, request, "axes/orientation/reason.html", f"Déplacer {orientation.badge}", **context)

    def _say_step(self, request: HttpRequest, orientation: Orientation, direction: str, moved: bool) -> None:
        if moved:
            way = "montée" if direction == "haut" else "descendue"
            self.message_user(request, f"{orientation.code} est {way} d’une place.", messages.SUCCESS)
        else:
            end = "la première" if direction == "haut" else "la dernière"
            self.message_user(
                request,
                f"{orientation.code} est déjà {end} sous son parent. « Déplacer vers… » la place ailleurs.",
                messages.WARNING,
            )

    def _move(self, request: HttpRequest, orientation: Orientation, target: Orientation, position: str) -> bool:
        try:
            actions.move_orientation(
                orientation=orientation,
                target=target,
                position=position,
                by=signed_in(request),
                reason=request.POST.get("reason", ""),
            )
        except (InvalidMove, ValidationError) as error:
            self.message_user(request, f"{orientation.code} n’a pas bougé. {first_sentence(error)}", messages.ERROR)
            return False
        self.log_change(request, orientation, f"Déplacée {ANNOUNCED[position]} {target.code}.")
        self.message_user(
            request,
            f"{orientation.code} est maintenant {ANNOUNCED[position]} {target.code}. Les codes n’ont pas changé : "
            "« Renuméroter » les propose d’après les places.",
            messages.SUCCESS,
        )
        return True

    def _back(self, request: HttpRequest, orientation: Orientation | None) -> HttpResponse:
        return HttpResponseRedirect(self._back_address(request, orientation))

    def _back_address(self, request: HttpRequest, orientation: Orientation | None) -> str:
        """The list as it was, at the row that moved."""
        query = urlsplit(request.get_full_path()).query
        anchor = f"#o-{orientation.pk}" if orientation else ""
        return f"{self._list_url()}{'?' + query if query else ''}{anchor}"

    def _list_url(self) -> str:
        return reverse("admin:axes_orientation_changelist")

    def move_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        orientation = get_object_or_404(Orientation.objects.select_related("framework", "parent"), pk=pk)
        if not self.has_change_permission(request, orientation):
            raise PermissionDenied
        form = MoveForm(orientation, request.POST or None)
        if request.method == "POST" and form.is_valid():
            target, position = form.destination
            if self._move(request, orientation, target, position):
                axis = Orientation.objects.get(tree_id=Orientation.objects.get(pk=pk).tree_id, parent=None)
                query = f"?cadre={orientation.framework_id}&{UNFOLDED}={axis.code}"
                return HttpResponseRedirect(f"{self._list_url()}{query}#o-{orientation.pk}")
        context = {
            "orientation": orientation,
            "burden": hanging.burden(_branch(orientation)),
            "framework": orientation.framework,
            "form": form,
        }
        return admin_page(self, request, "axes/orientation/move.html", f"Déplacer {orientation.badge}", **context)
