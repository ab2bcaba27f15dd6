"""The log, for administrators: read, filtered, taken away as CSV; nothing is written here."""

import json
from collections.abc import Iterator

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join

from cohesion.audit import AuditKind, record
from cohesion.lib.admin import AdministratorsAdmin, ReadOnlyAdmin, listed
from cohesion.lib.http import ExtraContext
from cohesion.lib.spreadsheets import Column, Table, table_file
from cohesion.models import AuditEvent

BATCH = 2_000


def _json(value: object) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def _legible(value: object) -> str:
    """What an event changed, as a page shows it: a line a name; the file keeps the bare values."""
    if not isinstance(value, dict):
        return _json(value) or "—"
    lines = ((name, held if isinstance(held, str) else _json(held)) for name, held in value.items())
    return format_html_join("", "<div>{} = {}</div>", lines) or "—"


COLUMNS = (
    Column("le (UTC)", lambda event: event.at.isoformat(timespec="seconds")),
    Column("événement", lambda event: event.get_kind_display()),
    Column("qui", lambda event: event.who),
    Column("compte", lambda event: event.account),
    Column("adresse", lambda event: event.address),
    Column("nature", lambda event: event.model),
    Column("n°", lambda event: event.key),
    Column("objet", lambda event: event.label),
    Column("avant", lambda event: _json(event.before)),
    Column("après", lambda event: _json(event.after)),
    Column("requête", lambda event: event.request),
)


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin, AdministratorsAdmin):
    purpose = "Qui est entré, qui a changé un droit, qui a exporté quoi. Le journal ne se modifie pas."
    list_display = ("at", "kind", "who", "address", "label")
    list_filter = ("kind", "at")
    ordered_as = {"who": "who", "address": "address", "label": "label"}  # too many rows for any other order
    search_fields = ("who", "label", "=address", "=request")
    search_help_text = "Qui (adresse électronique), objet, adresse réseau ou n° de requête"
    date_hierarchy = "at"
    show_full_result_count = False
    list_per_page = 50
    fields = (
        "moment",
        "kind",
        "who",
        "account",
        "address",
        "label",
        "model",
        "key",
        "value_before",
        "value_after",
        "request",
    )
    readonly_fields = ("moment", "value_before", "value_after")
    actions = None
    change_list_template = "admin/cohesion/audit_list.html"
    own_pages = {"export": "export.csv"}

    @admin.display(description="le (UTC)")
    def moment(self, event: AuditEvent) -> str:
        return event.at.isoformat(sep=" ", timespec="seconds")

    @admin.display(description="avant")
    def value_before(self, event: AuditEvent) -> str:
        return _legible(event.before)

    @admin.display(description="après")
    def value_after(self, event: AuditEvent) -> str:
        return _legible(event.after)

    def changelist_view(self, request: HttpRequest, extra_context: ExtraContext = None) -> HttpResponse:
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        address = f"{reverse('admin:cohesion_auditevent_export')}{query}"
        context = {"title": "Journal", "export_address": address, **(extra_context or {})}
        return super().changelist_view(request, context)

    def export_view(self, request: HttpRequest) -> FileResponse:
        """Exactly the events that the list shows with these filters, all pages together; which is an event itself."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        events: Iterator[AuditEvent] = listed(self, request).iterator(BATCH)
        record(AuditKind.EXPORT, on="journal", after={"filtres": dict(request.GET.lists())})
        response = table_file(Table.of("Journal", COLUMNS, events), "csv", f"journal-{timezone.localdate():%Y-%m-%d}")
        response.headers["Cache-Control"] = "no-store"
        return response
