"""The envelopes of a year and the grants that each counts, as pages list them and as files take them away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, QuerySet

from axes.models import Orientation
from cohesion.lib.spreadsheets import Column, Table
from cohesion.lib.spreadsheets.amounts import in_cell
from projects.catalogue.models import Contribution, Project
from projects.programming.models import BudgetEnvelope
from projects.programming.placing import NO_ENVELOPE, granted_projects, placed, with_year, without_amount
from projects.programming.sums import ZERO, EnvelopeSums, YearSums, grants_of

ALL, OUTSIDE, UNSAID, UNDATED = "", "aucune", "sans-montant", "sans-annee"  # what an address may ask beside an envelope
TITLES = {
    ALL: "Toutes les subventions",
    OUTSIDE: "Subventions hors enveloppe",
    UNSAID: "Projets retenus dont le montant n’est pas dit",
    UNDATED: "Subventions dont rien ne dit l’année",
}


@dataclass(frozen=True)
class GrantRow:
    """A grant in the list of an envelope. ``orientation``: that of first level under which its main one stands."""

    project: Project
    envelope: BudgetEnvelope | None
    paid: Decimal
    orientation: Orientation | None
    is_by_hand: bool

    @property
    def left_to_pay(self) -> Decimal:
        return (self.project.granted or ZERO) - self.paid

    @property
    def call(self) -> str:
        declaration = getattr(self.project, "declaration", None)
        return declaration.campaign.name if declaration and declaration.campaign else ""

    @property
    def schemes(self) -> str:
        return ", ".join(scheme.code for scheme in self.project.schemes.all())


def listed(year: int, key: str) -> QuerySet[Any]:
    """The grants that a page or a file lists: exactly those from which its number was added up."""
    if key == UNSAID:
        projects = placed(without_amount(), year)
    elif key == UNDATED:
        projects = with_year(granted_projects()).filter(budget_year=None)
    elif key == OUTSIDE:
        projects = grants_of(year, NO_ENVELOPE)
    else:
        projects = grants_of(year, int(key) if key else None)
    mains = Contribution.objects.filter(is_main=True).select_related("orientation")
    return (
        projects.select_related("organization", "declaration__campaign", "envelope_choice")
        .defer("declaration__answers", "declaration__to_review", "description")
        .prefetch_related("schemes", Prefetch("contributions", mains, to_attr="mains"))
        .order_by("code_key", "code")
    )


def grant_rows(projects: Sequence[Any], year: int, paid: Mapping[int, Decimal]) -> list[GrantRow]:
    """The rows of these projects of :func:`listed`, in a constant number of queries."""
    envelopes = {envelope.pk: envelope for envelope in BudgetEnvelope.objects.filter(year=year)}
    trees = {link.orientation.tree_id for project in projects for link in project.mains}
    roots = {root.tree_id: root for root in Orientation.objects.filter(parent=None, tree_id__in=trees)}
    return [
        GrantRow(
            project,
            envelopes.get(getattr(project, "envelope", NO_ENVELOPE)),
            paid.get(project.pk, ZERO),
            _root_of(project.mains, roots),
            hasattr(project, "envelope_choice"),
        )
        for project in projects
    ]


def _root_of(mains: Sequence[Contribution], roots: Mapping[int, Orientation]) -> Orientation | None:
    """Of the last framework that it serves."""
    links = sorted(mains, key=lambda link: link.framework_id or 0)
    return roots.get(links[-1].orientation.tree_id) if links else None


ENVELOPE_COLUMNS = (
    Column("enveloppe", lambda line: line.label, 40),
    Column("crédits", lambda line: _credits(line), 12),
    Column("dispositif", lambda line: _asks(line, "scheme"), 14),
    Column("orientation", lambda line: _asks(line, "orientation"), 30),
    Column("appel", lambda line: _asks(line, "campaign"), 30),
    Column("voté", lambda line: in_cell(line.voted), 14, in_euros=True),
    Column("engagé", lambda line: in_cell(line.engaged), 14, in_euros=True),
    Column("promis", lambda line: in_cell(line.promised), 14, in_euros=True),
    Column("payé", lambda line: in_cell(line.paid), 14, in_euros=True),
    Column("reste à engager", lambda line: in_cell(line.left_to_engage), 14, in_euros=True),
    Column("reste à payer", lambda line: in_cell(line.left_to_pay), 14, in_euros=True),
    Column("subventions", lambda line: line.grants, 12),
)
GRANT_COLUMNS = (
    Column("code", lambda row: row.project.code, 14),
    Column("projet", lambda row: row.project.title, 50),
    Column("structure", lambda row: row.project.organization.name, 30),
    Column("enveloppe", lambda row: row.envelope.label if row.envelope else "", 30),
    Column("rangée à la main", lambda row: "oui" if row.is_by_hand else "", 14),
    Column("dispositifs", lambda row: row.schemes, 20),
    Column("orientation", lambda row: row.orientation.code if row.orientation else "", 14),
    Column("appel", lambda row: row.call, 30),
    Column("accordé", lambda row: in_cell(row.project.granted), 14, in_euros=True),
    Column("payé", lambda row: in_cell(row.paid), 14, in_euros=True),
    Column("reste à payer", lambda row: in_cell(row.left_to_pay), 14, in_euros=True),
)


def _credits(line: EnvelopeSums) -> str:
    if line.envelope is None:
        return ""
    return "délégués" if line.envelope.is_delegated else "propres"


def _asks(line: EnvelopeSums, name: str) -> str:
    value = getattr(line.envelope, name) if line.envelope else None
    if isinstance(value, Orientation):
        return f"{value.code}. {value.name}"
    return str(value) if value else ""


def envelopes_table(sums: YearSums) -> Table:
    return Table.of(f"Enveloppes {sums.year}", ENVELOPE_COLUMNS, sums.all_lines)


def grants_table(rows: Sequence[GrantRow]) -> Table:
    return Table.of("Subventions", GRANT_COLUMNS, rows)
