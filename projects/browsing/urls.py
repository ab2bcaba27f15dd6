from django.urls import path

from projects.browsing.views import comparing, coverage, listing, offers, organization, territories, territory

urlpatterns = [
    path("projets/", listing.project_list, name="list"),
    path("projets/export.<str:format>", listing.export, name="export"),
    path("projets/<str:code>/", listing.project_detail, name="detail"),
    path("structures/<int:pk>/", organization.organization, name="organization"),
    path("territoires/", territories.territories, name="territories"),
    path("territoires/export.<str:format>", territories.export, name="territories_export"),
    path("territoires/comparer/", comparing.compare, name="compare"),
    path("territoires/<str:code>/", territory.territory, name="territory"),
    path("couverture/", coverage.coverage, name="coverage"),
    path("couverture/export.csv", coverage.export, name="coverage_export"),
    path("couverture/besoins.csv", coverage.needs_export, name="needs_export"),
    path("couverture/offres/", offers.offers, name="offers"),
    path("couverture/offres.csv", offers.export, name="offers_export"),
]
