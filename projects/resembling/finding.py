"""The actions that resemble one, best first."""

from dataclasses import dataclass

from axes.models import Framework
from cohesion.lib.text import fold
from projects.catalogue.models import Project
from projects.catalogue.models.project import ProjectQuerySet
from projects.resembling.doors import Door, candidates
from projects.resembling.likeness import ActionLikeness, in_words, likeness
from projects.resembling.traits import ActionReader, Traits, traits_of, with_traits

Found = tuple[ActionLikeness, Project, Traits]


@dataclass(frozen=True, slots=True)
class Resemblance:
    """An action, how much it resembles, and what both share, in words."""

    project: Project
    score: float
    shared: tuple[str, ...]

    @property
    def in_words(self) -> str:
        return " · ".join(self.shared)


def resembling(
    texts: dict[str, str],
    *,
    among: ProjectQuerySet,
    framework: Framework | None,
    groups: dict[str, str] | None = None,
    places: dict[str, dict[int, str]] | None = None,
    years: tuple[int, int] | None = None,
    campaign: int | None = None,
    lead: int | None = None,
    limit: int = 5,
) -> list[Resemblance]:
    """The projects among which one looks that resemble an action, best first; none when nothing does.

    ``texts`` are the fields of a declaration by their names (``title``, ``summary``, ``need``, ``description``). Those
    of the same years and before are compared, not what begins later. The number of queries is constant.
    """
    reader = ActionReader(framework)
    where = places or {"quarters": {}, "communes": {}}
    mine = Traits(reader.read(texts), groups or {}, **where, years=years, campaign=campaign, lead=lead)
    door = Door(mine.reading)
    keys = candidates(door, among, mine)
    found: list[Found] = []
    for project in with_traits(Project.objects.filter(pk__in=keys)):
        other = traits_of(reader, project)
        if years and other.years and other.years[0] > years[1]:
            continue
        if alike := likeness(reader, door.rarity, mine, other):
            found.append((alike, project, other))
    found.sort(key=lambda one: (-round(one[0].score, 6), one[1].pk))
    return [
        Resemblance(project, alike.score, tuple(in_words(reader, alike, mine, other)))
        for alike, project, other in _once(found)[:limit]
    ]


def _once(found: list[Found]) -> list[Found]:
    """An action that a structure does anew each year, by the year that resembles most."""
    first: dict[tuple[int, str], Found] = {}
    for one in found:
        first.setdefault((one[1].organization_id, fold(one[1].title)), one)
    return list(first.values())
