"""What is done, where, and for which orientation. Before the addresses of the framework, some of which it completes."""

from django.urls import path

from projects.views import (
    coverage,
    demo_mails,
    invitation,
    listing,
    messages,
    offers,
    orientations,
    search,
    territories,
    territory,
)
from projects.views.instruction import committee, file, queue
from projects.views.space import attachments, declarations, pages, reports

app_name = "projects"
urlpatterns = [
    path("projets/", listing.project_list, name="list"),
    path("projets/export.<str:format>", listing.export, name="export"),
    path("projets/<int:pk>/", listing.project_detail, name="detail"),
    path("cadre/", orientations.cadre, name="cadre"),
    path("cadre/<slug:slug>/", orientations.version, name="version"),
    path("cadre/<slug:slug>/orientations/<str:code>/", orientations.version_orientation, name="version_orientation"),
    path("recherche/", search.search, name="search"),
    path("orientations/<str:code>/", orientations.orientation, name="orientation"),
    path("territoires/", territories.territories, name="territories"),
    path("territoires/export.<str:format>", territories.export, name="territories_export"),
    path("territoires/<str:code>/", territory.territory, name="territory"),
    path("invitation/", invitation.answer, name="invitation"),
    path("invitation/<str:token>/", invitation.opened, name="invitation_opened"),
    path("espace/", declarations.home, name="space"),
    path("espace/declarations/nouvelle/", declarations.new, name="declaration_new"),
    path("espace/declarations/<int:pk>/", declarations.declaration, name="declaration"),
    path("espace/declarations/<int:pk>/verifier/", declarations.check, name="declaration_check"),
    path("espace/declarations/<int:pk>/deposer/", declarations.hand_in, name="declaration_hand_in"),
    path("espace/declarations/<int:pk>/renoncer/", declarations.give_up, name="declaration_give_up"),
    path("espace/declarations/<int:pk>/reconduire/", declarations.take_up_again, name="declaration_renew"),
    path("espace/declarations/<int:pk>/pieces/ajouter/", attachments.add, name="attachment_add"),
    path("espace/declarations/<int:pk>/<slug:slug>/", pages.page, name="declaration_page"),
    path("espace/bilans/<int:pk>/", reports.report, name="report"),
    path("espace/bilans/<int:pk>/remettre/", reports.hand_report, name="report_hand_in"),
    path("espace/structures/<int:pk>/", attachments.organization, name="space_organization"),
    path("espace/pieces/<int:pk>/", attachments.download, name="attachment"),
    path("espace/pieces/<int:pk>/retirer/", attachments.take_away, name="attachment_remove"),
    path("espace/messages/", messages.message_list, name="messages"),
    path("espace/messages/<int:pk>/", messages.message, name="message"),
    path("demo/courriels/", demo_mails.mails, name="demo_mails"),
    path("demo/courriels/<int:pk>/", demo_mails.mail_as_html, name="demo_mail"),
    path("couverture/", coverage.coverage, name="coverage"),
    path("couverture/export.csv", coverage.export, name="coverage_export"),
    path("couverture/besoins.csv", coverage.needs_export, name="needs_export"),
    path("couverture/offres/", offers.offers, name="offers"),
    path("couverture/offres.csv", offers.export, name="offers_export"),
    path("instruction/", queue.queue, name="instruction"),
    path("instruction/<int:pk>/", file.file, name="instruction_file"),
    path("instruction/comite/<int:pk>/", committee.committee, name="instruction_committee"),
    path("instruction/comite/<int:pk>/feuille.<str:format>", committee.sheet_file, name="instruction_sheet"),
    path("instruction/comite/<int:pk>/import/", committee.sheet_import, name="instruction_import"),
    path("instruction/comite/<int:pk>/import/<int:job_pk>/", committee.sheet_job, name="instruction_import_job"),
]
