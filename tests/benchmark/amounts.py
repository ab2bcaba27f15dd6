"""What each orientation and all under it is granted, and obtains from each kind of co-funder, to the cent."""

import random
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.utils import timezone

from axes import document
from axes.document import Node
from axes.models import Framework
from projects.catalogue import stamps
from projects.catalogue.models import FundingLine, Project
from projects.choices import PUBLIC_STATUSES, FunderKind, FundingState
from projects.figures import figures, money
from projects.figures.money import Item, Ledger
from projects.figures.periods import Period
from projects.figures.sharing import Attached
from tests.benchmark.filling import BATCH, SEED, filled
from tests.benchmark.measuring import Figure, Size, compare, quickest, same

NAME = "montants"
TITLE = "Ce que chaque branche reçoit, et de qui, au centime"

PUBLIC = f"({', '.join(['%s'] * len(PUBLIC_STATUSES))})"
# What each project is granted and obtains, by the one who pays; a PST gives way to its parts that obtain something.
PAID = f"""
    WITH pop AS (SELECT id, host_id, granted FROM projects_project WHERE status IN {PUBLIC}),
    line AS (
        SELECT f.project_id, f.kind, SUM(CAST(ROUND(COALESCE(f.granted, f.requested) * 100) AS BIGINT)) AS cents
        FROM projects_fundingline f JOIN pop ON pop.id = f.project_id
        WHERE f.kind <> 'agglomeration' AND (f.granted IS NOT NULL OR f.state = 'obtained')
            AND COALESCE(f.granted, f.requested) > 0 GROUP BY f.project_id, f.kind
    ), again AS (SELECT DISTINCT pop.host_id FROM line JOIN pop ON pop.id = line.project_id WHERE host_id IS NOT NULL),
    paid AS (
        SELECT id AS project_id, 'agglomeration' AS kind, CAST(ROUND(granted * 100) AS BIGINT) AS cents
        FROM pop WHERE granted > 0
        UNION ALL SELECT project_id, kind, cents FROM line WHERE project_id NOT IN (SELECT host_id FROM again)
    )"""
BY_NODE = f"""{PAID}
    SELECT link.orientation_id, paid.kind, SUM(paid.cents) FROM paid
    JOIN projects_contribution AS link ON link.project_id = paid.project_id AND link.is_main
    JOIN axes_orientation AS one ON one.id = link.orientation_id AND one.framework_id = %s
    GROUP BY link.orientation_id, paid.kind"""
CLOSURE = f"""{PAID.replace("WITH pop", "WITH RECURSIVE pop", 1)}, up (node, above) AS (
        SELECT id, id FROM axes_orientation WHERE framework_id = %s
        UNION ALL
        SELECT up.node, one.parent_id FROM up JOIN axes_orientation AS one ON one.id = up.above
        WHERE one.parent_id IS NOT NULL
    )
    SELECT up.above, paid.kind, SUM(paid.cents) FROM paid
    JOIN projects_contribution AS link ON link.project_id = paid.project_id AND link.is_main
    JOIN up ON up.node = link.orientation_id GROUP BY up.above, paid.kind"""
PARENTS = "SELECT id, parent_id FROM axes_orientation WHERE framework_id = %s ORDER BY tree_id, lft"
Sums = dict[tuple[int, str], int]


def measure(size: Size) -> Iterator[Figure]:
    """At each change: all amounts of all projects are read, then added up. Then while nothing changes."""
    framework = filled(size)
    fund()
    framework.refresh_from_db()
    nodes = document.read_nodes(framework)
    name, floor = quickest(
        {
            "SQL, fermeture récursive": lambda: _closure(framework),
            "SQL, additionné par branche": lambda: _added(framework),
        }
    )
    period = Period(None, timezone.localdate())

    def anew() -> Sums:
        published = Project.objects.published()
        read = money.read_amounts(published)
        main = figures.links(nodes, published, is_main=True)
        keys = {pk for (pk,) in published.order_by().values_list("pk")}
        return _branches(nodes, Ledger.of(read, keys), Attached(nodes, main, main))

    def kept() -> Sums:
        main = figures.mainly_serving(framework, nodes).direct
        return _branches(nodes, money.of_period(framework, period), Attached(nodes, main, main))

    same("figures.money", anew(), floor())
    same("figures.money, gardé", kept(), floor())
    case = f"{size.nodes} orientations, {size.projects} projets"
    yield compare(f"{case}, à chaque changement", anew, floor, name)
    yield compare(f"{case}, rien n’ayant changé", kept, floor, name)


def _branches(nodes: list[Node], ledger: Ledger, attached: Attached) -> Sums:
    payers = {FunderKind.AGGLOMERATION.value: ledger.items[Item.GRANTED], **ledger.funders}
    sums = {}
    for kind, cents in payers.items():
        for node, amount in attached.by_orientation(cents).items():
            if amount:
                sums[node, kind] = amount
    return sums


def fund() -> None:
    """Amounts for all public projects, and one or two co-funders for half of them; the same at each run."""
    if FundingLine.objects.exists():
        return
    chance, lines, projects = random.Random(SEED), [], list(Project.objects.published().only("pk"))
    kinds = [kind for kind in FunderKind.values if kind != FunderKind.AGGLOMERATION]
    for project in projects:
        project.granted, project.total_cost = chance.randrange(1, 900_000) / 100, 10_000
        for kind in chance.sample(kinds, chance.choice((0, 1, 1, 2))):
            state = chance.choice(FundingState.values)
            lines.append(FundingLine(project=project, kind=kind, state=state, requested=chance.randrange(1, 9_000)))
    Project.objects.bulk_update(projects, ["granted", "total_cost"], BATCH // 4)  # not the tree
    FundingLine.objects.bulk_create(lines, BATCH)  # not the tree
    stamps.raise_revision()


def _rows(statement: str, framework: Framework) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [*PUBLIC_STATUSES, framework.pk])
        return cursor.fetchall()


def _closure(framework: Framework) -> Sums:
    return {(node, kind): int(cents) for node, kind, cents in _rows(CLOSURE, framework)}


def _added(framework: Framework) -> Sums:
    with connection.cursor() as cursor:
        cursor.execute(PARENTS, [framework.pk])
        parents = cursor.fetchall()
    by_node: dict[int, dict[str, int]] = {node: {} for node, _ in parents}
    for node, kind, cents in _rows(BY_NODE, framework):
        by_node[node][kind] = int(cents)
    for node, parent in reversed(parents):
        if parent is not None:
            above = by_node[parent]
            for kind, cents in by_node[node].items():
                above[kind] = above.get(kind, 0) + cents
    return {(node, kind): cents for node, kinds in by_node.items() for kind, cents in kinds.items()}
