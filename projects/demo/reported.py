"""The reports of the invented programme: what was done in its past years, for how many people, at what cost."""

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal

from cohesion.models import User
from projects.catalogue.models import Project
from projects.choices import ObjectivesMet, WhatNext
from projects.demo.calendar import PastStep
from projects.demo.files import DemoFiles, choice, items
from projects.demo.planned import INDICATORS, amounts, indicators_by_name, typed
from projects.demo.rows import counts, moment, write
from projects.reporting.models import IndicatorResult, Report, ReportLine

REPORTS, ACCOUNTS = "bilans.csv", "comptes.csv"
Rows = dict[str, str]
Key = tuple[str, int]  # the code of a project, and a year
# The fields of the page of a report, and the columns that fill them in.
WORDS = {
    "done": "fait",
    "objectives_why": "pourquoi",
    "gaps_explained": "ecarts",
}


def load_reports(
    files: DemoFiles, projects: Mapping[str, Project], walked: Mapping[str, Sequence[PastStep]], *, by: User
) -> None:
    """Write the reports of ``projects``, by code, handed in and checked on the days of the steps that were taken."""
    reports: dict[Key, Report] = {}
    for row in files.rows(REPORTS):
        key = row["projet"], int(row["annee"])
        steps = {step.name: step.day for step in walked[row["projet"]] if step.report == key[1]}
        reports[key] = _report(projects[row["projet"]], row, steps, by)
    lines, results = _lines(files.rows(ACCOUNTS), reports), _results(files.rows(INDICATORS), reports)
    for line in lines:
        line.report.answers[f"a-{line.account}"] = typed(line.amount)
    for result in results:
        result.report.answers[f"actual-{result.indicator_id}"] = typed(result.actual)
    write(Report, list(reports.values()))
    write(ReportLine, lines)
    write(IndicatorResult, results)


def _report(project: Project, row: Rows, steps: dict[str, datetime.date], by: User) -> Report:
    """A report, with what was typed of it besides its accounts and its results."""
    handed = steps.get("hand_report")
    checked = steps.get("close") or steps.get("go_on")
    met, next_step, people = choice(ObjectivesMet, row["objectifs"]), choice(WhatNext, row["suite"]), counts(row)
    answers = {field: row[column] for field, column in WORDS.items()}
    answers |= {"objectives_met": met, "what_next": next_step}
    answers |= {name: str(number or "") for name, number in people.items()}
    return Report(
        project=project,
        year=int(row["annee"]),
        due_on=datetime.date.fromisoformat(row["attendu_le"]),
        done=row["fait"],
        objectives_met=met,
        objectives_why=row["pourquoi"],
        gaps=row["ecarts"],
        what_next=next_step,
        answers={field: text for field, text in answers.items() if text},
        saved_at=moment(handed) if handed else None,
        handed_at=moment(handed) if handed else None,
        checked_at=moment(checked) if checked else None,
        checked_by=by if checked else None,
        **people,
    )


def _lines(rows: list[Rows], reports: Mapping[Key, Report]) -> list[ReportLine]:
    return [
        ReportLine(report=reports[row["projet"], int(row["annee"])], account=account, amount=amount)
        for row in rows
        for account, amount in amounts(row).items()
    ]


def _results(rows: list[Rows], reports: Mapping[Key, Report]) -> list[IndicatorResult]:
    indicators = indicators_by_name()
    results = []
    for row in rows:
        indicator = indicators[row["projet"], row["indicateur"]]
        for text in items(row["resultats"]):
            year, _, actual = text.partition(":")
            report = reports[row["projet"], int(year)]
            results.append(
                IndicatorResult(report=report, indicator=indicator, actual=Decimal(actual.replace(",", ".")))
            )
    return results
