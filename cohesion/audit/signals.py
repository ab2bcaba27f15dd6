"""What accounts do, as Django and django-allauth tell it."""

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as factors
from django.contrib.auth import get_user_model
from django.contrib.auth import signals as auth
from django.contrib.auth.models import Group
from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from django.http import HttpRequest

from cohesion.audit.recording import record
from cohesion.choices import AuditKind
from cohesion.lib.people import Person
from cohesion.lib.requests import current

RIGHTS = ("is_active", "is_staff", "is_superuser", "email")


def connect() -> None:
    user = get_user_model()
    for signal, receiver, sender in (
        (auth.user_logged_in, _logged_in, None),
        (auth.user_logged_out, _logged_out, None),
        (auth.user_login_failed, _failed, None),
        (account.password_reset, _recorder(AuditKind.PASSWORD_RESET), None),
        (factors.authenticator_added, _recorder(AuditKind.FACTOR_ADDED), None),
        (factors.authenticator_removed, _recorder(AuditKind.FACTOR_REMOVED), None),
        (factors.authenticator_reset, _recorder(AuditKind.CODES_RENEWED), None),
        (factors.authentication_failed, _second_factor_failed, None),
        (pre_save, _before_rights, user),
        (post_save, _after_rights, user),
        (post_delete, deleted, user),
        (post_delete, deleted, Group),
        (m2m_changed, _granted, user.groups.through),
        (m2m_changed, _granted, user.user_permissions.through),
        (m2m_changed, _granted, Group.permissions.through),
    ):
        name = f"cohesion.audit.{getattr(receiver, '__name__', '')}.{id(signal)}.{id(sender)}"
        signal.connect(receiver, sender=sender, weak=False, dispatch_uid=name)


def deleted(sender: object, instance: object, **kwargs: Any) -> None:
    record(AuditKind.DELETION, on=instance)


def _recorder(kind: AuditKind) -> Any:
    def receiver(request: HttpRequest, user: Person, authenticator: Any = None, **kwargs: Any) -> None:
        after = {"facteur": authenticator.type} if authenticator is not None else None
        record(kind, on=user, by=user, after=after, request=request)

    receiver.__name__ = str(kind)
    return receiver


def _logged_in(sender: object, request: HttpRequest, user: Person, **kwargs: Any) -> None:
    record(AuditKind.LOGIN, on=user, by=user, request=request)


def _logged_out(sender: object, request: HttpRequest, user: Person, **kwargs: Any) -> None:
    if user is not None:
        record(AuditKind.LOGOUT, on=user, by=user, request=request)


def _failed(sender: object, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
    """Who was tried. Whoever types a password in the place of the address does not find it here."""
    typed = str(credentials.get("email") or credentials.get("username") or "")
    record(AuditKind.LOGIN_FAILED, who=typed if "@" in typed else "", on="mot de passe", request=request)


def _second_factor_failed(sender: object, user: Person, request: HttpRequest | None = None, **kwargs: Any) -> None:
    record(AuditKind.LOGIN_FAILED, on="second facteur", who=user.email, request=request)


def _before_rights(
    sender: type[Model], instance: Any, update_fields: Any = None, raw: bool = False, **kwargs: Any
) -> None:
    """What the account could before; nothing is asked where no right is being written."""
    instance._rights_before = None
    if instance.pk and not raw and (update_fields is None or set(update_fields) & set(RIGHTS)):
        instance._rights_before = sender._base_manager.filter(pk=instance.pk).values(*RIGHTS).first()


def _after_rights(sender: object, instance: Any, created: bool, **kwargs: Any) -> None:
    instance._is_new = created  # the first password of an account is no change
    before, after = instance._rights_before, {name: getattr(instance, name) for name in RIGHTS}
    if created:
        record(AuditKind.ACCOUNT_OPENED, on=instance, after=after)
    elif before is not None and before != after:
        changed = [name for name in RIGHTS if before[name] != after[name]]
        record(
            AuditKind.RIGHTS_CHANGED,
            on=instance,
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
        )


def _granted(
    sender: type[Model], instance: object, action: str, model: type[Model], pk_set: object = None, **kwargs: Any
) -> None:
    """Roles and permissions given or taken. The groups that the migrations keep true to their file are no event."""
    is_group = isinstance(instance, Group)
    if (is_group and current.get() is None) or (pk_set is not None and not pk_set):
        return
    if action == "pre_clear":
        field = "permissions" if is_group else sender._meta.get_fields()[-1].name
        owner = "group" if is_group else "user"
        names = [str(row) for row in model._default_manager.filter(**{owner: instance})]
        if names:
            record(AuditKind.RIGHTS_CHANGED, on=instance, before={field: names})
    elif action in ("post_add", "post_remove"):
        names = sorted(str(row) for row in model._default_manager.filter(pk__in=pk_set))
        kind = str(model._meta.verbose_name)
        after = {kind: names} if action == "post_add" else None
        record(AuditKind.RIGHTS_CHANGED, on=instance, before=None if after else {kind: names}, after=after)
