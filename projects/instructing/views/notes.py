"""``/instruction/<n>/note/``: what an officer tells colleagues of a file."""

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect

from cohesion.lib.people import signed_in
from cohesion.lib.text import typographic
from cohesion.together.once import sent_once
from projects.catalogue.models import Project
from projects.choices import ProjectStatus
from projects.instructing.notes import write_note
from projects.instructing.views.door import writers_page
from projects.instructing.views.file import file_page, same_file
from projects.instructing.views.forms import NoteForm


@writers_page
@sent_once
def note(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Keep a note on a file; refused, the page of the file comes back with what was typed."""
    handed_in = Project.objects.exclude(status=ProjectStatus.DRAFT)
    project = get_object_or_404(handed_in, pk=pk)
    if request.method != "POST":
        return redirect(f"{same_file(request, pk)}#notes")
    form = NoteForm(signed_in(request), request.POST)
    if not form.is_valid():
        return file_page(request, pk, note_form=form)
    written = write_note(project, text=form.cleaned_data["text"], by=signed_in(request), recipients=form.recipients)
    names = ", ".join(person.get_full_name() or str(person) for person in written.recipients.all())
    messages.success(request, f"La note est gardée.{f' Prévenus : {names}.' if names else ''}")
    for name in form.mentions.unknown:
        sentence = f"Aucun collègue ne s’appelle « {name} » : personne n’a été prévenu pour « @{name} »."
        messages.warning(request, typographic(sentence))
    return redirect(f"{same_file(request, pk)}#notes")
