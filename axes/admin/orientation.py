"""The tree of orientations, edited by officers."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Field, QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from axes import actions, hanging, tree
from axes.admin.filters import (
    AxisFilter,
    CorrectedFilter,
    FrameworkFilter,
    LevelFilter,
    PriorityTypeFilter,
    UnfoldedAxes,
)
from axes.admin.forms import OrientationForm
from axes.admin.locking import LockedAdmin
from axes.admin.moving import MovingAdmin
from axes.admin.noting import OrientationNotesAdmin
from axes.admin.outline import is_long, outline
from axes.admin.reshaping import ReshapingAdmin
from axes.admin.restoring import RestoringAdmin
from axes.levels import CLOSED_LEVELS
from axes.models import Framework, Orientation
from axes.preparing.notes import note_counts
from cohesion.history import HistoryAdmin
from cohesion.lib.http import ExtraContext
from cohesion.lib.people import signed_in
from cohesion.lib.text import fold, whole_number
from cohesion.lib.widgets import folded
from cohesion.together import states

UNSHOWN = ("context", "description", "label", "source_line", "uid")  # by the lines of the list
PLACE = "Ce sous quoi elle se range, et son code : celui qui est proposé est libre."
TEXT = "Le texte adopté, à la lettre ; la forme affichée ne le remplace que là où il contient une coquille."
REASON = "Ce motif reste dans l’historique, avec votre nom."
MORE = "Le constat dont elle part, et ce qu’elle recouvre : la page publique les montre."
TABLE = "Comment le document l’imprime."


@admin.register(Orientation)
class OrientationAdmin(MovingAdmin, ReshapingAdmin, OrientationNotesAdmin, RestoringAdmin, LockedAdmin, HistoryAdmin):
    purpose = "Le texte adopté se garde à la lettre ; ce que vous corrigez ou déplacez se lit aussitôt sur le site."
    form = OrientationForm
    called = "cette orientation"
    list_display = ("code", "title")
    list_display_links = None
    list_filter = (
        FrameworkFilter,
        AxisFilter,
        LevelFilter,
        CorrectedFilter,
        ("priority_type", PriorityTypeFilter),
        UnfoldedAxes,
    )
    list_per_page = 20_000  # the largest framework on one page: its axes are folded
    search_fields = ("code", "title", "corrected_title")
    search_help_text = "Code ou mots du texte ; ni les accents ni les majuscules ne comptent."
    show_full_result_count = False
    actions = None
    change_list_template = "admin/axes/orientation/tree.html"
    change_form_template = "admin/axes/orientation/form.html"
    object_history_template = "admin/axes/orientation/history.html"
    delete_confirmation_template = "admin/axes/orientation/delete.html"

    # --- the list -----------------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Orientation]:
        return super().get_queryset(request).select_related("framework", "parent")

    def get_ordering(self, request: HttpRequest) -> tuple[str, str]:
        return ("tree_id", "lft")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Orientation], search_term: str
    ) -> tuple[Any, bool]:
        """Every word of the search stands in the code or the wording, accents and capitals aside.

        The list reads of each orientation what its line shows: thousands of them are there.
        """
        queryset = queryset.select_related(None).defer(*UNSHOWN)
        words = fold(search_term.replace("\x00", " ")).split()
        if not words:
            return queryset, False
        rows = queryset.values_list("pk", "code", "title", "corrected_title")
        keys = [pk for pk, *texts in rows if _has_words(fold(" ".join(texts)), words)]
        return queryset.filter(pk__in=keys), False

    def changelist_view(self, request: HttpRequest, extra_context: ExtraContext = None) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        changelist = getattr(response, "context_data", {}) and response.context_data.get("cl")
        if changelist:
            shown = next((f.framework for f in changelist.filter_specs if isinstance(f, FrameworkFilter)), None)
            branches = outline(changelist.result_list, shown, request.GET)
            response.context_data.update(
                framework=shown,
                can_move=self.has_change_permission(request),
                outline=branches,
                is_long=is_long(branches),
                notes=note_counts(shown) if self.has_change_permission(request) else {},
            )
        return response

    # --- the form -----------------------------------------------------------------------------------------

    def get_fieldsets(self, request: HttpRequest, obj: Orientation | None = None) -> Any:
        place = (("level", "code"),) if obj else ("parent", ("level", "code"))
        table: list[Any] = ["label", "columns", ("priority_type", "source_line")]
        if obj and obj.level in CLOSED_LEVELS:
            table.insert(2, "applies_to")
        writes = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        fieldsets = [
            ("Place", {"fields": ("framework", *place) if writes else place, "description": PLACE}),
            ("Texte", {"fields": ("title", "corrected_title"), "description": TEXT}),
            ("Contexte et description", folded(obj, "context", "description", say=MORE)),
            ("Dans le tableau du document", folded(obj, *table, say=TABLE)),
        ]
        return [*fieldsets, ("Pourquoi", {"fields": ("reason",), "description": REASON})] if writes else fieldsets

    def formfield_for_dbfield(self, db_field: "Field[Any, Any]", request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in ("framework", "parent", "applies_to"):
            return db_field.formfield(**kwargs)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        initial = super().get_changeform_initial_data(request)
        if parent := Orientation.objects.filter(pk=whole_number(str(initial.get("parent", "")))).first():
            initial["framework"] = parent.framework_id
        if not Framework.objects.filter(pk=whole_number(str(initial.get("framework", "")))).exists():
            default = Framework.objects.in_force().first() or Framework.objects.first()
            initial["framework"] = default.pk if default else ""
        return initial

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: ExtraContext = None,
    ) -> HttpResponse:
        if not Framework.objects.exists():
            self.message_user(
                request, "Créez d’abord un cadre : une orientation en fait toujours partie.", messages.WARNING
            )
            return HttpResponseRedirect(reverse("admin:axes_framework_add"))
        return super().changeform_view(request, object_id, form_url, extra_context)

    def title_of(self, obj: Orientation | None, *, is_read: bool = False) -> str:
        if obj is None:
            return "Ajouter une orientation"
        return f"L’orientation {obj.code}" if is_read else f"Modifier l’orientation {obj.code}"

    def save_model(self, request: HttpRequest, obj: Orientation, form: Form, change: bool) -> None:
        actions.save_orientation(orientation=obj, by=signed_in(request), reason=form.cleaned_data.get("reason", ""))

    def history_names(self, obj: Orientation) -> dict[int, str]:
        return {
            **dict(Orientation.objects.filter(framework=obj.framework_id).values_list("pk", "code")),
            obj.framework_id: obj.framework.name,
        }

    # --- deletion -----------------------------------------------------------------------------------------

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: ExtraContext = None) -> HttpResponse:
        orientation = self.get_object(request, object_id)
        context: dict[str, Any] = {}
        if orientation is not None and self.has_delete_permission(request, orientation):
            branch = list(orientation.get_descendants().in_order())
            burden = hanging.burden([orientation, *branch])
            context = {
                "branch": branch,
                "burden": burden,
                "merged": list(orientation.merged_priorities.in_order()),
                "framework": orientation.framework,
            }
            now = {str(node.pk): node.code for node in (orientation, *branch)} | {"hanging": burden.mark}
            context["seen"] = states.seal(now, "branch")
            if request.method == "POST" and states.seen(request.POST, "branch") != now:
                self.message_user(
                    request,
                    "Ce qui en découle a changé depuis que vous l’avez lu : relisez ce qui disparaîtrait.",
                    messages.ERROR,
                )
                return HttpResponseRedirect(request.get_full_path())
            missing = orientation.framework.asks_reason and not request.POST.get("reason", "").strip()
            if request.method == "POST" and missing:
                self.message_user(request, tree.REASON_NEEDED, messages.ERROR)
                return HttpResponseRedirect(request.get_full_path())
        try:
            response = super().delete_view(request, object_id, {**context, **(extra_context or {})})
        except ValidationError as error:
            self.message_user(request, error.messages[0], messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())
        trees = reverse("admin:axes_orientation_changelist")
        if orientation is not None and response.headers.get("Location") == trees:  # that of the framework in force
            return HttpResponseRedirect(f"{trees}?cadre={orientation.framework_id}")
        return response

    def delete_model(self, request: HttpRequest, obj: Orientation) -> None:
        actions.delete_orientation(orientation=obj, by=signed_in(request), reason=request.POST.get("reason", ""))


def _has_words(text: str, words: list[str]) -> bool:
    return all(word in text for word in words)
