"""The territories as a public table, with their outlines."""

import datetime
from typing import Any

from django.urls import reverse

from projects.browsing import exports
from projects.opendata.columns import TERRITORY_MEANINGS, OpenColumn, declared, moment_of, of_item
from projects.opendata.source import OpenSource, Row
from projects.territory.columns import PUBLIC_COLUMNS


def territory_columns() -> tuple[OpenColumn, ...]:
    return (
        *declared(PUBLIC_COLUMNS, TERRITORY_MEANINGS),
        of_item(exports.PAGE, "l’adresse de sa page"),
        of_item(exports.CHANGED, "le jour où il a changé", "day"),
    )


def territory_rows(source: OpenSource) -> list[Row]:
    own = declared(PUBLIC_COLUMNS, TERRITORY_MEANINGS)
    changes = source.territory_changes
    rows: list[Row] = []
    for territory in source.territories.values():
        page = f"{source.site}{reverse('projects:territory', args=[territory.code])}"
        values = [column.value(territory) for column in own]
        rows.append([*values, page, exports.day_of(changes.get(territory.pk))])
    return rows


def outlines(source: OpenSource) -> list[Any]:
    """Of each row: a geometry in degrees (WGS84), or nothing."""
    return [territory.outline or None for territory in source.territories.values()]


def territories_changed(source: OpenSource) -> datetime.datetime | None:
    return moment_of(*source.territory_changes.values())
