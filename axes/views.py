"""The public pages of the framework. Each receives the public versions, read once (:mod:`axes.http`)."""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import zip_longest
from typing import Any, TypeVar

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string

from axes import addresses, adoption, document, family, markup, outline, wording
from axes.http import Versions, public_page
from axes.levels import BY_SLUG, COLUMN_LEVELS
from axes.models import Framework, Orientation
from axes.pdf import framework_pdf
from axes.word import files
from cohesion.lib.http import changed_address, file_answer

Context = dict[str, Any]
CORRECTED = "corrige"
WHOLE = "entier"  # the value of ``tableau`` that asks for the table of a large framework, on a page of its own
FORMATS = (*files.FORMATS, "pdf")


@public_page
def export(request: HttpRequest, versions: Versions, format: str) -> HttpResponse:
    if versions.in_force is None:
        raise Http404("Aucun cadre n’est en vigueur.")
    return _file(versions.in_force, format)


@public_page
def version_export(request: HttpRequest, versions: Versions, slug: str, format: str) -> HttpResponse:
    return _file(find_version(request, versions, slug), format)


def level_counts(nodes: list[document.Node]) -> list[dict[str, Any]]:
    """By level: how many orientations, and how many others have a cell that covers its column too."""
    own: Counter[str] = Counter()
    shared: Counter[str] = Counter()
    for node in nodes:
        orientation = node.orientation
        own[orientation.level] += 1
        if orientation.columns:
            shared.update(level for level in orientation.span if level != orientation.level)
    return [
        {"level": level, "slug": slug, "number": own[level], "shared": shared[level]} for slug, level in BY_SLUG.items()
    ]


def find_version(request: HttpRequest, versions: Versions, slug: str) -> Framework:
    """The version of that name.

    Raises:
        Http404: there is none, or it is in preparation and the reader is a stranger to it.
    """
    public = next((version for version in versions if version.slug == slug), None)
    if public is not None:
        return public
    draft = Framework.objects.filter(slug=slug).first()
    if draft is None or not request.user.has_perm("axes.view_framework"):
        raise Http404("Aucun cadre ne porte ce nom.")
    return draft


def framework_page(
    request: HttpRequest,
    versions: Versions,
    framework: Framework,
    count: Callable[[list[document.Node]], markup.Tallies] | None = None,
    suffix: str = "",
    more: Context | None = None,
) -> HttpResponse:
    """The page of a version; ``count`` tells how many projects serve each of its orientations, ``suffix`` is what
    their pages must be asked to count the same, and ``more`` is what else the template is given."""
    nodes = document.kept(framework)
    level = BY_SLUG.get(request.GET.get("niveau", ""))
    is_corrected = request.GET.get("texte") == CORRECTED
    is_large = len(nodes) > document.LARGE
    is_table_apart = is_large and request.GET.get("tableau") == WHOLE
    context = {
        "framework": framework,
        "others": versions.others(framework),
        "beside": versions.beside,
        "current": versions.current(framework),
        "counts": level_counts(nodes),
        "axes": [node.orientation for node in nodes if node.parent is None],
        "level": level,
        "rows": outline.at_level(nodes, level) if level else [],
        "outline": PLACE,
        "is_folded": outline.is_folded(nodes),
        "is_table_apart": is_table_apart,
        "table_address": f"?tableau={WHOLE}#tableau" if is_large and not is_table_apart else "",
        "headings": zip(COLUMN_LEVELS, framework.column_titles, strict=True),
        "table": PLACE,
        "is_corrected": is_corrected,
        "text_address": changed_address(request, texte=None if is_corrected else CORRECTED),
        "formats": FORMATS,
        **(more or {}),
    }
    rows = [] if is_large and not is_table_apart else [markup.table(nodes, is_corrected=is_corrected)]
    if not level and not is_table_apart:
        closed = outline.closed_branches(nodes, request.GET)
        rows.insert(0, markup.outline(nodes, count(nodes) if count else None, closed, suffix))
    page = render_to_string("axes/framework.html", context, request)
    return private(framework, HttpResponse(filled(page, rows)))


# Where the rows go in the page that the template makes: they are many, and each block around them would copy them.
# No text of the site holds this character.
PLACE = "\0"


def filled(page: str, rows: list[list[bytes]]) -> Iterator[str | bytes]:
    """The page with these rows in their places, in order."""
    for text, some in zip_longest(page.split(PLACE), rows, fillvalue=()):
        yield from (text, *some)


def orientation_page(
    request: HttpRequest,
    versions: Versions,
    framework: Framework,
    code: str,
    *,
    is_version: bool = False,
    template: str = "axes/orientation.html",
    more: Callable[[Orientation], Context] | None = None,
) -> HttpResponse:
    """The page of an orientation; ``more`` says what else its template is given."""
    address = addresses.version_orientation_address if is_version else addresses.orientation_address
    orientation = family.find(framework, code)
    if orientation is None:
        orientation = wording.present_bearer(framework, code)
        if orientation is None:
            raise Http404("Aucune orientation ne porte ce code.")
        orientation.framework = framework
    if orientation.code != code:
        return HttpResponsePermanentRedirect(address(orientation))
    current = versions.current(framework)
    context = {
        "framework": framework,
        "current": current,
        "today": _today(orientation, current) if framework.is_public and framework != current else [],
        "orientation": orientation,
        "family": family.read_family(orientation),
        "short_address": addresses.orientation_address(orientation),
        "version_address": addresses.version_orientation_address(orientation),
    }
    if more is not None:
        context |= more(orientation)
    return private(framework, render(request, template, context))


def _today(orientation: Orientation, current: Framework | None) -> list[Orientation]:
    """What an orientation of an archived framework became in the one in force of its programme."""
    became = adoption.became([orientation.pk], current)[orientation.pk] if current else ()
    return list(Orientation.objects.filter(pk__in=became).select_related("framework").in_order()) if became else []


def _file(framework: Framework, format: str) -> HttpResponse:
    """The framework as a file to keep."""
    if format == "pdf":
        content, content_type, name = framework_pdf(framework), "application/pdf", f"{framework.file_stem}.pdf"
    elif format in FORMATS:
        content, content_type, name = files.framework_file(framework, format)
    else:
        raise Http404("Ce format n’est pas proposé.")
    return private(framework, file_answer(content, content_type, name))


Response = TypeVar("Response", bound=HttpResponseBase)


def private(framework: Framework, response: Response) -> Response:
    """What is in preparation stays out of every cache."""
    if not framework.is_public:
        response.headers["Cache-Control"] = "no-store, private"
    return response
