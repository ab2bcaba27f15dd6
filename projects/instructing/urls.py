from django.urls import path

from projects.instructing.views import alike, assigning, committee, file, linking, queue

urlpatterns = [
    path("instruction/", queue.queue, name="instruction"),
    path("instruction/affecter/", assigning.assign, name="instruction_assign"),
    path("instruction/ressemblances/", alike.pairs, name="instruction_pairs"),
    path("instruction/ressemblances/actions.<str:format>", alike.pairs_file, name="instruction_pairs_file"),
    path("instruction/ressemblances/sujets/", alike.aims, name="instruction_aims"),
    path("instruction/<int:pk>/", file.file, name="instruction_file"),
    path("instruction/<int:pk>/rattachements/", linking.links, name="instruction_links"),
    path("instruction/comite/<int:pk>/", committee.committee, name="instruction_committee"),
    path("instruction/comite/<int:pk>/feuille.<str:format>", committee.sheet_file, name="instruction_sheet"),
    path("instruction/comite/<int:pk>/import/", committee.sheet_import, name="instruction_import"),
    path("instruction/comite/<int:pk>/import/<int:job_pk>/", committee.sheet_job, name="instruction_import_job"),
]
