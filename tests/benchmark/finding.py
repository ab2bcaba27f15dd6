"""The one box over a large site: how long a search of the whole site takes, and what each database does for it."""

import random
from collections.abc import Callable, Iterator
from itertools import accumulate, islice
from statistics import median, quantiles

from django.contrib.auth.models import AnonymousUser
from django.db import connection

from axes.document import Node
from axes.founding import load_founding_framework
from axes.models import Framework
from axes.search import index_of
from cohesion.lib import french
from projects.choices import SearchKind
from projects.search import complete, search
from projects.search.entries import entry
from projects.search.models import SearchEntry, StaleEntry
from projects.search.words import reader_tokens
from projects.suggestion.thesaurus import PATH
from tests.benchmark.filling import BATCH, SEED
from tests.benchmark.measuring import Figure, Size, seconds

NAME = "site"
TITLE = "La recherche de tout le site, d’une seule case"
AIM = 10.0  # milliseconds
REPEATS = 5
SUFFIXES = ("ac", "eau", "ier", "on", "in", "ot", "el", "ard", "ois", "ieu", "ay", "et")
BEGINNINGS = ("Bel", "Mar", "Cour", "Vill", "Mont", "Fon", "Gra", "Ros", "Cha", "Dam", "Per", "Lan", "Sor", "Tour")
KINDS = {
    SearchKind.PROJECT: 0.8,
    SearchKind.FILE: 0.12,
    SearchKind.ORGANIZATION: 0.05,
    SearchKind.OFFER: 0.02,
    SearchKind.TERRITORY: 0.01,
}
# What people type: rare and frequent words, two or more, codes, places, beginnings, slips, what nothing has.
TEXTS = (
    *("vélo", "crèche", "HLM", "FLE", "ludothèque", "échecs", "couture", "apiculture", "théâtre", "illettrisme"),
    *("santé", "jeunes", "emploi", "habitants", "projet", "logement", "quartier", "social", "familles", "sport"),
    *("aide aux devoirs", "santé mentale", "jardin partagé", "accès aux droits", "cours de français", "lien social"),
    *("logement des jeunes", "mobilité rurale", "emploi des femmes", "accompagnement des familles en difficulté"),
    *("M-004217", "M-0042", "5.2.1", "27299", "2026", "PST-01"),
    *("Courieu", "Belard Montois", "emploi Graveau", "santé Villon"),
    *("créch", "lohement", "solidarte", "parentalitee", "zygomatique", "le projet des habitants du quartier"),
)
TYPED = ("sa", "san", "emp", "log", "ville", "cour", "aide a", "M-00", "jardin p", "santé ment")


def measure(size: Size) -> Iterator[Figure]:
    """As many entries as projects are asked for; each text once after the others, several times round."""
    framework = Framework.objects.in_force().first() or load_founding_framework()
    fill(size.projects, framework)
    index_of(framework)
    viewer = AnonymousUser()
    first = {text: seconds(lambda text=text: search(text, viewer, framework)) for text in TEXTS}  # type: ignore[misc]
    yield _figure(f"{size.projects} entrées, {len(TEXTS)} textes, la première fois", list(first.values()))
    yield _repeated(
        f"{size.projects} entrées, {len(TEXTS)} textes, ensuite", TEXTS, lambda t: search(t, viewer, framework)
    )
    yield _repeated("en tapant", TYPED, lambda text: complete(text, viewer, framework))


def _repeated(case: str, texts: tuple[str, ...], way: Callable[[str], object]) -> Figure:
    taken: dict[str, list[float]] = {text: [] for text in texts}
    for _ in range(REPEATS):
        for text in texts:
            taken[text].append(seconds(lambda text=text: way(text)))  # type: ignore[misc]
    return _figure(case, [median(times) for times in taken.values()])


def _figure(case: str, times: list[float]) -> Figure:
    milliseconds = [1000 * time for time in times]
    high = quantiles(milliseconds, n=20)[-1]
    more = {"p95": round(high, 1), "plus lent": round(max(milliseconds), 1)}
    return Figure(case, median(milliseconds), AIM, "visé", more)


def fill(number: int, framework: Framework) -> None:
    """So many entries, of all kinds and for all readers, whose words are as frequent as those of a language are."""
    if SearchEntry.objects.count() >= number:
        return
    StaleEntry.objects.all().delete()
    SearchEntry.objects.all().delete()
    rows = _entries(number, framework)
    while batch := list(islice(rows, BATCH)):
        SearchEntry.objects.bulk_create(batch)  # not the tree
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE")


def _branch(node: Node) -> str:
    """The wordings of an orientation and of those above it: what a project that serves it is found by."""
    return " ".join(line.orientation.display_title for line in [*node.path, node])


def _entries(number: int, framework: Framework) -> Iterator[SearchEntry]:
    draw = random.Random(SEED)
    wordings = [_branch(place.node) for place in index_of(framework).entries]
    thesaurus = [word.word for word in french.significant(PATH.read_text(encoding="utf-8")) if len(word.word) > 2]
    words = list(dict.fromkeys(word for text in (*wordings, *thesaurus) for word in text.split()))
    draw.shuffle(words)
    weights = list(accumulate(1 / rank for rank in range(1, len(words) + 1)))
    names = [begins + ends for begins in BEGINNINGS for ends in SUFFIXES]
    kinds = draw.choices(list(KINDS), list(KINDS.values()), k=number)

    def text(size: int) -> str:
        return " ".join(draw.choices(words, cum_weights=weights, k=size)).capitalize()

    for key, kind in enumerate(kinds, start=1):
        place, lead = draw.choice(names), f"{draw.choice(names)} {draw.choice(names)}"
        served = [draw.choice(wordings)]
        is_public = kind != SearchKind.FILE
        yield entry(
            kind,
            key,
            place if kind == SearchKind.TERRITORY else text(draw.randrange(3, 9)),
            f"/projets/M-{key:06}/",
            readers=reader_tokens(is_public=is_public, elected=True, organizations=[key % 300]),
            code=f"M-{key:06}" if kind in (SearchKind.PROJECT, SearchKind.FILE) else "",
            context=f"{lead} · {place}",
            texts=[text(25), lead, place, *served]
            if kind in (SearchKind.PROJECT, SearchKind.FILE)
            else [text(4), place],
            linked=[f"{draw.randrange(1, 8)}.{draw.randrange(1, 5)}.{draw.randrange(1, 4)}", str(27001 + key % 600)],
        )
