from django.urls import path

from axes import search_views

app_name = "axes"
urlpatterns = [
    path("recherche/", search_views.search_page, name="search"),
]
