"""What the audit log hears of projects: their steps, what is deleted, for whom somebody acts, what mail they choose."""

from typing import Any

from django.db.models import Model
from django.db.models.signals import post_delete, post_save

from axes.models import Framework
from cohesion.audit import AuditKind, record
from cohesion.audit.signals import deleted
from projects.models import (
    Campaign,
    Committee,
    MailChoice,
    Membership,
    Need,
    Offer,
    Organization,
    Project,
    ReferenceDocument,
    Scheme,
    Territory,
)
from projects.steps import step_taken

DELETED: tuple[type[Model], ...] = (
    Framework,
    Project,
    Organization,
    Territory,
    Scheme,
    ReferenceDocument,
    Need,
    Offer,
    Campaign,
    Committee,
)


def connect() -> None:
    name = "projects.auditing"
    for model in DELETED:
        post_delete.connect(deleted, sender=model, dispatch_uid=name)
    step_taken.connect(_stepped, dispatch_uid=name)
    post_save.connect(_acts, sender=Membership, dispatch_uid=name)
    post_delete.connect(_acts_no_more, sender=Membership, dispatch_uid=name)
    post_save.connect(_chose, sender=MailChoice, dispatch_uid=name)


def _stepped(sender: Any, log: Any, **kwargs: Any) -> None:
    after = {"état": log.target, "étape": log.transition, "commentaire": bool(log.comment)}
    record(AuditKind.TRANSITION, on=log.project, by=log.by, before={"état": log.source}, after=after)


def _acts(sender: Any, instance: Membership, **kwargs: Any) -> None:
    record(AuditKind.RIGHTS_CHANGED, on=instance.user, after=_membership(instance))


def _acts_no_more(sender: Any, instance: Membership, **kwargs: Any) -> None:
    record(AuditKind.RIGHTS_CHANGED, on=f"compte {instance.user_id}", before=_membership(instance))


def _membership(one: Membership) -> dict[str, Any]:
    return {"structure": one.organization_id, "rôle": one.role, "compte": one.user_id}


def _chose(sender: Any, instance: MailChoice, **kwargs: Any) -> None:
    record(AuditKind.MAIL_SETTINGS, on=instance.user, after={"fréquence": instance.frequency})
