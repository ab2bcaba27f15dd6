"""The officers' screens, behind the one login of the site."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse

from cohesion.lib.http import ExtraContext
from cohesion.lib.people import signed_in
from cohesion.screens import Screen
from cohesion.site.desk import desk, grouped
from cohesion.site.state import state


class AgentSite(AdminSite):
    """The admin without a login or a password form of its own: limits and second factor have one door."""

    site_header = site_title = "Cohésion sociale et territoriale"
    index_title = "Bureau"

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Put :class:`cohesion.screens.Screen` under every screen, those of libraries included."""
        if admin_class is None:
            admin_class = Screen
        elif not issubclass(admin_class, Screen):
            body = {"__module__": admin_class.__module__, "__doc__": admin_class.__doc__}
            admin_class = type(admin_class)(admin_class.__name__, (admin_class, Screen), body)
        super().register(model_or_iterable, admin_class, **options)

    def get_urls(self) -> list[Any]:
        return [path("etat/", self.admin_view(state), name="state"), *super().get_urls()]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """The subjects in the order of the work; those of one application as Django lists them."""
        apps = super().get_app_list(request, app_label)
        if app_label:
            return apps
        return grouped(apps, instructs=signed_in(request).has_perm("projects.change_review"))

    def index(self, request: HttpRequest, extra_context: ExtraContext = None) -> Any:
        return super().index(request, desk(request, self.get_app_list(request)) | (extra_context or {}))

    def login(self, request: HttpRequest, extra_context: ExtraContext = None) -> HttpResponse:
        """To the login page; an agent who is in already, to the screens.

        Raises:
            PermissionDenied: somebody is logged in who is no agent.
        """
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def password_change(self, request: HttpRequest, extra_context: ExtraContext = None) -> Any:
        return redirect("account_change_password")

    def password_change_done(self, request: HttpRequest, extra_context: ExtraContext = None) -> Any:
        return redirect("account")
