from django.urls import path

from projects.members import views

urlpatterns = [
    path("invitation/", views.answer, name="invitation"),
    path("invitation/<str:token>/", views.opened, name="invitation_opened"),
]
