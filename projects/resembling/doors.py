"""The few projects that may resemble an action, each looked up by an index: never a scan of all that is done."""

from functools import cache
from math import log

from django.db import connection

from cohesion.lib.french import folded
from projects.catalogue.models import Contribution, Place, Project
from projects.catalogue.models.project import ProjectQuerySet
from projects.resembling.traits import Reading, Traits

TRIGRAMS = "projects_project_trigrams"  # on SQLite; see projects/migrations/_trigrams.py
WORDS = 16  # of what is typed, that are looked for
FEW = 300  # a word that more projects have says too little to lead to one
FEWEST = 100  # projects among which a word is taken to be rare, while there are fewer
CLOSE = 4  # letters that a stem keeps at least
LATEST = 200  # projects of the same orientations, of the same places
PROPOSED = 3
USUAL = 20  # projects that serve an orientation or act in a place, more or less: how rare it is to share one
LOOKED_AT = 600  # before those that one may not see are left out
COMPARED = 150


class Door:
    """Who has which of the words of a text: how rare each is, and which projects it leads to."""

    def __init__(self, reading: Reading) -> None:
        self.stems = _stems(reading)
        self.holding = _holding(list(self.stems.values()))
        self.all = max(FEWEST, len(Project.objects.order_by().values_list("pk")[: FEW + 1]))

    def rarity(self, name: str) -> float:
        """Of a word, from one that a single project has to one that many do; what is not looked for says little."""
        stem = self.stems.get(name)
        number = len(self.holding.get(stem, ())) if stem else self.all
        return log(1 + self.all / max(1, number))

    def led_to(self) -> dict[int, float]:
        """The projects that the rarer words lead to, with how much these weigh together."""
        weights: dict[int, float] = {}
        for name, stem in self.stems.items():
            keys = self.holding.get(stem, [])
            for pk in keys if len(keys) <= FEW else ():
                weights[pk] = weights.get(pk, 0) + self.rarity(name)
        return weights


def _stems(reading: Reading) -> dict[str, str]:
    """The words to look for, those of the title first, by their names: each as what its inflections begin with."""
    names = sorted(reading.words, key=lambda name: (name in reading.generic, -reading.words[name]))
    stems: dict[str, str] = {}
    for name in names:
        written = folded(reading.shown[name])
        stem = name if len(name) >= CLOSE and written.startswith(name) else written.rstrip("sx")
        if len(stem) >= 3:
            stems[name] = stem
        if len(stems) == WORDS:
            break
    return stems


def _holding(stems: list[str]) -> dict[str, list[int]]:
    """For each stem, the keys of the projects whose text has it, up to one more than ``FEW``: one query."""
    if not stems:
        return {}
    table = connection.ops.quote_name(Project._meta.db_table)
    found = f"SELECT id AS pk FROM {table} WHERE search_text LIKE %s LIMIT {FEW + 1}"  # noqa: S608
    parameters = [f"%{stem}%" for stem in stems]
    if connection.vendor == "sqlite" and _has_trigrams(str(connection.settings_dict["NAME"])):
        found = f"SELECT rowid AS pk FROM {TRIGRAMS} WHERE {TRIGRAMS} MATCH %s LIMIT {FEW + 1}"  # noqa: S608
        parameters = [_trigrams(stem) for stem in stems]
    parts = [f"SELECT {rank} AS place, pk FROM ({found}) AS part{rank}" for rank in range(len(stems))]  # noqa: S608
    holding: dict[str, list[int]] = {stem: [] for stem in stems}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), parameters)
        for rank, pk in cursor.fetchall():
            holding[stems[rank]].append(pk)
    return holding


def _trigrams(stem: str) -> str:
    return " AND ".join(f'"{stem[start : start + 3]}"' for start in range(len(stem) - 2))


@cache
def _has_trigrams(database: str) -> bool:
    """Asked once a process: a SQLite without them goes on without."""
    return TRIGRAMS in connection.introspection.table_names()


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
