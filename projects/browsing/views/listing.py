"""The list of projects, its files, and the sheet of one project."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from axes.family import contains
from axes.http import Versions, public_page
from axes.models import Framework, Orientation
from cohesion.lib.http import Counted, base_url, turned
from cohesion.lib.queries import InFrench
from cohesion.lib.spreadsheets import known_format, table_file
from projects.browsing import exports, sums
from projects.browsing.filters import ProjectFilter
from projects.browsing.reader import reader
from projects.browsing.views.panels import panel_source
from projects.browsing.views.years import year_control
from projects.catalogue import publicity, rules, served
from projects.catalogue.addresses import moved
from projects.catalogue.models import Contribution, Need, Offer, Partnership, Place, Project
from projects.catalogue.models.project import ProjectQuerySet
from projects.catalogue.pending import awaited_name
from projects.choices import MoneyItem, ProjectStatus
from projects.figures import figures, gaps, people, results
from projects.figures.breakdowns import runs_in, span, years
from projects.figures.facets import WITHOUT
from projects.figures.periods import ALL, Period
from projects.figures.results import IndicatorLine
from projects.figures.small_numbers import CLASSES, Counts, public
from projects.territory.models import Territory

PAGE = 25


@dataclass(frozen=True)
class ReachedLine:
    """A class of people: what was expected, then what the report of each year says; None where nothing is told."""

    label: str
    expected: int | None
    reached: list[tuple[int, int | None]]


@dataclass(frozen=True)
class Reached:
    """The people and the indicators of a project; ``hides``: whether there is a number that the reader may not read."""

    years: list[int]
    lines: list[ReachedLine]
    indicators: list[IndicatorLine]
    hides: bool

    @property
    def is_empty(self) -> bool:
        return not (self.lines or self.indicators or self.hides)


def reached_of(project: Project, *, exact: bool) -> Reached:
    """In five queries; nothing of a project that is not published. ``exact``: the reader may read every number."""
    own = Project.objects.published().filter(pk=project.pk)
    counts = people.read_counts(own)
    nothing: Counts = (None,) * len(CLASSES)
    declared = counts.declared.get(project.pk, nothing)
    reported = {year: counts.reported[year][project.pk] for year in sorted(counts.reported)}
    shown = declared if exact else public(declared)
    shown_by_year = {year: count if exact else public(count) for year, count in reported.items()}
    lines = []
    for place, label in enumerate(people.LABELS.values()):
        reached = [(year, count[place]) for year, count in shown_by_year.items()]
        if shown[place] is not None or any(number is not None for _, number in reached):
            lines.append(ReachedLine(label, shown[place], reached))
    hides = shown != declared or shown_by_year != reported
    indicators = results.lines(results.read_indicators(own), exact=exact)
    return Reached(list(shown_by_year), lines, indicators, hides)


# Filters that the form has no field for.
KEPT = ("cadre", "orientation", "territoire", "bilan", "reprise", "changement", "duree", "financeur", "credits")


def complete(projects: ProjectQuerySet, framework: Framework | None) -> ProjectQuerySet:
    """With all that a row shows, in a constant number of queries; outlines of territories are not read.

    Links are those to ``framework``, most often the one in force.
    """
    links = Contribution.objects.of(framework).order_by("-is_main", "orientation__tree_id", "orientation__lft")
    places = Place.objects.order_by(InFrench("territory__name"), "pk")
    return (
        projects.with_leads()
        .select_related("host")
        .prefetch_related(
            Prefetch("contributions", links),
            Prefetch(
                "contributions__orientation",
                Orientation.objects.select_related("framework").annotate(awaits=awaited_name(framework)),
            ),
            Prefetch("places", places),
            Prefetch("places__territory", Territory.objects.defer("outline")),
        )
    )


@public_page
def project_list(request: HttpRequest, versions: Versions) -> HttpResponse:
    """The published projects that the address asks for, a page at a time."""
    user = reader(request)
    project_filter = ProjectFilter(request.GET, versions.in_force, publicity.readable_by(user))
    projects = project_filter.ordered(
        complete(project_filter.filter(Project.objects.published()), project_filter.named or versions.in_force)
    )
    page = Counted(projects, PAGE, project_filter.number()).get_page(request.GET.get("page"))
    choices = project_filter.choices()
    outside = [(choice.value, choice.label) for choice in choices["annee"] if not choice.value.isdecimal()]
    context = {
        "asked": project_filter,
        **year_control(
            request,
            versions.in_force,
            project_filter.period,
            without="changement",
            others=outside,
            outside=project_filter.outside,
        ),
        **turned(page, lambda number: reverse("projects:list") + project_filter.address(page=number)),
        "year_total": project_filter.total(),
        "elsewhere": project_filter.elsewhere(),
        "choices": choices,
        "waiting": len(figures.waiting(versions.in_force)),
        "beside_only": _beside_only(versions, project_filter),
        "ways_out": [] if page.paginator.count else project_filter.ways_out(),
        "formats": exports.FORMATS,
        "kept": KEPT,
        "money": sums.of_list(project_filter, user),
        "shows_granted": MoneyItem.GRANTED in project_filter.readable,
    }
    return render(request, "projects/list.html", context)


def _beside_only(versions: Versions, project_filter: ProjectFilter) -> int:
    """Of a list of what has no link to the reference framework, how many serve another programme."""
    if project_filter.raw.get("axe") != WITHOUT or project_filter.raw.get("cadre"):
        return 0
    return len(figures.beside_only(versions.in_force, versions.beside, project_filter.keys()))


@public_page
def export(request: HttpRequest, versions: Versions, format: str) -> HttpResponseBase:
    """Exactly the rows that the list shows, in its order, all pages together."""
    known_format(format, exports.FORMATS)
    readable = publicity.readable_by(reader(request))
    project_filter = ProjectFilter(request.GET, versions.in_force, readable)
    projects = project_filter.ordered(project_filter.filter(Project.objects.published()))
    name = "-".join(("projets", *([project_filter.raw["annee"]] if "annee" in project_filter.values else [])))
    total = sums.of_rows(project_filter, AnonymousUser())  # the file is the same for everybody
    columns = exports.public_columns() if format == "csv" else exports.columns_for_people()
    table = exports.table(
        projects, columns, base_url=base_url(request), total=total, cofunding=sums.cofunding_of_rows(project_filter)
    )
    response = table_file(table, format, name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@public_page
def project_detail(request: HttpRequest, versions: Versions, code: str) -> HttpResponse:
    """The sheet of a project: what, for whom, where, for which orientations, with whom, when.

    Raises:
        Http404: there is none, or the reader may not know of it.
    """
    user = reader(request)
    visible = Project.objects.visible_to(user)
    project = complete(visible, versions.in_force).filter(code=code).first()
    if project is None:
        return moved(request, visible, code)
    links = list(project.contributions.all())
    beside = served.links_beside(project, versions.beside)
    former = served.former_links(project, [*links, *beside])
    offers = Offer.objects.filter(project=project).prefetch_related("sites__territory")
    needs = Need.objects.published().filter(heard_by=project)
    around = complete(Project.objects.published(), versions.in_force).order_by("kind", "code_key", "code")
    context = {
        "project": project,
        "money": sums.of_project(project, user),
        "reached": reached_of(project, exact=rules.may_read_money(user, project)),
        "is_own": rules.is_own(user, project),
        "is_co_led": not project.is_public and rules.is_co_led(user, project),
        "has_file": project.status != ProjectStatus.DRAFT and user.has_perm(rules.READ_INSTRUCTION),
        "links": list(zip(links, _paths(links), strict=True)),
        "beside": beside,
        "former": former,
        "is_waiting": any(link.waits for link in former),
        **(_parts(request, project, list(around.filter(host=project)), versions.in_force) if project.is_pst else {}),
        "siblings": around.filter(host=project.host_id).exclude(pk=project.pk) if project.host_id else [],
        "offers": offers,
        "needs": gaps.in_force(needs.select_related("territory", "orientation__framework")),
        "partners": _partners(project),
        "schemes": project.schemes.all(),
        "calendar": _calendar(project, offers),
    }
    return render(request, "projects/detail.html", context)


def _parts(request: HttpRequest, pst: Project, hosted: list[Project], framework: Framework | None) -> dict[str, Any]:
    """What a PST contains that runs in the year that the address asks, how much it contains in others, and the figures
    of the whole, itself included."""
    period = Period.from_query(request.GET)
    spans = {part.pk: span(part.starts_on, part.ends_on) for part in hosted}
    running = [part for part in hosted if period.year is None or runs_in(spans[part.pk], period.year)]
    whole = frozenset([pst.pk, *spans])
    return {
        "panel": panel_source(request, framework, period).panel(whole, pst=pst.code) if pst.is_public else None,
        "hosted": running,
        "hosted_elsewhere": len(hosted) - len(running),
        "hosted_ever": f"{request.path}?annee={ALL}#porte",
        **year_control(request, framework, period, offered=years(spans.values(), period.today)),
    }


def _partners(project: Project) -> list[str]:
    """The names of its partners; of a declaration, whose lead names them freely, only those that we know."""
    named = Partnership.objects.filter(project=project, organization=None, project__declaration=None)
    return [
        *project.partners.order_by(InFrench("name")).values_list("name", flat=True),
        *named.values_list("name", flat=True),
    ]


def _paths(links: Sequence[Contribution]) -> list[list[Orientation]]:
    """The ancestors of each orientation served, from the axis down, in one query for all."""
    trees = {link.orientation.tree_id for link in links}
    nodes = list(Orientation.objects.filter(tree_id__in=trees).select_related("framework").in_order())
    paths = []
    for link in links:
        paths.append([node for node in nodes if contains(node, link.orientation)])
    return paths


def _calendar(project: Project, offers: Iterable[Offer]) -> list[tuple[datetime.date, str]]:
    """What begins and what ends, in the order of the days: the project, then its offers."""
    spans = [("du projet", project.starts_on, project.ends_on)]
    spans += [(f"de « {offer.name} »", offer.starts_on, offer.ends_on) for offer in offers]
    begun = [(start, f"Début {name}") for name, start, _ in spans if start]
    ended = [(end, f"Fin {name}") for name, _, end in spans if end]
    return sorted(begun + ended, key=lambda point: point[0])
