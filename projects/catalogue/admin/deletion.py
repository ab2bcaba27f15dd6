"""The deletion screens: what hangs on a row is said before, the reason is kept after."""

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from cohesion.lib.http import ExtraContext
from cohesion.lib.people import signed_in
from projects.catalogue import actions, deletion


class DeletionAdmin(admin.ModelAdmin):
    """A model admin that deletes one row at a time, when nothing hangs on it."""

    delete_confirmation_template = "admin/projects/delete.html"

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: ExtraContext = None) -> HttpResponse:
        row = self.get_object(request, object_id)
        refusal = deletion.refusal(row) if row is not None else ""
        if request.method == "POST" and refusal and self.has_delete_permission(request, row):
            return self._refused(request, refusal)
        try:
            return super().delete_view(request, object_id, {"refusal": refusal, **(extra_context or {})})
        except ValidationError as error:
            return self._refused(request, error.messages[0])

    def _refused(self, request: HttpRequest, sentence: str) -> HttpResponse:
        self.message_user(request, sentence, messages.ERROR)
        return HttpResponseRedirect(request.get_full_path())

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        actions.delete_row(row=obj, by=signed_in(request), reason=request.POST.get("reason", ""))
