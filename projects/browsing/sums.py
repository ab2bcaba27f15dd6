"""What a list of projects and the sheet of one say of money, to who may read it."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from axes import document
from axes.models import Orientation
from cohesion.lib.people import Visitor
from projects.browsing.filters import ProjectFilter
from projects.catalogue import publicity, rules
from projects.catalogue.models import FundingLine, Project
from projects.choices import FunderKind, MoneyItem
from projects.figures import figures, money, sharing
from projects.figures.money import Cents, Ledger, in_euros
from projects.figures.periods import Period
from projects.territory.models import Territory

OF_A_LIST = (MoneyItem.COST, MoneyItem.REQUESTED, MoneyItem.GRANTED, MoneyItem.COFUNDING)


@dataclass(frozen=True)
class ListSums:
    """The sums of a list, in euros, by what they are called; ``of`` names what has its part of them, if anything."""

    sums: list[tuple[str, Decimal]]
    of: str = ""


def of_list(asked: ProjectFilter, user: Visitor) -> ListSums:
    """The amounts of exactly these projects: the same as the number that leads to their list.

    What a PST plans gives way to its parts of the same year, be they in the list or not.
    """
    readable, keys, ledger = publicity.readable_by(user), asked.keys(), _ledger(asked)
    items = [item for item in OF_A_LIST if item in readable]
    shares = _shares(asked) if asked.is_shared else None
    if shares is None:
        return ListSums([(item.label, in_euros(ledger.total(item, keys))) for item in items])
    name, part = shares
    sums = [(item.label, in_euros(money.total(part(ledger.items[item]), keys))) for item in items]
    return ListSums(sums, name)


def _ledger(asked: ProjectFilter) -> Ledger:
    """What counts in the year of the list, or in what no year holds."""
    choice, always = asked.values.get("annee"), Period.always()
    if choice is None:
        return money.of_period(asked.framework, always)
    if not choice.outside:
        return money.of_period(asked.framework, Period(choice.year, always.today))
    others = [name for name in asked.values if name != "annee"]
    return Ledger.of(money.published(asked.framework), asked.keys(without=others))


def _shares(asked: ProjectFilter):
    """What an orientation, or else a place, has of each project: its name, and how an amount is shared; nothing where the
    list is of neither."""
    if asked.served is not None and asked.named is not None:
        return asked.served.badge, lambda cents: _of_branch(asked, asked.served, cents)
    place = asked.values.get("territoire") or asked.values.get("commune")
    if place is None:
        return None
    placed = sharing.placed(asked.framework)
    return place.name, lambda cents: sharing.shared(cents, placed.held_in).get(place.pk, {})
