"""What the action costs and who pays: the lines of the form that leads know (CERFA 12156)."""

from decimal import Decimal
from typing import Any, ClassVar, NamedTuple

from cohesion.lib.french import percent
from cohesion.lib.glossary import GlossaryEntry, explained
from cohesion.lib.text import euros
from projects.catalogue import budget
from projects.choices import FunderKind, FundingClass, FundingState
from projects.declaring.budget_contradictions import BUDGET, budget_out_of_balance
from projects.declaring.contradictions import Correction
from projects.declaring.fields import Amount, amount, line, listed
from projects.declaring.pages.budget_years import COST, REQUESTED, YearPart, typed_years, years_of
from projects.declaring.row_forms import RowsForm

ZERO = Decimal(0)
INCOME = "Produits"  # the side on which the funders stand
SIDES = (
    ("Charges", budget.EXPENSES),
    (INCOME, budget.INCOME),
    ("Emplois des contributions volontaires", (budget.VOLUNTARY_USES,)),
    ("Contributions volontaires", (budget.VOLUNTARY_SOURCES,)),
)


class BudgetTotal(NamedTuple):
    """A total of the page, in words."""

    name: str
    label: str
    words: str


class CoFunder(NamedTuple):
    """Somebody who pays a part, and whether they said yes."""

    name: str
    is_obtained: bool


class BudgetForm(RowsForm):
    """One field a line of the budget (``a-601``), and one row a funder: the lines of account 74."""

    RULES: ClassVar = BUDGET
    ROW: ClassVar = "Financeur"
    ADD: ClassVar = "Ajouter un financeur"
    MOST: ClassVar = 15
    ROW_NEEDED: ClassVar = {
        "kind": "Choisissez le financeur {}, ou videz sa ligne.",
        "requested": "Donnez le montant du financeur {}, ou videz sa ligne.",
    }
    ROW_EXPLAINED: ClassVar = ("Droit commun", "Crédits spécifiques", "Envisagé, demandé, obtenu, refusé")
    template = "space/budget_fields.html"

    def build(self) -> None:
        for account, label in budget.LABELS.items():
            self.fields[f"a-{account}"] = amount(label)
        super().build()
        self.years = years_of(self.declaration)
        self.years_gone = [year for year in typed_years(self.typed) if year not in self.years]
        for year in (*self.years, *self.years_gone):
            self.fields[f"{COST}-{year}"] = amount(f"Charges de {year}")
            self.fields[f"{REQUESTED}-{year}"] = amount(f"Demandé pour {year}")

    def row_fields(self, rank: int | str) -> dict[str, Any]:
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

    # --- the part of each year ------------------------------------------------------------------------------

    @property
    def year_parts(self) -> list[YearPart]:
        return self._parts(self.years)

    @property
    def parts_gone(self) -> list[YearPart]:
        """What was typed for years that the dates no longer have: it stands on the page, and in no sum."""
        return self._parts(self.years_gone)

    def _parts(self, years: list[int]) -> list[YearPart]:
        return [YearPart(year, self.answer(f"{COST}-{year}"), self.answer(f"{REQUESTED}-{year}")) for year in years]

    @property
    def year_fields(self) -> list[tuple[str, list[Any]]]:
        """Each year with its fields; those that are gone, while something is typed there."""
        legends = {year: str(year) for year in self.years} | {year: f"{year}, à reporter" for year in self.years_gone}
        return [(legend, [self[f"{COST}-{year}"], self[f"{REQUESTED}-{year}"]]) for year, legend in legends.items()]

    @property
    def _year_sums(self) -> list["BudgetTotal"]:
        """What the years make together, beside what they should."""
        parts = self.year_parts
        if not parts:
            return []
        cost = sum((part.cost or ZERO for part in parts), ZERO)
        requested = sum((part.requested or ZERO for part in parts), ZERO)
        return [
            BudgetTotal("years_cost", "Charges, années réunies", f"{euros(cost)} sur {euros(self.expenses)}"),
            BudgetTotal(
                "years_requested",
                "Demandé, années réunies",
                f"{euros(requested)} sur {euros(self.requested or ZERO)}",
            ),
        ]

    # --- what handing in asks -------------------------------------------------------------------------------

    def needed(self) -> dict[str, str]:
        """Also the part of each year: of what is asked, where something is."""
        needed = super().needed()
        for year in self.years:
            needed[f"{COST}-{year}"] = f"Donnez les charges de {year}, ou 0."
            if self.requested:
                needed[f"{REQUESTED}-{year}"] = f"Dites ce qui est demandé pour {year}, ou 0."
        return needed

    @property
    def gaps(self) -> list[Correction]:
        nothing = Correction("a-601", "Indiquez au moins une charge.")
        return [*([] if self.expenses or self.has_unread_amounts else [nothing]), *super().gaps]

    @property
    def has_unread_amounts(self) -> bool:
        """A total would be false."""
        return any(isinstance(self.fields[name], Amount) for name in self.errors if name in self.fields)

    def is_optional(self, name: str) -> bool:
        """Of the accounts, the page says it once."""
        return not name.startswith("a-") and super().is_optional(name)

    @property
    def sums(self) -> list[BudgetTotal]:
        """The totals of the page, as they are now."""
        totals = (
            ("expenses", "Total des charges", self.expenses),
            ("income", "Total des produits", self.income),
            ("uses", "Emplois des contributions volontaires (86)", self.uses),
            ("sources", "Contributions volontaires (87)", self.sources),
        )
        share = f"{euros(self.requested)}, soit {self.share}" if self.requested and self.share else "–"
        return [
            *(BudgetTotal(name, label, euros(total)) for name, label, total in totals),
            BudgetTotal("share", "Part demandée à l’agglomération", share),
            *self._year_sums,
        ]

    @property
    def balance(self) -> str:
        """In a line, what lacks or is too much, or that all is equal."""
        if self.has_unread_amounts:
            return "Un montant ne se lit pas : corrigez-le, et les totaux se feront."
        lacking = " ".join(correction.sentence for correction in budget_out_of_balance(self))
        if not (lacking or self.expenses):
            return "Rien n’est encore chiffré."
        return lacking or f"Charges et produits sont égaux : {euros(self.expenses)}."

    @property
    def is_balanced(self) -> bool:
        return not self.has_unread_amounts and not any(budget_out_of_balance(self))

    @property
    def budget_words(self) -> list[GlossaryEntry]:
        return explained(("Charges", "Produits", "Contributions volontaires"))

    @property
    def co_funders(self) -> list[CoFunder]:
        """Those who pay beside the agglomération, by the name that the lead gives them."""
        kinds = dict(FunderKind.choices)
        return [
            CoFunder(row["funder"] or str(kinds[row["kind"]]), row["state"] == FundingState.OBTAINED)
            for _, row in self.filled_rows()
            if row["kind"] not in (None, FunderKind.AGGLOMERATION) and row["state"] != FundingState.REFUSED
        ]

    @property
    def in_short(self) -> str:
        requested = f", {euros(self.requested)} demandés à l’agglomération" if self.requested else ""
        return f"{euros(self.expenses)} de charges{requested}{f' ({self.share})' if self.share else ''}"

    def words(self) -> list[tuple[str, str]]:
        gone = {str(self.fields[f"{name}-{year}"].label) for year in self.years_gone for name in (COST, REQUESTED)}
        lines = [line for line in super().words() if line[0] not in gone]
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
