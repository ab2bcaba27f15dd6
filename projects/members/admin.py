"""Inviting, from the officers' screens: the list with the state of each, a new link, and no link any more."""

import logging
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from cohesion.lib.http import ExtraContext, mail_address
from cohesion.lib.people import Person, signed_in
from projects.members import inviting as invitations
from projects.members.models import Invitation

logger = logging.getLogger(__name__)


class InvitationForm(ModelForm):
    """Asks the rules of :mod:`projects.members.inviting` before anything is written."""

    class Meta:
        model = Invitation
        fields = ("email", "organization", "role")

    token = ""
    by: Person

    def _post_clean(self) -> None:
        """The last of the checks writes it, so that a refusal stands in the form and nothing typed is lost."""
        super()._post_clean()
        if self.errors:
            return
        try:
            self.token = invitations.invite(invitation=self.instance, by=self.by)
        except ValidationError as error:
            self.add_error(None, error)


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin):
    purpose = (
        "Une invitation ouvre un compte à une personne, pour une structure ou pour un rôle. Son lien sert "
        "une fois, pendant trois jours."
    )
    form = InvitationForm
    list_display = ("email", "what", "shown_state", "invited_by", "created_at")
    list_filter = ("role", ("organization", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("organization", "invited_by")
    search_fields = ("email", "organization__name")
    actions = None
    fields = ("email", "organization", "role")
    change_form_template = "admin/projects/invitation.html"
    own_pages = {"renew": "<int:pk>/renouveler/", "revoke": "<int:pk>/revoquer/"}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Invitation]:
        """An officer sees those of leads."""
        offered = dict(invitations.roles_offered(signed_in(request)))
        return super().get_queryset(request).select_related("organization").filter(role__in=offered)

    def has_change_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        return False  # it is renewed or revoked, never rewritten

    def has_delete_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        return False

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: ExtraContext = None) -> HttpResponse:
        words = {"show_save_and_add_another": False, "show_save_and_continue": False}
        return super().add_view(request, form_url, {**words, **(extra_context or {})})

    def title_of(self, obj: Invitation | None, *, is_read: bool = False) -> str:
        return "Inviter quelqu’un" if obj is None else f"L’invitation de {obj.email}"

    def get_form(self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        if "role" in form.base_fields:
            form.base_fields["role"].choices = [("", "Choisissez…"), *invitations.roles_offered(signed_in(request))]
        form.by = request.user
        return form

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        who = {"fields": self.fields, "description": "Un lien part à cette adresse : il vaut trois jours."}
        if obj is None:
            return [("Qui, et pour faire quoi", who)]
        became = ("shown_state", "invited_by", ("created_at", "expires_at"))
        return [("Qui, et pour faire quoi", {"fields": self.fields}), ("Ce qu’elle devient", {"fields": became})]

    @admin.display(description="État", ordering="expires_at")
    def shown_state(self, invitation: Invitation) -> str:
        return invitation.state

    @admin.display(description="Pour être", ordering="role")
    def what(self, invitation: Invitation) -> str:
        return invitation.what

    def save_model(self, request: HttpRequest, obj: Invitation, form: Any, change: bool) -> None:
        """It is written by now; it is sent once that is sure."""
        transaction.on_commit(lambda: self._send(request, obj, form.token))

    def response_add(self, request: HttpRequest, obj: Invitation, post_url_continue: Any = None) -> HttpResponse:
        return self._back(obj)

    @method_decorator(require_POST)
    def renew_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send another link; the former serves no more."""
        invitation = self._get_invitation(request, pk)
        try:
            token = invitations.renew(invitation=invitation, by=signed_in(request))
        except ValidationError as error:
            self.message_user(request, error.messages[0], messages.ERROR)
        else:
            self.log_change(request, invitation, "Renouvelée.")
            self._send(request, invitation, token)
        return self._back(invitation)

    @method_decorator(require_POST)
    def revoke_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        invitation = self._get_invitation(request, pk)
        try:
            invitations.revoke(invitation=invitation, by=signed_in(request))
        except ValidationError as error:
            self.message_user(request, error.messages[0], messages.ERROR)
        else:
            self.log_change(request, invitation, "Révoquée.")
            self.message_user(request, f"Le lien envoyé à {invitation.email} ne sert plus.", messages.SUCCESS)
        return self._back(invitation)

    def _get_invitation(self, request: HttpRequest, pk: int) -> Invitation:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return get_object_or_404(self.get_queryset(request), pk=pk)

    def _send(self, request: HttpRequest, invitation: Invitation, token: str) -> None:
        """The same words whether or not the address has an account."""
        path = reverse("projects:invitation_opened", args=[token])
        try:
            invitations.send(invitation, mail_address(request, path))
        except OSError:
            logger.exception("Une invitation n’est pas partie")
            sentence = "L’invitation est enregistrée, mais le message n’est pas parti : renouvelez-la dans un moment."
            self.message_user(request, sentence, messages.WARNING)
        else:
            sentence = f"Invitation envoyée à {invitation.email} : le lien vaut trois jours."
            self.message_user(request, sentence, messages.SUCCESS)

    def _back(self, invitation: Invitation) -> HttpResponseRedirect:
        if invitation.organization_id is None:
            return HttpResponseRedirect(reverse("admin:projects_invitation_changelist"))
        return HttpResponseRedirect(
            reverse("admin:projects_organization_change", args=[invitation.organization_id]) + "#invitations"
        )
