"""The budget that was handed in, as accountants read it: charges facing produits, each line with its share."""

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from decimal import Decimal

from cohesion.lib.french import percent
from cohesion.lib.text import euros
from projects.catalogue import budget
from projects.choices import FunderKind
from projects.declaring.budget_contradictions import budget_out_of_balance, years_that_do_not_add_up
from projects.declaring.models import Declaration, Submission
from projects.declaring.pages.budget import BudgetForm

PAGE = "budget"
ZERO = Decimal(0)


@dataclass(frozen=True)
class SheetLine:
    """An amount in euros, and what part of its side it makes; ``is_asked`` marks what the agglomération is asked."""

    label: str
    amount: Decimal
    share: str
    is_asked: bool = False

    @property
    def in_euros(self) -> str:
        return euros(self.amount)


@dataclass(frozen=True)
class BudgetSide:
    """One side of the budget; its total is the sum of its lines."""

    title: str
    lines: list[SheetLine]
    total: Decimal

    @property
    def total_in_euros(self) -> str:
        return euros(self.total)


@dataclass(frozen=True)
class SheetYear:
    """What a year takes, in words; the last one is all of them together."""

    label: str
    cost: str
    share: str
    requested: str


@dataclass(frozen=True)
class BudgetSheet:
    """``pairs``: the sides that face each other, which should be equal; ``differences`` says where they are not.
    ``years``: the part of each, of an action that runs over several."""

    pairs: list[tuple[BudgetSide, BudgetSide]]
    differences: list[str]
    years: list[SheetYear]


def sheet_of(submission: Submission | None, declaration: Declaration | None) -> BudgetSheet | None:
    """The budget of a frozen copy; None where it holds no amount that can be read."""
    answers = submission.answers.get(PAGE) if submission is not None else None
    if not answers or submission is None or declaration is None:
        return None
    then = copy(declaration)  # what was typed may have changed since: its dates too
    then.answers = submission.answers
    form = BudgetForm(then, answers)
    pairs = [
        (
            _side("Charges", _accounts(form, budget.EXPENSES)),
            _side("Produits", [*_funders(form), *_accounts(form, budget.INCOME)]),
        ),
        (
            _side("Emplois des contributions volontaires", _accounts(form, (budget.VOLUNTARY_USES,))),
            _side("Contributions volontaires", _accounts(form, (budget.VOLUNTARY_SOURCES,))),
        ),
    ]
    written = [pair for pair in pairs if pair[0].lines or pair[1].lines]
    gaps = (*budget_out_of_balance(form), *years_that_do_not_add_up(form))
    return BudgetSheet(written, [gap.sentence for gap in gaps], _years(form)) if written else None


def _years(form: BudgetForm) -> list[SheetYear]:
    parts = form.year_parts
    if all(part.cost is None for part in parts):  # handed in before years were asked, or within one year
        return []
    lines = [(str(part.year), part.cost or ZERO, part.requested or ZERO) for part in parts]
    costs, requests = sum((cost for _, cost, _ in lines), ZERO), sum((requested for *_, requested in lines), ZERO)
    return [
        SheetYear(label, euros(cost), percent(cost, costs), euros(requested))
        for label, cost, requested in [*lines, ("Ensemble", costs, requests)]
    ]


def _side(title: str, amounts: Iterable[tuple[str, Decimal, bool]]) -> BudgetSide:
    written = list(amounts)
    total = sum((amount for _, amount, _ in written), ZERO)
    lines = [SheetLine(label, amount, percent(amount, total), is_asked) for label, amount, is_asked in written]
    return BudgetSide(title, lines, total)


def _accounts(form: BudgetForm, accounts: tuple[budget.BudgetAccount, ...]) -> list[tuple[str, Decimal, bool]]:
    lines = []
    for account in accounts:
        for entry in account.entries:
            amount = form.answer(f"a-{entry.account}")
            if amount is not None:
                lines.append((entry.label, amount, False))
    return lines


def _funders(form: BudgetForm) -> Iterator[tuple[str, Decimal, bool]]:
    """Each funder as a line: who it is, and how sure its answer is."""
    for rank, row in form.filled_rows():
        if row["requested"] is None:
            continue
        words = [form.in_words(f"{name}-{rank}") for name in ("kind", "funder", "class", "state")]
        named = ", ".join(word for word in words if word)
        yield named, row["requested"], row["kind"] == FunderKind.AGGLOMERATION
