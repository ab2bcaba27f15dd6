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
    """A first-level account: a line of its own when it has no lines under it; ``explained`` to who keeps no books."""

    account: str
    label: str
    lines: tuple[AccountLine, ...] = ()
    explained: str = ""

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
        explained="Ce que l’action achète : aliments, fournitures, petit matériel, une prestation.",
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
        explained="Ce que l’action loue, assure ou fait réparer : une salle, un minibus, une assurance.",
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
        explained="Ce que l’action paie à d’autres : un intervenant, une affiche, un trajet, la banque.",
    ),
    BudgetAccount(
        "63",
        "Impôts et taxes",
        (AccountLine("631", "Impôts et taxes sur rémunération"), AccountLine("635", "Autres impôts et taxes")),
        explained="Les taxes que l’on paie sur les salaires, et les autres impôts.",
    ),
    BudgetAccount(
        "64",
        "Charges de personnel",
        (
            AccountLine("641", "Rémunération des personnels"),
            AccountLine("645", "Charges sociales"),
            AccountLine("648", "Autres charges de personnel"),
        ),
        explained="Les salaires de ceux qui font l’action, et les cotisations sociales.",
    ),
    BudgetAccount(
        "65",
        "Autres charges de gestion courante",
        explained="Les droits d’auteur, les adhésions, et les autres petites charges courantes.",
    ),
    BudgetAccount(
        "66",
        "Charges financières",
        explained="Les intérêts d’un emprunt.",
    ),
    BudgetAccount(
        "67",
        "Charges exceptionnelles",
        explained="Ce qui n’arrive qu’une fois : une amende, une perte.",
    ),
    BudgetAccount(
        "68",
        "Dotations aux amortissements, provisions et engagements",
        explained="L’usure de ce qui dure plusieurs années (un véhicule, un ordinateur), et l’argent mis de côté.",
    ),
    BudgetAccount(
        "69",
        "Impôt sur les bénéfices, participation des salariés",
        explained="L’impôt sur les bénéfices : une association n’en paie presque jamais.",
    ),
    BudgetAccount(
        "indirect",
        "Charges indirectes affectées à l’action",
        (
            AccountLine("indirect-fixed", "Charges fixes de fonctionnement"),
            AccountLine("indirect-financial", "Frais financiers"),
            AccountLine("indirect-other", "Autres charges indirectes"),
        ),
        explained="La part de la vie de la structure qui sert à l’action : loyer, électricité, secrétariat.",
    ),
)
INCOME = (
    BudgetAccount(
        "70",
        "Vente de produits finis, de marchandises, prestations de services",
        explained="Ce que les participants ou les clients paient : entrées, repas, participation des familles.",
    ),
    BudgetAccount(
        "73",
        "Dotations et produits de tarification",
        explained="Ce que paie la sécurité sociale ou le Département à la journée ; rare pour une action.",
    ),
    BudgetAccount(
        "75",
        "Autres produits de gestion courante",
        (AccountLine("756", "Cotisations"), AccountLine("758", "Dons, mécénat")),
        explained="Les cotisations des adhérents, les dons, le mécénat.",
    ),
    BudgetAccount(
        "76",
        "Produits financiers",
        explained="Les intérêts d’un livret.",
    ),
    BudgetAccount(
        "77",
        "Produits exceptionnels",
        explained="Ce qui n’arrive qu’une fois : la vente d’un véhicule, un remboursement.",
    ),
    BudgetAccount(
        "78",
        "Reprises sur amortissements, dépréciations et provisions",
        explained="L’argent mis de côté une autre année, et repris pour l’action.",
    ),
    BudgetAccount(
        "79",
        "Transfert de charges",
        explained="Ce qui est remboursé d’une charge : une aide à l’emploi, une assurance.",
    ),
    BudgetAccount(
        OWN_FUNDS,
        "Ressources propres affectées à l’action",
        explained="L’argent de votre structure qu’elle met dans l’action.",
    ),
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
    explained="À quoi sert ce qui est donné : le temps des bénévoles, une salle prêtée, des objets.",
)
VOLUNTARY_SOURCES = BudgetAccount(
    "87",
    "Contributions volontaires en nature",
    (
        AccountLine("870", "Bénévolat"),
        AccountLine("871", "Prestations en nature"),
        AccountLine("875", "Dons en nature"),
    ),
    explained="D’où vient ce qui est donné, pour le même total que 86.",
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
