"""Numbers typed and shown as French people write them."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from cohesion.lib.forms import DecimalInput

FIELD = DecimalInput(max_digits=12, decimal_places=2)


@pytest.mark.parametrize("typed", ["1250,50", "1 250,50 €", "1\u202f250,50\u00a0€", "1250.50", "1.250,50"])
def test_a_number_is_read_as_people_write_it(typed):
    assert FIELD.clean(typed) == Decimal("1250.50")


@pytest.mark.parametrize("number", ["0.00", "12500.00", "1250.50", "9999999999.99"])
def test_what_is_shown_is_read_again_as_the_same_number(number):
    shown = FIELD.prepare_value(Decimal(number))
    assert FIELD.clean(shown) == Decimal(number)
    assert not FIELD.has_changed(Decimal(number), shown)


@pytest.mark.parametrize("typed", ["beaucoup", "1e5", "-3", "12,345"])
def test_what_is_no_number_is_refused_and_shown_again_as_it_was(typed):
    with pytest.raises(ValidationError, match="que le site sait lire"):
        FIELD.clean(typed)
    assert FIELD.prepare_value("beaucoup") == "beaucoup"
