"""How the installation is, on one page, for administrators."""

import datetime
import platform

import django
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cohesion import __version__
from cohesion.audit import AuditKind
from cohesion.imports.models import FileImport, every_import
from cohesion.lib.people import signed_in
from cohesion.models import AuditEvent
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
