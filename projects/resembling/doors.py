"""The few projects that may resemble an action, each looked up by an index: never a scan of all that is done."""

from collections.abc import Iterable
from math import log

from cohesion.lib import french
from projects.catalogue.models import Contribution, Place, Project
from projects.catalogue.models.project import ProjectQuerySet
from projects.choices import SearchKind
from projects.resembling.traits import ActionReading, Traits
from projects.search.index import EntryRow, holders
from projects.search.words import either, token

WORDS = 16  # of what is typed, that are looked for
FEW = 300  # a word that more projects have says too little to lead to one
FEWEST = 100  # projects among which a word is taken to be rare, while there are fewer
KINDS = (SearchKind.PROJECT, SearchKind.FILE)
LATEST = 200  # projects of the same orientations, of the same places
PROPOSED = 3
USUAL = 20  # projects that serve an orientation or act in a place, more or less: how rare it is to share one
LOOKED_AT = 600  # before those that one may not see are left out
COMPARED = 100


class Door:
    """Who has which of the words of a text: how rare each is, and which projects it leads to.

    The index of the search is asked as it stands: what was written since somebody last searched is looked for by its
    orientations and its places only.
    """

    def __init__(self, reading: ActionReading) -> None:
        expressions = _expressions(reading)
        self.holding = dict(zip(expressions, _holding(list(expressions.values())), strict=True))
        self.all = max(FEWEST, len(Project.objects.order_by().values_list("pk")[: FEW + 1]))

    def rarity(self, name: str) -> float:
        """Of a word, from one that a single project has to one that many do; what is not looked for says little."""
        number = len(self.holding[name]) if name in self.holding else self.all
        return log(1 + self.all / max(1, number))

    def led_to(self) -> dict[int, float]:
        """The projects that the rarer words lead to, with how much these weigh together."""
        weights: dict[int, float] = {}
        for name, keys in self.holding.items():
            for pk in filter(None, keys if len(keys) <= FEW else ()):
                weights[pk] = weights.get(pk, 0) + self.rarity(name)
        return weights


def _expressions(reading: ActionReading) -> dict[str, str]:
    """What to ask the index of the words to look for, by their names: those of the title first, in all their forms."""
    names = sorted(reading.words, key=lambda name: (name in reading.generic, -reading.words[name]))
    return {name: _expression(reading.shown[name]) for name in names[:WORDS]}


def _expression(word: str) -> str:
    return either([*(token("k", key) for key in french.keys(word)), token("a", french.folded(word))])


def _holding(expressions: list[str]) -> list[list[int | None]]:
    """For each expression, what has it, up to one more than ``FEW``: the key of a project, None for anything else. One
    query."""
    return [_project_keys(rows) for rows in holders(expressions, FEW + 1)]


def _project_keys(rows: Iterable[EntryRow]) -> list[int | None]:
    return [row.key if row.kind in KINDS else None for row in rows]


def candidates(door: Door, among: ProjectQuerySet, mine: Traits) -> list[int]:
    """The keys of the projects to compare among those one may see, the likeliest first, in three queries."""
    weights = door.led_to()
    for keys in (_serving(mine), _there(mine)):
        for pk in keys:
            weights[pk] = weights.get(pk, 0) + log(1 + door.all / USUAL)
    likeliest = sorted(weights, key=lambda pk: (-weights[pk], -pk))[:LOOKED_AT]
    seen = set(among.filter(pk__in=likeliest).order_by().values_list("pk", flat=True))
    return [pk for pk in likeliest if pk in seen][:COMPARED]


def _serving(mine: Traits) -> list[int]:
    """The last projects that serve what the texts resemble most."""
    resembled = sorted(mine.reading.aims, key=lambda pk: -mine.reading.aims[pk])[:PROPOSED]
    links = Contribution.objects.filter(orientation__in=resembled).order_by("-pk")
    return list(links.values_list("project_id", flat=True)[:LATEST])


def _there(mine: Traits) -> list[int]:
    """The last projects of the same quarters, and of their communes."""
    places = Place.objects.filter(territory__in=[*mine.quarters, *mine.communes]).order_by("-pk")
    return list(places.values_list("project_id", flat=True)[:LATEST])
