"""The notes of the working group: on an orientation, on the whole framework, and the questions that wait."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404

from axes.models import NodeNote, Orientation
from axes.models.preparing import NOTE_LENGTH
from axes.preparing.notes import close_note, write_note
from cohesion.lib.admin import admin_page
from cohesion.lib.people import signed_in
from cohesion.lib.text import whole_number
from cohesion.together.once import once, refuse

SHOWN = {"questions": "Questions ouvertes", "liens": "Remarques reçues par un lien", "toutes": "Toutes les notes"}


class NodeNoteForm(forms.ModelForm):
    """A remark, or a question."""

    class Meta:
        model = NodeNote
        fields = ("text", "is_question")
        widgets = {"text": forms.Textarea(attrs={"rows": 3, "maxlength": NOTE_LENGTH, "class": "vLargeTextField"})}


class Noting(admin.ModelAdmin):
    """What the pages of notes share: one writes, one answers, each once."""

    def noted(self, request: HttpRequest, note: NodeNote, notes: QuerySet[NodeNote]) -> HttpResponseBase | None:
        """Do what was asked of these notes; None shows the page, with its form under ``request.note_form``."""
        form = request.note_form = NodeNoteForm(request.POST if "text" in request.POST else None, instance=note)
        if request.method != "POST":
            return None
        if "note" in request.POST:
            return once(request, lambda: self._close(request, notes))
        if form.is_valid():
            return once(request, lambda: self._write(request, form.instance))
        return None

    def _write(self, request: HttpRequest, note: NodeNote) -> HttpResponse:
        write_note(note=note, by=signed_in(request))
        words = "La question attend sa réponse." if note.is_question else "La note est enregistrée."
        self.message_user(request, words, messages.SUCCESS)
        return HttpResponseRedirect(request.get_full_path())

    def _close(self, request: HttpRequest, notes: QuerySet[NodeNote]) -> HttpResponse:
        note = get_object_or_404(notes, pk=whole_number(request.POST["note"]))
        try:
            close_note(note=note, answer=request.POST.get("answer", ""), by=signed_in(request))
        except ValidationError as error:
            refuse(request)
            self.message_user(request, error.messages[0], messages.ERROR)
        else:
            self.message_user(request, "La question est close.", messages.SUCCESS)
        return HttpResponseRedirect(request.get_full_path())


class OrientationNotesAdmin(Noting):
    """The notes of one orientation."""

    own_pages = {"notes": "<int:pk>/notes/"}

    def notes_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        orientation = get_object_or_404(Orientation.objects.select_related("framework", "parent"), pk=pk)
        if not self.has_change_permission(request, orientation):
            raise PermissionDenied
        notes = NodeNote.objects.filter(orientation=orientation)
        note = NodeNote(framework=orientation.framework, orientation=orientation)
        if (response := self.noted(request, note, notes)) is not None:
            return response
        context = {
            "orientation": orientation,
            "notes": notes.select_related("author", "closed_by", "link"),
            "form": request.note_form,
        }
        return admin_page(self, request, "axes/orientation/notes.html", f"Notes sur {orientation.badge}", **context)


class FrameworkNotesAdmin(Noting):
    """The questions of a framework that wait, and the notes on the whole of it."""

    own_pages = {"notes": "<int:pk>/questions/"}

    def notes_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        framework = self._framework(request, pk)
        notes = NodeNote.objects.filter(framework=framework)
        if (response := self.noted(request, NodeNote(framework=framework), notes)) is not None:
            return response
        shown = request.GET.get("montrer", "")
        shown = shown if shown in SHOWN else "questions"
        context = {
            "notes": _chosen(notes, shown).select_related("orientation", "author", "closed_by", "link"),
            "choices": [(name, label, _chosen(notes, name).count()) for name, label in SHOWN.items()],
            "shown": shown,
            "form": request.note_form,
        }
        return self._page(request, "notes.html", framework, "Notes et questions", **context)


def _chosen(notes: QuerySet[NodeNote], shown: str) -> QuerySet[NodeNote]:
    if shown == "questions":
        return notes.open_questions()
    return notes.exclude(signature="") if shown == "liens" else notes
