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
    asked = Queue(request.GET, signed_in(request))
    page = Paginator(asked.found, PAGE).get_page(request.GET.get("page"))
    context = {
        "asked": asked,
        "page": page,
        "parts": asked.parts(page.object_list),
        "figures": asked.figures(),
        "ways": {
            "total": asked.figure_address(),
            "late": asked.figure_address(retard="1"),
            **{outcome: asked.figure_address(tri="montant", decision=outcome) for outcome in OUTCOMES},
            **{turn.name: asked.figure_address(tour=turn.name) for turn in TURNS[:3]},
        },
        "kept": OWN,  # filters that the form has no field for
        "choices": asked.choices(),
        "sorts": SORTS,
        "late_after": asked.campaign.late_after_days if asked.campaign else LATE_AFTER,
        "committees": Committee.objects.all()[:5],
    }
    return shown(request, "instruction/queue.html", context)


queue.is_filtered = True  # type: ignore[attr-defined]  # its address names no empty field
