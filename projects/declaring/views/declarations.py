"""One's declarations: all of them, a new one, the list of its parts, checking, handing in, giving up."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from cohesion.lib.http import paged
from cohesion.lib.people import signed_in
from cohesion.together.once import sent_once
from projects.catalogue import actions
from projects.catalogue.models import Project, TransitionLog
from projects.catalogue.steps import AlreadyMoved, step
from projects.catalogue.workflow import REQUEST_OPEN
from projects.choices import PUBLIC_STATUSES, ProjectKind, ProjectStatus
from projects.declaring import handing_in
from projects.declaring.alike import handed_in, resembling
from projects.declaring.contradictions import Correction
from projects.declaring.drafts import begin, renew
from projects.declaring.fields import TITLE_LENGTH
from projects.declaring.late_reports import LateReports, late_reports
from projects.declaring.models import Campaign, Declaration
from projects.declaring.pages import BY_SLUG, PAGES
from projects.declaring.views.doors import acting, declaration_page, own_declarations, role_in, space
from projects.members.models import Membership

PAGE = 25
ENDED = (ProjectStatus.CLOSED, ProjectStatus.REFUSED, ProjectStatus.ABANDONED)


@space("GET")
def home(request: HttpRequest) -> HttpResponse:
    """What waits for me, what waits for others, what is over; the calls that are open."""
    memberships = list(acting(signed_in(request)))
    own = Project.objects.of(request.user)
    waiting = own.waiting_for_lead()
    groups = {
        "mine": ("a-vous", waiting),
        "theirs": ("en-cours", own.exclude(status__in=ENDED).exclude(pk__in=waiting.values("pk"))),
        "over": ("termines", own.filter(status__in=ENDED)),
        "beside": ("associes", Project.objects.co_led_by(request.user).exclude(pk__in=own.values("pk"))),
    }
    parts = {
        name: paged(request, _lines(rows), PAGE, parameter=anchor, anchor=anchor)
        for name, (anchor, rows) in groups.items()
    }
    now = timezone.now()
    calls = Campaign.objects.announced().filter(closes_at__gt=now).order_by("closes_at")
    context = {"memberships": memberships, **parts, "calls": calls, "now": now}
    return render(request, "space/home.html", context)


def _lines(projects: QuerySet[Project]) -> QuerySet[Project]:
    """What the list shows of each: none of what was typed, which fills pages; since when it is where it is."""
    return (
        projects.select_related("organization", "declaration__campaign")
        .defer("declaration__answers", "declaration__to_review")
        .annotate(since=TransitionLog.objects.since())
        .order_by("-updated_at", "-pk")
    )


@space("GET", "POST")
@sent_once
def new(request: HttpRequest) -> HttpResponseBase:
    """Begin a declaration: only its title is needed."""
    mine = list(acting(signed_in(request)))
    calls = list(Campaign.objects.open_at(timezone.now()).order_by("closes_at"))
    errors: dict[str, list[str]] = {}
    alike: list[Declaration] = []
    filed: list[Declaration] = []
    if request.method == "POST" and mine:
        key = request.POST.get("organization") or (str(mine[0].organization_id) if len(mine) == 1 else "")
        chosen = next((membership.organization for membership in mine if str(membership.organization_id) == key), None)
        call = next((campaign for campaign in calls if str(campaign.pk) == request.POST.get("campaign")), None)
        if chosen is None:
            errors["organization"] = ["Choisissez la structure pour laquelle vous déclarez."]
        elif "anyway" not in request.POST:
            alike = resembling(request.POST.get("title", ""), chosen)
            filed = handed_in(request.POST.get("title", ""), chosen)
        if chosen is not None and not (alike or filed):
            try:
                made = begin(
                    organization=chosen, title=request.POST.get("title", ""), by=signed_in(request), campaign=call
                )
            except ValidationError as error:
                errors = _title_errors(error)
            else:
                return redirect("projects:declaration", pk=made.project_id)
    context = {
        "memberships": mine,
        "late": [late for late in _late_reports_of(mine, calls) if late.shown],
        "calls": calls,
        "errors": errors,
        "alike": alike,
        "filed": filed,
        "typed": request.POST,
        "chosen_call": request.POST.get("campaign", str(calls[0].pk) if calls else ""),
        "title_length": TITLE_LENGTH,
    }
    return render(request, "space/new.html", context, status=200 if mine else 403)


def _late_reports_of(mine: list[Membership], calls: list[Campaign]) -> list[LateReports]:
    """What is late of each structure for which one declares, as the call that closes first takes it."""
    return [late_reports(membership.organization, calls[0] if calls else None) for membership in mine]


def _title_errors(error: ValidationError) -> dict[str, list[str]]:
    sentences = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    if sentences.get("title") in (["Ce champ ne peut pas être vide."], ["Ce champ est obligatoire."]):
        sentences["title"] = ["Donnez un titre à l’action : vous pourrez le changer."]
    return sentences


@declaration_page("GET")
def declaration(request: HttpRequest, declaration: Declaration) -> HttpResponse:
    """The parts of the declaration, each with its state; or how far it is, once handed in."""
    return render(request, "space/declaration.html", _context(request, declaration))


def _context(request: HttpRequest, declaration: Declaration) -> dict[str, Any]:
    project = declaration.project
    # Once handed in, the frozen copies are read, and the parts no longer.
    states = handing_in.states(declaration) if project.status in REQUEST_OPEN else []
    grouped: dict[str, list[handing_in.PageState]] = {}
    for state in states:
        grouped.setdefault(state.page.group, []).append(state)
    campaign = declaration.campaign
    return {
        "declaration": declaration,
        "project": project,
        "groups": grouped.items(),
        "states": states,
        "complete": sum(state.is_complete for state in states),
        "total": len(PAGES),
        "is_ready": all(state.is_complete for state in states),
        "is_writable": project.status in REQUEST_OPEN,
        "is_signatory": role_in(request, declaration) == "signatory",
        "may_hand_in": project.status == ProjectStatus.TO_COMPLETE
        or (campaign is not None and campaign.accepts(project.organization)),
        "remarks": [(state, state.remarks) for state in states if state.remarks],
        "log": project.log.heard().select_related("by"),
        "submissions": project.submissions.select_related("by"),
        "now": timezone.now(),
        "late": late_reports(project.organization, campaign) if project.is_draft else None,
        "is_renewable": project.is_renewable,
    }


@declaration_page("GET")
def check(request: HttpRequest, declaration: Declaration) -> HttpResponse:
    """All that was answered on one page, with links to what is to mend; or a copy of what was handed in."""
    context = _context(request, declaration)
    if declaration.project.status not in REQUEST_OPEN or "depot" in request.GET:
        copies = declaration.project.submissions.select_related("by").order_by("-number")
        number = request.GET.get("depot", "")
        if number.isdecimal():
            copies = copies.filter(number=int(number[:9]))
        context["copy"] = copies.first()
        if context["copy"] is None:
            raise Http404("Ce dossier n’a pas été déposé.")
    else:
        context["to_mend"] = list(handing_in.sentences(context["states"]))
        if handing_in.lacks_mandate(declaration, role_in(request, declaration)):
            context["to_mend"].append((BY_SLUG["pieces"], Correction("attests_mandate", handing_in.MANDATE)))
            context["is_ready"] = False
    return render(request, "space/check.html", context)


@declaration_page("POST")
def hand_in(request: HttpRequest, declaration: Declaration) -> HttpResponseBase:
    """Hand in. Whoever presses twice is told that it is done."""
    project = declaration.project
    try:
        handing_in.hand_in(project=project, by=signed_in(request), role=role_in(request, declaration))
    except AlreadyMoved as moved:
        if moved.project.status == ProjectStatus.SUBMITTED:
            messages.success(request, "Le dossier est déposé.")
            return redirect("projects:declaration", pk=project.pk)
        messages.error(request, moved.messages[0])
        return redirect("projects:declaration", pk=project.pk)
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
        return redirect("projects:declaration_check", pk=project.pk)
    messages.success(request, f"Le dossier {project.code} est déposé. Une copie de ce que vous avez déposé est gardée.")
    return redirect("projects:declaration", pk=project.pk)


@declaration_page("GET", "POST")
def give_up(request: HttpRequest, declaration: Declaration) -> HttpResponseBase:
    """Delete a draft that was never handed in; abandon what was, with a reason."""
    project = declaration.project
    is_draft = project.status == ProjectStatus.DRAFT
    errors: list[str] = []
    if request.method == "POST":
        reason = request.POST.get("reason", "")
        try:
            if is_draft:
                actions.delete_row(
                    row=project, by=signed_in(request), reason=reason or "Brouillon supprimé par son porteur"
                )
                messages.success(request, f"Le brouillon « {project.title} » est supprimé.")
                return redirect("projects:space")
            with step(project, "abandon", by=signed_in(request), organization=project.organization, comment=reason):
                pass
        except ValidationError as error:
            errors = error.messages
        else:
            messages.success(request, "L’action est abandonnée ; l’agglomération en est avertie.")
            return redirect("projects:declaration", pk=project.pk)
    context = {"declaration": declaration, "project": project, "is_draft": is_draft, "errors": errors}
    return render(request, "space/give_up.html", context)


@space("POST")
def take_up_again(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Declare last year's action again. Pressed twice, it opens the draft that the first press made."""
    mine = acting(signed_in(request)).order_by().values("organization")
    project = get_object_or_404(
        Project, pk=pk, organization__in=mine, kind=ProjectKind.ACTION, status__in=PUBLIC_STATUSES
    )
    with transaction.atomic():
        Project.objects.select_for_update().get(pk=project.pk)  # the second press waits for the first
        draft = (
            own_declarations(signed_in(request)).filter(previous=project, project__status=ProjectStatus.DRAFT).first()
        )
        if draft is None:
            calls = Campaign.objects.open_at(timezone.now()).exclude(declarations__project=project)
            call = calls.order_by("closes_at").first()
            draft = renew(project=project, by=signed_in(request), campaign=call)
            messages.success(
                request, "Les réponses de l’an dernier sont reprises : relisez ce qui est marqué « À revoir »."
            )
            if call is None:
                messages.info(request, "Aucun autre appel n’est ouvert : vous le choisirez quand il le sera.")
    return redirect("projects:declaration", pk=draft.project_id)
