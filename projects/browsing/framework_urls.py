"""The addresses of the framework: each is declared here once, with what is done for it on the page."""

from django.urls import path

from axes import draft_views, views
from projects.browsing.views import as_it_stood, evening_files, orientations, perimeters, search, versions

app_name = "axes"
urlpatterns = [
    path("cadre/", orientations.cadre, name="cadre"),
    path("cadre/export.<str:format>", views.export, name="export"),
    path("cadre/comparer/", versions.compare, name="compare"),
    path("cadre/comparer/export.<str:format>", versions.export, name="compare_export"),
    path("cadre/<slug:slug>/", orientations.version, name="version"),
    path("cadre/<slug:slug>/export.<str:format>", views.version_export, name="version_export"),
    path("cadre/<slug:slug>/au/", as_it_stood.evenings, name="evenings"),
    path("cadre/<slug:slug>/au/<str:day>/", as_it_stood.as_it_stood, name="as_it_stood"),
    path("cadre/<slug:slug>/au/<str:day>/cadre.<str:format>", evening_files.orientations_file, name="evening_file"),
    path(
        "cadre/<slug:slug>/au/<str:day>/projets.<str:format>",
        evening_files.projects_file,
        name="evening_projects_file",
    ),
    path("cadre/<slug:slug>/au/<str:day>/projets/", as_it_stood.projects, name="projects_as_it_stood"),
    path(
        "cadre/<slug:slug>/au/<str:day>/orientations/<str:code>/",
        as_it_stood.orientation,
        name="orientation_as_it_stood",
    ),
    path("cadre/<slug:slug>/orientations/<str:code>/", orientations.version_orientation, name="version_orientation"),
    path("projet-de-cadre/<str:token>/", draft_views.opened, name="draft_opened"),
    path("projet-de-cadre/lire/<int:pk>/", draft_views.draft, name="draft"),
    path("orientations/<str:code>/perimetre/", perimeters.extension, name="extension"),
    path("orientations/<str:code>/", orientations.orientation, name="orientation"),
    path("recherche/", search.search_page, name="search"),
    path("recherche/suggestions/", search.suggestions, name="suggestions"),
]
