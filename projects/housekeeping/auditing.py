"""What the audit log hears of projects: their steps, what is deleted, for whom somebody acts, what mail they choose."""

from typing import Any

from django.db.models import Model
from django.db.models.signals import post_delete, post_save, pre_save

from axes.models import Framework
from cohesion.audit import AuditKind, record
from cohesion.audit.signals import deleted
from projects.catalogue.models import Need, Offer, Project, ReferenceDocument, Scheme, TransitionLog
from projects.catalogue.steps import step_taken
from projects.declaring.models import Campaign
from projects.instructing.models import Committee
from projects.members.models import Membership, Organization
from projects.messaging.models import MailChoice
from projects.territory.models import Territory
from projects.vocabulary.models import VocabularyLine

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
    VocabularyLine,
)


def connect() -> None:
    name = "projects.housekeeping.auditing"
    for model in DELETED:
        post_delete.connect(deleted, sender=model, dispatch_uid=name)
    step_taken.connect(_stepped, dispatch_uid=name)
    pre_save.connect(_acted, sender=Membership, dispatch_uid=name)
    post_save.connect(_acts, sender=Membership, dispatch_uid=name)
    post_delete.connect(_acts_no_more, sender=Membership, dispatch_uid=name)
    pre_save.connect(_had_chosen, sender=MailChoice, dispatch_uid=name)
    post_save.connect(_chose, sender=MailChoice, dispatch_uid=name)


def _stepped(sender: object, log: TransitionLog, **kwargs: Any) -> None:
    after = {"état": log.target, "étape": log.transition, "commentaire": bool(log.comment)}
    record(AuditKind.TRANSITION, on=log.project, by=log.by, before={"état": log.source}, after=after)


def _acted(sender: object, instance: Membership, **kwargs: Any) -> None:
    """What the account could before, for :func:`_acts`."""
    former = Membership.objects.filter(pk=instance.pk).first() if instance.pk else None
    vars(instance)["_before"] = _membership(former) if former else None


def _acts(sender: object, instance: Membership, **kwargs: Any) -> None:
    before, after = getattr(instance, "_before", None), _membership(instance)
    if before != after:
        record(AuditKind.RIGHTS_CHANGED, on=instance.user, before=before, after=after)


def _acts_no_more(sender: object, instance: Membership, **kwargs: Any) -> None:
    record(AuditKind.RIGHTS_CHANGED, on=f"compte {instance.user_id}", before=_membership(instance))


def _membership(membership: Membership) -> dict[str, Any]:
    return {"structure": membership.organization_id, "rôle": membership.role, "compte": membership.user_id}


def _had_chosen(sender: object, instance: MailChoice, **kwargs: Any) -> None:
    former = MailChoice.objects.filter(user=instance.user_id).values_list("frequency", flat=True).first()
    vars(instance)["_before"] = {"fréquence": former} if former else None


def _chose(sender: object, instance: MailChoice, **kwargs: Any) -> None:
    before, after = getattr(instance, "_before", None), {"fréquence": instance.frequency}
    record(AuditKind.MAIL_SETTINGS, on=instance.user, before=before, after=after)
