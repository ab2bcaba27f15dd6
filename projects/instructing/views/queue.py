"""The queue: what waits for whom, since when, and what is late."""

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from cohesion.lib.people import signed_in
from projects.instructing.models import Committee
from projects.instructing.queue import OUTCOMES, OWN, SORTS, Queue
from projects.instructing.turns import LATE_AFTER, TURNS
from projects.instructing.views.door import officers_page, shown

PAGE = 50


@officers_page
@require_safe
def queue(request: HttpRequest) -> HttpResponseBase:
    """The files that the address asks for, a page at a time."""
    queue = Queue(request.GET, signed_in(request))
    page = Paginator(queue.projects, PAGE).get_page(request.GET.get("page"))
    context = {
        "asked": queue,
        "page": page,
        "parts": queue.parts(page.object_list),
        "figures": queue.figures(),
        "ways": {
            "total": queue.figure_address(),
            "late": queue.figure_address(retard="1"),
            **{outcome: queue.figure_address(tri="montant", decision=outcome) for outcome in OUTCOMES},
            **{turn.name: queue.figure_address(tour=turn.name) for turn in TURNS[:3]},
        },
        "kept": OWN,  # filters that the form has no field for
        "choices": queue.choices(),
        "sorts": SORTS,
        "late_after": queue.campaign.late_after_days if queue.campaign else LATE_AFTER,
        "committees": Committee.objects.all()[:5],
    }
    return shown(request, "instruction/queue.html", context)


queue.is_filtered = True  # type: ignore[attr-defined]  # its address names no empty field
