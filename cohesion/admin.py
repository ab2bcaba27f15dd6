"""Accounts, roles and the audit log, for administrators."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join

from cohesion.accounts.admin import ApiTokenAdmin, PersonalDataMixin
from cohesion.accounts.contacts_admin import ContactsMixin
from cohesion.audit import AuditKind, record
from cohesion.audit.admin import AuditEventAdmin
from cohesion.lib.text import capital, fold
from cohesion.lib.widgets import permitted
from cohesion.models import User
from cohesion.roles import ROLES

__all__ = ["AccountAdmin", "ApiTokenAdmin", "AuditEventAdmin", "RoleAdmin"]

# Their secrets are nobody's to read; what an administrator may do with them stands on the account.
admin.site.unregister([EmailAddress, Authenticator, UserSession, Group])


@admin.register(User)
class AccountAdmin(ContactsMixin, PersonalDataMixin, UserAdmin):
    """Accounts with their roles; what each role may do is written in cohesion/roles.py.

    An account is opened by its address: without one, nobody logs in with it.
    """

    purpose = (
        "Qui entre ici, et avec quel rôle. Un compte ne se supprime pas : il s’efface, et ce qu’il a fait reste dit."
    )
    list_display = ("username", "email", "first_name", "last_name", "is_staff", "is_active", "role_names")
    list_filter = ("is_active", "is_staff", "groups", ("erased_at", admin.EmptyFieldListFilter))
    search_fields = ("username", "email", "first_name", "last_name")
    filter_horizontal = ()
    add_fieldsets = ((None, {"fields": ("username", "email", "usable_password", "password1", "password2")}),)
    actions = ("forget_second_factor", "close_sessions")
    fieldsets = (
        (
            "La personne",
            {
                "fields": (("first_name", "last_name"), "email", ("username", "password")),
                "description": "Elle se connecte avec son adresse électronique.",
            },
        ),
        (
            "Ce qu’elle peut faire",
            {
                "fields": (("is_active", "is_staff"), "groups"),
                "description": "Un rôle donne ses droits ; qui n’est plus actif ne se connecte plus.",
            },
        ),
        (
            "Droits à part",
            {
                "fields": ("is_superuser", "user_permissions"),
                "classes": ("collapse",),
                "description": "À éviter : un rôle se relit, un droit donné à part s’oublie.",
            },
        ),
        (
            "Ses dates",
            {
                "fields": (("last_login", "date_joined"),),
                "classes": ("collapse",),
                "description": "Elles s’écrivent toutes seules.",
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description="Rôles")
    def role_names(self, user: User) -> str:
        names = [group.name for group in user.groups.all()]
        return ", ".join(["Administrateur", *names] if user.is_superuser else names) or "aucun"

    @admin.action(description="Retirer le second facteur (téléphone ou clé perdus)", permissions=["change"])
    def forget_second_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Whoever lost it sets another at their next login; one makes sure first who is asking."""
        Authenticator.objects.filter(user__in=queryset).delete()
        for user in queryset:
            self.log_change(request, user, "Second facteur retiré.")
            record(AuditKind.FACTOR_REMOVED, on=user)
        self.message_user(request, "Le second facteur est retiré.", messages.SUCCESS)

    @admin.action(description="Fermer toutes les sessions", permissions=["change"])
    def close_sessions(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for session in UserSession.objects.filter(user__in=queryset):
            session.end()
        for user in queryset:
            self.log_change(request, user, "Sessions fermées.")
            record(AuditKind.SESSION_CLOSED, on=user)
        self.message_user(request, "Les sessions sont fermées.", messages.SUCCESS)


@admin.register(Group)
class RoleAdmin(GroupAdmin):
    """Groups. Those of the roles are written in cohesion/roles.py: renamed or emptied here, one would take their
    rights from all who have it.
    """

    purpose = (
        "Ce que chaque rôle permet. Les rôles du logiciel sont tenus à jour par lui ; mieux vaut en créer "
        "un autre que les changer."
    )
    filter_horizontal = ()
    actions = None
    readonly_fields = ("rights",)

    def get_fields(self, request: HttpRequest, obj: Group | None = None) -> tuple[str, ...]:
        """The rights as boxes, or as they are read where nobody changes them."""
        writes = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        return ("name", "permissions" if writes else "rights")

    @admin.display(description="Droits")
    def rights(self, group: Group) -> str:
        """A line a subject, in the order of their names; what a history keeps goes with what it is of."""
        verbs: dict[str, list[str]] = {}
        for permission in group.permissions.select_related("content_type"):
            if not permission.content_type.model.startswith("historical"):
                verbs.setdefault(capital(permission.content_type.name), []).append(permitted(permission).lower())
        lines = sorted(verbs.items(), key=lambda line: fold(line[0]))
        rows = format_html_join("", "<div><dt>{}</dt><dd>{}</dd></div>", ((name, ", ".join(v)) for name, v in lines))
        return format_html('<dl class="rights">{}</dl>', rows) if rows else "aucun"

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return not _is_role(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return not _is_role(obj) and super().has_delete_permission(request, obj)


def _is_role(group: Group | None) -> bool:
    return isinstance(group, Group) and group.name in {role.name for role in ROLES}
