"""What ``check --deploy`` says of the page on personal data: it never shows a blank, and says less than it could."""

from typing import Any

from django.conf import settings
from django.core import checks


def connect() -> None:
    checks.register(privacy_page_is_whole, deploy=True)


def privacy_page_is_whole(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Whom to write to, and for how long the server keeps its own log: the software cannot know."""
    wanted = {
        "projects.I001": (settings.CONTACT_EMAIL, "CONTACT_EMAIL", "une adresse où exercer ses droits"),
        "projects.I002": (settings.LOG_RETENTION_DAYS, "LOG_RETENTION_DAYS", "la durée du journal du serveur"),
    }
    return [
        checks.Info(f"{name} n’est pas réglée : la page des données personnelles ne dit pas {what}.", id=key)
        for key, (value, name, what) in wanted.items()
        if not value
    ]
