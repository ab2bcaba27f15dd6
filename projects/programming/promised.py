"""What signed conventions promise of a year and nobody has granted yet, by the envelope that is to pay it.

A convention of several years says the most that each may be granted. Of a year to come, or of this one, what it lets
be granted beyond what is, is promised: no decision has engaged it, and whoever votes the envelope of that year counts
on it. It counts whole in one envelope: that which would hold the last grant under it, were it charged to that year.
"""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum
from django.utils import timezone

from projects.catalogue.models import AgreementAmount, Grant, Project
from projects.catalogue.models.amounts import signed_amount
from projects.catalogue.paid import CENTS
from projects.catalogue.workflow import GRANTED
from projects.programming.placing import NO_ENVELOPE, in_envelopes, with_year

ZERO = Decimal(0)


def promised_by_envelope(year: int) -> dict[int, Decimal]:
    """By key of the envelope (``NO_ENVELOPE``: no envelope of the year would hold it), in a constant number of
    queries. Nothing is promised of a year that is over."""
    if year < timezone.localdate().year:
        return {}
    agreed = AgreementAmount.objects.filter(year=year).exclude(agreement__signed_on=None).order_by()
    amounts = dict(agreed.values_list("agreement_id", "amount"))
    left = {pk: amount - engaged for pk, (amount, engaged) in _with_engaged(amounts, year).items() if amount > engaged}
    if not left:
        return {}
    under = Grant.objects.filter(agreement__in=left).order_by("year", "pk")
    last: dict[Any, Any] = dict(under.values_list("agreement_id", "project_id"))  # that which comes last stays
    projects: Any = in_envelopes(with_year(Project.objects.filter(pk__in=last.values())), year)
    envelopes = dict(projects.order_by().values_list("pk", "envelope"))
    promised: dict[int, Decimal] = defaultdict(Decimal)
    for agreement, amount in left.items():
        promised[envelopes.get(last.get(agreement), NO_ENVELOPE)] += amount
    return dict(promised)


def _with_engaged(amounts: dict[int, Decimal], year: int) -> dict[int, tuple[Decimal, Decimal]]:
    """Each with what is engaged of it, as :meth:`projects.catalogue.models.Agreement.engaged_in` says."""
    rows = Grant.objects.filter(agreement__in=amounts, year=year).order_by()
    granted = rows.filter(project__status__in=GRANTED).values("agreement")
    given_up = rows.filter(~Q(project__status__in=GRANTED)).values("agreement")
    engaged = dict(granted.annotate(total=Sum("project__granted")).values_list("agreement", "total"))
    stays = dict(given_up.annotate(total=Sum(signed_amount("payments__"))).values_list("agreement", "total"))
    return {
        pk: (amount, (Decimal(engaged.get(pk) or 0) + Decimal(stays.get(pk) or 0)).quantize(CENTS))
        for pk, amount in amounts.items()
    }
