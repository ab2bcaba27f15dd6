"""What ``check --deploy`` says of mail."""

from typing import Any

from django.conf import settings
from django.core import checks


def connect() -> None:
    checks.register(mail_has_a_sender, deploy=True)


def mail_has_a_sender(app_configs: object, **kwargs: Any) -> list[checks.CheckMessage]:
    """A sender that no server of the world believes is one that was not set."""
    sender = settings.DEFAULT_FROM_EMAIL
    if sender and not sender.endswith("@localhost"):
        return []
    return [
        checks.Warning(
            f"MAIL_FROM n’est pas réglée : les courriels partiraient de « {sender} » et seraient refusés.",
            hint="Donnez une adresse de la collectivité, par exemple : ne-pas-repondre@agglo.example.",
            id="projects.W001",
        )
    ]
