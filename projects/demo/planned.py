"""What the invented projects plan beyond what a file of projects says: their budgets by account, the class and the
state of each funding, how each indicator is measured.
"""

from collections.abc import Mapping
from decimal import Decimal

from projects.catalogue import budget
from projects.catalogue.listed import Funder
from projects.catalogue.models import BudgetLine, FundingLine, Indicator, Project
from projects.catalogue.recording import change
from projects.choices import FundingClass, FundingState, IndicatorDirection, IndicatorKind
from projects.demo.files import DemoFiles, choice
from projects.demo.rows import write

BUDGETS, FUNDINGS, INDICATORS = "budgets.csv", "financements.csv", "indicateurs.csv"


def load_plans(files: DemoFiles, projects: Mapping[str, Project]) -> None:
    """Write what the files plan of ``projects``, by code, whose funders and indicators are there already."""
    lines = [
        BudgetLine(project=projects[row["projet"]], account=account, amount=amount)
        for row in files.rows(BUDGETS)
        for account, amount in amounts(row).items()
    ]
    write(BudgetLine, lines)
    _classify(files)
    _measure(files)


def amounts(row: dict[str, str]) -> dict[str, Decimal]:
    """The amounts of a row, by account; an account without one is left out."""
    accounts = (*budget.ACCOUNTS, budget.GRANTS)
    return {account: Decimal(row[account]) for account in accounts if row.get(account)}


def _classify(files: DemoFiles) -> None:
    by_name = {}
    for line in FundingLine.objects.select_related("project"):
        by_name[line.project.code, Funder(line.kind, line.name, None, None).label] = line
    lines = []
    for row in files.rows(FUNDINGS):
        line = by_name[row["projet"], row["financeur"]]
        line.funding_class, line.state = choice(FundingClass, row["credits"]), choice(FundingState, row["etat"])
        lines.append(line)
    change(FundingLine, lines, ["funding_class", "state"])


def _measure(files: DemoFiles) -> None:
    by_name, indicators = indicators_by_name(), []
    for row in files.rows(INDICATORS):
        indicator = by_name[row["projet"], row["indicateur"]]
        indicator.kind, indicator.method = choice(IndicatorKind, row["nature"]), row["mesure"]
        indicator.baseline = Decimal(row["depart"]) if row["depart"] else None
        indicator.direction = choice(IndicatorDirection, row["sens"])
        indicators.append(indicator)
    change(Indicator, indicators, ["kind", "method", "baseline", "direction"])


def indicators_by_name() -> dict[tuple[str, str], Indicator]:
    """The indicators that are there, by the code of their project and their name."""
    indicators = Indicator.objects.select_related("project")
    return {(indicator.project.code, indicator.name): indicator for indicator in indicators}


def typed_plan(project: Project) -> dict[str, dict[str, str]]:
    """What the lead of a project typed of its budget and its indicators: taken up again, it brings them along."""
    money = {f"a-{line.account}": typed(line.amount) for line in project.budget_lines.all()}
    for rank, line in enumerate(project.funding_lines.all()):
        row = {"kind": line.kind, "funder": line.name, "requested": typed(line.requested)}
        row |= {"class": line.funding_class, "state": line.state}
        money |= {f"{name}-{rank}": text for name, text in row.items() if text}
    measures: dict[str, str] = {}
    for rank, indicator in enumerate(project.indicators.all()):
        row = {"name": indicator.name, "kind": indicator.kind, "target": typed(indicator.target)}
        row |= {"unit": indicator.unit, "method": indicator.method, "baseline": typed(indicator.baseline)}
        row |= {"direction": indicator.direction} if indicator.direction == IndicatorDirection.LESS else {}
        measures |= {f"{name}-{rank}": text for name, text in row.items() if text}
    return {"budget": money, "evaluation": measures}


def typed(number: Decimal | None) -> str:
    """A number as a lead types it."""
    return "" if number is None else f"{number.normalize():f}".replace(".", ",")
