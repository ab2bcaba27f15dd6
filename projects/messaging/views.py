"""``/espace/messages/``: what one was told, and how often one wants it by e-mail."""

import datetime
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_safe

from cohesion.lib.http import paged
from cohesion.lib.people import Person, signed_in
from cohesion.lib.text import count_phrase, typographic, whole_number
from projects.catalogue.models import Project
from projects.catalogue.workflow import OFFICERS_TURN
from projects.choices import MailFrequency
from projects.members import rules as member_rules
from projects.messaging.models import MailChoice, Message
from projects.messaging.telling import QUEUE, SPACE

PAGE = 25


@dataclass(frozen=True)
class ToDo:
    """So many files wait for somebody, to do ``what``; ``path`` is where they are, ``nothing`` what none is called."""

    number: int
    path: str
    what: str
    nothing: str


def to_do(user: Person) -> list[ToDo]:
    """What waits for the organisations that they act for, and, for an officer, for them or for no officer yet."""
    entries = []
    if member_rules.memberships(user):
        own = Project.objects.of(user).waiting_for_lead()
        what = "à terminer, à compléter, ou dont le bilan est à remettre"
        entries.append(ToDo(own.count(), SPACE, what, "Rien n’attend votre structure."))
    if member_rules.is_officer(user):
        mine = Q(review__assigned_to=None) | Q(review__assigned_to=user) | Q(review__assigned_to__is_active=False)
        waiting = Project.objects.filter(mine, status__in=OFFICERS_TURN)
        what = "à instruire, ou dont le bilan est à vérifier : ceux que vous suivez et ceux que personne ne suit"
        entries.append(ToDo(waiting.count(), QUEUE, typographic(what), "Aucun dossier ne vous attend."))
    return entries


class FrequencyForm(forms.ModelForm):
    """How often; without a choice, at each event."""

    class Meta:
        model = MailChoice
        fields = ("frequency",)
        labels = {"frequency": "Je veux recevoir"}
        widgets = {"frequency": forms.RadioSelect}


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def message_list(request: HttpRequest) -> HttpResponse:
    """Those that one has not read, then the others, the latest first; its buttons come back here."""
    if request.method == "POST":
        return _choose_frequency(request) if "frequency" in request.POST else _mark_read(request)
    user = signed_in(request)
    return _page(request, FrequencyForm(instance=MailChoice.objects.filter(user=user).first()))


@require_safe
@login_required
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a message: note that it was read, and lead to what it is about.

    Raises:
        Http404: there is none, or it is somebody else's.
    """
    message = get_object_or_404(Message, pk=pk, user=request.user)
    if request.method == "GET":
        Message.objects.unread().filter(pk=message.pk).update(read_at=timezone.now())
    inside = message.path.startswith("/") and url_has_allowed_host_and_scheme(message.path, allowed_hosts=None)
    return redirect(message.path if inside else "projects:messages")


def _mark_read(request: HttpRequest) -> HttpResponse:
    """Mark one message as read, or all those that the page had when it was shown; one that came since stays."""
    user = signed_in(request)
    unread = Message.objects.unread().filter(user=user)
    key = whole_number(request.POST.get("message", ""))
    if key is not None:
        unread.filter(pk=key).update(read_at=timezone.now())
    elif shown_at := _moment(request.POST.get("shown_at", "")):
        number = unread.filter(at__lte=shown_at).update(read_at=timezone.now())
        words = count_phrase(number, "message est marqué comme lu", "messages sont marqués comme lus")
        messages.success(request, f"{words}.")
    return redirect("projects:messages")


def _choose_frequency(request: HttpRequest) -> HttpResponse:
    """How often one wants e-mail. Whoever wants none is not sent what was still waiting."""
    user = signed_in(request)
    form = FrequencyForm(request.POST, instance=MailChoice.objects.filter(user=user).first() or MailChoice(user=user))
    if not form.is_valid():
        return _page(request, form)
    MailChoice.objects.update_or_create(user=user, defaults={"frequency": form.cleaned_data["frequency"]})
    if form.cleaned_data["frequency"] == MailFrequency.NEVER:
        Message.objects.to_send().filter(user=user).update(mailed=False)
    messages.success(request, "Votre choix est enregistré.")
    return redirect("projects:messages")


def _page(request: HttpRequest, form: FrequencyForm) -> HttpResponse:
    user = signed_in(request)
    is_read = ExpressionWrapper(Q(read_at__isnull=False), output_field=BooleanField())
    received = Message.objects.filter(user=user).annotate(is_read=is_read).order_by("is_read", "-at", "-pk")
    context = {
        **paged(request, received.select_related("project"), PAGE),
        "to_do": to_do(user),
        "form": form,
        "shown_at": timezone.now().isoformat(),
    }
    return render(request, "projects/messages.html", context)


def _moment(text: str) -> datetime.datetime | None:
    """A moment that came in a form, or None where it is none."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment is not None and timezone.is_aware(moment) else None
