"""Published projects by PST: each PST with what it contains, then what is in none that anybody may read.

Together they are all published projects, each once.
"""

from collections import Counter
from collections.abc import Mapping, Set
from typing import NamedTuple

from axes.models import Framework
from projects.browsing.question import HIDDEN_PST, PRH_ALONE
from projects.catalogue.models import Project
from projects.choices import ProjectKind
from projects.figures import figures
from projects.figures.breakdowns import NONE


class PstGroup(NamedTuple):
    """Some projects, whatever the year, and how their list is asked for."""

    label: str
    keys: Set[int]
    parameters: Mapping[str, str]


def psts(in_force: Framework | None) -> list[PstGroup]:
    """Each PST, by its title; those of the same title say their codes too."""
    held = _held(in_force)
    published = Project.objects.published().filter(kind=ProjectKind.PST).order_by("search_text", "pk")
    names = list(published.values_list("pk", "code", "title"))
    titles = Counter(title for _, _, title in names)
    return [
        PstGroup(f"{title} ({code})" if titles[title] > 1 else title, held.get(pk, NONE), {"pst": code})
        for pk, code, title in names
    ]


def outside_psts(in_force: Framework | None) -> list[PstGroup]:
    """What is in a PST that the public does not read yet, then what is in none."""
    held = _held(in_force)
    published = {pk for pk, kind, *_ in figures.rows(in_force) if kind == ProjectKind.PST}
    hidden = set().union(*(keys for host, keys in held.items() if host is not None and host not in published))
    outside = figures.kinds(in_force).members.get("hors", NONE)
    return [
        PstGroup("Dans un PST pas encore public", hidden, {"pst": HIDDEN_PST}),
        PstGroup("PRH sans PST", held.get(None, NONE) - outside, {"pst": PRH_ALONE}),
        PstGroup("Actions hors PST", outside, {"pst": "hors"}),
    ]


def _held(in_force: Framework | None) -> dict[int | None, set[int]]:
    """The projects of each PST, itself included; those of none under None."""
    held: dict[int | None, set[int]] = {}
    for pk, kind, host, *_ in figures.rows(in_force):
        held.setdefault(pk if kind == ProjectKind.PST else host, set()).add(pk)
    return held
