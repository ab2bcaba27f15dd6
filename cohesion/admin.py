"""Accounts, for administrators."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest

from cohesion.models import User

admin.site.site_header = admin.site.site_title = "Cohésion sociale et territoriale"
admin.site.index_title = "Espace des agents"


@admin.register(User)
class AccountAdmin(UserAdmin):
    """Accounts with their roles; what each role may do is written in cohesion/roles.py."""

    list_display = ("username", "email", "first_name", "last_name", "is_staff", "is_active", "role_names")
    list_filter = ("is_active", "is_staff", "groups")
    search_fields = ("username", "email", "first_name", "last_name")
    filter_horizontal = ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description="Rôles")
    def role_names(self, user: User) -> str:
        names = [group.name for group in user.groups.all()]
        return ", ".join(["Administrateur", *names] if user.is_superuser else names) or "aucun"
