"""Titles and messages of the officers' screens, as sentences made of the noun of each (:mod:`cohesion.lib.nouns`)."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from cohesion.lib.http import ExtraContext
from cohesion.lib.nouns import Noun, quoted
from cohesion.lib.text import NBSP, capital


class Sentences(admin.ModelAdmin):
    """A model admin that speaks French: Django knows neither the gender of a name nor its article."""

    @property
    def noun(self) -> Noun:
        return Noun.of(self.opts)

    def title_of(self, obj: object, *, is_read: bool = False) -> str:
        """The title of the form: of one that adds (None), that changes, or that is only read."""
        if obj is None:
            return f"Ajouter {self.noun.a}"
        named = f"{self.noun.the} {quoted(obj)}"
        return capital(named) if is_read else f"Modifier {named}"

    def render_change_form(
        self,
        request: HttpRequest,
        context: Any,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        is_read = change and not self.has_change_permission(request, obj)
        context |= {"title": self.title_of(obj if change else None, is_read=is_read), "subtitle": None}
        return super().render_change_form(request, context, add=add, change=change, form_url=form_url, obj=obj)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: ExtraContext = None) -> HttpResponse:
        title = f"Historique {self.noun.of_the}"
        return super().history_view(request, object_id, self._titled(title, request, object_id, extra_context))

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: ExtraContext = None) -> HttpResponse:
        title = f"Supprimer {self.noun.the}"
        return super().delete_view(request, object_id, self._titled(title, request, object_id, extra_context))

    def _titled(self, title: str, request: HttpRequest, object_id: str, extra_context: ExtraContext) -> dict[str, Any]:
        """Nothing for a row that is not there: Django answers that."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return {}
        return {"title": f"{title} {quoted(row)}", "subtitle": None, **(extra_context or {})}

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What stands in the way of a deletion, « Comité : nom » with the space that French wants."""
        gone, numbers, missing, protected = super().get_deleted_objects(objs, request)
        lines = [type(line)(line.replace(": ", f"{NBSP}: ", 1)) for line in protected]
        return gone, numbers, missing, lines

    # --- after the deed ---------------------------------------------------------------------------------------

    def response_add(self, request: HttpRequest, obj: Model, post_url_continue: Any = None) -> HttpResponse:
        self._say(request, obj, "ajouté")
        return super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: object) -> HttpResponse:
        self._say(request, obj, "enregistré")
        return super().response_change(request, obj)

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: Any) -> HttpResponse:
        self._say(request, obj_display, "supprimé")
        return super().response_delete(request, obj_display, obj_id)

    def _say(self, request: HttpRequest, name: object, participle: str) -> None:
        sentence = f"{capital(self.noun.the)} {quoted(name)} est {self.noun.agreed(participle)}."
        request.__dict__["sentence_of_the_deed"] = sentence

    def message_user(
        self,
        request: HttpRequest,
        message: object,
        level: int | str = messages.INFO,
        extra_tags: str = "",
        fail_silently: bool = False,
    ) -> None:
        """What Django would say of the deed gives way to its sentence."""
        sentence = request.__dict__.pop("sentence_of_the_deed", message)
        super().message_user(request, sentence, level, extra_tags, fail_silently)

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: object, object_id: str) -> HttpResponse:
        noun = self.noun
        gone = f"{capital(noun.this)} n’existe pas, ou n’existe plus : {noun.agreed('supprimé')} peut-être."
        self.message_user(request, gone, messages.WARNING)
        return HttpResponseRedirect(reverse("admin:index"))
