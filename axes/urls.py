from django.urls import path

from axes import search_views, views

app_name = "axes"
urlpatterns = [
    path("cadre/", views.cadre, name="cadre"),
    path("cadre/export.<str:format>", views.export, name="export"),
    path("cadre/<slug:slug>/", views.version, name="version"),
    path("cadre/<slug:slug>/export.<str:format>", views.version_export, name="version_export"),
    path("cadre/<slug:slug>/orientations/<str:code>/", views.version_orientation, name="version_orientation"),
    path("orientations/<str:code>/", views.orientation, name="orientation"),
    path("recherche/", search_views.search_page, name="search"),
]
