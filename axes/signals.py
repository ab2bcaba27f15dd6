"""What the framework hears of."""

from typing import Any

from django.apps import AppConfig, apps
from django.core.management.color import no_style
from django.db import connections
from django.db.models.signals import post_migrate

from axes.models.programme import REFERENCE, REFERENCE_ROW


def keep_the_reference_programme(sender: AppConfig, using: str, apps: Any = apps, **kwargs: Any) -> None:
    """A database that was emptied has it again: no framework is written without it."""
    try:
        programme = apps.get_model("axes", "Programme")
    except LookupError:  # the migrations stopped before it
        return
    rows = programme._base_manager.using(using)
    if rows.filter(pk=REFERENCE).exists():
        return
    rows.bulk_create([programme(pk=REFERENCE, **REFERENCE_ROW)])  # not the tree
    with connections[using].cursor() as cursor:
        for statement in connections[using].ops.sequence_reset_sql(no_style(), [programme]):
            cursor.execute(statement)


post_migrate.connect(
    keep_the_reference_programme, sender=apps.get_app_config("axes"), dispatch_uid="axes.reference_programme"
)
