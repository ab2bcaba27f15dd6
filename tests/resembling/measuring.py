"""Pairs of actions that say the same in other words: is the other one among the first three?"""

import csv
import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from axes.models import Framework
from projects.catalogue.models import Place, Project
from projects.choices import OrganizationKind, ProjectKind, ProjectStatus, TargetGroup, TerritoryKind
from projects.members.models import Organization
from projects.resembling import Resemblance, resembling, traits_of
from projects.resembling.traits import ActionReader, public_texts, with_traits
from projects.search.refreshing import refresh_all
from projects.territory.models import Territory
from tests.suggestions import measuring as suggestions

CASES = Path(__file__).with_name("cases")
FILES = tuple(CASES / f"{name}.csv" for name in ("tuning", "kept_apart", "blind_tuning", "blind_apart"))
FIRST = 3


@dataclass(frozen=True, slots=True)
class Pair:
    """What was looked for from each of the two, and what resembled it."""

    one: Project
    other: Project
    found: list[Resemblance]

    @property
    def rank(self) -> int | None:
        """How far down the other one is, from 1; None where it is not at all."""
        keys = [resemblance.project.pk for resemblance in self.found]
        return keys.index(self.other.pk) + 1 if self.other.pk in keys else None


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def write_all(*, with_distractors: bool = True) -> dict[str, list[tuple[Project, Project]]]:
    """Write the pairs and the distractors as projects; the pairs, by the name of their file."""
    organization = Organization.objects.create(name="Structure de la mesure", kind=OrganizationKind.ASSOCIATION)
    communes = list(Territory.objects.communes().on(datetime.date(2025, 12, 31)).filter(valid_to=None).order_by("code"))
    groups = TargetGroup.labels
    for number, case in enumerate(_distractors() if with_distractors else ()):
        text = f"{case.texts['need']} {case.texts['description']}".strip()[:1000]
        project = _write(organization, f"MESURE-D{number}", case.texts["title"], text, groups[number % len(groups)])
        Place.objects.create(project=project, territory=communes[number % len(communes)])
    written: dict[str, list[tuple[Project, Project]]] = {}
    for path in FILES:
        both: dict[str, list[Project]] = {}
        for row in rows(path):
            code = f"MESURE-{path.stem}-{row['pair']}-{len(both.get(row['pair'], []))}".replace("_", "-")
            project = _write(organization, code, row["title"], row["summary"], row["audience"], int(row["year"]))
            Place.objects.create(project=project, territory=_territory(row["place"], project.pk))
            both.setdefault(row["pair"], []).append(project)
        refresh_all()
        written[path.stem] = [(one, other) for one, other in both.values()]
    return written


def _distractors() -> Iterator[suggestions.Case]:
    for path in (suggestions.TUNING, suggestions.KEPT_APART):
        yield from suggestions.written(path)


def _write(organization: Organization, code: str, title: str, summary: str, audience: str, year: int = 2026) -> Project:
    return Project.objects.create(
        kind=ProjectKind.ACTION,
        code=code[:30],
        title=title,
        summary=summary,
        audience=audience,
        organization=organization,
        status=ProjectStatus.RUNNING,
        starts_on=datetime.date(year, 1, 1),
        ends_on=datetime.date(year, 12, 31),
    )


def _territory(name: str, number: int) -> Territory:
    """The commune or the quarter of that name: what begins with the name of a commune is often wider."""
    there = Territory.objects.on(datetime.date(2025, 12, 31)).filter(valid_to=None).order_by("pk")
    communes, quarters = there.filter(name=name), there.filter(name__startswith=name)
    return (
        communes.filter(kind=TerritoryKind.COMMUNE).first()
        or quarters.first()
        or Territory.objects.create(kind=TerritoryKind.COMMUNE, code=f"MESURE-{number}", name=name)
    )


def measure(framework: Framework | None, pairs: list[tuple[Project, Project]]) -> list[Pair]:
    """Each pair looked for both ways."""
    return [looked_for(framework, *way) for one, other in pairs for way in ((one, other), (other, one))]


def looked_for(framework: Framework | None, one: Project, other: Project) -> Pair:
    project = with_traits(Project.objects.filter(pk=one.pk)).get()
    mine = traits_of(ActionReader(framework), project)
    found = resembling(
        public_texts(project),
        among=Project.objects.published().exclude(pk=one.pk),
        framework=framework,
        groups=dict(mine.groups),
        places={"quarters": dict(mine.quarters), "communes": dict(mine.communes)},
        limit=10,
    )
    return Pair(one, other, found)
