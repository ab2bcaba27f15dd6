"""The queue: what waits for whom, since when, and what is late."""

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from cohesion.lib.http import filtered, turned
from cohesion.lib.list_filters import remember_filters
from cohesion.lib.people import signed_in
from projects.instructing.models import Committee
from projects.instructing.queue import EVERY_TURN, OUTCOMES, OWN, SORTS, WAITING, Queue
from projects.instructing.turns import LATE_AFTER
from projects.instructing.views.assigning import AssignForm, last_assignment
from projects.instructing.views.door import officers_page, shown
from projects.instructing.walk import walk

PAGE = 50
OPENS = "ouvrir"  # the search of the desk: what names a single file opens it


@filtered
@officers_page
@require_safe
def queue(request: HttpRequest) -> HttpResponseBase:
    """The files that the address asks for, a page at a time."""
    queue = Queue(request.GET, signed_in(request))
    if OPENS in request.GET and (only := only_file(queue)):
        return redirect("projects:instruction_file", pk=only)
    remember_filters(request)
    page = Paginator(queue.listed, PAGE).get_page(request.GET.get("page"))
    figures = queue.figures()
    context = {
        "asked": queue,
        **turned(page, lambda number: reverse("projects:instruction") + queue.address(page=number)),
        "parts": queue.parts(page.object_list),
        "first": walk(queue),
        "people": AssignForm(auto_id="affecter-%s")["to"],
        "given": last_assignment(request),
        "figures": figures,
        "rest": queue.rest(figures),
        "ways": {
            "total": queue.figure_address(tour=EVERY_TURN),
            "late": queue.figure_address(retard="1"),
            **{outcome: queue.figure_address(tri="montant", decision=outcome) for outcome in OUTCOMES},
            **{turn.name: queue.figure_address(tour=turn.name) for turn in WAITING},
        },
        "kept": OWN,  # filters that the form has no field for
        "choices": queue.choices(),
        "sorts": SORTS,
        "late_after": queue.campaign.late_after_days if queue.campaign else LATE_AFTER,
        "committees": Committee.objects.all()[:5],
    }
    return shown(request, "instruction/queue.html", context)


def only_file(queue: Queue) -> int | None:
    """The key of the file that the address asks for, where it is alone."""
    keys = list(queue.filter().order_by().values_list("pk", flat=True)[:2]) if "q" in queue.values else []
    return keys[0] if len(keys) == 1 else None
