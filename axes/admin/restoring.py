"""Putting an earlier version of an orientation back, from its history: first what it would change, then the reason."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from mptt.exceptions import InvalidMove

from axes import actions
from axes.admin.forms import ReasonMixin, reason_field
from axes.models import Orientation
from axes.restoring import Earlier
from cohesion.history import FieldChange, described_fields
from cohesion.lib.admin import admin_page
from cohesion.lib.people import signed_in
from cohesion.together import states


class RestoreForm(ReasonMixin, forms.Form):
    with_place = forms.BooleanField(label="Rétablir aussi sa place", required=False)
    reason = reason_field()

    def __init__(self, earlier: Earlier, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parent = earlier.parent()
        if not earlier.is_elsewhere or (parent is None and earlier.record.parent_id is not None):
            del self.fields["with_place"]
        else:
            self.fields["with_place"].help_text = f"Sous {parent.code}, en dernier." if parent else "À la racine."
        self.ask_reason(earlier.orientation.framework)


class RestoringAdmin(admin.ModelAdmin):
    """The page that puts an earlier version back."""

    own_pages = {"restore": "<int:pk>/historique/<int:record_pk>/retablir/"}

    def restore_view(self, request: HttpRequest, pk: int, record_pk: int) -> HttpResponse:
        orientation = get_object_or_404(Orientation.objects.select_related("framework", "parent"), pk=pk)
        record = get_object_or_404(orientation.history.all(), history_id=record_pk)
        if not self.has_change_permission(request, orientation):
            raise PermissionDenied
        earlier = Earlier(orientation, record)
        form = RestoreForm(earlier, request.POST or None)
        version = orientation.version
        if request.method == "POST" and form.is_valid() and self._restored(request, earlier, form):
            return HttpResponseRedirect(reverse("admin:axes_orientation_history", args=[pk]))
        context = {
            "orientation": orientation,
            "record": record,
            "changes": self._changes(earlier),
            "seen": states.seal({"version": str(version)}, "version"),
            "is_parent_gone": earlier.is_elsewhere and record.parent_id is not None and earlier.parent() is None,
            "form": form,
        }
        return admin_page(
            self, request, "axes/orientation/restore.html", f"Rétablir une version de {orientation.badge}", **context
        )

    def _changes(self, earlier: Earlier) -> list[FieldChange]:
        """Each field as it is, and as it would be."""
        return list(described_fields(earlier.orientation, earlier.record, earlier.differing))

    def _restored(self, request: HttpRequest, earlier: Earlier, form: RestoreForm) -> bool:
        orientation = earlier.orientation
        orientation.version = int(states.seen(request.POST, "version").get("version", 0))
        try:
            actions.restore_orientation(
                orientation=orientation,
                record=earlier.record,
                by=signed_in(request),
                reason=form.cleaned_data["reason"],
                with_place=form.cleaned_data.get("with_place", False),
            )
        except (ValidationError, InvalidMove) as error:
            form.add_error(None, error.messages if isinstance(error, ValidationError) else str(error))
            return False
        self.log_change(request, orientation, "Version antérieure rétablie.")
        self.message_user(request, f"{orientation.badge} : la version choisie est rétablie.", messages.SUCCESS)
        return True
