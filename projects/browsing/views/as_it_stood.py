"""A framework as it stood on the evening of a day: its text, who served it, and the figures, at an address to cite."""

import datetime
from collections.abc import Iterable, Set
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from axes import addresses, as_of, document, markup, outline
from axes import views as framework_views
from axes.http import Versions, public_page
from axes.levels import COLUMN_LEVELS, announced_words
from axes.models import Framework, Orientation
from cohesion.lib.dates import plain_date
from cohesion.lib.evenings import past_day
from cohesion.lib.http import changed_address, paged
from projects.browsing.exports import FORMATS
from projects.browsing.reader import reads_all
from projects.browsing.views.years import year_control
from projects.catalogue import publicity
from projects.catalogue.models import Project
from projects.choices import MoneyItem
from projects.figures import as_of as past_projects
from projects.figures.addresses import projects_as_it_stood
from projects.figures.as_of import PastFigures, PastProject
from projects.figures.periods import Period
from projects.members.models import Organization
from projects.territory.models import Territory

PAGE = 50
DIRECT = "direct"


@public_page
def evenings(request: HttpRequest, versions: Versions, slug: str) -> HttpResponse:
    """The days on which a version changed, and the form that asks for another; ``?jour=`` leads to its page."""
    framework = framework_views.find_version(request, versions, slug)
    raw = request.GET.get("jour", "").strip()
    day = past_day(raw, timezone.localdate())
    if day is not None:
        return HttpResponseRedirect(addresses.evening_address(framework, day))
    context = {**_days(framework), "framework": framework, "ignored": raw[:20]}
    return framework_views.private(framework, render(request, "projects/evenings.html", context))


def _days(framework: Framework) -> dict[str, Any]:
    return {
        "days": as_of.days_of_change(framework),
        "first_evening": as_of.first_evening(framework),
        "public_evening": as_of.public_evening(framework),
        "today": timezone.localdate(),
    }


@dataclass(frozen=True)
class Evening:
    """A version on an evening, and what its figures were: None where nothing is known yet of the projects."""

    present: Framework
    day: datetime.date
    past: as_of.PastTree
    period: Period
    figures: PastFigures | None

    @property
    def framework(self) -> Framework:
        return self.past.framework

    def projects_address(self, **parameters: str) -> str:
        """The list of the projects of that evening in the same year."""
        return projects_as_it_stood(self.framework, self.period, **parameters)


def read_evening(request: HttpRequest, versions: Versions, slug: str, raw: str) -> Evening | HttpResponse:
    """What an address asks; else the page that says why nothing can be told of that evening.

    Of an evening on which the version was in preparation, a stranger to it reads nothing.
    """
    framework = framework_views.find_version(request, versions, slug)
    day = past_day(raw, timezone.localdate())
    past = as_of.past_tree(framework, day) if day else None
    is_hidden = past is not None and past.framework.is_draft and not request.user.has_perm("axes.view_framework")
    if day is None or past is None or is_hidden:
        context = {
            **_days(framework),
            "framework": framework,
            "day": day,
            "raw": _in_words(raw),
            "is_hidden": is_hidden,
        }
        return framework_views.private(framework, render(request, "projects/no_evening.html", context, status=404))
    period = Period.from_query(request.GET, today=day)
    first = past_projects.first_evening()
    figures = None
    if first is not None and first <= day and not past.framework.is_draft:
        state = past_projects.state_of(versions.in_force, day).of_year(period.year)
        if not past.framework.is_reference:  # it does not speak of all that was done, only of what served it
            state = state.linked(past.nodes)
        figures = PastFigures.of(state, past.nodes, versions.in_force)
    return Evening(framework, day, past, period, figures)


def _in_words(raw: str) -> str:
    """What an address gives for a day, as one reads it: « 30 novembre 2026 », or what is written there."""
    try:
        return plain_date(datetime.date.fromisoformat(raw))
    except ValueError:
        return raw[:20]


@public_page
def as_it_stood(request: HttpRequest, versions: Versions, slug: str, day: str) -> HttpResponse:
    evening = read_evening(request, versions, slug, day)
    if isinstance(evening, HttpResponse):
        return evening
    nodes, figures = evening.past.nodes, evening.figures
    is_large = len(nodes) > document.LARGE
    is_table_apart = is_large and request.GET.get("tableau") == framework_views.WHOLE
    context = {
        **_common(request, versions, evening),
        **_days(evening.present),
        "level_counts": framework_views.level_counts(nodes),
        "axes": [node.orientation for node in nodes if node.parent is None],
        "outline": framework_views.PLACE,
        "table": framework_views.PLACE,
        "is_folded": outline.is_folded(nodes),
        "is_table_apart": is_table_apart,
        "table_address": f"?tableau={framework_views.WHOLE}#tableau" if is_large and not is_table_apart else "",
        "headings": zip(COLUMN_LEVELS, evening.framework.column_titles, strict=True),
        "projects_address": evening.projects_address(),
        "granted": figures.state.granted if figures and shows_granted(request) else None,
        "communes": _communes(evening),
        "announced_words": announced_words(len(figures.announced_served) if figures else 0),
    }
    rows = [] if is_large and not is_table_apart else [markup.table(nodes, is_corrected=False)]
    if not is_table_apart:
        tallies = figures.served.tallies if figures else None
        closed = outline.closed_branches(nodes, request.GET)
        rows.insert(0, markup.outline(nodes, tallies, closed, evening.period.suffix))
    page = render_to_string("projects/as_it_stood.html", context, request)
    return framework_views.private(evening.present, HttpResponse(framework_views.filled(page, rows)))


def _common(request: HttpRequest, versions: Versions, evening: Evening) -> dict[str, Any]:
    """What all pages of an evening say."""
    years = range(evening.day.year - 2, evening.day.year + 2)
    return {
        **year_control(request, versions.in_force, evening.period, offered=years),
        "evening": evening,
        "figures": evening.figures,
        "framework": evening.framework,
        "present": evening.present,
        "reads_all": reads_all(request),
        "first_of_projects": past_projects.first_evening(),
        "framework_files": _files(evening, "axes:evening_file", ("pdf", *FORMATS)),
        "project_files": _files(evening, "axes:evening_projects_file", FORMATS) if evening.figures else [],
    }


def _files(evening: Evening, name: str, formats: Iterable[str]) -> list[tuple[str, str]]:
    """Each format and the address of the file, of the same year."""
    day, suffix = evening.day.isoformat(), evening.period.suffix
    return [(form.upper(), f"{reverse(name, args=[evening.present.slug, day, form])}{suffix}") for form in formats]


def shows_granted(request: HttpRequest) -> bool:
    return reads_all(request) or publicity.is_public(MoneyItem.GRANTED)


def _communes(evening: Evening) -> list[tuple[Territory, int, str]]:
    """The communes that had a project, how many, and their list."""
    served = evening.figures.communes_served if evening.figures else []
    return [(commune, len(keys), evening.projects_address(commune=commune.code)) for commune, keys in served]


# --- the lists ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PastRow:
    """A project as it was: a copy that is in no table, what it served of the framework, and what it was granted in
    cents. ``is_public``: still now, so that its page is there for anybody."""

    project: Project
    main: list[Orientation]
    others: list[Orientation]
    granted: int | None
    is_public: bool

    @property
    def lead(self) -> str:
        """Its structure; one that was deleted since has no name any more."""
        return self.project.organization.name if self.project.organization_id else ""


@public_page
def projects(request: HttpRequest, versions: Versions, slug: str, day: str) -> HttpResponse:
    """The projects of that evening, in a commune where the address names one."""
    evening = read_evening(request, versions, slug, day)
    if isinstance(evening, HttpResponse):
        return evening
    if evening.figures is None:
        raise Http404("Rien n’est connu des projets de ce soir-là.")
    keys: Set[int] = evening.figures.state.projects.keys()
    code = request.GET.get("commune", "").strip()
    held = next((row for row in evening.figures.communes if row[0].code == code), None)
    context = {
        **_common(request, versions, evening),
        **_listed(request, evening, held[1] if held else keys),
        "commune": held[0] if held else None,
        "ignored": "" if held or not code else code[:20],
        "whole_address": evening.projects_address(),
    }
    return framework_views.private(evening.present, render(request, "projects/projects_as_it_stood.html", context))


@public_page
def orientation(request: HttpRequest, versions: Versions, slug: str, day: str, code: str) -> HttpResponse:
    """An orientation as it stood, and the projects that served it or what followed from it."""
    evening = read_evening(request, versions, slug, day)
    if isinstance(evening, HttpResponse):
        return evening
    bearers = [node for node in evening.past.nodes if node.orientation.code.lower() == code.lower()]
    if not bearers:
        raise Http404("Aucune orientation ne portait ce code ce soir-là.")
    node = next((node for node in bearers if node.orientation.code == code), bearers[0])
    if node.orientation.code != code:
        return HttpResponsePermanentRedirect(addresses.orientation_address(node.orientation))
    is_direct = request.GET.get("compter") == DIRECT
    figures = evening.figures
    present = Orientation.objects.filter(pk=node.pk).first()
    if present is not None:
        present.framework = evening.present
    context = {
        **_common(request, versions, evening),
        **(_listed(request, evening, figures.served.projects(node.pk, direct=is_direct)) if figures else {}),
        "node": node,
        "orientation": node.orientation,
        "above": [above.orientation for above in node.path],
        "children": [child.orientation for child in node.children],
        "tally": figures.served.tallies[node.pk] if figures else None,
        "tallies": figures.served.tallies if figures else None,
        "is_direct": is_direct,
        "direct_address": f"{changed_address(request, compter=DIRECT, page=None)}#fait",
        "branch_address": f"{changed_address(request, compter=None, page=None)}#fait",
        "now": present,
        "now_address": addresses.orientation_address(present) if present else "",
    }
    return framework_views.private(evening.present, render(request, "projects/orientation_as_it_stood.html", context))


def _listed(request: HttpRequest, evening: Evening, keys: Set[int]) -> dict[str, Any]:
    """A page of these projects, by code: those that anybody may still read by name, the others counted alone, but for
    who reads the instruction."""
    if evening.figures is None:
        return {}
    named = named_keys(request, evening, keys)
    listed = paged(request, named, PAGE, length=len(named))
    has_granted = shows_granted(request)
    return {
        "number": len(keys),
        "unnamed": len(keys) - len(named),
        **listed,
        "rows": past_rows(evening, listed["page"].object_list, shows_granted=has_granted),
        "shows_granted": has_granted,
    }


def named_keys(request: HttpRequest, evening: Evening, keys: Set[int]) -> list[int]:
    """Those of these projects of the evening that the reader may read by name, by code."""
    state = evening.figures.state.projects if evening.figures else {}
    named = keys if reads_all(request) else _still_public(keys)
    return sorted(named, key=lambda pk: (state[pk].code, pk))


def _still_public(keys: Iterable[int]) -> set[int]:
    return set(Project.objects.published().order_by().filter(pk__in=keys).values_list("pk", flat=True))


def past_rows(evening: Evening, keys: Iterable[int], *, shows_granted: bool) -> list[PastRow]:
    """These projects as they were, in two queries."""
    state = evening.figures.state.projects if evening.figures else {}
    shown = {pk: state[pk] for pk in keys}
    public = _still_public(shown)
    leads = Organization.objects.in_bulk({project.organization_id for project in shown.values()})
    linked = {node.pk: node.orientation for node in evening.past.nodes}
    return [
        _row(pk, project, leads, linked, shows_granted=shows_granted, is_public=pk in public)
        for pk, project in shown.items()
    ]


def _row(
    pk: int,
    past: PastProject,
    leads: dict[int, Organization],
    linked: dict[int, Orientation],
    *,
    shows_granted: bool,
    is_public: bool,
) -> PastRow:
    project = Project(
        pk=pk,
        code=past.code,
        title=past.title,
        kind=past.kind,
        host_id=past.host_id,
        status=past.status,
        starts_on=past.starts_on,
        ends_on=past.ends_on,
        organization=leads.get(past.organization_id),
    )
    served = [linked[key] for key in linked if key in past.orientations]
    main = [orientation for orientation in served if orientation.pk in past.main]
    others = [orientation for orientation in served if orientation.pk not in past.main]
    return PastRow(project, main, others, past.granted if shows_granted else None, is_public)
