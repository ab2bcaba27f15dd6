"""What the action costs and who pays: the lines of the form that leads know (CERFA 12156)."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, ClassVar

from cohesion.lib.french import percent
from cohesion.lib.text import NBSP, euros
from projects.catalogue import budget
from projects.choices import FunderKind, FundingClass, FundingState
from projects.declaring.fields import amount, line, listed
from projects.declaring.forms import Correction, RowsForm

ZERO = Decimal(0)
INCOME = "Produits"  # the side on which the funders stand
SIDES = (
    ("Charges", budget.EXPENSES),
    (INCOME, budget.INCOME),
    ("Emplois des contributions volontaires", (budget.VOLUNTARY_USES,)),
    ("Contributions volontaires", (budget.VOLUNTARY_SOURCES,)),
)


class BudgetForm(RowsForm):
    """One field a line of the budget (``a-601``), and one row a funder: the lines of account 74."""

    ROW: ClassVar = "Financeur"
    MOST: ClassVar = 15
    template = "space/budget_fields.html"

    def build(self) -> None:
        for account, label in budget.LABELS.items():
            self.fields[f"a-{account}"] = amount(label)
        super().build()

    def row_fields(self, rank: int) -> dict[str, Any]:
        return {
            "kind": listed("Financeur", FunderKind.choices),
            "funder": line("Lequel", 150, help_text="Par exemple : CAF de l’Eure."),
            "requested": amount("Montant"),
            "class": listed("Crédits", FundingClass.choices),
            "state": listed("État", FundingState.choices),
        }

    # --- sums -----------------------------------------------------------------------------------------------

    def total(self, accounts: frozenset[str]) -> Decimal:
        return sum((self.answer(f"a-{account}") or ZERO for account in accounts), ZERO)

    @property
    def grants(self) -> Decimal:
        return sum((row["requested"] or ZERO for _, row in self.filled_rows()), ZERO)

    @property
    def expenses(self) -> Decimal:
        return self.total(budget.EXPENSE_ACCOUNTS)

    @property
    def income(self) -> Decimal:
        return self.total(budget.INCOME_ACCOUNTS) + self.grants

    @property
    def uses(self) -> Decimal:
        return self.total(budget.USE_ACCOUNTS)

    @property
    def sources(self) -> Decimal:
        return self.total(budget.SOURCE_ACCOUNTS)

    @property
    def requested(self) -> Decimal | None:
        """What is asked of the agglomération."""
        rows = [row for _, row in self.filled_rows() if row["kind"] == FunderKind.AGGLOMERATION]
        amounts = [row["requested"] for row in rows if row["requested"] is not None]
        return sum(amounts, ZERO) if amounts else None

    @property
    def share(self) -> str:
        """The share of the cost that is asked of the agglomération: « 48 % »."""
        if not self.requested or not self.expenses:
            return ""
        return percent(self.requested, self.expenses)

    # --- what handing in asks -------------------------------------------------------------------------------

    def needed(self) -> dict[str, str]:
        needed = {}
        for rank, _ in self.filled_rows():
            needed[f"kind-{rank}"] = f"Choisissez le financeur de la ligne {rank + 1}, ou videz-la."
            needed[f"requested-{rank}"] = f"Donnez le montant de la ligne {rank + 1}, ou videz-la."
        return needed

    def unbalanced(self) -> Iterator[Correction]:
        if not self.expenses:
            yield Correction("a-601", "Indiquez au moins une charge.")
            return
        kinds = [row["kind"] for _, row in self.filled_rows()]
        if kinds.count(FunderKind.AGGLOMERATION) > 1:
            yield Correction("", "L’agglomération a deux lignes : réunissez-les en une seule.")
        yield from self.differences

    @property
    def differences(self) -> list[Correction]:
        """The totals that should be equal and are not; said beside them, before anybody asks to hand in."""
        return [
            *_balance(self.expenses, self.income, "produits", "Charges", "produits"),
            *_balance(self.uses, self.sources, "ressources", "Emplois (86)", "ressources (87)"),
        ]

    @property
    def in_short(self) -> str:
        requested = f", {euros(self.requested)} demandés à l’agglomération" if self.requested else ""
        return f"{euros(self.expenses)} de charges{requested}{f' ({self.share})' if self.share else ''}"

    def words(self) -> list[tuple[str, str]]:
        lines = super().words()
        totals = (
            ("Total des charges", self.expenses),
            ("Total des produits", self.income),
            ("Total des emplois (86)", self.uses),
            ("Total des ressources (87)", self.sources),
        )
        lines += [(label, euros(total)) for label, total in totals if total]
        return lines + ([("Part demandée à l’agglomération", self.share)] if self.share else [])

    @property
    def sides(self) -> list[tuple[str, list[tuple[budget.BudgetAccount, list[Any], bool]], bool]]:
        """The four parts of the table: each account with its fields, and whether one of them is filled in; whether
        the funders stand there."""
        return [(title, list(map(self._account, accounts)), title == INCOME) for title, accounts in SIDES]

    def _account(self, account: budget.BudgetAccount) -> tuple[budget.BudgetAccount, list[Any], bool]:
        fields = [self[f"a-{entry.account}"] for entry in account.entries]
        return account, fields, any(field.value() or field.errors for field in fields)


def _balance(left: Decimal, right: Decimal, lacking: str, left_name: str, right_name: str) -> Iterator[Correction]:
    if left == right:
        return
    if left > right:
        what = f"il manque {euros(left - right)} de {lacking}"
    else:
        what = f"il y a {euros(right - left)} de {lacking} de trop"
    yield Correction(
        "", f"{left_name} {euros(left)}, {right_name} {euros(right)}{NBSP}: {what}, les deux totaux doivent être égaux."
    )
