"""The filters of a list that somebody keeps under a name."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_POST

from cohesion.lib.forms import line_field
from cohesion.lib.list_filters import filters_of
from cohesion.lib.people import signed_in
from cohesion.lib.text import NBSP, squeeze
from cohesion.models import SavedFilter

MOST = 20  # of one list, for one person
LONGEST = 1000  # characters of the filters: what their column holds
NO_FILTER = f"Cette liste n’a aucun filtre à garder{NBSP}: choisissez-en un d’abord."
TOO_LONG = f"Ces filtres sont trop longs pour être gardés{NBSP}: retirez-en."


class SavedFilterForm(forms.Form):
    screen = forms.CharField(max_length=200)
    query = forms.CharField(max_length=LONGEST, error_messages={"required": NO_FILTER, "max_length": TOO_LONG})
    name = line_field("Nom", 60, required=True)

    def clean_screen(self) -> str:
        """The address of a page of this site: nobody is sent elsewhere."""
        screen = str(self.cleaned_data["screen"])
        try:
            resolve(screen)
        except Resolver404 as error:
            raise ValidationError("Cette liste n’existe pas.") from error
        return screen

    def clean_query(self) -> str:
        """As they are kept, which may be longer than what was sent."""
        query = filters_of(QueryDict(self.cleaned_data["query"]))
        if not query:
            raise ValidationError(NO_FILTER)
        if len(query) > LONGEST:
            raise ValidationError(TOO_LONG)
        return query

    def clean_name(self) -> str:
        return squeeze(self.cleaned_data["name"])


@require_POST
@login_required
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the filters of a list under a name; a name that is there already takes the new ones."""
    form = SavedFilterForm(request.POST)
    if not form.is_valid():
        refuse(request, form)
        return redirect(_page(form))
    cleaned = form.cleaned_data
    own = SavedFilter.objects.filter(user=signed_in(request), screen=cleaned["screen"])
    if own.count() >= MOST and not own.filter(name=cleaned["name"]).exists():
        messages.error(request, f"Vous gardez déjà {MOST} filtres pour cette liste{NBSP}: retirez-en un.")
        return redirect(_page(form))
    own.update_or_create(
        user=signed_in(request), screen=cleaned["screen"], name=cleaned["name"], defaults={"query": cleaned["query"]}
    )
    messages.success(request, f"Le filtre «{NBSP}{cleaned['name']}{NBSP}» est gardé pour vous.")
    return redirect(_page(form))


@require_POST
@login_required
def forget(request: HttpRequest, pk: int) -> HttpResponse:
    """
    Raises:
        Http404: it is somebody else's, or there is none.
    """
    saved = get_object_or_404(SavedFilter, pk=pk, user=signed_in(request))
    saved.delete()
    messages.success(request, f"Le filtre «{NBSP}{saved.name}{NBSP}» est retiré.")
    return redirect(saved.screen)


def refuse(request: HttpRequest, form: SavedFilterForm) -> None:
    """Say why the filters are not kept.

    Raises:
        Http404: the form names no list of this site.
    """
    if "screen" in form.errors:
        raise Http404("Cette liste n’existe pas.")
    for error in form.errors.get("name", []):
        messages.error(request, f"Nom du filtre{NBSP}: {error}")
    for error in form.errors.get("query", []):
        messages.error(request, str(error))


def _page(form: SavedFilterForm) -> str:
    """The list as it was."""
    query = form.cleaned_data.get("query", "")
    return f"{form.cleaned_data['screen']}?{query}" if query else str(form.cleaned_data["screen"])
