from django.urls import path

from projects.papers import views

urlpatterns = [
    path("orientations/<str:code>/fiche.pdf", views.orientation, name="orientation_paper"),
    path("territoires/<str:code>/fiche.pdf", views.territory, name="territory_paper"),
    path("tableau-de-bord/programmation.pdf", views.book, name="dashboard_book"),
    path("instruction/comite/<int:pk>/dossier.pdf", views.committee, name="instruction_paper"),
    path("projets/<str:code>/fiche.pdf", views.project, name="project_paper"),
]
