"""The lists of what changed from a year to a later one: the projects of each set, with what they are granted."""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass

from projects.catalogue.models import Project
from projects.figures import changes
from projects.figures.addresses import list_address
from projects.figures.changes import Changes, Move
from projects.figures.money import Cents

SHOWN = 25  # projects that a list of the page names; the file has them all


@dataclass(frozen=True)
class ChangedProject:
    """A project of one of the two years, or of both; amounts in cents, None in a year in which it does not run.

    ``sources``: what it is renewed from, whose amounts are those of the earlier year.
    """

    change: str
    project: Project
    before: int | None
    after: int | None
    sources: list[Project]

    @property
    def amount(self) -> int | None:
        """That of the only year in which it runs."""
        return self.before if self.after is None else self.after

    @property
    def difference(self) -> int | None:
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True)
class ChangeReading:
    """What changed, with the projects that are named, by their keys, and what each is granted."""

    changed: Changes
    granted: Cents
    projects: Mapping[int, Project]

    @classmethod
    def of(cls, changed: Changes, granted: Cents, *, most: int | None = None) -> "ChangeReading":
        """With all the projects of both years, or the ``most`` granted of each list, in one query."""
        turned = changed.turnover
        if most is None:
            keys = changed.all.before.projects | changed.all.after.projects
        else:
            keys = set()
            for held in (turned.began, turned.renewed, turned.stopped):
                keys |= set(largest(held, granted)[:most])
            keys |= {source for pk in keys & turned.renewed for source in turned.sources[pk]}
        return cls(changed, granted, Project.objects.select_related("organization").in_bulk(keys))

    @property
    def began(self) -> list[ChangedProject]:
        return [self._after("commence", pk) for pk in self._named(self.changed.turnover.began)]

    @property
    def renewed(self) -> list[ChangedProject]:
        return [self._renewal(pk) for pk in self._named(self.changed.turnover.renewed)]

    @property
    def stopped(self) -> list[ChangedProject]:
        return [self._before("arrêté", pk) for pk in self._named(self.changed.turnover.stopped)]

    def everything(self) -> Iterator[ChangedProject]:
        """Each project of each year in its set: amounts of a year add up to what the year is granted."""
        turned = self.changed.turnover
        yield from self.began
        for pk in self._named(turned.renewed):
            sources = [self.projects[source] for source in sorted(turned.sources[pk]) if source in self.projects]
            yield ChangedProject("reconduit", self.projects[pk], None, self._cents(pk), sources)
        for pk in self._named(turned.going_on):
            yield ChangedProject("se poursuit", self.projects[pk], self._cents(pk), self._cents(pk), [])
        for pk in self._named(turned.taken_up):
            yield self._before(f"reconduit en {self.changed.year}", pk)
        yield from self.stopped

    def _named(self, keys: Iterable[int]) -> list[int]:
        return [pk for pk in largest(keys, self.granted) if pk in self.projects]

    def _cents(self, project: int) -> int:
        return self.granted.get(project, 0)

    def _after(self, change: str, project: int) -> ChangedProject:
        return ChangedProject(change, self.projects[project], None, self._cents(project), [])

    def _before(self, change: str, project: int) -> ChangedProject:
        return ChangedProject(change, self.projects[project], self._cents(project), None, [])

    def _renewal(self, project: int) -> ChangedProject:
        """With what all that it is renewed from was granted together."""
        keys = sorted(self.changed.turnover.sources[project])
        before = sum(self._cents(source) for source in keys)
        sources = [self.projects[source] for source in keys if source in self.projects]
        return ChangedProject("reconduit", self.projects[project], before, self._cents(project), sources)


def largest(keys: Iterable[int], granted: Cents) -> list[int]:
    """Those that are granted the most first."""
    return sorted(keys, key=lambda pk: (-granted.get(pk, 0), pk))


def addresses(changed: Changes) -> dict[str, str]:
    """The list that each set opens, by the name of the set, and those of both years."""
    opened = {"earlier": list_address(annee=changed.since), "later": list_address(annee=changed.year)}
    for name, (of, _) in changes.MOVES.items():
        is_earlier = name in changes.OF_THE_EARLIER
        year, other = (changed.since, changed.year) if is_earlier else (changed.year, changed.since)
        opened[of] = list_address(annee=year, changement=Move(name, year, other).value)
    return opened


def served_address(parameters: Mapping[str, str], projects: Set[int], year: int) -> str:
    """The list of what serves an orientation, or acts in a commune, in a year; nothing where there is none."""
    return list_address(**parameters, annee=year) if projects else ""
