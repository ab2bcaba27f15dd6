"""What other programs have of the invented programme: a token, and an address that would be told, switched off."""

import secrets

from django.utils import timezone

from cohesion.accounts import tokens
from cohesion.choices import TokenScope
from cohesion.lib.people import Person
from cohesion.lib.sealing import sealed
from projects.catalogue.models import Project
from projects.demo.calendar import DAY
from projects.webhooks.events import project_facts
from projects.webhooks.models import Webhook, WebhookDelivery, WebhookEvent

# Reserved for examples: it leads nowhere, and nothing is ever sent while the address is switched off.
ADDRESS = "https://portail.demo.example/avis"
TOLD = 4


def load_demo_programs(*, officer: Person) -> int:
    """A token that nobody holds, for its words are drawn and thrown away; and what an address was told, as a log shows
    it: received, tried in vain, waiting. Returns how many notices that makes."""
    tokens.make(user=officer, name="Tableur des élus (démonstration)", scopes=[TokenScope.READ], days=tokens.DAYS)
    portal = Webhook.objects.create(
        name="Portail d’essai (démonstration, rien n’est envoyé)",
        url=ADDRESS,
        events=[WebhookEvent.DECISION, WebhookEvent.PUBLISHED],
        secret=sealed(secrets.token_urlsafe(32)),
        is_active=False,
    )
    public = Project.objects.published().select_related("organization").order_by("-updated_at", "-pk")[:TOLD]
    rows = [_delivery(portal, project, age) for age, project in enumerate(public)]
    WebhookDelivery.objects.bulk_create(rows)  # not the tree
    return len(rows)


def _delivery(portal: Webhook, project: Project, age: int) -> WebhookDelivery:
    """The last one waits, the one before it was given up, those of before were received."""
    moment = timezone.now() - (age + 1) * DAY
    delivery = WebhookDelivery(
        webhook=portal,
        event=WebhookEvent.PUBLISHED,
        subject=f"projet {project.code}",
        payload=project_facts(project),
        created_at=moment,
        next_at=moment,
    )
    if age == 1:
        delivery.attempts, delivery.given_up_at, delivery.status = 7, moment, 503
        delivery.failure = "L’adresse a répondu 503."
    elif age > 1:
        delivery.attempts, delivery.sent_at, delivery.status = 1, moment, 200
    return delivery
