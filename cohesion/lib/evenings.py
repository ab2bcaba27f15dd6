"""The state of an evening: what the histories say last before the midnight of the site that ends the day."""

import datetime
from typing import Any

from django.db.models import F, Model, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from simple_history.utils import get_history_manager_for_model

from cohesion.lib.dates import known_year

DELETED = "-"


def midnight_after(evening: datetime.date) -> datetime.datetime:
    next_day = datetime.datetime.combine(evening + datetime.timedelta(days=1), datetime.time())
    return timezone.make_aware(next_day)


def past_day(raw: str, today: datetime.date) -> datetime.date | None:
    """A day before today, as a form and an address write it: « 2026-03-31 »."""
    try:
        day = datetime.date.fromisoformat(raw) if len(raw) == 10 else None
    except ValueError:
        return None
    return day if day is not None and known_year(str(day.year)) and day < today else None


def last_rows(model: type[Model], evening: datetime.date, *names: str, **conditions: Any) -> list[tuple[Any, ...]]:
    """What the history of each row said last, of those that were not deleted; ``conditions`` are of the history."""
    history = get_history_manager_for_model(model)
    last = Window(RowNumber(), partition_by=[F("id")], order_by=[F("history_date").desc(), F("history_id").desc()])
    until = history.filter(history_date__lt=midnight_after(evening), **conditions).order_by()
    rows = until.annotate(rank=last).filter(rank=1).values_list("history_type", *names)
    return [tuple(row) for kind, *row in rows if kind != DELETED]
