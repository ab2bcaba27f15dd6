"""The projects of a year that run in several, whose amounts count whole in each: what a page of money says of them."""

from dataclasses import dataclass

from axes.models import Framework
from projects.browsing.funded import LASTING
from projects.choices import MoneyItem
from projects.figures import money
from projects.figures.addresses import list_address
from projects.figures.periods import Period


@dataclass(frozen=True)
class LastingProjects:
    """How many, what they are granted in cents, and their list."""

    number: int
    cents: int
    address: str


def lasting_projects(in_force: Framework | None, period: Period) -> LastingProjects:
    """Of the published projects of a period."""
    ledger = money.of_period(in_force, period)
    keys = money.lasting(in_force) & ledger.keys
    address = list_address(duree=LASTING, **period.filters)
    return LastingProjects(len(keys), ledger.total(MoneyItem.GRANTED, keys), address)
