"""What was paid of grants: payments and balances, less what came back."""

from decimal import Decimal

from django.db.models import Sum

from cohesion.lib.rows import bare
from projects.catalogue.models import Payment
from projects.catalogue.models.amounts import signed_amount
from projects.catalogue.models.project import ProjectQuerySet

CENTS = Decimal("0.01")


def paid(projects: ProjectQuerySet) -> dict[int, Decimal]:
    """What was paid of each of these projects, in euros, by its key; those of which nothing was are left out."""
    keys = projects.order_by().values("pk")
    sums = Payment.objects.filter(grant__project__in=keys).order_by().values("grant__project_id")
    rows = bare(sums.annotate(total=Sum(signed_amount())).values_list("grant__project_id", "total"))
    return {pk: Decimal(str(total)).quantize(CENTS) for pk, total in rows if total}
