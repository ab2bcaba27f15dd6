"""``/instruction/affecter/``: the files that were ticked in the queue go to a colleague; first what would change."""

import time
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.crypto import get_random_string

from cohesion.lib.forms import offer
from cohesion.lib.people import Person, signed_in
from cohesion.lib.text import count_phrase, whole_number
from cohesion.together import states
from cohesion.together.states import ChangedMeanwhile
from projects.instructing import assigning
from projects.instructing.views.door import shown, writers_page
from projects.instructing.views.forms import officers

KEPT = "assignment"  # in the session: the last one, to be put back
UNDONE_WITHIN = 3600  # seconds
NOBODY = "0"


class AssignForm(forms.Form):
    """To whom; nobody is a choice too."""

    to = forms.ChoiceField(label="Affecter les dossiers cochés à")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in officers()}
        names = [(key, assigning.name_of(person)) for key, person in self.people.items()]
        offer(self, "to", [("", "Choisissez"), *names, (NOBODY, "Personne")])

    @property
    def person(self) -> Person | None:
        return self.people.get(self.cleaned_data["to"])


@writers_page
def assign(request: HttpRequest) -> HttpResponseBase:
    """Show what would change; with ``confirmer``, do it; with ``annuler``, put the one that it names back."""
    if request.method != "POST":
        return _queue(request)
    if "annuler" in request.POST:
        return _put_back(request)
    form = AssignForm(request.POST)
    keys = [key for text in request.POST.getlist("dossier") if (key := whole_number(text)) is not None]
    if not keys or not form.is_valid():
        missing = "Choisissez à qui affecter ces dossiers." if keys else "Cochez au moins un dossier."
        messages.error(request, f"{missing} Rien n’a été changé.")
        return _queue(request)
    if "confirmer" in request.POST and (answer := _assign(request, form)) is not None:
        return answer
    plan = assigning.plan(keys[: assigning.MOST], form.person)
    context = {"plan": plan, "to": form.cleaned_data["to"], "name": assigning.name_of(form.person), "keys": keys}
    return shown(request, "instruction/assign.html", context | {"back": _queue_address(request)})


def _assign(request: HttpRequest, form: AssignForm) -> HttpResponseBase | None:
    """Do what the page announced; nothing where a colleague was quicker, which is said."""
    seen = states.seen(request.POST, assigning.PAGE)
    try:
        former = assigning.assign(seen=seen, to=form.person, by=signed_in(request))
    except ChangedMeanwhile as conflict:
        messages.error(request, conflict.messages[0])
        return None
    name = assigning.name_of(form.person)
    if former:
        batch = get_random_string(12)
        is_to_nobody = form.person is None
        request.session[KEPT] = {
            "batch": batch,
            "name": name,
            "is_to_nobody": is_to_nobody,
            "at": time.time(),
            "former": former,
        }
    else:
        messages.info(request, f"Ces dossiers étaient déjà à {name} : rien n’a changé.")
    return _queue(request)


def _put_back(request: HttpRequest) -> HttpResponseBase:
    """Put back the assignment whose button was pressed: the last one, while it may be."""
    kept = _kept(request)
    if kept is None:
        messages.info(request, "Il n’y a plus rien à annuler : une affectation s’annule une fois, dans l’heure.")
        return _queue(request)
    if request.POST["annuler"] != kept["batch"]:
        messages.warning(
            request,
            "D’autres dossiers ont été affectés depuis : seule la dernière affectation s’annule. Rien n’a été changé.",
        )
        return _queue(request)
    del request.session[KEPT]
    people = {person.pk for person in officers()}
    outcome = assigning.put_back(kept["former"], people=people, by=signed_in(request))
    done = count_phrase(outcome.returned, "dossier est revenu à qui l’avait", "dossiers sont revenus à qui les avait")
    if outcome.returned:
        messages.success(request, f"C’est annulé : {done}.")
    if outcome.changed:
        left = ("dossier a changé depuis et reste", "dossiers ont changé depuis et restent")
        changed = count_phrase(outcome.changed, *left)
        messages.warning(request, f"{changed} comme un collègue l’a écrit.")
    if outcome.without_holder:
        stay = count_phrase(outcome.without_holder, "dossier reste", "dossiers restent")
        messages.warning(request, f"{stay} à {kept['name']} : le collègue d’avant n’instruit plus.")
    return _queue(request)


def last_assignment(request: HttpRequest) -> dict[str, Any] | None:
    """What was just given to somebody, while it may be put back: which time, to whom, and how many files."""
    kept = _kept(request)
    return kept and {**kept, "number": len(kept["former"])}


def _kept(request: HttpRequest) -> dict[str, Any] | None:
    """The last assignment, while it may be put back."""
    kept: dict[str, Any] | None = request.session.get(KEPT)
    is_recent = kept is not None and "batch" in kept and time.time() - kept["at"] <= UNDONE_WITHIN
    return kept if is_recent else None


def _queue(request: HttpRequest) -> HttpResponseBase:
    return HttpResponseRedirect(_queue_address(request))


def _queue_address(request: HttpRequest) -> str:
    query = request.GET.urlencode()
    return reverse("projects:instruction") + (f"?{query}" if query else "")
