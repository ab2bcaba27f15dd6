"""The founding text, from ``fixtures/orientations.json`` to a framework in the database."""

import datetime
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from axes import tree
from axes.choices import FrameworkStatus
from axes.models import Framework
from axes.vocabulary import level_from_word, priority_type_from_word
from cohesion.lib.people import Person

FIXTURE = Path(settings.BASE_DIR) / "fixtures" / "orientations.json"


@transaction.atomic
def load_founding_framework(
    *, path: Path = FIXTURE, adopted_on: datetime.date | None = None, deliberation: str = "", by: Person | None = None
) -> Framework:
    """Create the framework of the founding text, in force and locked, with its 64 orientations.

    ``adopted_on`` and ``deliberation`` are not in the text; without them the page does not state them.
    """
    document = json.loads(path.read_text(encoding="utf-8"))
    about = document["cadre"]
    framework = Framework(
        name=about["titre"],
        slug=about["identifiant"],
        authority=about["collectivite"],
        perimeter=about["perimetre"],
        column_titles=about["colonnes"],
        note=about["note"],
        status=FrameworkStatus.IN_FORCE,
        is_locked=True,
        adopted_on=adopted_on,
        starts_on=adopted_on,
        deliberation=deliberation,
    )
    framework._history_user = by
    framework.full_clean()
    framework.save()
    tree.load(framework, new_nodes(document["orientations"]), by=by, reason="Texte fondateur")
    framework.refresh_from_db()
    return framework


def new_nodes(rows: list[dict[str, Any]]) -> list[tree.NewNode]:
    """Rows as the fixture writes them, as the tree that they make."""
    by_code: dict[str, tree.NewNode] = {}
    roots: list[tree.NewNode] = []
    for row in rows:
        node = tree.NewNode(
            {
                "code": row["code"],
                "level": level_from_word(row["niveau"]),
                "label": row.get("mention", ""),
                "title": row["titre"],
                "corrected_title": row.get("titre_corrige", ""),
                "priority_type": priority_type_from_word(row.get("type_priorite", "")),
                "columns": [level_from_word(word) for word in row.get("colonnes", [])],
                "source_line": row.get("ligne_source"),
            },
            applies_to=row.get("s_applique_a", []),
        )
        by_code[row["code"]] = node
        (by_code[row["parent_code"]].children if row["parent_code"] else roots).append(node)
    return roots
