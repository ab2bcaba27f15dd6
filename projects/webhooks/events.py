"""What is told, as it happens: written in the transaction of what it tells, and sent later (``send_webhooks``)."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.urls import reverse
from simple_history.signals import post_create_historical_record

from axes.models import Framework, Orientation
from projects.catalogue import publicity
from projects.catalogue.models import Project, TransitionLog
from projects.catalogue.steps import step_taken
from projects.choices import MoneyItem, ProjectStatus
from projects.members.public_names import file_name
from projects.webhooks.models import Webhook, WebhookDelivery, WebhookEvent

DECIDED = (ProjectStatus.RETAINED, ProjectStatus.PARTLY_RETAINED)


def connect() -> None:
    own = "projects.webhooks"
    step_taken.connect(_decided, dispatch_uid=f"{own}.decided")
    post_save.connect(_published, sender=Project, dispatch_uid=f"{own}.published")
    post_save.connect(_framework_written, sender=Framework, dispatch_uid=f"{own}.framework")
    post_delete.connect(_orientation_gone, sender=Orientation, dispatch_uid=f"{own}.gone")
    post_create_historical_record.connect(_orientation_written, dispatch_uid=f"{own}.orientation")


def tell(event: WebhookEvent, subject: str, facts: Callable[[], Mapping[str, Any]]) -> None:
    """Note something to tell to each address that wants it; what waits to be told of the same subject says enough.

    The ``facts`` are asked where an address wants them.
    """
    wanted = [webhook for webhook in Webhook.objects.filter(is_active=True) if event in webhook.events]
    if not wanted:
        return
    with transaction.atomic():
        waiting = WebhookDelivery.objects.waiting().filter(event=event, subject=subject, attempts=0)
        known = set(waiting.values_list("webhook_id", flat=True))
        payload = dict(facts())
        rows = [
            WebhookDelivery(webhook=webhook, event=event, subject=subject, payload=payload)
            for webhook in wanted
            if webhook.pk not in known
        ]
        WebhookDelivery.objects.bulk_create(rows)  # not the tree


def _decided(sender: object, log: TransitionLog, **kwargs: Any) -> None:
    project = log.project
    if log.target in DECIDED and log.source != log.target and project.is_public:
        tell(WebhookEvent.DECISION, f"projet {project.code} {log.pk}", partial(project_facts, project))


def _published(sender: object, instance: Project, raw: bool = False, **kwargs: Any) -> None:
    """As it is saved: whether it was public is known until then."""
    if not raw and instance.is_public and not instance.was_public:
        tell(WebhookEvent.PUBLISHED, f"projet {instance.code}", partial(project_facts, instance))


def _framework_written(sender: object, instance: Framework, created: bool, raw: bool = False, **kwargs: Any) -> None:
    if not raw and instance.is_public:
        _framework_changed(instance)


def _orientation_written(sender: object, instance: object, **kwargs: Any) -> None:
    if isinstance(instance, Orientation) and instance.framework.is_public:
        _framework_changed(instance.framework)


def _orientation_gone(sender: object, instance: Orientation, **kwargs: Any) -> None:
    if instance.framework.is_public:
        _framework_changed(instance.framework)


def _framework_changed(framework: Framework) -> None:
    tell(WebhookEvent.FRAMEWORK, f"cadre {framework.slug}", partial(_framework_facts, framework))


def _framework_facts(framework: Framework) -> dict[str, Any]:
    return {
        "identifiant": framework.slug,
        "titre": framework.name,
        "etat": framework.get_status_display(),
        "api": _site(reverse("api:framework", args=[framework.slug])),
    }


def project_facts(project: Project) -> dict[str, Any]:
    """What its public sheet says, and no more."""
    facts: dict[str, Any] = {
        "code": project.code,
        "titre": project.title,
        "porteur": file_name(project.organization),
        "etat": project.get_status_display(),
        "api": _site(reverse("api:project", args=[project.code])),
    }
    if publicity.is_public(MoneyItem.GRANTED):
        facts["accorde"] = project.granted
    return facts


def _site(path: str) -> str:
    return f"{settings.BASE_URL}{path}"
