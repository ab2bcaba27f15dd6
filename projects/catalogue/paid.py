"""What was paid of grants: payments and balances, less what came back."""

from decimal import Decimal
from typing import Any

from django.db.models import Case, DecimalField, F, Sum, When
from django.db.models.expressions import Combinable

from cohesion.lib.rows import bare
from projects.catalogue.models import Payment
from projects.catalogue.models.project import ProjectQuerySet
from projects.choices import PaymentKind

NOTHING = Decimal(0)
CENTS = Decimal("0.01")


def signed_amount(path: str = "") -> Combinable:
    """What a payment adds to what is paid, as an expression: what comes back is taken away."""
    amount: Any = F(f"{path}amount")
    output = DecimalField(max_digits=14, decimal_places=2)
    return Case(When(**{f"{path}kind": PaymentKind.REFUND}, then=-amount), default=amount, output_field=output)


def paid(projects: ProjectQuerySet) -> dict[int, Decimal]:
    """What was paid of each of these projects, in euros, by its key; those of which nothing was are left out."""
    keys = projects.order_by().values("pk")
    sums = Payment.objects.filter(grant__project__in=keys).order_by().values("grant__project_id")
    rows = bare(sums.annotate(total=Sum(signed_amount())).values_list("grant__project_id", "total"))
    return {pk: Decimal(str(total)).quantize(CENTS) for pk, total in rows if total}
