"""« Préparer un cadre »: from the one in force, from a file, from another council's, from nothing."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from axes.admin.exchange import OrientationsForm
from axes.admin.reshaping import wording_field
from axes.exchange.applying import OrientationImporter
from axes.models import Framework, Programme
from axes.models.programme import REFERENCE
from axes.preparing.starting import begin
from cohesion.lib.admin import admin_page
from cohesion.lib.forms import line_field
from cohesion.lib.people import signed_in
from cohesion.lib.spreadsheets import MAX_BYTES
from cohesion.lib.text import count_phrase
from cohesion.together.once import once

MOST_SAID = 8  # errors of a refused file, beside its field
MEND = "Rien n’a été commencé : corrigez le fichier, puis déposez-le de nouveau."
BLANK_PAGE = "axes/framework/prepare_blank.html"
OTHERS = "autre"  # in the address: the file is another council's


def name_field() -> forms.CharField:
    return line_field(
        "Titre du document",
        300,
        help_text="Celui que portera sa couverture ; il peut changer jusqu’au vote.",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        required=True,
    )


def programme_field() -> forms.ModelChoiceField:
    """The reference one unless another is chosen."""
    return forms.ModelChoiceField(Programme.objects.all(), label="Programme", initial=REFERENCE, empty_label=None)


class BlankForm(forms.Form):
    """A programme, a title, and the first orientation."""

    programme = programme_field()
    name = name_field()
    first = wording_field("Texte du premier axe", "Les autres s’ajoutent ensuite dans l’arbre.")


class FromFileForm(OrientationsForm):
    """A programme, a title, whence it comes, and the file."""

    programme = programme_field()
    name = name_field()
    origin = line_field(
        "Repris de",
        300,
        help_text="La collectivité et le document, tels qu’on les cite. Seuls les agents le lisent.",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    field_order = ("programme", "name", "origin", "file")

    def __init__(self, *args: Any, is_of_others: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["origin"].required = is_of_others
        if not is_of_others:
            self.fields["origin"].help_text = "Facultatif : le document dont il part."


class StartingAdmin(admin.ModelAdmin):
    """The pages that begin a framework."""

    own_pages = {"prepare": "preparer/", "prepare_file": "preparer/fichier/", "prepare_blank": "preparer/rien/"}

    def prepare_view(self, request: HttpRequest) -> HttpResponse:
        self._check_may_begin(request)
        drafts = Framework.objects.exclude(pk__in=Framework.objects.public())
        context = {"in_force": Framework.objects.standing(), "drafts": drafts}
        return admin_page(self, request, "axes/framework/prepare.html", "Préparer un cadre", **context)

    def prepare_blank_view(self, request: HttpRequest) -> HttpResponseBase:
        self._check_may_begin(request)
        form = BlankForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            return once(request, lambda: self._begin_blank(request, form))
        return admin_page(self, request, BLANK_PAGE, "Préparer un cadre à partir de rien", form=form)

    def _begin_blank(self, request: HttpRequest, form: BlankForm) -> HttpResponse:
        try:
            framework = begin(by=signed_in(request), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
            title = "Préparer un cadre à partir de rien"
            return admin_page(self, request, BLANK_PAGE, title, form=form)
        self.log_addition(request, framework, "Commencé à partir de rien.")
        self.message_user(request, "Le cadre est commencé : personne ne le voit tant qu’il est en préparation.")
        return HttpResponseRedirect(f"{reverse('admin:axes_orientation_changelist')}?cadre={framework.pk}")

    def prepare_file_view(self, request: HttpRequest) -> HttpResponseBase:
        """A title and a file, then the preview of the import: nothing stands in the draft before it is applied."""
        self._check_may_begin(request)
        is_of_others = OTHERS in request.GET
        form = FromFileForm.of_request(request, is_of_others=is_of_others)
        if form.is_valid():
            return once(request, lambda: self._begin_from_file(request, form), is_whole=False)
        return self._file_page(request, form, is_of_others=is_of_others)

    def _begin_from_file(self, request: HttpRequest, form: FromFileForm) -> HttpResponse:
        about = {name: form.cleaned_data[name] for name in ("programme", "name", "origin")}
        upload = form.cleaned_data["file"]
        with transaction.atomic():
            framework = begin(by=signed_in(request), **about)
            plan, _ = OrientationImporter(framework).examine(upload.read(MAX_BYTES + 1), upload.name)
            transaction.set_rollback(bool(plan.problems))
        if plan.problems:
            return self._refused_file(request, form, [str(problem) for problem in plan.problems])
        upload.seek(0)
        self.log_addition(request, framework, "Commencé à partir d’un fichier.")
        return self.take_file(request, form, OrientationImporter(framework))

    def _refused_file(self, request: HttpRequest, form: FromFileForm, sentences: list[str]) -> HttpResponse:
        """The form again, with what to mend in the file: no framework was begun."""
        left = len(sentences) - MOST_SAID
        more = [f"Et {count_phrase(left, 'autre erreur', 'autres erreurs')}."] if left > 0 else []
        form.add_error("file", [*sentences[:MOST_SAID], *more, MEND])
        return self._file_page(request, form, is_of_others=OTHERS in request.GET)

    def _file_page(self, request: HttpRequest, form: FromFileForm, *, is_of_others: bool) -> HttpResponse:
        title = "Préparer un cadre à partir d’un autre" if is_of_others else "Préparer un cadre à partir d’un fichier"
        context = {"form": form, "is_of_others": is_of_others, "models": self.models()}
        return admin_page(self, request, "axes/framework/prepare_file.html", title, **context)

    def _check_may_begin(self, request: HttpRequest) -> None:
        rights = ("axes.change_framework", "axes.add_orientation", "axes.change_orientation")
        if not (self.has_add_permission(request) and request.user.has_perms(rights)):
            raise PermissionDenied
