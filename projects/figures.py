"""The one place where projects are counted against the framework.

Decided once, and told on every page:

- a *direct* count is of the projects linked to the orientation itself;
- a *branch* count is of the projects linked to it or to anything under it; a project linked twice in one branch
  counts once;
- main and secondary links count alike; only published projects count on public pages (the caller gives the
  queryset, which begins with ``Project.objects.published()``).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from axes.document import Node
from projects.models import Contribution
from projects.models.project import ProjectQuerySet


@dataclass(frozen=True)
class Tally:
    """How many distinct projects serve an orientation: itself, and its whole branch."""

    direct: int
    branch: int


def tallies(nodes: Iterable[Node], projects: ProjectQuerySet) -> dict[int, Tally]:
    """The tally of each orientation of a framework, by key, in one query.

    ``nodes`` are a whole framework in document order (:func:`axes.document.read`). Grouped by orientation in the
    database, then added up from the leaves to the axes as sets, so that no project counts twice.
    """
    nodes = list(nodes)
    serving = links(nodes, projects)
    direct = {pk: len(found) for pk, found in serving.items()}
    for node in reversed(nodes):
        if node.parent is not None:
            serving[node.parent.orientation.pk] |= serving[node.orientation.pk]
    return {pk: Tally(direct[pk], len(found)) for pk, found in serving.items()}


def links(nodes: Iterable[Node], projects: ProjectQuerySet) -> dict[int, set[int]]:
    """The keys of the projects directly linked to each orientation."""
    serving: dict[int, set[int]] = {node.orientation.pk: set() for node in nodes}
    pairs = Contribution.objects.filter(
        project__in=projects.order_by().values("pk"), orientation__in=_frameworks(nodes)
    )
    for orientation, project in pairs.values_list("orientation_id", "project_id"):
        serving[orientation].add(project)
    return serving


def _frameworks(nodes: Iterable[Node]) -> object:
    from axes.models import Orientation

    return Orientation.objects.filter(framework__in={node.orientation.framework_id for node in nodes}).values("pk")
