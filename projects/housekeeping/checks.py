"""What ``check --deploy`` says of the page on personal data: it never shows a blank, and says less than it could."""

from typing import Any

from django.conf import settings
from django.core import checks

KEYS = {"CONTACT_EMAIL": "projects.I001", "LOG_RETENTION_DAYS": "projects.I002"}


def connect() -> None:
    checks.register(privacy_page_is_whole, deploy=True)


def unsaid() -> dict[str, str]:
    """What the page cannot say, by the setting that would: the software cannot know whom to write to, nor for how long
    the server keeps its own log."""
    wanted = {
        "CONTACT_EMAIL": (settings.CONTACT_EMAIL, "une adresse où exercer ses droits"),
        "LOG_RETENTION_DAYS": (settings.LOG_RETENTION_DAYS, "la durée du journal du serveur"),
    }
    return {name: words for name, (value, words) in wanted.items() if not value}


def privacy_page_is_whole(app_configs: object, **kwargs: Any) -> list[checks.CheckMessage]:
    """Each thing that is missing, with the setting that says it."""
    return [
        checks.Info(f"{name} n’est pas réglée : la page des données personnelles ne dit pas {what}.", id=KEYS[name])
        for name, what in unsaid().items()
    ]
