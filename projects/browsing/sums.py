"""What a list of projects and the sheet of one say of money, to who may read it."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from axes import document
from cohesion.lib.people import Visitor
from cohesion.lib.text import euros, small_initial
from projects.browsing.filters import ProjectFilter
from projects.browsing.funded import CREDITS, UNCLASSED
from projects.catalogue import publicity, rules
from projects.catalogue.granting import granted_in_words, paid
from projects.catalogue.models import FundingLine, Project
from projects.choices import FunderKind, MoneyItem
from projects.figures import money, sharing
from projects.figures.money import NOTHING, Cents, Ledger, in_euros
from projects.figures.periods import Period

OF_A_LIST = (MoneyItem.COST, MoneyItem.REQUESTED, MoneyItem.GRANTED, MoneyItem.PAID, MoneyItem.COFUNDING)


@dataclass(frozen=True)
class ListSums:
    """The sums of a list, in euros, by what they are called; ``shared``: of what they are the part, if they are one."""

    sums: list[tuple[str, Decimal]]
    shared: str = ""


def of_list(project_filter: ProjectFilter, user: Visitor) -> ListSums:
    """The amounts of exactly these projects: the same as the number that leads to their list.

    What a PST plans gives way to its parts of the same year, be they in the list or not.
    """
    name, part = _shares(project_filter)
    sums = [(item.label, amount) for item, amount in _sums(project_filter, user, part).items()]
    if {MoneyItem.GRANTED, MoneyItem.COFUNDING} <= publicity.readable_by(user):
        more, keys = _of_funding(project_filter, _ledger(project_filter)), project_filter.keys()
        sums += [(label, in_euros(money.total(part(cents), keys))) for label, cents in more.items()]
    return ListSums([(small_initial(label), amount) for label, amount in sums], name)


def of_rows(project_filter: ProjectFilter, user: Visitor) -> dict[MoneyItem, Decimal]:
    """The sums under the rows of a file, which say whole amounts even where the page says shares."""
    return _sums(project_filter, user, lambda cents: cents)


def cofunding_of_rows(project_filter: ProjectFilter) -> Cents:
    """What counts of what others bring to each project of a list, in cents: nothing for what a PST says again of its
    parts, so that the column of a file adds up to the sum of its page."""
    return _ledger(project_filter).items[MoneyItem.COFUNDING]


def _sums(project_filter: ProjectFilter, user: Visitor, part: Callable[[Cents], Cents]) -> dict[MoneyItem, Decimal]:
    readable, keys, ledger = publicity.readable_by(user), project_filter.keys(), _ledger(project_filter)
    return {item: in_euros(money.total(part(ledger.items[item]), keys)) for item in OF_A_LIST if item in readable}


def _of_funding(project_filter: ProjectFilter, ledger: Ledger) -> dict[str, Cents]:
    """What the funder, or the class of credits, that the list is about brings to its projects."""
    kinds, credits = project_filter.values.get("financeur", ()), project_filter.values.get("credits")
    others = [kind for kind in kinds if kind != FunderKind.AGGLOMERATION]
    sums: dict[str, Cents] = {}
    if others:
        labels = ", ".join(str(FunderKind(kind).label) for kind in others)
        sums[f"dont {labels}"] = money.together(ledger.funders.get(kind, NOTHING) for kind in others)
    if credits:
        of_class = "" if credits == UNCLASSED else credits
        sums[f"dont, en {CREDITS[credits].lower()}, accordé"] = ledger.granted_by_class.get(of_class, NOTHING)
        sums[f"dont, en {CREDITS[credits].lower()}, obtenu"] = ledger.by_class.get(of_class, NOTHING)
    return sums


def _ledger(project_filter: ProjectFilter) -> Ledger:
    """What counts in the year of the list, or in what no year holds."""
    choice, always = project_filter.values.get("annee"), Period.always()
    if choice is None:
        return money.of_period(project_filter.framework, always)
    if not choice.outside and choice.year:
        return money.of_period(project_filter.framework, Period(choice.year, always.today))
    return Ledger.of(money.published(project_filter.framework), project_filter.population)


def _shares(project_filter: ProjectFilter) -> tuple[str, Callable[[Cents], Cents]]:
    """Of what the amounts are the part (an orientation, else a place; nothing: they are whole), and how."""
    framework, served, named = project_filter.framework, project_filter.served, project_filter.named
    if project_filter.is_shared and served is not None and named is not None:
        attached = sharing.attached(framework, document.kept(named))
        words = f"{served.badge}, chaque projet étant partagé entre les orientations qu’il sert"
        return words, partial(attached.of_branch, served.pk)
    placed = sharing.placed(framework)
    place = project_filter.values.get("territoire") or project_filter.values.get("commune")
    if project_filter.is_shared and place is not None and place.pk in placed.members:
        return f"{place.name}, chaque projet étant partagé entre ses lieux", partial(placed.of_place, place.pk)
    return "", lambda cents: cents


@dataclass(frozen=True)
class SheetAmounts:
    """What the sheet of a project says of money: amounts in words by what they are called, and who else pays how much
    (None: the reader may not know)."""

    amounts: list[tuple[str, str]]
    cofunders: list[tuple[str, Decimal]] | None


def of_project(project: Project, user: Visitor) -> SheetAmounts:
    """What somebody may read of a project: its lead and those who instruct read all, anybody what is public."""
    readable = publicity.public_items() if project.is_public else frozenset()
    if rules.may_read_money(user, project):
        readable = publicity.ALL
    words = {
        MoneyItem.COST: ("Coût total", _amount(project.total_cost, "non déclaré")),
        MoneyItem.REQUESTED: ("Demandé", _amount(project.requested, "rien")),
        MoneyItem.GRANTED: ("Accordé", granted_in_words(project)),
    }
    if MoneyItem.PAID in readable and project.granted is not None:
        amount = paid(Project.objects.filter(pk=project.pk)).get(project.pk)
        words[MoneyItem.PAID] = ("Payé", _amount(amount, "rien encore"))
    cofunders = _cofunders(project) if MoneyItem.COFUNDING in readable else None
    return SheetAmounts([words[item] for item in words if item in readable], cofunders)


def _amount(amount: Decimal | None, otherwise: str) -> str:
    return otherwise if amount is None else euros(amount)


def _cofunders(project: Project) -> list[tuple[str, Decimal]]:
    """Who brings how much, the most first. Private aid is not named: its name may be somebody's."""
    lines = FundingLine.objects.obtained().filter(project=project).order_by("-brought", "pk")
    return [(str(FunderKind(line.kind).label) if _is_private(line) else str(line), line.brought) for line in lines]


def _is_private(line: FundingLine) -> bool:
    return line.kind == FunderKind.PRIVATE
