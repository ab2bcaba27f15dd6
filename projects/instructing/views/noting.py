"""The note that an officer writes on the page of a file: it stands in the one form of that page."""

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from cohesion.lib.people import signed_in
from cohesion.lib.text import typographic
from cohesion.together.once import once
from projects.catalogue.models import Project
from projects.instructing.notes import write_note
from projects.instructing.views.forms import NoteForm

NOTE = "note"  # the button, and how the names of its fields begin
LABEL = "Votre note"


def note_form(request: HttpRequest) -> NoteForm:
    """The form of a note; with what was typed, where another button was pressed."""
    typed = request.POST
    initial = {"text": typed.get(f"{NOTE}-text", ""), "chosen": typed.getlist(f"{NOTE}-chosen")}
    return NoteForm(signed_in(request), prefix=NOTE, auto_id="%s", initial=initial)


def sent_note(request: HttpRequest) -> NoteForm:
    """The form as it was sent."""
    return NoteForm(signed_in(request), request.POST, prefix=NOTE, auto_id="%s")


def left_note(request: HttpRequest) -> list[tuple[str, str]]:
    """What was typed of a note, and goes with no other button: under which words, the text."""
    text = request.POST.get(f"{NOTE}-text", "").strip()
    return [(LABEL, text)] if text else []


def keep_note(request: HttpRequest, project: Project, form: NoteForm, address: str) -> HttpResponseBase:
    """Keep a note that is well written, once however often it is sent, and come back to it."""

    def keep() -> HttpResponseBase:
        note = write_note(project, text=form.cleaned_data["text"], by=signed_in(request), recipients=form.recipients)
        names = ", ".join(person.display_name for person in note.recipients.all())
        also = typographic(f" Prévenus : {names}.") if names else ""
        messages.success(request, f"La note est gardée.{also}")
        for name in form.mentions.unknown:
            sentence = f"Aucun collègue ne s’appelle « {name} » : personne n’a été prévenu pour « @{name} »."
            messages.warning(request, typographic(sentence))
        return redirect(f"{address}#notes")

    return once(request, keep)
