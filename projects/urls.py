"""What is done, where, and for which orientation. Before the addresses of the framework, some of which it completes."""

from django.urls import path

from projects.views import coverage, listing, offers, orientations, territories, territory

app_name = "projects"
urlpatterns = [
    path("projets/", listing.project_list, name="list"),
    path("projets/export.<str:format>", listing.export, name="export"),
    path("projets/<int:pk>/", listing.project_detail, name="detail"),
    path("cadre/", orientations.cadre, name="cadre"),
    path("orientations/<str:code>/", orientations.orientation, name="orientation"),
    path("territoires/", territories.territories, name="territories"),
    path("territoires/<str:code>/", territory.territory, name="territory"),
    path("couverture/", coverage.coverage, name="coverage"),
    path("couverture/export.csv", coverage.export, name="coverage_export"),
    path("couverture/besoins.csv", coverage.needs_export, name="needs_export"),
    path("couverture/offres/", offers.offers, name="offers"),
    path("couverture/offres.csv", offers.export, name="offers_export"),
]
