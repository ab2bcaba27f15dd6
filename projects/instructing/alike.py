"""For those who read the instruction: what resembles a file, what is near the same, what comes back."""

from collections.abc import Iterator
from dataclasses import dataclass

from axes.models import Framework
from cohesion.lib.people import Visitor
from cohesion.lib.spreadsheets import Column, Table
from projects.catalogue.models import Project
from projects.catalogue.models.project import ProjectQuerySet
from projects.catalogue.workflow import TURNED_DOWN
from projects.choices import ProjectKind, ProjectStatus
from projects.declaring.models import Submission
from projects.resembling import Resemblance, resembling, traits_of
from projects.resembling.pairs import NearPair, YearActions
from projects.resembling.traits import ActionReader, public_texts, with_traits

SHOWN = 5


def files(user: Visitor) -> ProjectQuerySet:
    """What was handed in and somebody may read."""
    return Project.objects.visible_to(user).exclude(status=ProjectStatus.DRAFT)


def alike_files(project: Project, submission: Submission | None, user: Visitor) -> list[Resemblance]:
    """The files that resemble one, of its year and before, but for the one that it renews."""
    framework = Framework.objects.in_force().first()
    declaration = getattr(project, "declaration", None)
    read = with_traits(Project.objects.filter(pk=project.pk)).get()
    mine = traits_of(ActionReader(framework), read)
    action = submission.answers.get("action", {}) if submission else {}
    others = files(user).filter(kind=ProjectKind.ACTION).exclude(pk=project.pk)
    if declaration is not None and declaration.previous_id:
        others = others.exclude(pk=declaration.previous_id)
    return resembling(
        public_texts(project) | {"need": str(action.get("need_noticed", ""))},
        among=others,
        framework=framework,
        groups=dict(mine.groups),
        places={"quarters": dict(mine.quarters), "communes": dict(mine.communes)},
        years=mine.years,
        campaign=mine.campaign,
        lead=mine.lead,
        limit=SHOWN,
    )


def compared(user: Visitor) -> ProjectQuerySet:
    """What is compared with one another: the actions that were handed in and not turned down."""
    return files(user).filter(kind=ProjectKind.ACTION).exclude(status__in=TURNED_DOWN)


@dataclass(frozen=True)
class PairRow:
    """A pair with its two projects."""

    pair: NearPair
    first: Project
    second: Project


def pair_rows(actions: YearActions, pairs: list[NearPair]) -> list[PairRow]:
    return [PairRow(pair, actions.projects[pair.first], actions.projects[pair.second]) for pair in pairs]


def table(rows: list[PairRow]) -> Table:
    """A row a pair; an export defuses what a spreadsheet would run."""
    return Table.of("Ressemblances", COLUMNS, iter(rows))


def _columns() -> Iterator[Column]:
    yield Column("code", lambda row: row.first.code, 14)
    yield Column("action", lambda row: row.first.title, 44)
    yield Column("structure", lambda row: row.first.organization.name, 30)
    yield Column("code (2)", lambda row: row.second.code, 14)
    yield Column("action (2)", lambda row: row.second.title, 44)
    yield Column("structure (2)", lambda row: row.second.organization.name, 30)
    yield Column("ce qu’elles partagent", lambda row: row.pair.in_words, 60)


COLUMNS = tuple(_columns())
