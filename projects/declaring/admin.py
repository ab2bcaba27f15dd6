"""Calls for projects, and who may hand in after their closing."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import Count
from django.http import HttpRequest

from cohesion.history import HistoryAdmin
from cohesion.lib.forms import moment_input
from cohesion.lib.text import number_fr
from projects.declaring.models import Campaign, ExpectedPiece, LateLeave

MOMENTS: Any = {models.DateTimeField: {"form_class": forms.DateTimeField, "widget": moment_input()}}


class LateLeaveInline(admin.StackedInline):
    formfield_overrides = MOMENTS
    model = LateLeave
    fields = ("organization", "until", "reason", "by", "at")
    readonly_fields = ("by", "at")
    extra = 1  # also without scripts


class ExpectedPieceInline(admin.StackedInline):
    model = ExpectedPiece
    fields = ("moment", "kind", "rule")
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
    formfield_overrides = MOMENTS
    inlines = (ExpectedPieceInline, LateLeaveInline)
    actions = None
    fieldsets = (
        (None, {"fields": ("name", "year", "text", "contact_email", "is_published")}),
        ("Quand", {"fields": ("opens_at", "closes_at", "committee_on", "report_due_on", "late_after_days")}),
        ("Combien", {"fields": ("budget",)}),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(number=Count("declarations"))

    @admin.display(description="dossiers", ordering="number")
    def declared(self, campaign: Any) -> str:
        return number_fr(campaign.number)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """A leave names who gives it; who changes it afterwards gives it anew."""
        if formset.model is not LateLeave:
            super().save_formset(request, form, formset, change)
            return
        for leave in formset.save(commit=False):
            leave.by = request.user
            leave.save()
        for leave in formset.deleted_objects:
            leave.delete()
