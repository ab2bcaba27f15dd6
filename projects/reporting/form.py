"""The page of a report: the classes of people, indicators and accounts that were declared, and what they came to."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, ClassVar

from cohesion.lib.text import NBSP, capital, euros
from cohesion.together.merging import Typed
from projects.catalogue import budget
from projects.catalogue.models import Indicator
from projects.choices import ObjectivesMet, WhatNext
from projects.declaring.contradictions import Correction
from projects.declaring.fields import amount, line, number, one_of, paragraph
from projects.declaring.forms import PiecesForm
from projects.declaring.models import Declaration
from projects.declaring.pages.audience import PeopleForm
from projects.declaring.pages.budget import INCOME, SIDES, ZERO, BudgetForm
from projects.declaring.pieces import Piece, of_report, with_reasons
from projects.reporting.models import Report


class ReportForm(PiecesForm, PeopleForm):
    NEEDED: ClassVar = {
        "done": "Dites ce qui a été fait.",
        "objectives_met": "Dites si les objectifs sont atteints.",
        "people": "Indiquez combien de personnes ont été touchées.",
        "what_next": "Dites ce que vous envisagez pour la suite.",
    }
    CONDITIONAL: ClassVar = ("objectives_why", "gaps_explained")
    template = "space/report_fields.html"
    field_order = ("done", "objectives_met", "objectives_why")

    done = paragraph("Ce qui a été fait", 8_000, rows=8, help_text="Ce qui a eu lieu, où, combien de fois, avec qui.")
    objectives_met = one_of("Les objectifs sont-ils atteints ?", ObjectivesMet.choices)
    objectives_why = paragraph("Pourquoi ?", 4_000, rows=4)
    gaps_explained = paragraph("Écarts avec ce qui était prévu", 4_000, rows=4)
    what_next = one_of("Et ensuite ?", WhatNext.choices)
    what_next_why = paragraph("Précisions", 2_000, rows=3)

    def __init__(self, report: Report, typed: Typed) -> None:
        self.report = report
        self.indicators: list[Indicator] = list(report.project.indicators.all())
        self.planned = _planned_amounts(report)
        declaration = getattr(report.project, "declaration", None)
        self.pieces = of_report(report.project, declaration.campaign if declaration else None, report.year)
        # By its key: given the project itself, it would pass for its declaration, which it may not have.
        super().__init__(Declaration(project_id=report.project_id), typed)

    def build(self) -> None:
        self.ask_why()
        for indicator in self.indicators:
            self.fields[f"actual-{indicator.pk}"] = number(indicator.name, help_text=_planned(indicator))
            self.fields[f"comment-{indicator.pk}"] = line("Observation", 300)
        for account, label in (*budget.LABELS.items(), (budget.GRANTS, "Subventions reçues")):
            planned = self.planned.get(account)
            self.fields[f"a-{account}"] = amount(label, help_text=f"Prévu : {euros(planned)}" if planned else "")

    def is_optional(self, name: str) -> bool:
        """Of the accounts, the page says it once."""
        return not name.startswith("a-") and super().is_optional(name)

    def in_words(self, name: str) -> str:
        """What an indicator came to is in its unit, which is seldom money."""
        units = {f"actual-{indicator.pk}": indicator.unit for indicator in self.indicators}
        value = self.answer(name)
        if name in units and isinstance(value, Decimal):
            return f"{_number(value)}{NBSP}{units[name]}".rstrip()
        return super().in_words(name)

    @property
    def results(self) -> list[tuple[Indicator, Any, Any]]:
        """Each indicator with its two fields."""
        return [
            (indicator, self[f"actual-{indicator.pk}"], self[f"comment-{indicator.pk}"])
            for indicator in self.indicators
        ]

    @property
    def what_was_done(self) -> list[Any]:
        return [self[name] for name in ("done", "objectives_met", "objectives_why")]

    @property
    def reasons(self) -> list[tuple[Piece, str]]:
        """Each expected piece, with what is answered of its absence."""
        return with_reasons(self.pieces, self.typed)

    @property
    def conclusion(self) -> list[Any]:
        return [self[name] for name in ("gaps_explained", "what_next", "what_next_why")]

    @property
    def accounts(self) -> list[tuple[str, list[tuple[budget.BudgetAccount, list[Any], bool]]]]:
        """The parts of the budget; an account is open where something was planned, or is filled in."""
        grants = budget.BudgetAccount(budget.GRANTS, "Subventions d’exploitation")
        parts = [(title, (*given, grants) if title == INCOME else given) for title, given in SIDES]
        return [(title, list(map(self._account, accounts))) for title, accounts in parts]

    def _account(self, account: budget.BudgetAccount) -> tuple[budget.BudgetAccount, list[Any], bool]:
        fields = [self[f"a-{entry.account}"] for entry in account.entries]
        return account, fields, any(field.value() or field.errors or field.help_text for field in fields)

    # --- sums -----------------------------------------------------------------------------------------------

    def total(self, accounts: frozenset[str]) -> Decimal:
        return sum((self.answer(f"a-{account}") or ZERO for account in accounts), ZERO)

    @property
    def expenses(self) -> Decimal:
        return self.total(budget.EXPENSE_ACCOUNTS)

    @property
    def income(self) -> Decimal:
        return self.total(budget.INCOME_ACCOUNTS | {budget.GRANTS})

    @property
    def planned_expenses(self) -> Decimal:
        return sum((amount for account, amount in self.planned.items() if account in budget.EXPENSE_ACCOUNTS), ZERO)

    # --- what handing in asks -------------------------------------------------------------------------------

    def needed(self) -> dict[str, str]:
        needed = dict(self.NEEDED)
        if self.answer("objectives_met") in (ObjectivesMet.PARTLY, ObjectivesMet.NOT_MET):
            needed["objectives_why"] = "Dites pourquoi les objectifs ne sont pas tous atteints."
        for indicator in self.indicators:
            needed[f"actual-{indicator.pk}"] = f"Donnez le résultat de l’indicateur « {indicator.name} »."
        if self.planned and self.expenses != self.planned_expenses:
            needed["gaps_explained"] = (
                f"Les charges font {euros(self.expenses)}, pour {euros(self.planned_expenses)} prévus : dites pourquoi."
            )
        return needed

    def lacking(self) -> Iterator[Correction]:
        if not self.expenses and self.planned_expenses:
            yield Correction("a-601", "Indiquez ce que l’action a coûté.")
        elif not self.expenses and self.answer("gaps_explained") is None:
            sentence = "Le bilan n’a pas de comptes : indiquez ce que l’action a coûté, ou dites ici pourquoi."
            yield Correction("gaps_explained", sentence)


def _planned_amounts(report: Report) -> dict[str, Decimal]:
    """What was planned, by account: as it is declared now; for a report that was handed in, as it was then."""
    if report.handed_at is not None:
        copies = report.project.submissions.filter(at__lte=report.handed_at).order_by("-number")
        frozen = copies.values_list("answers", flat=True).first() or {}
        if typed := frozen.get("budget"):
            form = BudgetForm(Declaration(project_id=report.project_id), typed)
            amounts = {account: form.answer(f"a-{account}") for account in budget.LABELS}
            planned = {account: amount for account, amount in amounts.items() if amount}
            return planned | ({budget.GRANTS: form.grants} if form.grants else {})
    planned = {row.account: row.amount for row in report.project.budget_lines.all()}
    grants = [funding.requested or ZERO for funding in report.project.funding_lines.all()]
    return planned | ({budget.GRANTS: sum(grants, ZERO)} if grants else {})


def _planned(indicator: Indicator) -> str:
    """« Prévu : 40 ateliers, au départ 12 », whatever of it is known."""
    goal = f"Prévu : {_number(indicator.target)}{NBSP}{indicator.unit}".rstrip()
    start = f"au départ {_number(indicator.baseline)}"
    known = ((goal, indicator.target), (start, indicator.baseline))
    return capital(", ".join(words for words, value in known if value is not None))


def _number(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}".replace(".", ",")
