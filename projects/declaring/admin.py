"""Calls for projects, and who may hand in after their closing."""

import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.forms import BaseForm, BaseFormSet
from django.http import HttpRequest
from django.utils import timezone

from axes.models import Framework
from cohesion.history import HistoryAdmin
from cohesion.lib.text import number_fr
from cohesion.lib.widgets import folded
from cohesion.screens import Lines
from projects.catalogue.due import LAST_DAY
from projects.declaring.models import Campaign, ExpectedPiece, LateLeave, LateReportLeave


class LateLeaveInline(Lines):
    model = LateLeave
    help = "Une structure qui peut encore déposer après la clôture, et pourquoi."
    classes = ("collapse",)
    fields = (("organization", "until"), "reason", ("by", "at"))
    readonly_fields = ("by", "at")
    extra = 1  # also without scripts


class LateReportLeaveInline(Lines):
    model = LateReportLeave
    help = "Une structure qui peut déposer bien qu’un de ses bilans soit en retard, et pourquoi."
    classes = ("collapse",)
    fields = ("organization", "reason", ("by", "at"))
    readonly_fields = ("by", "at")
    extra = 1  # also without scripts


class ExpectedPieceInline(Lines):
    model = ExpectedPiece
    help = "Ce qui se joint à la demande ou au bilan, et ce qui arrive quand cela manque."
    classes = ("collapse",)
    fields = (("moment", "kind", "rule"),)
    extra = 1  # also without scripts


@admin.register(Campaign)
class CampaignAdmin(HistoryAdmin):
    purpose = (
        "Un appel dit quand on dépose, avec quelles pièces et sur quelle enveloppe. Une fois annoncé, les "
        "porteurs le voient dans leur espace."
    )
    list_display = ("name", "year", "opens_at", "closes_at", "is_published", "declared")
    list_filter = ("is_published", "year")
    search_fields = ("name",)
    inlines = (ExpectedPieceInline, LateLeaveInline, LateReportLeaveInline)
    actions = None

    def get_fieldsets(self, request: HttpRequest, obj: Campaign | None = None) -> Any:
        """Its dates first: the rest may be said before it is announced."""
        when = {
            "fields": (("name", "year"), ("opens_at", "closes_at"), ("report_due_on", "committee_on")),
            "description": "Entre l’ouverture et la clôture, tout porteur peut déposer.",
        }
        programmes = ("programmes",) if Framework.objects.beside().exists() else ()
        announced = {
            "fields": ("text", "contact_email", *programmes, "is_published"),
            "description": "Annoncé, l’appel paraît dans l’espace de chaque porteur.",
        }
        return [
            ("L’appel", when),
            ("Ce qui est annoncé", announced),
            (
                "Pour les agents",
                folded(
                    obj,
                    ("budget", "late_after_days", "late_report_rule"),
                    say="L’enveloppe du comité, le délai de la file, et ce qui arrive quand un bilan est en retard.",
                ),
            ),
        ]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["widget"] = forms.CheckboxSelectMultiple()
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """From July on, one prepares the call of the next year; the report is due within the six months after it."""
        today = timezone.localdate()
        year = today.year + 1 if today.month > 6 else today.year
        proposed = {"year": year, "report_due_on": datetime.date(year + 1, *LAST_DAY)}
        return {**proposed, **super().get_changeform_initial_data(request)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).annotate(number=Count("declarations"))

    @admin.display(description="dossiers", ordering="number")
    def declared(self, campaign: Any) -> str:
        return number_fr(campaign.number)

    def save_formset(self, request: HttpRequest, form: BaseForm, formset: BaseFormSet, change: bool) -> None:
        """A leave names who gives it; who changes it afterwards gives it anew."""
        if formset.model not in (LateLeave, LateReportLeave):
            super().save_formset(request, form, formset, change)
            return
        for leave in formset.save(commit=False):
            leave.by = request.user
            leave.save()
        for leave in formset.deleted_objects:
            leave.delete()
