"""A framework in preparation, edited beside the one that it follows."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from axes import actions, document
from axes.admin.forms import ReasonMixin, reason_field
from axes.admin.reshaping import wording_field
from axes.models import Framework, Orientation
from axes.preparing.beside import Beside, beside
from axes.preparing.notes import note_counts
from cohesion.lib.http import changed_address
from cohesion.lib.people import signed_in
from cohesion.lib.text import whole_number
from cohesion.together import states
from cohesion.together.once import once

WRITES = "axes.change_orientation"
ROOT, ONLY, EDITED, WHOLE = "axe", "change", "modifier", "tout"


class WordingForm(ReasonMixin, forms.Form):
    """The wording of an orientation, and why it changes."""

    title = wording_field("Texte")
    reason = reason_field()

    def __init__(self, orientation: Orientation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, initial={"title": orientation.title}, **kwargs)
        self.ask_reason(orientation.framework)
        if orientation.corrected_title:
            self.fields["title"].help_text = "La forme affichée, qui corrigeait l’ancien texte, disparaît avec lui."


class BesideAdmin(admin.ModelAdmin):
    """The page « À côté de l’ancien »: filtered by its address, where one line at a time is edited."""

    own_pages = {"beside": "<int:pk>/a-cote/"}

    def beside_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        framework = self._framework(request, pk)
        edited = Orientation.objects.filter(pk=whole_number(request.GET.get(EDITED, "")), framework=framework).first()
        form = WordingForm(edited, request.POST or None) if edited else None
        if request.method == "POST" and edited and form and form.is_valid() and request.user.has_perm(WRITES):
            return once(request, lambda: self._reword(request, framework, edited, form))
        return self._beside_page(request, framework, edited, form)

    def _reword(
        self, request: HttpRequest, framework: Framework, edited: Orientation, form: WordingForm
    ) -> HttpResponse:
        edited.version = int(whole_number(states.seen(request.POST, "beside").get("version", "")) or 0)
        edited.reword(form.cleaned_data["title"])
        try:
            actions.save_orientation(orientation=edited, by=signed_in(request), reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error(None, error.messages)
            current = get_object_or_404(Orientation, pk=edited.pk)
            return self._beside_page(request, framework, current, form)
        self.message_user(request, f"{edited.badge} : le texte est enregistré.", messages.SUCCESS)
        return HttpResponseRedirect(changed_address(request, **{EDITED: None}) + f"#o-{edited.pk}")

    def _beside_page(
        self, request: HttpRequest, framework: Framework, edited: Orientation | None, form: WordingForm | None
    ) -> HttpResponse:
        both, here = beside(framework), changed_address(request, modifier=None)
        root, is_whole = self._root(request, both)
        context = {
            "former": both.former,
            "lines": list(both.shown(root, only_changes=ONLY in request.GET)),
            "roots": [(node, changed_address(request, axe=node.code, tout=None, modifier=None)) for node in both.roots],
            "root": root,
            "whole_address": changed_address(request, axe=None, tout="1", modifier=None),
            "is_whole": is_whole,
            "only": ONLY in request.GET,
            "only_address": changed_address(request, change=None if ONLY in request.GET else "1", modifier=None),
            "here": here,
            "edit": f"{here}{'&' if '?' in here else '?'}{EDITED}=",
            "numbers": both.numbers,
            "notes": note_counts(framework),
            "edited": edited,
            "form": form,
            "seen": states.seal({"version": str(edited.version)}, "beside") if edited else "",
        }
        return self._page(request, "beside.html", framework, "À côté de l’ancien", **context)

    def _root(self, request: HttpRequest, both: Beside) -> tuple[str, bool]:
        """The code of the axis that is shown; of a large framework the first, unless the whole is asked for."""
        codes = [node.code for node in both.roots]
        requested = request.GET.get(ROOT, "")
        if requested in codes:
            return requested, False
        is_large = len(both.comparison.after.nodes) > document.LARGE
        if is_large and WHOLE not in request.GET and ONLY not in request.GET and codes:
            return codes[0], False
        return "", True
