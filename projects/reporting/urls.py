from django.urls import path

from projects.reporting.views import attachments, report_pdf, reports

urlpatterns = [
    path("espace/bilans/<int:pk>/", reports.report, name="report"),
    path("espace/bilans/<int:pk>/remettre/", reports.hand_report, name="report_hand_in"),
    path("espace/declarations/<int:pk>/bilan.pdf", report_pdf.report_pdf, name="report_pdf"),
    path("espace/declarations/<int:pk>/pieces/ajouter/", attachments.add, name="attachment_add"),
    path("espace/structures/<int:pk>/", attachments.organization, name="space_organization"),
    path("espace/pieces/<int:pk>/", attachments.download, name="attachment"),
    path("espace/pieces/<int:pk>/retirer/", attachments.take_away, name="attachment_remove"),
]
