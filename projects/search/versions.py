"""The pages that stand whatever is done are those of a version: a new one says them anew, by itself."""

from operator import attrgetter
from typing import Any

from django.apps import apps as present_apps
from django.db.models.signals import post_migrate

from projects.choices import SearchKind
from projects.search.entries import pages

SHOWN = ("key", "title", "address", "context", "tokens")


def follow_version(using: str, apps: Any = present_apps, **kwargs: object) -> None:
    """After the migrations of a version, whether there was one or none: its pages are stale where they changed."""
    try:
        entries, stale = apps.get_model("projects.SearchEntry"), apps.get_model("projects.StaleEntry")
    except LookupError:  # the migrations were undone to before there were any
        return
    written = set(map(attrgetter(*SHOWN), pages(())))
    filed = set(entries.objects.using(using).filter(kind=SearchKind.PAGE).values_list(*SHOWN))
    waiting = stale.objects.using(using).filter(source="page")
    if filed != written and not waiting.exists():
        stale.objects.using(using).create(source="page", key=0)


def connect() -> None:
    config = present_apps.get_app_config("projects")
    post_migrate.connect(follow_version, sender=config, dispatch_uid="projects.search.follow_version")
