"""The budget that was handed in, as accountants read it: charges facing produits, each line with its share."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from cohesion.lib.french import percent
from cohesion.lib.text import euros
from projects.catalogue import budget
from projects.choices import FunderKind
from projects.declaring.contradictions import budget_out_of_balance
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
class BudgetSheet:
    """``pairs``: the sides that face each other, which should be equal; ``differences`` says where they are not."""

    pairs: list[tuple[BudgetSide, BudgetSide]]
    differences: list[str]


def sheet_of(submission: Submission | None, declaration: Declaration | None) -> BudgetSheet | None:
    """The budget of a frozen copy; None where it holds no amount that can be read."""
    answers = submission.answers.get(PAGE) if submission is not None else None
    if not answers or declaration is None:
        return None
    form = BudgetForm(declaration, answers)
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
    return BudgetSheet(written, [gap.sentence for gap in budget_out_of_balance(form)]) if written else None


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
