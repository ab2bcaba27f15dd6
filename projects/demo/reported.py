"""The reports of the invented programme: what was done in its past years, for how many people, at what cost."""

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from cohesion.models import User
from projects.catalogue.models import Indicator, Project
from projects.choices import ObjectivesMet, WhatNext
from projects.demo.files import DemoFiles, choice, items
from projects.demo.planned import INDICATORS, amounts
from projects.demo.rows import counts, moment, write
from projects.reporting.models import IndicatorResult, Report, ReportLine

if TYPE_CHECKING:
    from projects.demo.past import PastStep

REPORTS, ACCOUNTS = "bilans.csv", "comptes.csv"
Rows = dict[str, str]
Known = dict[tuple[str, int], Report]  # by code of the project and year


def load_reports(
    files: DemoFiles, projects: Mapping[str, Project], walked: Mapping[str, Sequence["PastStep"]], *, by: User
) -> None:
    """Write the reports of ``projects``, by code, handed in and checked on the days of the steps that were taken."""
    reports = {}
    for row in files.rows(REPORTS):
        key = row["projet"], int(row["annee"])
        steps = {step.name: step.day for step in walked[row["projet"]] if step.report == key[1]}
        reports[key] = _report(projects[row["projet"]], row, steps, by)
    write(Report, list(reports.values()))
    write(ReportLine, list(_lines(files.rows(ACCOUNTS), reports)))
    write(IndicatorResult, list(_results(files.rows(INDICATORS), reports)))


def _report(project: Project, row: Rows, steps: dict[str, datetime.date], by: User) -> Report:
    handed = steps.get("hand_report")
    checked = steps.get("close") or steps.get("go_on")
    return Report(
        project=project,
        year=int(row["annee"]),
        due_on=datetime.date.fromisoformat(row["attendu_le"]),
        done=row["fait"],
        objectives_met=choice(ObjectivesMet, row["objectifs"]),
        objectives_why=row["pourquoi"],
        gaps=row["ecarts"],
        what_next=choice(WhatNext, row["suite"]),
        handed_at=moment(handed) if handed else None,
        checked_at=moment(checked) if checked else None,
        checked_by=by if checked else None,
        **counts(row),
    )


def _lines(rows: list[Rows], reports: Known) -> list[ReportLine]:
    return [
        ReportLine(report=reports[row["projet"], int(row["annee"])], account=account, amount=amount)
        for row in rows
        for account, amount in amounts(row).items()
    ]


def _results(rows: list[Rows], reports: Known) -> list[IndicatorResult]:
    known = {(one.project.code, one.name): one for one in Indicator.objects.select_related("project")}
    results = []
    for row in rows:
        for year, actual in map(_told, items(row["resultats"])):
            indicator = known[row["projet"], row["indicateur"]]
            results.append(
                IndicatorResult(report=reports[row["projet"], year], indicator=indicator, actual=Decimal(actual))
            )
    return results


def _told(text: str) -> tuple[int, str]:
    """« 2025 : 41,5 »: a year, and what an indicator came to."""
    year, _, actual = text.partition(" : ")
    return int(year), actual.replace(",", ".")
