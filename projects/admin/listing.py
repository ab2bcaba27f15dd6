"""What a list of projects says of each: who leads it, what it answers to, where it stands, its money, its years."""

from typing import Any

from django.contrib import admin
from django.db.models import Prefetch
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from axes.hues import badge
from cohesion.lib.text import euros
from projects.catalogue.models import Contribution, Project


class ProjectListing(admin.ModelAdmin):
    """The columns that PST, PRH and actions share."""

    list_display: Any = ("code", "headline", "serves", "state", "requested_amount", "granted_amount", "period")
    list_display_links: Any = ("code", "headline")
    ordered_as = {"code": "code_key", "title": "search_text"}
    list_select_related = ("organization",)
    list_per_page = 50

    def list_prefetch(self) -> list[Any]:
        """What the columns read besides the project itself, once for the page."""
        links = Contribution.objects.in_force().filter(is_main=True).select_related("orientation__framework")
        return [Prefetch("contributions", links, to_attr="main_links")]

    @admin.display(description="Titre et structure", ordering="search_text")
    def headline(self, project: Project) -> SafeString:
        return format_html('<span class="title">{}</span> <span class="soft">{}</span>', project, project.organization)

    @admin.display(description="Répond à")
    def serves(self, project: Project) -> SafeString | str:
        """The main orientation, by its code; a dash says that there is none."""
        links: list[Contribution] = project.main_links  # type: ignore[attr-defined]  # of list_prefetch
        if not links:
            return "–"
        return badge(links[0].orientation)

    @admin.display(description="État", ordering="status")
    def state(self, project: Project) -> SafeString:
        return render_to_string("projects/_state.html", {"project": project})

    @admin.display(description="Demandé", ordering="requested")
    def requested_amount(self, project: Project) -> str:
        return euros(project.requested) if project.requested is not None else "–"

    @admin.display(description="Accordé", ordering="granted")
    def granted_amount(self, project: Project) -> str:
        return euros(project.granted) if project.granted is not None else "–"

    @admin.display(description="Années", ordering="starts_on")
    def period(self, project: Project) -> str:
        return project.years
