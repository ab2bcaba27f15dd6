"""``/instruction/annuaire/``: the directory of the officers, and its file."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from cohesion.audit import AuditKind, record
from cohesion.lib.http import filtered, paged
from cohesion.lib.spreadsheets import CONTENT_TYPES, known_format, table_file
from cohesion.lib.text import hidden_character, squeeze
from projects.choices import OrganizationKind
from projects.directory.contacts import entries, organizations, table
from projects.instructing.views.door import shown, writers_page

PAGE = 40
MOST_SEARCHED = 100  # characters


@filtered
@writers_page
@require_safe
def directory(request: HttpRequest) -> HttpResponseBase:
    """The structures that the address asks for, a page at a time."""
    words, kind = _filters(request)
    context = paged(request, organizations(words, kind).select_related("commune"), PAGE)
    context |= {
        "entries": entries(context["page"].object_list),
        "words": words,
        "kind": kind,
        "kinds": {"": "Toutes", **dict(OrganizationKind.choices)},
        "formats": list(CONTENT_TYPES),
        "query": f"?{request.GET.urlencode()}" if words or kind else "",
    }
    return shown(request, "instruction/directory.html", context)


@writers_page
@require_safe
def directory_file(request: HttpRequest, format: str) -> HttpResponseBase:
    """All the pages together, as a file; which is an event of the log.

    Raises:
        Http404: no such format.
    """
    known_format(format)
    words, kind = _filters(request)
    record(AuditKind.EXPORT, on="annuaire", after={"filtres": dict(request.GET.lists())}, request=request)
    return table_file(table(organizations(words, kind)), format, f"annuaire-{timezone.localdate():%Y-%m-%d}")


def _filters(request: HttpRequest) -> tuple[str, str]:
    """The words and the kind asked for; what means nothing is left aside."""
    words, kind = squeeze(request.GET.get("q", ""))[:MOST_SEARCHED], request.GET.get("nature", "")
    return "" if hidden_character(words) else words, kind if kind in OrganizationKind.values else ""
