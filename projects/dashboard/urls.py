from django.urls import path

from projects.dashboard.views import year

urlpatterns = [
    path("tableau-de-bord/", year.dashboard, name="dashboard"),
]
