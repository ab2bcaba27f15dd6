"""What anybody may read of money, and what is withheld for what it would give away."""

from itertools import chain, combinations

import pytest
from django.core.exceptions import ImproperlyConfigured

from projects.catalogue.publicity import BALANCES, named_items, withheld
from projects.choices import MoneyItem
from projects.declaring.pages import BY_SLUG


def test_the_default_is_what_is_granted_and_obtained(settings):
    assert settings.PUBLIC_AMOUNTS == ["granted", "cofunding"]
    assert "chacun pourra lire, sur ce site\u00a0: accordé, cofinancements obtenus." in BY_SLUG["budget"].purpose


def test_no_choice_shows_all_parts_of_a_balance_but_one():
    items = list(MoneyItem)
    for chosen in map(frozenset, chain.from_iterable(combinations(items, size) for size in range(len(items) + 1))):
        shown = chosen - withheld(chosen)
        assert all(len(balance - shown) != 1 for balance in BALANCES), chosen
        if shown != chosen:  # nothing is withheld that would give nothing away
            betrayed = any(len(balance - chosen) == 1 for balance in BALANCES)
            assert betrayed or MoneyItem.PAID in chosen - shown, chosen


def test_what_is_paid_is_public_only_where_what_is_granted_is():
    """Once all is paid, it is the same amount."""
    assert withheld(frozenset({MoneyItem.PAID})) == {MoneyItem.PAID}
    assert withheld(frozenset({MoneyItem.PAID, MoneyItem.GRANTED})) == frozenset()


def test_all_may_be_public():
    assert withheld(frozenset(MoneyItem)) == frozenset()
    assert withheld(frozenset({MoneyItem.GRANTED, MoneyItem.COFUNDING, MoneyItem.OWN})) == {MoneyItem.OWN}
    assert withheld(frozenset({MoneyItem.GRANTED, MoneyItem.COFUNDING, MoneyItem.COST})) == {MoneyItem.COST}


def test_a_name_that_is_that_of_no_amount_is_refused_in_french():
    with pytest.raises(ImproperlyConfigured, match=r"«\xa0salaires\xa0» n’est le nom.*granted \(accordé\)"):
        named_items(["granted", "salaires"])
