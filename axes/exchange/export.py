"""A framework as a file: CSV, XLSX, ODS or JSON. The same framework gives the same bytes."""

import json
from typing import Any

from axes.exchange.resource import ORIENTATIONS
from axes.exchange.state import states
from axes.models import Framework
from axes.subjects import subjects_of
from cohesion.imports.columns import SEPARATOR, ListWidget
from cohesion.lib import spreadsheets

CONTENT_TYPES = spreadsheets.CONTENT_TYPES | {"json": "application/json; charset=utf-8"}
FORMATS = tuple(CONTENT_TYPES)
PARENT = ORIENTATIONS.by_attribute["parent"].header
LISTS = tuple(column.header for column in ORIENTATIONS.columns if isinstance(column.widget, ListWidget))


def export(framework: Framework, format: str) -> tuple[bytes, str, str]:
    """The file's bytes, its content type and its name. Costs two queries, and that of the programme.

    Raises:
        KeyError: the format is not one of ``FORMATS``.
    """
    content_type = CONTENT_TYPES[format]
    rows = states(framework).values()
    if format == "json":
        content = _json(framework, ORIENTATIONS.export(rows).dict)
    else:
        content = spreadsheets.write(format, [ORIENTATIONS.table(rows).speaking_of(subjects_of(framework))])
    return content, content_type, f"{framework.file_stem}.{format}"


def _json(framework: Framework, rows: list[dict[str, Any]]) -> bytes:
    """The structure of ``fixtures/orientations.json``, with the framework's state and revision."""
    document = {
        "cadre": {
            "titre": framework.name,
            "identifiant": framework.slug,
            "programme": framework.programme.name,
            "collectivite": framework.authority,
            "perimetre": framework.perimeter,
            "etat": framework.get_status_display(),
            "adopte_le": framework.adopted_on.isoformat() if framework.adopted_on else None,
            "debut": framework.starts_on.isoformat() if framework.starts_on else None,
            "fin": framework.ends_on.isoformat() if framework.ends_on else None,
            "deliberation": framework.deliberation,
            "revision": framework.revision,
            "colonnes": framework.column_titles,
            "note": framework.note,
        },
        "orientations": [_json_row(row) for row in rows],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _json_row(row: dict[str, Any]) -> dict[str, Any]:
    """What is empty is left out, except the parent of an axis."""
    kept = {name: value for name, value in row.items() if name == PARENT or value not in ("", None)}
    return kept | {name: kept[name].split(SEPARATOR) for name in LISTS if name in kept}
