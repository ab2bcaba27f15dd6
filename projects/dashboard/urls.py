from django.urls import path

from projects.dashboard import feed
from projects.dashboard.views import changes, money, own, people, results, when, year

urlpatterns = [
    path("tableau-de-bord/", year.dashboard, name="dashboard"),
    path("tableau-de-bord/argent/", money.money_page, name="dashboard_money"),
    path("tableau-de-bord/argent.<str:format>", money.export, name="dashboard_money_export"),
    path("tableau-de-bord/personnes/", people.people_page, name="dashboard_people"),
    path("tableau-de-bord/personnes.<str:format>", people.export, name="dashboard_people_export"),
    path("tableau-de-bord/resultats/", results.results_page, name="dashboard_results"),
    path("tableau-de-bord/resultats.<str:format>", results.export, name="dashboard_results_export"),
    path("tableau-de-bord/changements/", changes.changes_page, name="dashboard_changes"),
    path("tableau-de-bord/changements.<str:format>", changes.export, name="dashboard_changes_export"),
    path("tableau-de-bord/calendrier/", when.actions_calendar, name="dashboard_calendar"),
    path("tableau-de-bord/decisions.atom", feed.decisions, name="dashboard_feed"),
    path("ma-page/", own.own_page, name="own_page"),
    path("ma-page/sujets/", own.subjects, name="own_subjects"),
]
