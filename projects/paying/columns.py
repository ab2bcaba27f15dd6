"""The columns of the officers' files about money, declared once."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import islice

from django.db.models import QuerySet

from cohesion.lib.spreadsheets import Column, Table
from cohesion.lib.spreadsheets.amounts import in_cell
from projects.catalogue.models import Agreement, Payment
from projects.paying.listing import CoveredAgreement, covered
from projects.paying.standing import DueLine

BATCH = 500  # agreements read together


def _signed(payment: Payment) -> float:
    """What came back is taken away, so that the column adds up."""
    return float(-payment.amount if payment.is_refund else payment.amount)


def _of_agreement(payment: Payment) -> str:
    return payment.grant.agreement.number if payment.grant.agreement is not None else ""


PAYMENTS = (
    Column("date", lambda row: row.paid_on, 12),
    Column("nature", lambda row: row.get_kind_display(), 14),
    Column("montant", _signed, 12, in_euros=True),
    Column("reference", lambda row: row.reference, 18),
    Column("code", lambda row: row.grant.project.code),
    Column("action", lambda row: row.grant.project.title, 50),
    Column("structure", lambda row: row.grant.project.organization.name, 34),
    Column("siret", lambda row: row.grant.project.organization.siret, 16),
    Column("exercice", lambda row: row.grant.year, 10),
    Column("convention", _of_agreement, 16),
    Column("precision", lambda row: row.note, 30),
    Column("saisi_par", lambda row: row.by.display_name, 22),
    Column("saisi_le", lambda row: row.at.date(), 12),
)
DUE = (
    Column("echeance", lambda line: line.due_on, 12),
    Column("etat", lambda line: line.state, 24),
    Column("reste", lambda line: in_cell(line.left), 12, in_euros=True),
    Column("montant", lambda line: in_cell(line.amount), 12, in_euros=True),
    Column("intitule", lambda line: line.label, 24),
    Column("code", lambda line: line.grant.project.code),
    Column("action", lambda line: line.grant.project.title, 50),
    Column("structure", lambda line: line.grant.project.organization.name, 34),
    Column("siret", lambda line: line.grant.project.organization.siret, 16),
    Column("exercice", lambda line: line.grant.year, 10),
    Column("convention", lambda line: line.grant.agreement.number if line.grant.agreement else "", 16),
)
AGREEMENTS = (
    Column("numero", lambda row: row.agreement.number, 16),
    Column("structure", lambda row: row.agreement.organization.name, 34),
    Column("siret", lambda row: row.agreement.organization.siret, 16),
    Column("signee_le", lambda row: row.agreement.signed_on, 12),
    Column("debut", lambda row: row.agreement.starts_on, 12),
    Column("fin", lambda row: row.agreement.ends_on, 12),
    Column("versement", lambda row: row.agreement.get_terms_display(), 12),
    Column("montants_par_annee", lambda row: _years(row), 30),
    Column("montant", lambda row: in_cell(row.amount), 12, in_euros=True),
    Column("engage", lambda row: in_cell(sum((line.engaged for line in row.years), Decimal(0))), 12, in_euros=True),
    Column("verse", lambda row: in_cell(row.paid), 12, in_euros=True),
    Column("reste_a_verser", lambda row: in_cell(row.left), 14, in_euros=True),
    Column("actions", lambda row: " | ".join(grant.project.code for grant, _ in row.grants), 24),
)


def _years(row: CoveredAgreement) -> str:
    return " | ".join(f"{line.year} : {line.amount:.2f}".replace(".", ",") for line in row.years)


def payment_table(rows: QuerySet[Payment]) -> Table:
    return Table.of("Versements", PAYMENTS, rows.iterator(BATCH))


def due_table(lines: Iterable[DueLine]) -> Table:
    return Table.of("Échéances", DUE, lines)


def agreement_table(rows: QuerySet[Agreement]) -> Table:
    return Table.of("Conventions", AGREEMENTS, _in_batches(rows))


def _in_batches(rows: QuerySet[Agreement]) -> Iterator[CoveredAgreement]:
    coming = iter(rows.iterator(BATCH))
    while batch := list(islice(coming, BATCH)):
        yield from covered(batch)
