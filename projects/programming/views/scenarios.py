"""``/instruction/comite/<pk>/simulations/``: a programming is tried before the committee, several times over."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from cohesion.audit import AuditKind, record
from cohesion.lib.http import filtered
from cohesion.lib.people import signed_in
from cohesion.lib.refusals import RowsRefused
from cohesion.lib.spreadsheets import CONTENT_TYPES, known_format, table_file
from cohesion.lib.text import count_phrase, typographic, whole_number
from cohesion.together import states
from cohesion.together.once import once, refuse
from projects.instructing.deciding import GRANTING
from projects.instructing.models import Committee
from projects.instructing.views.door import officers_page, shown
from projects.programming import scenarios as programmings
from projects.programming.applying import ScenarioNotApplied, application_plan, apply_scenario, undo_scenario
from projects.programming.comparing import MOST_COMPARED, Compared, compared_parts, comparison_table
from projects.programming.models import Scenario
from projects.programming.scenarios import ScenarioConflict, read_tries, tries_of
from projects.programming.starts import STARTS, Tries
from projects.programming.tally import MeetingFacts
from projects.programming.views.scenario_form import ScenarioForm

PAGE = "scenario"


def _meeting(pk: int) -> Committee:
    return get_object_or_404(Committee.objects.select_related("campaign"), pk=pk)


def _scenario(pk: int, scenario_pk: int) -> Scenario:
    rows = Scenario.objects.select_related("committee__campaign", "saved_by", "applied_by")
    return get_object_or_404(rows, pk=scenario_pk, committee=pk)


def _all(meeting: Committee) -> tuple[MeetingFacts, list[Compared]]:
    """Every scenario of a meeting with what it makes, in a constant number of queries."""
    rows = list(meeting.scenarios.select_related("saved_by", "applied_by").prefetch_related("lines"))
    tries: list[Tries] = [read_tries(scenario.lines.all()) for scenario in rows]
    keys = {key for each in tries for key in each}
    facts = MeetingFacts.of(meeting, keys)
    return facts, [Compared(scenario, each, facts.tally(each)) for scenario, each in zip(rows, tries, strict=True)]


def _chosen(request: HttpRequest, columns: list[Compared]) -> list[Compared]:
    """Those that the address compares; the first ones, unless it names some."""
    keys = {whole_number(text) for text in request.GET.getlist("scenario")}
    chosen = [column for column in columns if column.scenario.pk in keys]
    return (chosen or columns)[:MOST_COMPARED]


@filtered
@officers_page
def scenarios(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The scenarios of a meeting, compared; with POST, one is made, copied or deleted."""
    meeting = _meeting(pk)
    if request.method == "POST":
        return once(request, lambda: _do(request, meeting))
    facts, columns = _all(meeting)
    chosen = _chosen(request, columns)
    chosen_keys = [column.scenario.pk for column in chosen]
    context = {
        "committee": meeting,
        "columns": columns,
        "chosen": chosen,
        "chosen_keys": chosen_keys,
        "file_query": f"?{urlencode({'scenario': chosen_keys}, doseq=True)}",
        "parts": compared_parts(chosen, facts) if chosen else [],
        "envelope": facts.envelope,
        "number": len(facts.projects),
        "starts": {name: label for name, (label, _) in STARTS.items()},
        "formats": list(CONTENT_TYPES),
        "most": MOST_COMPARED,
    }
    return shown(request, "programming/scenarios.html", context)


def _do(request: HttpRequest, meeting: Committee) -> HttpResponseBase:
    """Make, copy or delete, as the button says; a refusal is a sentence on the page of the scenarios."""
    by, back = signed_in(request), redirect("projects:scenarios", pk=meeting.pk)
    start = request.POST.get("depart", "")
    try:
        if "copier" in request.POST:
            former = _scenario(meeting.pk, whole_number(request.POST["copier"]) or 0)
            made = programmings.copy_scenario(former, by=by)
        elif "supprimer" in request.POST:
            former = _scenario(meeting.pk, whole_number(request.POST["supprimer"]) or 0)
            programmings.delete_scenario(former)
            messages.success(request, typographic(f"« {former.name} » est supprimé."))
            return back
        elif start in STARTS:
            made = programmings.make_scenario(meeting, start=start, name=request.POST.get("nom", ""), by=by)
        else:
            messages.error(request, "Choisissez d’où part le scénario.")
            refuse(request)
            return back
    except ValidationError as error:
        messages.error(request, typographic(error.messages[0]))
        refuse(request)
        return back
    return redirect("projects:scenario", pk=meeting.pk, scenario_pk=made.pk)


@officers_page
@require_safe
def scenarios_file(request: HttpRequest, pk: int, format: str) -> HttpResponseBase:
    """The scenarios that the address compares, as a file.

    Raises:
        Http404: no such format.
    """
    known_format(format)
    meeting = _meeting(pk)
    facts, columns = _all(meeting)
    record(AuditKind.EXPORT, on=meeting, after={"format": format, "simulations": len(columns)}, request=request)
    table = comparison_table(_chosen(request, columns), facts)
    return table_file(table, format, f"simulations-{meeting.held_on:%Y-%m-%d}")


@officers_page
def scenario(request: HttpRequest, pk: int, scenario_pk: int) -> HttpResponseBase:
    """A scenario, file by file; with POST, it is saved, or counted again without being saved."""
    tried = _scenario(pk, scenario_pk)
    tries = tries_of(tried)
    facts = MeetingFacts.of(tried.committee, tries)
    projects = [project for key, project in facts.projects.items() if key in tries]
    form = ScenarioForm(tried.name, tries, projects)
    version, counted = tried.version, tries
    if request.method == "POST":
        if "mettre-a-jour" in request.POST:
            return _brought(request, tried)
        form = ScenarioForm(tried.name, tries, projects, request.POST)
        seen = states.seen(request.POST, PAGE).get("version", "")
        is_valid = form.is_valid()
        if "recalculer" in request.POST or not is_valid:
            version = whole_number(seen) or version  # what a colleague saved meanwhile is told when one saves
        elif (answer := _saved(request, tried, form, seen)) is not None:
            return answer
        else:
            version = Scenario.objects.filter(pk=tried.pk).values_list("version", flat=True).first() or version
        counted = form.tries
    plan = application_plan(tried)
    context: dict[str, Any] = {
        "committee": tried.committee,
        "scenario": tried,
        "form": form,
        "seen": states.seal({"version": str(version)}, PAGE),
        "tally": facts.tally(counted),
        "envelope": facts.envelope,
        "granting": " ".join(GRANTING),
        "plan": plan,
        "is_recounted": "recalculer" in request.POST,
    }
    return shown(request, "programming/scenario.html", context)


def _saved(request: HttpRequest, tried: Scenario, form: ScenarioForm, seen: str) -> HttpResponseBase | None:
    """Save what is typed; nothing where it may not be, which the form then says."""
    try:
        programmings.save_scenario(tried, name=form.name, tries=form.tries, seen=seen, by=signed_in(request))
    except RowsRefused as refused:
        form.tell(refused)
        return None
    except ScenarioConflict as conflict:
        form.sentence = conflict.messages[0]
        form.show_theirs(tries_of(conflict.scenario))
        return None
    except ValidationError as error:
        form.sentence = error.messages[0]
        return None
    messages.success(request, "Le scénario est enregistré. Rien n’est proposé ni décidé pour autant.")
    return redirect("projects:scenario", pk=tried.committee_id, scenario_pk=tried.pk)


def _brought(request: HttpRequest, tried: Scenario) -> HttpResponseBase:
    came, gone = programmings.bring_up_to_date(tried, by=signed_in(request))
    arrived = count_phrase(came, "dossier ajouté", "dossiers ajoutés")
    left = count_phrase(gone, "retiré", "retirés")
    messages.success(request, f"Le scénario est à jour : {arrived}, {left}. Relisez-le avant de l’appliquer.")
    return redirect("projects:scenario", pk=tried.committee_id, scenario_pk=tried.pk)


@officers_page
def scenario_apply(request: HttpRequest, pk: int, scenario_pk: int) -> HttpResponseBase:
    """What applying a scenario would change; with POST, do it; with « annuler », put back what was proposed before."""
    tried = _scenario(pk, scenario_pk)
    sentences: list[str] = []
    if request.method == "POST":
        try:
            if "annuler" in request.POST:
                changed = undo_scenario(tried, by=signed_in(request))
                done = "C’est annulé : les propositions d’avant sont revenues"
            else:
                seen = states.seen(request.POST, PAGE).get("version", "")
                changed = apply_scenario(tried, seen=seen, by=signed_in(request))
                done = "Le scénario est appliqué : ses montants sont proposés au comité"
        except ScenarioNotApplied as refused:
            sentences = refused.sentences
            tried = _scenario(pk, scenario_pk)
        else:
            number = count_phrase(changed, "proposition changée", "propositions changées")
            messages.success(request, f"{done} ({number}). Le comité reste à décider.")
            return redirect(reverse("projects:scenarios", args=[pk]))
    plan = application_plan(tried)
    context = {
        "committee": tried.committee,
        "scenario": tried,
        "plan": plan,
        "sentences": sentences or ([] if tried.applied_at else plan.sentences),
        "is_refused": bool(sentences),
        "seen": states.seal({"version": str(tried.version)}, PAGE),
    }
    return shown(request, "programming/apply.html", context)
