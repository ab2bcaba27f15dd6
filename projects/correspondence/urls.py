from django.urls import path

from projects.correspondence.views import issued, making, previewing

urlpatterns = [
    path("instruction/<int:pk>/documents/", making.for_project, name="instruction_paper_make"),
    path("instruction/comite/<int:pk>/documents/", making.for_committee, name="instruction_committee_papers"),
    path("instruction/documents/", issued.papers, name="instruction_papers"),
    path("instruction/documents/apercu.pdf", previewing.preview, name="instruction_paper_preview"),
    path("instruction/documents/<int:pk>/", issued.paper, name="instruction_issued"),
    path("instruction/documents/<int:pk>/pdf/", issued.paper_pdf, name="instruction_issued_pdf"),
    path("instruction/documents/<int:pk>/word/", issued.paper_word, name="instruction_issued_word"),
    path("instruction/documents/<int:pk>/envoyer/", issued.send_paper, name="instruction_issued_send"),
    path("instruction/documents/editions/<int:pk>/", making.edition, name="instruction_issuing"),
    path("instruction/documents/editions/<int:pk>/envoyer/", issued.send_edition, name="instruction_issuing_send"),
    path("espace/documents/<int:pk>/", issued.lead_paper, name="space_paper"),
]
