"""Projects as the API shows them: the columns of their files, as far as somebody may read each project."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from cohesion.lib.people import Visitor
from projects.api.columns import shown
from projects.api.states import tag_of
from projects.browsing import exports
from projects.catalogue import publicity
from projects.catalogue.columns import PROJECTS
from projects.catalogue.models import Project
from projects.choices import PUBLIC_STATUSES
from projects.members.public_names import hidden_names

PAGE = PROJECTS.by_attribute["page"].header
LEAD, BESIDE = (PROJECTS.by_attribute[name].header for name in ("lead", "co_leads"))


def rows_for(user: Visitor, keys: Sequence[int], site: str) -> list[dict[str, Any]]:
    """The rows of these projects, which somebody may know of, in this order: a constant number of queries."""
    reads_all = publicity.reads_all(user)
    own = set() if reads_all else owned(user, keys)
    chosen = Project.objects.filter(pk__in=keys)
    read = {row["pk"]: row for row in exports.rows_of(chosen, base_url=site, is_complete=reads_all or bool(own))}
    public, hidden = exports.public_columns(), frozenset() if reads_all else hidden_names()
    rows = []
    for pk in keys:
        if not reads_all and read[pk]["host_status"] not in PUBLIC_STATUSES:
            read[pk]["host"] = None
        is_whole = reads_all or pk in own
        rows.append(shown(exports.OFFICER_COLUMNS, read[pk]) if is_whole else _without(hidden, shown(public, read[pk])))
    return rows


def _without(names: Collection[str], row: dict[str, Any]) -> dict[str, Any]:
    """A public row, without the names of who may be somebody: as in the open files."""
    lead = "" if row[LEAD] in names else row[LEAD]
    return row | {LEAD: lead, BESIDE: [name for name in row[BESIDE] if name not in names]}


def owned(user: Visitor, keys: Iterable[int]) -> set[int]:
    """Those that an organisation for which somebody acts leads, first or beside another: they read all of them."""
    if not user.is_authenticated:
        return set()
    chosen = Project.objects.filter(pk__in=list(keys))
    own = chosen.of(user).values_list("pk", flat=True)
    return {*own, *chosen.co_led_by(user).values_list("pk", flat=True)}


def project_tag(project: Project, row: dict[str, Any]) -> str:
    """Its state: what its row says, and how often it was written."""
    members = sorted((name, value) for name, value in row.items() if name != PAGE)
    return tag_of("projet", project.pk, project.version, members)
