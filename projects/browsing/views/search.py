"""The search of the framework, which says what the projects have of words that it does not have."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict

from axes.http import Versions, public_page
from axes.search_views import results_page
from projects.browsing.filters import ProjectFilter
from projects.figures.addresses import list_address
from projects.figures.periods import ALL


@public_page
def search(request: HttpRequest, versions: Versions) -> HttpResponse:
    def projects(words: str) -> dict[str, Any]:
        query = QueryDict(mutable=True)
        query["q"], query["annee"] = words, ALL
        project_filter = ProjectFilter(query, versions.in_force)
        return {
            "projects": project_filter.number() if project_filter.is_active else 0,
            "projects_address": list_address(q=words, annee=ALL),
        }

    return results_page(request, versions, projects)
