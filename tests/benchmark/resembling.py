"""Who does the same, among many projects: from each of some, those that resemble it, and how many queries it takes."""

import random
from collections.abc import Iterator
from itertools import accumulate, islice
from statistics import median

from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from axes.founding import load_founding_framework
from axes.models import Framework
from cohesion.lib import french
from projects.catalogue.models import Contribution, Project
from projects.choices import SearchKind
from projects.resembling import Resemblance, resembling, traits_of
from projects.resembling.traits import ActionReader, public_texts, with_traits
from projects.search.entries import entry
from projects.search.models import SearchEntry, StaleEntry
from projects.search.words import reader_tokens
from projects.suggestion.index import index_of
from projects.suggestion.thesaurus import PATH
from tests.benchmark.filling import BATCH, SEED, Programme
from tests.benchmark.measuring import Figure, Size, seconds

NAME = "ressemblances"
TITLE = "Qui fait la même chose, parmi tous les projets"
AIM = 300.0  # milliseconds
ASKED = 25


def measure(size: Size) -> Iterator[Figure]:
    """Each for the first time: what its words, its places and its orientations lead to is read, then compared."""
    framework = Framework.objects.in_force().first() or load_founding_framework()
    fill(size, framework)
    looked_for(framework, Project.objects.published().latest("pk"))
    taken: list[float] = []
    queries: set[int] = set()
    for project in Project.objects.published().order_by("pk")[: ASKED * 97 : 97]:
        with CaptureQueriesContext(connection) as captured:
            taken.append(1000 * seconds(lambda project=project: looked_for(framework, project)))  # type: ignore[misc]
        queries.add(len(captured))
    more = {"plus lent": round(max(taken), 1), "requêtes": max(queries), "au moins": min(queries)}
    yield Figure(f"{size.projects} projets, la première fois", median(taken), AIM, "visé", more)


def looked_for(framework: Framework, sought: Project) -> list[Resemblance]:
    project = with_traits(Project.objects.filter(pk=sought.pk)).get()
    mine = traits_of(ActionReader(framework), project)
    return resembling(
        public_texts(project),
        among=Project.objects.published().exclude(pk=project.pk),
        framework=framework,
        groups=dict(mine.groups),
        places={"quarters": dict(mine.quarters), "communes": dict(mine.communes)},
        years=mine.years,
    )


class WordyProgramme(Programme):
    """The same, told in as many words as the field has, as frequent as those of a language are."""

    def __init__(self, size: Size) -> None:
        super().__init__(size)
        thesaurus = french.significant(PATH.read_text(encoding="utf-8"))
        self.words = list(dict.fromkeys(word.word for word in thesaurus if len(word.word) > 2))
        self.weights = list(accumulate(1 / rank for rank in range(1, len(self.words) + 1)))

    def text(self, words: int) -> str:
        return " ".join(self.draw.choices(self.words, cum_weights=self.weights, k=words)).capitalize()


def fill(size: Size, framework: Framework) -> None:
    """So many projects, with a main orientation each, and the entries that they are found by."""
    if Project.objects.count() == size.projects and SearchEntry.objects.count() == size.projects:
        return
    WordyProgramme(size).projects()
    draw = random.Random(SEED)
    nodes = [node.pk for node in index_of(framework).nodes]
    projects = Project.objects.order_by("pk").values_list("pk", "code", "title", "summary")
    links = (Contribution(project_id=row[0], orientation_id=draw.choice(nodes), is_main=True) for row in projects)
    in_batches(Contribution, links)
    StaleEntry.objects.all().delete()
    SearchEntry.objects.all().delete()
    in_batches(SearchEntry, (_entry(*row) for row in projects))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def in_batches(model: type[models.Model], rows: Iterator[models.Model]) -> None:
    while batch := list(islice(rows, BATCH)):
        model._default_manager.bulk_create(batch)  # not the tree


def _entry(pk: int, code: str, title: str, summary: str) -> SearchEntry:
    readers = reader_tokens(is_public=True, elected=True, organizations=[pk % 300])
    return entry(SearchKind.PROJECT, pk, title, f"/projets/{code}/", readers=readers, code=code, texts=[summary])
