"""The lines of a budget, as on the form that leads know (CERFA 12156): accounts, their labels and their sides.

Only the lines are summed; the header of an account is the sum of its lines. Account 74 (grants) has no line here: each
funder is a line of its own (:class:`projects.models.FundingLine`).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """A line that holds an amount. ``account`` is its number in the chart of accounts, or a word of ours."""

    account: str
    label: str


@dataclass(frozen=True)
class Account:
    """A first-level account: a line of its own when it has no lines under it."""

    account: str
    label: str
    lines: tuple[Line, ...] = ()

    @property
    def entries(self) -> tuple[Line, ...]:
        return self.lines or (Line(self.account, self.label),)


GRANTS = "74"
OWN_FUNDS = "own"

EXPENSES = (
    Account(
        "60",
        "Achats",
        (
            Line("601", "Prestations de services"),
            Line("602", "Achats de matières et fournitures"),
            Line("606", "Autres fournitures"),
        ),
    ),
    Account(
        "61",
        "Services extérieurs",
        (
            Line("613", "Locations"),
            Line("615", "Entretien et réparation"),
            Line("616", "Assurance"),
            Line("618", "Documentation"),
        ),
    ),
    Account(
        "62",
        "Autres services extérieurs",
        (
            Line("622", "Rémunérations intermédiaires et honoraires"),
            Line("623", "Publicité, publication"),
            Line("625", "Déplacements, missions"),
            Line("627", "Services bancaires, autres"),
        ),
    ),
    Account(
        "63",
        "Impôts et taxes",
        (Line("631", "Impôts et taxes sur rémunération"), Line("635", "Autres impôts et taxes")),
    ),
    Account(
        "64",
        "Charges de personnel",
        (
            Line("641", "Rémunération des personnels"),
            Line("645", "Charges sociales"),
            Line("648", "Autres charges de personnel"),
        ),
    ),
    Account("65", "Autres charges de gestion courante"),
    Account("66", "Charges financières"),
    Account("67", "Charges exceptionnelles"),
    Account("68", "Dotations aux amortissements, provisions et engagements"),
    Account("69", "Impôt sur les bénéfices, participation des salariés"),
    Account(
        "indirect",
        "Charges indirectes affectées à l’action",
        (
            Line("indirect-fixed", "Charges fixes de fonctionnement"),
            Line("indirect-financial", "Frais financiers"),
            Line("indirect-other", "Autres charges indirectes"),
        ),
    ),
)
INCOME = (
    Account("70", "Vente de produits finis, de marchandises, prestations de services"),
    Account("73", "Dotations et produits de tarification"),
    Account("75", "Autres produits de gestion courante", (Line("756", "Cotisations"), Line("758", "Dons, mécénat"))),
    Account("76", "Produits financiers"),
    Account("77", "Produits exceptionnels"),
    Account("78", "Reprises sur amortissements, dépréciations et provisions"),
    Account("79", "Transfert de charges"),
    Account(OWN_FUNDS, "Ressources propres affectées à l’action"),
)
VOLUNTARY_USES = Account(
    "86",
    "Emplois des contributions volontaires en nature",
    (
        Line("860", "Secours en nature"),
        Line("861", "Mise à disposition gratuite de biens et services"),
        Line("862", "Prestations"),
        Line("864", "Personnel bénévole"),
    ),
)
VOLUNTARY_SOURCES = Account(
    "87",
    "Contributions volontaires en nature",
    (Line("870", "Bénévolat"), Line("871", "Prestations en nature"), Line("875", "Dons en nature")),
)


def _accounts(*accounts: Account) -> frozenset[str]:
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
