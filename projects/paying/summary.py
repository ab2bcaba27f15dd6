"""What the lead of a project reads of its grant, and what officers are told of it elsewhere."""

from dataclasses import dataclass
from decimal import Decimal

from projects.catalogue.models import Agreement, Grant, Project, Withdrawal
from projects.paying.standing import DueLine, Standing, schedules, standing_of
from projects.paying.threshold import asks_agreement, sentence

ZERO = Decimal(0)


@dataclass(frozen=True)
class GrantSummary:
    """A grant in short: what is granted, the convention, what is paid and when the rest is."""

    standing: Standing
    agreement: Agreement | None
    withdrawal: Withdrawal | None
    lines: list[DueLine]


def summary(project: Project) -> GrantSummary | None:
    """None for what is granted nothing. A grant that nobody wrote about yet has nothing but its amount."""
    if project.granted is None:
        return None
    grant = _grant(project)
    if grant is None:
        standing = Standing(project.granted, ZERO, ZERO, ZERO, ZERO, ZERO, is_settled=False)
        return GrantSummary(standing, None, None, [])
    withdrawal = getattr(grant, "withdrawal", None)
    return GrantSummary(standing_of(grant), grant.agreement, withdrawal, schedules([grant])[grant.pk])


def agreement_due(project: Project) -> str:
    """Why a convention is due for a project, in words; nothing where it is not."""
    if not project.granted:
        return ""
    grant = _grant(project)
    if grant is None:
        return ""
    total = asks_agreement(grant)
    return "" if total is None else sentence(project.organization, grant.year, total)


def _grant(project: Project) -> Grant | None:
    rows = Grant.objects.select_related("agreement", "withdrawal", "project__organization")
    return rows.filter(project=project).first()
