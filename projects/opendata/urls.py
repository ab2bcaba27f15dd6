from django.urls import path, register_converter

from projects.opendata import feeds, views


class OpenFileConverter:
    """The name of a file: ``projets.csv``, ``projets.excel.csv``."""

    regex = r"[a-z]+\.(?:excel\.)?[a-z]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(OpenFileConverter, "open_file")

urlpatterns = [
    path("donnees/", views.index, name="open_data"),
    path("donnees/catalogue.jsonld", views.catalogue_file, name="open_catalogue"),
    path("donnees/flux/projets.atom", feeds.new_projects, name="feed_projects"),
    path("donnees/flux/cadre.atom", feeds.framework_changes, name="feed_framework"),
    path("donnees/<open_file:file_name>", views.file, name="open_file"),
    path("donnees/<slug:table>/", views.dataset, name="open_dataset"),
    path("instruction/donnees/", views.lacking, name="open_lacking"),
]
