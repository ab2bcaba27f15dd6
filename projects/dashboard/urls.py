from django.urls import path

from projects.dashboard.views import money, year

urlpatterns = [
    path("tableau-de-bord/", year.dashboard, name="dashboard"),
    path("tableau-de-bord/argent/", money.money_page, name="dashboard_money"),
    path("tableau-de-bord/argent.<str:format>", money.export, name="dashboard_money_export"),
]
