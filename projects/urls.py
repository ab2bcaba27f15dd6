"""What is done, where, and for which orientation. Before the addresses of the framework, some of which it completes."""

from django.urls import path

from projects.views import coverage, listing, orientations, territories
from projects.views.instruction import committee, file, queue

app_name = "projects"
urlpatterns = [
    path("projets/", listing.project_list, name="list"),
    path("projets/export.<str:format>", listing.export, name="export"),
    path("projets/<int:pk>/", listing.project_detail, name="detail"),
    path("cadre/", orientations.cadre, name="cadre"),
    path("orientations/<str:code>/", orientations.orientation, name="orientation"),
    path("territoires/", territories.territories, name="territories"),
    path("territoires/<str:code>/", territories.territory, name="territory"),
    path("couverture/", coverage.coverage, name="coverage"),
    path("couverture/export.csv", coverage.export, name="coverage_export"),
    path("instruction/", queue.queue, name="instruction"),
    path("instruction/<int:pk>/", file.file, name="instruction_file"),
    path("instruction/comite/<int:pk>/", committee.committee, name="instruction_committee"),
    path("instruction/comite/<int:pk>/feuille.<str:format>", committee.sheet_file, name="instruction_sheet"),
    path("instruction/comite/<int:pk>/import/", committee.sheet_import, name="instruction_import"),
    path("instruction/comite/<int:pk>/import/<int:job_pk>/", committee.sheet_job, name="instruction_import_job"),
]
