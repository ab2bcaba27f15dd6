"""``/instruction/ressemblances/``: actions near the same, and aims that come back under several axes."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from axes.models import Framework
from cohesion.audit import AuditKind, record
from cohesion.lib.http import filtered, paged
from cohesion.lib.spreadsheets import CONTENT_TYPES, known_format, table_file
from cohesion.lib.text import whole_number
from projects.instructing.alike import compared, pair_rows, table
from projects.instructing.views.door import officers_page, shown
from projects.resembling.aims import RecurringAim, recurring_aims
from projects.resembling.pairs import MOST, YearActions, near_pairs, year_actions

PAGE = 30
BEFORE, AFTER = 4, 1  # years that one may ask for, around this one


@dataclass(frozen=True)
class AskedYear:
    """The year that the address asks for; this one where it asks for none, or for what means nothing (``ignored``)."""

    year: int
    ignored: str

    @property
    def choices(self) -> dict[str, str]:
        this = timezone.localdate().year
        return {str(year): str(year) for year in range(this + AFTER, this - BEFORE - 1, -1)}

    @property
    def chosen(self) -> str:
        return str(self.year)


def _asked_year(request: HttpRequest) -> AskedYear:
    this = timezone.localdate().year
    raw = request.GET.get("annee", "")
    year = whole_number(raw)
    if year is not None and this - BEFORE <= year <= this + AFTER:
        return AskedYear(year, "")
    return AskedYear(this, "Année\u00a0: cette valeur ne désigne rien, ce filtre est laissé de côté." if raw else "")


def _question_of(request: HttpRequest) -> tuple[AskedYear, YearActions, Framework | None]:
    framework, question = Framework.objects.in_force().first(), _asked_year(request)
    return question, year_actions(compared(request.user), framework, question.year), framework


@filtered
@officers_page
@require_safe
def pairs(request: HttpRequest) -> HttpResponseBase:
    """The pairs of a year that are near the same, a page at a time."""
    question, actions, _ = _question_of(request)
    context = paged(request, near_pairs(actions), PAGE)
    context |= {
        "asked": question,
        "compared": len(actions.projects),
        "is_cut": actions.is_cut,
        "rows": pair_rows(actions, context["page"].object_list),
        "formats": list(CONTENT_TYPES),
        "most": MOST,
    }
    return shown(request, "instruction/pairs.html", context)


@officers_page
@require_safe
def pairs_file(request: HttpRequest, format: str) -> HttpResponseBase:
    """All the pairs of a year, as a file; which is an event of the log.

    Raises:
        Http404: no such format.
    """
    known_format(format)
    question, actions, _ = _question_of(request)
    record(AuditKind.EXPORT, on="ressemblances", after={"filtres": dict(request.GET.lists())}, request=request)
    return table_file(table(pair_rows(actions, near_pairs(actions))), format, f"ressemblances-{question.year}")


@filtered
@officers_page
@require_safe
def aims(request: HttpRequest) -> HttpResponseBase:
    """The subjects that come back under several axes; with ``sujet``, the actions about one of them."""
    question, actions, framework = _question_of(request)
    recurring = recurring_aims(actions, framework)
    name, axis = request.GET.get("sujet", ""), request.GET.get("axe", "")
    chosen = next((aim for aim in recurring if aim.label == name), None)
    context: dict[str, Any] = paged(request, recurring, PAGE)
    context |= {
        "asked": question,
        "compared": len(actions.projects),
        "is_cut": actions.is_cut,
        "chosen": chosen,
        "axis": axis if chosen and any(share.axis.code == axis for share in chosen.shares) else "",
        "is_unknown": bool(name) and chosen is None,
        "most": MOST,
    }
    if chosen is not None:
        context["listed"] = [actions.projects[pk] for pk in _about(chosen, context["axis"])]
    return shown(request, "instruction/aims.html", context)


def _about(aim: RecurringAim, axis: str) -> tuple[int, ...]:
    """The actions about a subject, all or those under one axis."""
    return next((share.actions for share in aim.shares if share.axis.code == axis), aim.actions)
