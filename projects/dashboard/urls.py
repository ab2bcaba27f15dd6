from django.urls import path

from projects.dashboard.views import own, year

urlpatterns = [
    path("tableau-de-bord/", year.dashboard, name="dashboard"),
    path("ma-page/", own.own_page, name="own_page"),
    path("ma-page/sujets/", own.subjects, name="own_subjects"),
]
