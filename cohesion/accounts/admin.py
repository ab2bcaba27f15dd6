"""What an administrator does with somebody's account at their request: hand over what is held, and erase it."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from cohesion.accounts.erasing import erase, foreseen, refusal
from cohesion.accounts.held import as_file, held
from cohesion.accounts.tokens import revoke
from cohesion.audit import AuditKind, record
from cohesion.lib.admin import AdministratorsAdmin, ReadOnlyAdmin, admin_page
from cohesion.lib.http import ExtraContext
from cohesion.lib.people import signed_in
from cohesion.lib.text import count_phrase, whole_number
from cohesion.models import ApiToken, User


class ErasureForm(forms.Form):
    """The second step: whoever erases writes which account, so that it is no other."""

    confirmation = forms.CharField(label="Pour confirmer, écrivez", max_length=254)
    in_files = forms.BooleanField(
        label="Ôter aussi son nom et ses adresses des dossiers, des fiches et de leur historique", required=False
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.expected = user.email or user.username
        self.fields["confirmation"].label = f"Pour confirmer, écrivez « {self.expected} »"

    def clean_confirmation(self) -> str:
        typed = self.cleaned_data["confirmation"].strip()
        if typed.lower() != self.expected.lower():
            raise ValidationError("Ce n’est pas ce compte : rien n’est effacé.")
        return typed


class PersonalDataMixin(admin.ModelAdmin):
    """The screens ``donnees`` and ``effacer`` of an account, for administrators; Django's deletion gives way to them:
    it would take what the account did, or be refused because of it.
    """

    change_form_template = "admin/cohesion/account.html"
    own_pages = {"erase": "<int:pk>/effacer/", "held": "<int:pk>/donnees/", "held_file": "<int:pk>/donnees.json"}

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An erased account is nobody's, for ever."""
        return (obj is None or obj.erased_at is None) and super().has_change_permission(request, obj)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: ExtraContext = None) -> HttpResponse:
        pk = whole_number(object_id)
        if pk is None:
            raise Http404("Ce compte n’existe pas.")
        return HttpResponseRedirect(reverse("admin:cohesion_user_erase", args=[self._account(request, pk).pk]))

    def erase_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say what would become of all that hangs on the account; erase it, once its address was written."""
        user, by = self._account(request, pk), request.user
        form = ErasureForm(request.POST or None, user=user)
        why_not = refusal(user, by)  # type: ignore[arg-type]
        if request.method == "POST" and not why_not and form.is_valid():
            try:
                gone = erase(user=user, by=by, in_files=form.cleaned_data["in_files"])  # type: ignore[arg-type]
            except ValidationError as error:
                why_not = error.messages[0]
            else:
                self.log_change(request, gone, "Compte effacé.")
                self.message_user(request, f"C’est fait. Ce qu’il a fait porte désormais : « {gone} ».")
                return HttpResponseRedirect(reverse("admin:cohesion_user_changelist"))
        context = {
            "account": user,
            "form": form,
            "refusal": why_not,
            **foreseen(user),
        }
        return admin_page(self, request, "cohesion/erase.html", "Effacer un compte", **context)

    @method_decorator(require_safe)
    def held_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = self._account(request, pk)
        record(AuditKind.ACCOUNT_READ, on=user)
        address = reverse("admin:cohesion_user_held_file", args=[pk])
        return render(request, "account/held.html", {"account": user, "sections": held(user), "file": address})

    @method_decorator(require_safe)
    def held_file_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = self._account(request, pk)
        record(AuditKind.ACCOUNT_READ, on=user)
        return as_file(user, held(user))

    def _account(self, request: HttpRequest, pk: int) -> User:
        if not request.user.is_superuser:
            raise PermissionDenied
        return get_object_or_404(User, pk=pk)


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin, AdministratorsAdmin):
    purpose = "Les jetons par lesquels des logiciels lisent et écrivent au nom de quelqu’un. Chacun fait les siens."
    list_display = ("name", "prefix", "user", "opens", "state_words", "expires_at", "last_used_at")
    list_filter = ("expires_at",)
    list_select_related = ("user",)
    search_fields = ("name", "prefix", "user__email")
    fields = ("name", "prefix", "user", "opens", "created_at", "expires_at", "revoked_at", "last_used_at")
    readonly_fields = ("opens",)
    actions = ("revoke_tokens",)

    @admin.display(description="Ce qu’il ouvre")
    def opens(self, token: ApiToken) -> str:
        return ", ".join(token.scope_labels)

    @admin.display(description="État")
    def state_words(self, token: ApiToken) -> str:
        return token.state

    @admin.action(description="Révoquer", permissions=["view"])
    def revoke_tokens(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> None:
        closed = [token for token in queryset if revoke(token, by=signed_in(request))]
        number = count_phrase(len(closed), "jeton n’ouvre plus rien", "jetons n’ouvrent plus rien")
        self.message_user(request, f"{number}.", messages.SUCCESS)
