"""``/instruction/<pk>/rattachements/``: what a file answers, in each programme."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from axes.models import Framework, Orientation
from cohesion.lib.people import signed_in
from cohesion.together import states
from cohesion.together.states import ChangedMeanwhile
from projects.catalogue.admin.picker import OrientationPickerField, PickedOrientations
from projects.catalogue.models import Contribution, Project
from projects.choices import ProjectStatus
from projects.instructing import linking
from projects.instructing.linking import Links
from projects.instructing.views.door import shown, writers_page

NEEDED = "Choisissez l’orientation principale : un dossier déposé en garde une dans le cadre de référence."
ANCHOR = "#rattachements"


class FileLinksForm(forms.Form):
    """A picker for each framework in force. One that came since the page was made asks that it be read again."""

    def __init__(self, project: Project, standing: Sequence[Framework], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.standing = list(standing)
        links = Contribution.objects.filter(project=project, orientation__framework__in=self.standing)
        served = list(links.select_related("orientation"))
        for framework in self.standing:
            field = OrientationPickerField(label=framework.programme.name, required=False)
            field.bind(framework, is_optional=framework.is_beside)
            self.fields[self.name_of(framework)] = field
            own = [link for link in served if link.orientation.framework_id == framework.pk]
            self.initial[self.name_of(framework)] = PickedOrientations.of(own)

    @staticmethod
    def name_of(framework: Framework) -> str:
        return f"cadre_{framework.pk}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for framework in self.standing:
            name = self.name_of(framework)
            chosen: tuple[Orientation | None, Any] = cleaned.get(name, (None, ()))
            if not framework.is_beside and name in cleaned and chosen[0] is None and self.initial[name].main:
                self.add_error(name, NEEDED)
        return cleaned

    @property
    def chosen(self) -> list[tuple[Framework, Links]]:
        """What is wanted in each framework."""
        return [(framework, self.cleaned_data[self.name_of(framework)]) for framework in self.standing]


@writers_page
def links(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show what the file answers in each framework and, in POST, write it."""
    handed_in = Project.objects.exclude(status=ProjectStatus.DRAFT).select_related("organization")
    project = get_object_or_404(handed_in, pk=pk)
    standing = linking.frameworks()
    form = FileLinksForm(project, standing, request.POST or None)
    conflict = ""
    if request.method == "POST" and form.is_valid():
        try:
            return _written(request, project, form)
        except ChangedMeanwhile as changed:
            conflict = changed.messages[0]
        except ValidationError as refusal:
            for sentence in refusal.messages:
                form.add_error(None, sentence)
    present = linking.seen_links(project, standing)
    seen = states.shown_again(request, present, linking.PAGE, was_told=bool(conflict))
    context = {"project": project, "form": form, "conflict": conflict, "seen": seen, "standing": standing}
    return shown(request, "instruction/links.html", context)


def _written(request: HttpRequest, project: Project, form: FileLinksForm) -> HttpResponseBase:
    seen = states.seen(request.POST, linking.PAGE)
    has_changed = linking.write_links(project=project, chosen=form.chosen, seen=seen, by=signed_in(request))
    if has_changed:
        messages.success(request, "Les rattachements sont enregistrés.")
    else:
        messages.info(request, "Rien n’a changé : les rattachements étaient déjà ceux-là.")
    return redirect(reverse("projects:instruction_file", args=[project.pk]) + ANCHOR)
