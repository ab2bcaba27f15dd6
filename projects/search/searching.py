"""What the whole site has of some words, for one person."""

from collections.abc import Collection

import axes.search
from axes.addresses import orientation_address
from axes.models import Framework
from cohesion.lib.people import Visitor
from projects.choices import SearchKind
from projects.search.results import BY_CODE, IN_TITLE, PARTLY, Hit, Results


def search(
    typed: str,
    viewer: Visitor,
    framework: Framework,
    *,
    kinds: Collection[str] = (),
    offset: int = 0,
    limit: int = 20,
) -> Results:
    """What this person may read that has the words typed. ``kinds``: only those; empty: all."""
    found = axes.search.search(framework, typed)
    hits = []
    for one in found.hits:
        tier = PARTLY if not one.is_complete else BY_CODE if found.query.code is not None else IN_TITLE
        orientation = one.orientation
        path = " › ".join(name for _, name in one.trail)
        hit = Hit(
            SearchKind.ORIENTATION,
            orientation.pk,
            orientation.code,
            orientation.display_title,
            orientation_address(orientation),
            path,
            "",
            tier,
            one.wording,
        )
        hits.append(hit)
    counts = {SearchKind.ORIENTATION: len(hits)} if hits else {}
    asked = hits if not kinds or SearchKind.ORIENTATION in kinds else []
    complete = sum(hit.tier < PARTLY for hit in asked)
    return Results(found.query.text, asked[offset : offset + limit], counts, len(asked), complete, found.suggestion)


def complete(typed: str, viewer: Visitor, framework: Framework, limit: int = 8) -> list[Hit]:
    """The first hits of a text that is still being typed: its last word is a beginning."""
    return search(typed, viewer, framework, limit=limit).hits
