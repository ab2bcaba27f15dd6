"""What each year takes of a grant, in the proportion of what its lead asked for each (``BudgetYear``).

Only proposed, and only where it is paid: a grant counts whole in its own year.
"""

from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from projects.catalogue.models import Project

CENT = Decimal("0.01")


@dataclass(frozen=True)
class GrantPart:
    """What a year takes, in euros."""

    year: int
    amount: Decimal


def parts_by_year(project: Project) -> list[GrantPart]:
    """To the cent, and the cents that are left to the first year; nothing where fewer than two years ask something."""
    requests = {row.year: row.requested for row in project.budget_years.all() if row.requested}
    whole, granted = sum(requests.values(), Decimal(0)), project.granted
    if granted is None or len(requests) < 2:
        return []
    parts = {
        year: (granted * requested / whole).quantize(CENT, rounding=ROUND_DOWN) for year, requested in requests.items()
    }
    parts[min(parts)] += granted - sum(parts.values(), Decimal(0))
    return [GrantPart(year, part) for year, part in sorted(parts.items()) if part]
