from django.urls import path

from projects.agenda import views

urlpatterns = [
    path("calendrier/", views.calendar, name="calendar"),
    path("calendrier/abonnement/", views.subscribe, name="calendar_subscribe"),
    path("calendrier/calendrier.ics", views.public_file, name="calendar_file"),
    path("calendrier/<str:token>.ics", views.own_file, name="calendar_own_file"),
]
