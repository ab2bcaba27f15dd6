from django.urls import URLPattern

app_name = "axes"
urlpatterns: list[URLPattern] = []
