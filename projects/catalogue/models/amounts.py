"""The fields of an amount and of its year, and what payments come to."""

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, F, When

from projects.choices import PaymentKind

FIRST_YEAR, LAST_YEAR = 1990, 2100


def amount(label: str, **options: Any) -> models.DecimalField:
    """An amount in euros, never negative."""
    return models.DecimalField(label, max_digits=12, decimal_places=2, validators=[MinValueValidator(0)], **options)


def positive_amount(label: str) -> models.DecimalField:
    """An amount in euros, of a cent at the least."""
    smallest = MinValueValidator(Decimal("0.01"), "Un montant est plus grand que zéro.")
    return models.DecimalField(label, max_digits=12, decimal_places=2, validators=[smallest])


def calendar_year(label: str) -> models.PositiveSmallIntegerField:
    bounds = [MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]
    return models.PositiveSmallIntegerField(label, validators=bounds)


def signed_amount(path: str = "") -> Case:
    """What a payment adds to what is paid, as an expression: what comes back is taken away."""
    amount = F(f"{path}amount")
    output = models.DecimalField(max_digits=14, decimal_places=2)
    return Case(When(**{f"{path}kind": PaymentKind.REFUND}, then=-amount), default=amount, output_field=output)
