from django.urls import path

from projects.directory import views

urlpatterns = [
    path("instruction/annuaire/", views.directory, name="instruction_directory"),
    path("instruction/annuaire/annuaire.<str:format>", views.directory_file, name="instruction_directory_file"),
]
