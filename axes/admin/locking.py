"""Forms whose writes wait for the tree's lock."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from axes import tree
from cohesion.lib.http import ExtraContext


class LockedAdmin(admin.ModelAdmin):
    """A model admin whose form is read, compared and saved under the tree's lock: it is the same state throughout."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: ExtraContext = None,
    ) -> HttpResponse:
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        with tree.locked():
            return super().changeform_view(request, object_id, form_url, extra_context)
