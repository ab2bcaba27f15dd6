"""The page of somebody who reads the whole programme, an elected official first: what they follow before the rest."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from axes import document
from axes.choices import FrameworkStatus
from axes.document import Node
from axes.models import Framework
from cohesion.lib.forms import RowsField, offer
from cohesion.lib.nouns import Noun
from cohesion.lib.people import signed_in
from cohesion.lib.queries import InFrench
from cohesion.lib.widgets import TickList
from projects.browsing.views.years import year_control
from projects.catalogue import publicity
from projects.choices import QUARTERS, TerritoryKind
from projects.dashboard.following import FollowedSubjects, follow, followed_by
from projects.figures import figures
from projects.figures.addresses import place_parameters
from projects.figures.panel import FiguresPanel, PanelSource
from projects.figures.periods import Period
from projects.instructing.sheet import proposals
from projects.instructing.views.door import readers_page, shown
from projects.instructing.waiting import coming_committee
from projects.territory.models import Territory

FIRST_FILES = 5  # of the coming committee


@readers_page
@require_safe
def own_page(request: HttpRequest) -> HttpResponseBase:
    """The year of what they follow, the coming committee, the frameworks that are being prepared, then the whole."""
    framework = Framework.objects.in_force().select_related("programme").first()
    nodes = document.kept(framework)
    period = Period.from_query(request.GET)
    source = PanelSource.of(framework, period, publicity.readable_by(request.user), exact=True)
    subjects = followed_by(signed_in(request), nodes)
    coming = coming_committee(timezone.localdate())
    year_figures = figures.of_period(framework, nodes, period)
    context = {
        **year_control(request, framework, period),
        "subjects": _panels(framework, nodes, source, subjects),
        "panel": source.panel(),
        "headlines": figures.headlines(nodes, year_figures),
        "coming": coming,
        "files": list(proposals(coming.committee)[:FIRST_FILES]) if coming else [],
        "drafts": Framework.objects.filter(status=FrameworkStatus.DRAFT),
    }
    return shown(request, "dashboard/own.html", context)


def _panels(
    framework: Framework | None, nodes: list[Node], source: PanelSource, subjects: FollowedSubjects
) -> list[tuple[Territory | Node, FiguresPanel]]:
    """What the year says of each subject: no query beside what is kept."""
    places = figures.places(framework).members
    panels: list[tuple[Territory | Node, FiguresPanel]] = []
    for territory in subjects.territories:
        panels.append((territory, source.panel(places.get(territory.pk, set()), **place_parameters(territory))))
    for node in subjects.orientations:
        panels.append((node, source.of_orientation(nodes, node)))
    return panels


class SubjectsForm(forms.Form):
    """Places and orientations: none is needed."""

    territories = RowsField(
        label="Communes et quartiers",
        required=False,
        queryset=Territory.objects.none(),
        widget=TickList(noun=Noun("territoire", "territoires")),
    )
    orientations = forms.MultipleChoiceField(
        label="Sujets de votre délégation", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, roots: list[Node], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ours = Q(kind=TerritoryKind.COMMUNE, is_in_perimeter=True) | Q(kind__in=QUARTERS)
        living = Territory.objects.on(timezone.localdate()).filter(ours).defer("outline")
        territories = self.fields["territories"]
        assert isinstance(territories, forms.ModelMultipleChoiceField)
        territories.queryset = living.order_by("kind", InFrench("name"))
        names = [(str(node.pk), f"{node.orientation.badge}. {node.orientation.name}") for node in roots]
        offer(self, "orientations", names)


@readers_page
def subjects(request: HttpRequest) -> HttpResponseBase:
    """Choose what their page shows first."""
    framework = Framework.objects.in_force().first()
    nodes = document.kept(framework)
    roots = [node for node in nodes if node.parent is None]
    user = signed_in(request)
    if request.method == "POST":
        form = SubjectsForm(roots, request.POST)
        if form.is_valid():
            chosen = set(form.cleaned_data["orientations"])
            follow(user, form.cleaned_data["territories"], [node for node in roots if str(node.pk) in chosen], roots)
            messages.success(request, "C’est noté : votre page commence par ces sujets.")
            return redirect("projects:own_page")
    else:
        followed = followed_by(user, roots)
        initial = {
            "territories": [territory.pk for territory in followed.territories],
            "orientations": [str(node.pk) for node in followed.orientations],
        }
        form = SubjectsForm(roots, initial=initial)
    return shown(request, "dashboard/subjects.html", {"form": form})
