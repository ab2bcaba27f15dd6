from django.urls import path

from projects.declaring.views import declarations, pages, request_pdf

urlpatterns = [
    path("espace/", declarations.home, name="space"),
    path("espace/declarations/nouvelle/", declarations.new, name="declaration_new"),
    path("espace/declarations/<int:pk>/", declarations.declaration, name="declaration"),
    path("espace/declarations/<int:pk>/verifier/", declarations.check, name="declaration_check"),
    path("espace/declarations/<int:pk>/deposer/", declarations.hand_in, name="declaration_hand_in"),
    path("espace/declarations/<int:pk>/renoncer/", declarations.give_up, name="declaration_give_up"),
    path("espace/declarations/<int:pk>/reconduire/", declarations.take_up_again, name="declaration_renew"),
    path("espace/declarations/<int:pk>/demande.pdf", request_pdf.request_pdf, name="request_pdf"),
    path("espace/declarations/<int:pk>/<slug:slug>/", pages.page, name="declaration_page"),
]
