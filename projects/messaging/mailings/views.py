"""``/instruction/courriers/``: writing to several leads in three steps, and what was written."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from cohesion.lib.http import filtered, paged
from cohesion.lib.people import signed_in
from cohesion.lib.text import NARROW_NBSP, count_phrase
from cohesion.together.once import sent_once
from projects.choices import LetterKind
from projects.instructing.views.door import shown, writers_page
from projects.messaging.mailings.audience import MOST, Audience, Recipient, announced_campaign
from projects.messaging.mailings.forms import LetterForm, RecipientsForm
from projects.messaging.mailings.letters import FIELDS, MODELS, Letter
from projects.messaging.mailings.posting import missing_facts, post, written_lately
from projects.messaging.models import Mailing

PAGE = 50
# What became of a message, in the address of the page that lists those of which it is true.
FATES = {
    "tous": Q(),
    "courriel": Q(mailed=True),
    "partis": Q(mailed=True, sent_at__isnull=False),
    "lus": Q(read_at__isnull=False),
}
NOBODY = "Cochez au moins une personne."


@writers_page
@require_safe
def mailings(request: HttpRequest) -> HttpResponseBase:
    """What was written to several, the latest first."""
    written = Mailing.objects.select_related("by").annotate(number=Count("messages")).order_by("-at", "-pk")
    return shown(request, "instruction/mailings/list.html", paged(request, written, PAGE))


@writers_page
@require_safe
def mailing(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One of them: its words, to whom, and what became of each."""
    mailing = get_object_or_404(Mailing.objects.select_related("by"), pk=pk)
    everybody = mailing.messages.all()
    figures = everybody.aggregate(**{name: Count("pk", filter=fate) for name, fate in FATES.items()})
    kept = everybody.filter(FATES.get(request.GET.get("ce", ""), Q()))
    listed = kept.select_related("user", "project__organization").order_by("pk")
    context = {**paged(request, listed, PAGE), "mailing": mailing, "figures": figures}
    return shown(request, "instruction/mailings/mailing.html", context)


@filtered
@writers_page
@sent_once
def write(request: HttpRequest) -> HttpResponseBase:
    """Choose who, untick, write; see it as somebody would read it; send. The address holds who is asked for."""
    who = RecipientsForm(request.GET if "situation" in request.GET else None)
    if not who.is_valid():
        return shown(request, "instruction/mailings/write.html", {"who": who})
    audience = who.audience()
    if request.method != "POST":
        model = MODELS[LetterKind(who.cleaned_data["modele"])]
        letter = LetterForm(initial={"title": model.title, "text": model.text})
        return _to_write(request, who, audience, letter, [recipient.key for recipient in audience.recipients])
    return _received(request, who, audience)


def _received(request: HttpRequest, who: RecipientsForm, audience: Audience) -> HttpResponseBase:
    """What a form asks for: to correct it, to see it, or to send it; what is wrong leads back to the words."""
    user, keys, campaign = signed_in(request), request.POST.getlist("to"), announced_campaign()
    chosen = audience.chosen(keys)
    letter = LetterForm(request.POST)
    if letter.is_valid():
        if not chosen:
            letter.add_error(None, NOBODY)
        typed = Letter(letter.cleaned_data["title"], letter.cleaned_data["text"])
        for sentence in missing_facts(typed, chosen, campaign, user):
            letter.add_error("text", sentence)
    if not letter.is_valid() or "edit" in request.POST or audience.is_too_large:
        return _to_write(request, who, audience, letter, keys)
    if "send" not in request.POST:
        read_as = next((recipient for recipient in chosen if recipient.key == request.POST.get("as")), chosen[0])
        context = {
            "who": who,
            "chosen": chosen,
            "letter": letter,
            "read_as": read_as,
            "read": Letter(letter.cleaned_data["title"], letter.cleaned_data["text"]).filled(
                read_as.facts(campaign, user)
            ),
            "mailed": _mailed(chosen),
            "gone": len(set(keys)) - len(chosen),
        }
        return shown(request, "instruction/mailings/check.html", context)
    mailing = letter.save(commit=False)
    mailing.kind, mailing.audience = who.cleaned_data["modele"], audience.words
    mailing, number = post(mailing=mailing, recipients=chosen, campaign=campaign, by=user)
    messages.success(request, _done(number, _mailed(chosen), len(set(keys)) - len(chosen)))
    return redirect("projects:instruction_mailing", mailing.pk)


def _mailed(chosen: list[Recipient]) -> int:
    return sum(recipient.gets_mail for recipient in chosen)


def _done(number: int, mailed: int, gone: int) -> str:
    words = f"Le message est écrit à {count_phrase(number, 'personne')}{NARROW_NBSP}; "
    if mailed:
        leaving = count_phrase(mailed, "courriel part", "courriels partent")
        words += f"{leaving} dans quelques minutes, ou au matin pour qui n’en veut qu’un par jour."
    else:
        words += "aucun courriel ne part, il se lit sur le site."
    if gone:
        words += f" {count_phrase(gone, 'personne cochée n’est', 'personnes cochées ne sont')} plus concernée"
        words += ("s" if gone > 1 else "") + " : rien ne leur est écrit."
    return words


def _to_write(
    request: HttpRequest, who: RecipientsForm, audience: Audience, letter: LetterForm, keys: list[str]
) -> HttpResponseBase:
    ticked, lately = set(keys), written_lately(audience.recipients)
    context: dict[str, Any] = {
        "who": who,
        "audience": audience,
        "letter": letter,
        "lines": [_line(recipient, ticked, lately) for recipient in audience.recipients[:MOST]],
        "fields": [(f"{{{name}}}", meaning) for name, meaning in FIELDS.items()],
        "most": MOST,
    }
    return shown(request, "instruction/mailings/write.html", context)


def _line(recipient: Recipient, ticked: set[str], lately: dict[str, Any]) -> dict[str, Any]:
    return {
        "recipient": recipient,
        "is_ticked": recipient.key in ticked,
        "lately": lately.get(recipient.key),
    }
