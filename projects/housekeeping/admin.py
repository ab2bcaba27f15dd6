"""Organisations, the files that bring many, and the merging of two that are the same."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse

from cohesion.history import HistoryAdmin
from cohesion.imports.admin import TableAdmin
from cohesion.imports.columns import ColumnField
from cohesion.imports.screens import ImportWords
from cohesion.lib.admin import admin_page
from cohesion.lib.forms import offer_rows
from cohesion.lib.http import ExtraContext
from cohesion.lib.people import signed_in
from cohesion.lib.text import whole_number
from cohesion.lib.widgets import folded
from cohesion.screens import Lines
from projects.catalogue.admin.deletion import DeletionAdmin
from projects.choices import TerritoryKind
from projects.housekeeping.merging import merge_organizations
from projects.members.importing import OrganizationImporter, model_file
from projects.members.models import Invitation, Membership, Organization
from projects.territory.models import Territory

WORDS = ImportWords(
    introduction="Déposez un tableau de structures : un aperçu montre ce qui serait créé ou modifié.",
    back="Revenir aux structures",
    rules=(
        "Une ligne est retrouvée par son numéro, sinon par son SIRET, son RNA ou son nom ; sinon, elle est nouvelle.",
        "Une colonne absente laisse ce qui est là ; une cellule vide vide la valeur, sauf un SIRET ou un RNA connu.",
        "Un nom qui ressemble à une structure connue est signalé : vérifiez avant de la créer deux fois.",
        "Une structure absente du fichier reste telle qu’elle est : un import ne supprime ni ne fusionne rien.",
    ),
    kinds={"created": "Créées", "changed": "Modifiées"},
    unchanged="Inchangées",
    title="Nom",
    code="SIRET ou RNA",
)


class MergeForm(forms.Form):
    merged = forms.ModelChoiceField(
        label="Structure en double",
        queryset=Organization.objects.none(),
        help_text="Tout ce qui s’y rattache passe à la structure gardée, puis elle disparaît.",
    )
    despite_siret = forms.BooleanField(label="Fusionner même si les SIRET diffèrent", required=False)

    def __init__(self, keep: Organization, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Organization.objects.exclude(pk=keep.pk)
        offer_rows(self, "merged", others, lambda row: f"{row.name} ({row.siret or 'sans SIRET'})")


class MembershipInline(Lines):
    model = Membership
    help = "Les comptes qui agissent pour elle. Pour quelqu’un qui n’en a pas, invitez-le au bas de la page."
    classes = ("collapse",)
    fields = (("user", "role"),)
    extra = 0


@admin.register(Organization)
class OrganizationAdmin(TableAdmin, DeletionAdmin, HistoryAdmin):
    purpose = (
        "Les associations, communes et services qui portent les projets. Un tableau en ajoute plusieurs à la fois ; "
        "deux fiches de la même structure se réunissent en une, sans rien perdre."
    )
    importer = OrganizationImporter
    model_file = staticmethod(model_file)
    words = WORDS
    list_display = ("name", "acronym", "kind", "commune", "siret")
    list_filter = ("kind",)
    list_select_related = ("commune",)
    search_fields = ("name", "acronym", "siret")
    inlines = (MembershipInline,)
    actions = None
    writers_only = ("note",)
    change_form_template = "admin/projects/organization.html"
    own_pages = {"merge": "<int:pk>/fusionner/"}

    def get_fieldsets(self, request: HttpRequest, obj: Organization | None = None) -> Any:
        """What one needs to name it, then what its file will ask."""
        what = {
            "fields": (("name", "acronym"), ("kind", "commune"), "siret"),
            "description": "Son nom et sa nature suffisent ; le SIRET évite de la créer deux fois.",
        }
        numbers = folded(obj, ("legal_form", "rna"), "siret_pending", say="Ce qu’un dossier de subvention demande.")
        contact = folded(
            obj, "representative", ("email", "phone"), "address", say="Qui la représente, et où lui écrire."
        )
        note = folded(obj, "note", say="Pour les agents : personne d’autre ne la lit.")
        parts = [("La structure", what), ("Ses autres numéros", numbers), ("La joindre", contact), ("Note", note)]
        return self.legible(request, obj, parts)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A seat is in a commune, not in a quarter or in the whole agglomeration; what is said already stays."""
        if db_field.name == "commune":
            seats = Organization.objects.filter(commune__isnull=False).values("commune")
            kwargs["queryset"] = Territory.objects.filter(Q(kind=TerritoryKind.COMMUNE) | Q(pk__in=seats))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: ExtraContext = None
    ) -> HttpResponse:
        """With the invitations of the organisation, for whoever may invite."""
        key = whole_number(object_id)
        may_invite = request.user.has_perm("projects.add_invitation")
        context = {
            "may_invite": may_invite,
            "members": Membership.objects.filter(organization=key).select_related("user"),
            "invitations": Invitation.objects.filter(organization=key).select_related("organization", "invited_by"),
            **(extra_context or {}),
        }
        return super().change_view(request, object_id, form_url, context)

    def export_columns(self, request: HttpRequest) -> Sequence[ColumnField]:
        """What the form shows: a note is for whoever may change it."""
        hidden = self._hidden(request, None)
        return [column for column in super().export_columns(request) if column.attribute not in hidden]

    def history_names(self, obj: Organization) -> dict[int, str]:
        return dict(Territory.objects.values_list("pk", "name"))

    def merge_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Choose the organisation that is the same as this one, and make them one."""
        keep = get_object_or_404(Organization, pk=pk)
        if not self.has_change_permission(request, keep):
            raise PermissionDenied
        form = MergeForm(keep, request.POST or None)
        if request.method == "POST" and form.is_valid() and self._merged(request, keep, form):
            return HttpResponseRedirect(reverse("admin:projects_organization_change", args=[pk]))
        return admin_page(self, request, "projects/merge.html", f"Fusionner avec « {keep.name} »", keep=keep, form=form)

    def _merged(self, request: HttpRequest, keep: Organization, form: MergeForm) -> bool:
        merged = form.cleaned_data["merged"]
        try:
            merge_organizations(
                keep=keep, merged=merged, by=signed_in(request), despite_siret=form.cleaned_data["despite_siret"]
            )
        except ValidationError as error:
            form.add_error(None, error)
            return False
        self.log_change(request, keep, f"Fusion de « {merged.name} » (n° {merged.pk}).")
        self.message_user(request, f"« {merged.name} » est fusionnée dans « {keep.name} ».", messages.SUCCESS)
        return True
