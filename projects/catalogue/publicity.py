"""What anybody may read of money: a setting by item (``PUBLIC_AMOUNTS``); officers and elected officials read all.

The income of an action equals its cost: who knows all parts of that balance but one knows them all. Where a single part
is not public, another one is withheld too: the cost, or, where the cost is what is not public, the own resources.
What was paid of a grant is, at the end, what was granted: it is public only where that is.
Only projects that the council said yes to are counted for the public at all (``ProjectQuerySet.published``).
"""

from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from cohesion.lib.people import Visitor
from projects.catalogue import rules
from projects.choices import MoneyItem

ALL = frozenset(MoneyItem)
PAYERS = frozenset({MoneyItem.GRANTED, MoneyItem.COFUNDING})  # without one of them, nobody may read who pays what
# What the agglomération gives, as it was asked and as it was decided, stands in the balance for the other.
BALANCES = tuple(
    frozenset({MoneyItem.COST, given, MoneyItem.COFUNDING, MoneyItem.OWN})
    for given in (MoneyItem.GRANTED, MoneyItem.REQUESTED)
)


def named_items(names: Iterable[str]) -> frozenset[MoneyItem]:
    """The items of these names.

    Raises:
        ImproperlyConfigured: a name is that of no item.
    """
    unknown = [name for name in names if name not in MoneyItem.values]
    if unknown:
        known = ", ".join(f"{item.value} ({item.label.lower()})" for item in MoneyItem)
        raise ImproperlyConfigured(
            f"PUBLIC_AMOUNTS : « {unknown[0]} » n’est le nom d’aucun montant. Les noms sont : {known}."
        )
    return frozenset(MoneyItem(name) for name in names)


def withheld(chosen: frozenset[MoneyItem]) -> frozenset[MoneyItem]:
    """Those of the chosen items that would give away one which is not shown."""
    hidden: frozenset[MoneyItem] = frozenset()
    if MoneyItem.PAID in chosen and MoneyItem.GRANTED not in chosen:
        hidden |= {MoneyItem.PAID}  # what is wholly paid is what was granted
    while secrets := [balance - (chosen - hidden) for balance in BALANCES if _betrays(balance, chosen - hidden)]:
        hidden |= {MoneyItem.OWN if MoneyItem.COST in secrets[0] else MoneyItem.COST}
    return hidden


def _betrays(balance: frozenset[MoneyItem], shown: frozenset[MoneyItem]) -> bool:
    """Whether all parts of a balance are shown but one, which is their difference."""
    return len(balance - shown) == 1


def public_items() -> frozenset[MoneyItem]:
    """What anybody may read."""
    chosen = named_items(settings.PUBLIC_AMOUNTS)
    return chosen - withheld(chosen)


def withheld_labels() -> list[str]:
    """What the setting names and is not shown, for what it would give away."""
    hidden = withheld(named_items(settings.PUBLIC_AMOUNTS))
    return [item.label for item in MoneyItem if item in hidden]


def is_public(item: MoneyItem) -> bool:
    return item in public_items()


def reads_all(user: Visitor) -> bool:
    """Whether somebody reads every amount of every project."""
    return user.has_perm(rules.READ_INSTRUCTION)


def readable_by(user: Visitor) -> frozenset[MoneyItem]:
    """What somebody may read of totals."""
    return ALL if reads_all(user) else public_items()


def promise() -> str:
    """What a lead is told, before declaring an amount, of who will read it; nothing where nobody will."""
    labels = [item.label.lower() for item in MoneyItem if is_public(item)]
    if not labels:
        return ""
    return f"Si l’action est retenue, chacun pourra lire, sur ce site\u00a0: {', '.join(labels)}."
