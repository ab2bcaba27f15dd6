"""Scenarios side by side: the same rows, a column each, and what differs marked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from cohesion.lib.french import percent
from cohesion.lib.spreadsheets import Table
from cohesion.lib.spreadsheets.amounts import in_cell
from cohesion.lib.text import euros
from projects.catalogue.models import Project
from projects.figures.money import in_euros
from projects.instructing.envelope import in_words
from projects.instructing.sheet import LABELS
from projects.programming.models import Scenario
from projects.programming.starts import NOTHING_YET, Tries, Try
from projects.programming.tally import OUTCOME_WORDS, MeetingFacts, ScenarioTally, Share

MOST_COMPARED = 3
UNSAID = Try(NOTHING_YET, None)


@dataclass(frozen=True)
class Compared:
    """A scenario with what it says and makes."""

    scenario: Scenario
    tries: Tries
    tally: ScenarioTally


@dataclass(frozen=True)
class ScenarioRow:
    """A row of a comparison: what each scenario has there, in words; ``note``: under its name;
    ``names``: of the scenarios."""

    label: str
    cells: list[str]
    note: str = ""
    project: Project | None = None
    names: tuple[str, ...] = ()

    @property
    def named_cells(self) -> list[tuple[str, str]]:
        """Each cell after the name of its scenario."""
        return list(zip(self.names, self.cells, strict=True))

    @property
    def differs(self) -> bool:
        return len(set(self.cells)) > 1


@dataclass(frozen=True)
class ScenarioPart:
    """A part of the table, under a title."""

    title: str
    rows: list[ScenarioRow]


def compared_parts(columns: Sequence[Compared], facts: MeetingFacts) -> list[ScenarioPart]:
    """The whole comparison: what they make, then the shares, then file by file."""
    parts = [
        ScenarioPart("Ensemble", _together(columns)),
        ScenarioPart("Reste des enveloppes", _envelopes(columns)),
        ScenarioPart(
            "Par orientation principale",
            _shares([column.tally.orientations for column in columns], facts.orientation_keys),
        ),
        ScenarioPart(
            "Par territoire, à parts égales entre ceux d’un dossier",
            _shares([column.tally.places for column in columns], facts.place_keys),
        ),
        ScenarioPart("Dossier par dossier", [_file_row(project, columns) for project in facts.projects.values()]),
    ]
    names = tuple(column.scenario.name for column in columns)
    return [ScenarioPart(part.title, _named(part.rows, names)) for part in parts if part.rows]


def _named(rows: Sequence[ScenarioRow], names: tuple[str, ...]) -> list[ScenarioRow]:
    return [replace(row, names=names) for row in rows]


def _together(columns: Sequence[Compared]) -> list[ScenarioRow]:
    rows = [ScenarioRow("Accordé", [euros(column.tally.total) for column in columns])]
    if columns and columns[0].tally.left is not None:
        lefts = [column.tally.left or Decimal(0) for column in columns]
        rows.append(ScenarioRow("Reste de l’enveloppe de l’appel", [in_words(left) for left in lefts]))
    for outcome, (_, words) in OUTCOME_WORDS.items():
        numbers = [column.tally.numbers[outcome] for column in columns]
        if any(numbers):
            rows.append(ScenarioRow(f"Actions {words}", [str(number) for number in numbers]))
    return rows


def _envelopes(columns: Sequence[Compared]) -> list[ScenarioRow]:
    """Every scenario names the same envelopes; only what is outside may lack in one."""
    rows: dict[str, list[str]] = {}
    notes: dict[str, str] = {}
    for place, column in enumerate(columns):
        for share in column.tally.envelopes:
            cells = rows.setdefault(share.line.label, ["–"] * len(columns))
            cells[place] = euros(in_euros(share.cents)) if share.left is None else in_words(share.left)
            left = share.line.left_to_engage
            notes[share.line.label] = "engagé sans enveloppe" if left is None else f"reste aujourd’hui {in_words(left)}"
    return [ScenarioRow(label, cells, notes[label]) for label, cells in rows.items()]


def _shares(columns: Sequence[Sequence[Share]], order: Sequence[str]) -> list[ScenarioRow]:
    """By what they are shares of, in this order of their keys; each with its part of the whole."""
    labels: dict[str, str] = {}
    for shares in columns:
        labels |= {share.key: share.label for share in shares}
    return [ScenarioRow(labels[key], _shares_words(key, columns)) for key in order if key in labels]


def _shares_words(key: str, columns: Sequence[Sequence[Share]]) -> list[str]:
    return [_share_words(key, shares) for shares in columns]


def _share_words(key: str, shares: Sequence[Share]) -> str:
    whole = sum(share.cents for share in shares)
    amount = sum(share.cents for share in shares if share.key == key)
    if not amount:
        return "–"
    return f"{euros(in_euros(amount))} ({percent(amount, whole)})"


def _file_row(project: Project, columns: Sequence[Compared]) -> ScenarioRow:
    cells = [try_words(column.tries.get(project.pk, UNSAID)) for column in columns]
    demand = "" if project.requested is None else f", demande {euros(project.requested)}"
    return ScenarioRow(project.title, cells, f"{project.code} · {project.organization.name}{demand}", project)


def try_words(line: Try) -> str:
    """« Retenue, 3 000 € »; a dash where nothing is said yet."""
    if line.outcome == NOTHING_YET:
        return "–"
    label = LABELS[line.outcome]
    return label if line.granted is None else f"{label}, {euros(line.granted)}"


def comparison_table(columns: Sequence[Compared], facts: MeetingFacts) -> Table:
    """The same comparison as a file: a row a file, two columns a scenario, amounts as numbers."""
    headers = ["code", "projet", "structure", "demandé"]
    for column in columns:
        headers += [f"{column.scenario.name} : décision", f"{column.scenario.name} : montant"]
    rows = [_file_cells(project, columns) for project in facts.projects.values()]
    euro_places = frozenset([3, *(5 + 2 * place for place in range(len(columns)))])
    total: list[str | float | None] = ["Total", "", "", sum(row[3] or 0 for row in rows if isinstance(row[3], float))]
    for column in columns:
        total += ["", float(column.tally.total)]
    widths = [14, 50, 30, 12, *([22, 12] * len(columns))]
    return Table("Simulations", headers, rows, widths, euro_places, total)


def _file_cells(project: Project, columns: Sequence[Compared]) -> list[str | float | None]:
    cells: list[str | float | None] = [
        project.code,
        project.title,
        project.organization.name,
        in_cell(project.requested),
    ]
    for column in columns:
        line = column.tries.get(project.pk, UNSAID)
        cells += [LABELS.get(line.outcome, ""), in_cell(line.granted)]
    return cells
