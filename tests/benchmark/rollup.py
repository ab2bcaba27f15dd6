"""How many distinct projects serve each orientation and all under it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.db import connection

from axes import document
from axes.models import Framework
from projects.catalogue.models import Project
from projects.choices import PUBLIC_STATUSES
from projects.figures import figures
from tests.benchmark.filling import filled
from tests.benchmark.measuring import Figure, Size, compare, quickest, same

NAME = "comptes"
TITLE = "Projets distincts de chaque branche, toutes les orientations à la fois"
SIZES = (64, 1_000, 10_000)

PUBLISHED = f"project.status IN ({', '.join(['%s'] * len(PUBLIC_STATUSES))})"
LINKS = f"""projects_contribution AS link
    JOIN projects_project AS project ON project.id = link.project_id AND {PUBLISHED}"""
# Each orientation with itself and all above it, then one group for each orientation above.
CLOSURE = f"""
    WITH RECURSIVE up (node, above) AS (
        SELECT id, id FROM axes_orientation WHERE framework_id = %s
        UNION ALL
        SELECT up.node, one.parent_id FROM up JOIN axes_orientation AS one ON one.id = up.above
        WHERE one.parent_id IS NOT NULL
    )
    SELECT up.above, COUNT(DISTINCT link.project_id) FROM {LINKS}
    JOIN up ON up.node = link.orientation_id GROUP BY up.above"""
# The same without recursion: a framework has five levels, so that nothing has more than four above it.
CHAIN = f"""
    WITH chain AS (
        SELECT a.id AS a, b.id AS b, c.id AS c, d.id AS d, e.id AS e FROM axes_orientation AS a
        LEFT JOIN axes_orientation AS b ON b.id = a.parent_id LEFT JOIN axes_orientation AS c ON c.id = b.parent_id
        LEFT JOIN axes_orientation AS d ON d.id = c.parent_id LEFT JOIN axes_orientation AS e ON e.id = d.parent_id
        WHERE a.framework_id = %s
    ), up AS (
        SELECT a AS node, a AS above FROM chain UNION ALL SELECT a, b FROM chain WHERE b IS NOT NULL
        UNION ALL SELECT a, c FROM chain WHERE c IS NOT NULL UNION ALL SELECT a, d FROM chain WHERE d IS NOT NULL
        UNION ALL SELECT a, e FROM chain WHERE e IS NOT NULL
    )
    SELECT up.above, COUNT(DISTINCT link.project_id) FROM {LINKS}
    JOIN up ON up.node = link.orientation_id GROUP BY up.above"""
# The bare links, to be added up outside the database.
BARE = f"""
    SELECT link.orientation_id, link.project_id FROM {LINKS}
    JOIN axes_orientation AS one ON one.id = link.orientation_id AND one.framework_id = %s"""
PARENTS = "SELECT id, parent_id FROM axes_orientation WHERE framework_id = %s ORDER BY tree_id, lft"


def measure(size: Size) -> Iterator[Figure]:
    """The site's way against the quickest of three exact ones, at several sizes of framework."""
    for nodes in SIZES if size.nodes >= max(SIZES) else [size.nodes]:
        yield from _at(replace(size, nodes=nodes))


def _at(size: Size) -> Iterator[Figure]:
    framework = filled(size)
    case = f"{size.nodes} orientations, {size.links} liens"
    name, floor = quickest(
        {
            "SQL, fermeture récursive": lambda: _counted(CLOSURE, [framework.pk, *PUBLIC_STATUSES]),
            "SQL, chaîne des parents": lambda: _counted(CHAIN, [framework.pk, *PUBLIC_STATUSES]),
            "SQL, liens nus additionnés": lambda: _added(framework),
        }
    )

    nodes = document.read_nodes(framework)

    def site() -> dict[int, int]:
        found = figures.serving(nodes, Project.objects.published()).branch
        return {pk: len(projects) for pk, projects in found.items() if projects}

    same("figures.serving", site(), floor())
    yield compare(f"{case}, à chaque changement", site, floor, name)
    yield compare(f"{case}, rien n’ayant changé", lambda: figures.published(framework, nodes), floor, name)


def _rows(statement: str, parameters: list[Any]) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def _counted(statement: str, parameters: list[Any]) -> dict[int, int]:
    return dict(_rows(statement, parameters))


def _added(framework: Framework) -> dict[int, int]:
    parents = _rows(PARENTS, [framework.pk])
    sets: dict[int, set[int]] = {node: set() for node, _ in parents}
    for node, project in _rows(BARE, [*PUBLIC_STATUSES, framework.pk]):
        sets[node].add(project)
    for node, parent in reversed(parents):
        if parent is not None:
            sets[parent] |= sets[node]
    return {node: len(projects) for node, projects in sets.items() if projects}
