"""Search: words that some rows hold, among the orientations and among the projects."""

from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.http import QueryDict

from axes.search import index_of, search
from projects.browsing.filters import ProjectFilter
from projects.catalogue.models import Project
from projects.choices import PUBLIC_STATUSES
from projects.search.entries import PROJECT_KINDS
from projects.search.refreshing import refresh_all
from projects.search.words import text_tokens
from tests.benchmark.filling import filled
from tests.benchmark.measuring import Figure, Size, compare, same

NAME = "recherche"
TITLE = "La recherche, parmi les orientations et parmi les projets"
PAGE = 25
WORD = "vieillissement"
KINDS = ", ".join(["%s"] * len(PROJECT_KINDS))
STATUSES = ", ".join(["%s"] * len(PUBLIC_STATUSES))
TITLES = "SELECT id FROM axes_orientation WHERE framework_id = %s AND LOWER(title) LIKE %s"
FOUND = f"""SELECT one.id, one.code FROM projects_project AS one
    JOIN projects_searchentry AS line ON line.kind IN ({KINDS}) AND line.key = one.id
    WHERE one.status IN ({STATUSES}) AND ' ' || line.tokens || ' ' LIKE %s"""
FIRST = f"{FOUND} ORDER BY one.code LIMIT {PAGE}"
NUMBER = f"SELECT COUNT(*) FROM ({FOUND}) AS found"


def measure(size: Size) -> Iterator[Figure]:
    """Against one LIKE: it finds the same rows for this word, and knows neither plurals nor slips. That of the projects
    reads what they are found by, their orientations and places too."""
    framework = filled(size)
    refresh_all()
    index_of(framework)

    def like() -> list[int]:
        return sorted(_column(TITLES, framework.pk, f"%{WORD}%"))

    same("search", sorted(hit.orientation.pk for hit in search(framework, WORD).hits), like())
    yield compare(f"{size.nodes} orientations", lambda: search(framework, WORD), like, "SQL, un LIKE")

    def found() -> Any:
        asked = ProjectFilter(QueryDict(f"q={WORD}&annee=toutes"), framework)
        return asked.ordered(asked.filter(Project.objects.published()))

    (token,) = text_tokens(WORD)
    parameters = (*PROJECT_KINDS, *PUBLIC_STATUSES, f"% {token} %")
    first = [int(key) for key in _column(FIRST, *parameters)]
    same("ProjectFilter, première page", list(found().values_list("pk", flat=True)[:PAGE]), first)

    def number() -> int:
        return ProjectFilter(QueryDict(f"q={WORD}&annee=toutes"), None).number()  # without a framework, nothing is kept

    same("ProjectFilter, nombre", number(), _column(NUMBER, *parameters)[0])
    case = f"{size.projects} projets"
    yield compare(
        f"{case}, la première page", lambda: list(found()[:PAGE]), lambda: _column(FIRST, *parameters), "SQL, un LIKE"
    )
    yield compare(f"{case}, leur nombre", number, lambda: _column(NUMBER, *parameters), "SQL, un LIKE")


def _column(statement: str, *parameters: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [row[0] for row in cursor.fetchall()]
