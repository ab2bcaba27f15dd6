"""The lines of a budget, as on the form that leads know (CERFA 12156): accounts, their labels and their sides.

Only the lines are summed; the header of an account is the sum of its lines. Account 74 (grants) has no line here: each
funder is a line of its own (:class:`projects.models.FundingLine`).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class AccountLine:
    """A line that holds an amount. ``account`` is its number in the chart of accounts, or a word of ours."""

    account: str
    label: str


@dataclass(frozen=True)
class BudgetAccount:
    """A first-level account: a line of its own when it has no lines under it."""

    account: str
    label: str
    lines: tuple[AccountLine, ...] = ()

    @property
    def entries(self) -> tuple[AccountLine, ...]:
        return self.lines or (AccountLine(self.account, self.label),)


GRANTS = "74"
OWN_FUNDS = "own"

EXPENSES = (
    BudgetAccount(
        "60",
        "Achats",
        (
            AccountLine("601", "Prestations de services"),
            AccountLine("602", "Achats de matières et fournitures"),
            AccountLine("606", "Autres fournitures"),
        ),
    ),
    BudgetAccount(
        "61",
        "Services extérieurs",
        (
            AccountLine("613", "Locations"),
            AccountLine("615", "Entretien et réparation"),
            AccountLine("616", "Assurance"),
            AccountLine("618", "Documentation"),
        ),
    ),
    BudgetAccount(
        "62",
        "Autres services extérieurs",
        (
            AccountLine("622", "Rémunérations intermédiaires et honoraires"),
            AccountLine("623", "Publicité, publication"),
            AccountLine("625", "Déplacements, missions"),
            AccountLine("627", "Services bancaires, autres"),
        ),
    ),
    BudgetAccount(
        "63",
        "Impôts et taxes",
        (AccountLine("631", "Impôts et taxes sur rémunération"), AccountLine("635", "Autres impôts et taxes")),
    ),
    BudgetAccount(
        "64",
        "Charges de personnel",
        (
            AccountLine("641", "Rémunération des personnels"),
            AccountLine("645", "Charges sociales"),
            AccountLine("648", "Autres charges de personnel"),
        ),
    ),
    BudgetAccount("65", "Autres charges de gestion courante"),
    BudgetAccount("66", "Charges financières"),
    BudgetAccount("67", "Charges exceptionnelles"),
    BudgetAccount("68", "Dotations aux amortissements, provisions et engagements"),
    BudgetAccount("69", "Impôt sur les bénéfices, participation des salariés"),
    BudgetAccount(
        "indirect",
        "Charges indirectes affectées à l’action",
        (
            AccountLine("indirect-fixed", "Charges fixes de fonctionnement"),
            AccountLine("indirect-financial", "Frais financiers"),
            AccountLine("indirect-other", "Autres charges indirectes"),
        ),
    ),
)
INCOME = (
    BudgetAccount("70", "Vente de produits finis, de marchandises, prestations de services"),
    BudgetAccount("73", "Dotations et produits de tarification"),
    BudgetAccount(
        "75",
        "Autres produits de gestion courante",
        (AccountLine("756", "Cotisations"), AccountLine("758", "Dons, mécénat")),
    ),
    BudgetAccount("76", "Produits financiers"),
    BudgetAccount("77", "Produits exceptionnels"),
    BudgetAccount("78", "Reprises sur amortissements, dépréciations et provisions"),
    BudgetAccount("79", "Transfert de charges"),
    BudgetAccount(OWN_FUNDS, "Ressources propres affectées à l’action"),
)
VOLUNTARY_USES = BudgetAccount(
    "86",
    "Emplois des contributions volontaires en nature",
    (
        AccountLine("860", "Secours en nature"),
        AccountLine("861", "Mise à disposition gratuite de biens et services"),
        AccountLine("862", "Prestations"),
        AccountLine("864", "Personnel bénévole"),
    ),
)
VOLUNTARY_SOURCES = BudgetAccount(
    "87",
    "Contributions volontaires en nature",
    (
        AccountLine("870", "Bénévolat"),
        AccountLine("871", "Prestations en nature"),
        AccountLine("875", "Dons en nature"),
    ),
)


def _accounts(*accounts: BudgetAccount) -> frozenset[str]:
    return frozenset(line.account for account in accounts for line in account.entries)


EXPENSE_ACCOUNTS = _accounts(*EXPENSES)
INCOME_ACCOUNTS = _accounts(*INCOME)
USE_ACCOUNTS = _accounts(VOLUNTARY_USES)
SOURCE_ACCOUNTS = _accounts(VOLUNTARY_SOURCES)
LABELS = {
    line.account: line.label
    for account in (*EXPENSES, *INCOME, VOLUNTARY_USES, VOLUNTARY_SOURCES)
    for line in account.entries
}
ACCOUNTS = tuple(LABELS)
