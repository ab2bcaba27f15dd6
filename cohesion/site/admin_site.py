"""The officers' screens, behind the one login of the site."""

import datetime
import platform
from typing import Any

import django
from django.contrib import admin
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cohesion import __version__
from cohesion.audit import AuditKind
from cohesion.imports.models import FileImport, every_import
from cohesion.lib.http import ExtraContext
from cohesion.lib.people import signed_in
from cohesion.models import AuditEvent
from cohesion.screens import Screen
from cohesion.site.desk import desk, grouped
from projects.messaging.models import Message

BACKUP_EVERY = datetime.timedelta(hours=36)  # a night that was missed shows


@require_safe
def state(request: HttpRequest) -> HttpResponse:
    """
    Raises:
        PermissionDenied: to whoever is no administrator.
    """
    if not signed_in(request).is_superuser:
        raise PermissionDenied
    backup, check = _last(AuditKind.BACKUP), _last(AuditKind.TREE_CHECKED)
    context = {
        **admin.site.each_context(request),
        "title": "État de l’installation",
        "versions": versions(),
        "backup": backup,
        "backup_is_late": backup is None or timezone.now() - backup.at > BACKUP_EVERY,
        "check": check,
        "faults": check.after["restants"] if check and check.after else 0,
        "imports": [
            (model._meta.verbose_name_plural, model._default_manager.filter(state=FileImport.State.READY).count())
            for model in every_import()
        ],
        "waiting": Message.objects.to_send().unread().filter(failure="").count(),
        "failed": Message.objects.exclude(failure="").count(),
    }
    return render(request, "admin/cohesion/state.html", context)


def versions() -> list[tuple[str, str]]:
    """The software, and what it stands on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()" if connection.vendor == "sqlite" else "SHOW server_version")
        database = cursor.fetchone()[0]
    return [
        ("Logiciel", __version__),
        ("Django", django.get_version()),
        ("Python", platform.python_version()),
        (connection.display_name, database),
    ]


def _last(kind: AuditKind) -> AuditEvent | None:
    return AuditEvent.objects.filter(kind=kind).first()  # the newest first


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
