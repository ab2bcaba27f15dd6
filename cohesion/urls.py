"""Addresses of the site. Public ones are stable: they get cited in deliberations."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("axes.urls")),
]
