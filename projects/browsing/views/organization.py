"""The page of an organisation: what it leads in a year, with what money, for whom."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from axes.http import Versions, public_page
from cohesion.lib.http import paged
from projects.browsing.reader import reads_all
from projects.browsing.views.listing import complete
from projects.browsing.views.panels import panel_source
from projects.browsing.views.years import year_control
from projects.catalogue import publicity
from projects.catalogue.models import Project
from projects.choices import MoneyItem
from projects.figures import figures
from projects.figures.addresses import list_address
from projects.figures.lasting import otherwise
from projects.figures.periods import ALL, Period
from projects.members.models import Organization

PAGE = 25


@public_page
def organization(request: HttpRequest, versions: Versions, pk: int) -> HttpResponse:
    """An organisation that leads a published project, alone or beside another, whatever the year.

    Raises:
        Http404: there is none, or nothing of it is public.
    """
    lead = get_object_or_404(Organization.objects.select_related("commune"), pk=pk)
    led = Project.objects.published().led_by(lead)
    keys = frozenset(led.values_list("pk", flat=True))
    if not keys:
        raise Http404("Cette structure ne porte aucun projet public.")
    framework = versions.in_force
    period = Period.from_query(request.GET)
    running = keys & figures.running(framework, period)
    projects = complete(Project.objects.filter(pk__in=running).order_by("kind", "code_key", "code"), framework)
    context = {
        "organization": lead,
        **year_control(request, framework, period),
        **paged(request, projects, PAGE, anchor="projets", length=len(running)),
        "panel": panel_source(request, framework, period).panel(keys, porteur=str(lead.pk)),
        "shows_granted": publicity.is_public(MoneyItem.GRANTED) or reads_all(request),
        "ever": len(keys),
        "ever_address": list_address(porteur=lead.pk, annee=ALL),
        "otherwise": otherwise(keys, figures.spans(framework), period.year),
    }
    return render(request, "projects/organization.html", context)
