"""Where a grant stands: granted, withdrawn, paid, left to pay; and each instalment of its schedule."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Max, Q, Sum
from django.utils import timezone

from cohesion.lib.dates import french_date
from projects.catalogue.models import Grant, Instalment, Payment
from projects.choices import PaymentKind, ProjectStatus

ZERO = Decimal(0)
SOON = datetime.timedelta(days=30)
REPORTED = (ProjectStatus.REPORT_RECEIVED, ProjectStatus.CLOSED)


@dataclass(frozen=True)
class Standing:
    """Amounts in euros. ``paid``: payments and balances; ``refunded``: what came back; ``owed``: what a withdrawal asks
    back, of which ``given_back`` came since. ``is_settled``: nothing more is to be paid."""

    granted: Decimal
    withdrawn: Decimal
    paid: Decimal
    refunded: Decimal
    owed: Decimal
    given_back: Decimal
    is_settled: bool

    @property
    def net(self) -> Decimal:
        return self.paid - self.refunded

    @property
    def left(self) -> Decimal:
        """What may still be paid."""
        if self.is_settled:
            return ZERO
        return max(ZERO, self.granted - self.withdrawn - self.net)

    @property
    def still_owed(self) -> Decimal:
        """What is still to be paid back: a withdrawal asks for it; no more than what is paid now."""
        return max(ZERO, min(self.owed - self.given_back, self.net))


def standing_of(grant: Grant) -> Standing:
    return standings([grant])[grant.pk]


def standings(grants: Iterable[Grant]) -> dict[int, Standing]:
    """By key of the grant, in one query more than its project and its withdrawal."""
    wanted = {grant.pk: grant for grant in grants}
    sums: dict[int, dict[str, Decimal]] = defaultdict(dict)
    rows = Payment.objects.filter(grant__in=wanted).order_by().values_list("grant_id", "kind")
    since = Sum("amount", filter=Q(kind=PaymentKind.REFUND, at__gte=F("grant__withdrawal__at")))
    for pk, kind, total, given_back in rows.annotate(total=Sum("amount"), since=since):
        sums[pk][kind] = total
        sums[pk]["since"] = sums[pk].get("since", ZERO) + (given_back or ZERO)
    return {pk: _standing(grant, sums[pk]) for pk, grant in wanted.items()}


def _standing(grant: Grant, by_kind: dict[str, Decimal]) -> Standing:
    withdrawal = getattr(grant, "withdrawal", None)
    return Standing(
        granted=grant.project.granted or ZERO,
        withdrawn=withdrawal.withdrawn if withdrawal else ZERO,
        paid=by_kind.get(PaymentKind.PAYMENT, ZERO) + by_kind.get(PaymentKind.BALANCE, ZERO),
        refunded=by_kind.get(PaymentKind.REFUND, ZERO),
        owed=withdrawal.amount if withdrawal else ZERO,
        given_back=by_kind.get("since", ZERO),
        is_settled=grant.is_settled,
    )


def report_is_in(grant: Grant) -> bool:
    """Whether the report that the balance waits for was handed in: that of the year of the grant, or a later one."""
    if grant.project.status in REPORTED:
        return True
    handed = grant.project.reports.exclude(handed_at=None).aggregate(last=Max("year"))["last"]
    return handed is not None and handed >= grant.year


@dataclass(frozen=True)
class DueLine:
    """An instalment, and what is still to be paid of it. ``instalment`` is None for a grant without a schedule, which
    is to be paid at once from the day of its notification."""

    grant: Grant
    due_on: datetime.date | None
    amount: Decimal
    left: Decimal
    label: str
    awaits_report: bool
    is_covered: bool = False
    instalment: Instalment | None = None

    @property
    def is_paid(self) -> bool:
        return not self.left

    @property
    def is_late(self) -> bool:
        waits = self.is_paid or self.awaits_report or self.due_on is None
        return not waits and self.due_on is not None and self.due_on < timezone.localdate()

    @property
    def is_due(self) -> bool:
        """Whether it is to be paid now, or within a month."""
        if self.is_paid or self.awaits_report:
            return False
        return self.due_on is None or self.due_on <= timezone.localdate() + SOON

    @property
    def state(self) -> str:
        """Where it stands, in words."""
        if self.is_paid:
            return "versée" if self.is_covered else "n’est plus due"
        if self.awaits_report:
            return "attend le bilan"
        if self.is_late:
            return f"en retard depuis le {french_date(self.due_on)}"
        return "à verser" if self.is_due else "à venir"


def schedule(grant: Grant, standing: Standing, instalments: Iterable[Instalment], has_report: bool) -> list[DueLine]:
    """The schedule of a grant in its order: what was paid, less what came back, pays the first ones first.

    Once a grant is settled or withdrawn, what is beyond what is left to pay is due no more.
    """
    lines = []
    paid, left = standing.net, standing.left
    for instalment in instalments:
        covered = min(paid, instalment.amount)
        paid -= covered
        open_part = min(instalment.amount - covered, left)
        left -= open_part
        waits = instalment.needs_report and not has_report and open_part > 0
        is_covered = covered == instalment.amount
        what = (instalment.due_on, instalment.amount, open_part, str(instalment))
        lines.append(DueLine(grant, *what, waits, is_covered, instalment))
    if left > 0:
        day = None if lines else grant.pays_from or grant.notified_on
        label = "Reste hors échéancier" if lines else "Versement unique"
        lines.append(DueLine(grant, day, left, left, label, awaits_report=False))
    return lines


def schedules(grants: Iterable[Grant]) -> dict[int, list[DueLine]]:
    """By key of the grant, in a fixed number of queries. An agreement with several grants pays the one that each
    instalment names; one that names none is of no schedule until an officer says."""
    wanted = list(grants)
    places = standings(wanted)
    own = _instalments(wanted)
    reported = _reported(wanted)
    return {grant.pk: schedule(grant, places[grant.pk], own[grant.pk], grant.pk in reported) for grant in wanted}


def _instalments(grants: list[Grant]) -> dict[int, list[Instalment]]:
    agreements = {grant.agreement_id for grant in grants if grant.agreement_id is not None}
    alone: dict[int, list[int]] = defaultdict(list)
    for pk, agreement in Grant.objects.filter(agreement__in=agreements).values_list("pk", "agreement_id"):
        alone[agreement].append(pk)
    by_grant: dict[int, list[Instalment]] = defaultdict(list)
    for instalment in Instalment.objects.filter(agreement__in=agreements):
        members = alone[instalment.agreement_id]
        pays = instalment.grant_id or (members[0] if len(members) == 1 else None)
        if pays is not None:
            by_grant[pays].append(instalment)
    return by_grant


def _reported(grants: list[Grant]) -> set[int]:
    """The grants whose report was handed in, as :func:`report_is_in` has it."""
    years: dict[int, int] = {}
    own = Grant.objects.filter(pk__in=[grant.pk for grant in grants], project__reports__handed_at__isnull=False)
    rows = own.order_by().values_list("pk").annotate(last=Max("project__reports__year"))
    years.update(dict(rows))
    return {grant.pk for grant in grants if grant.project.status in REPORTED or years.get(grant.pk, 0) >= grant.year}
