"""What the tests of payments pay, agree on and read."""

import datetime
from decimal import Decimal

from django.utils import timezone

from projects.catalogue.models import Agreement
from projects.paying.agreements import next_number
from projects.paying.paying import PaymentEntry
from tests.factories import this_year


def today():
    return timezone.localdate()


def entry(amount, kind="payment", **values):
    return PaymentEntry(kind, Decimal(amount), **{"paid_on": today(), **values})


def sentences(refused):
    return " ".join(refused.value.messages)


def new_agreement(organization, amounts=None, **values):
    year = this_year()
    dates = {"starts_on": datetime.date(year, 1, 1), "ends_on": datetime.date(year + 2, 12, 31)}
    return Agreement(organization=organization, number=values.pop("number", next_number(year)), **dates, **values)
