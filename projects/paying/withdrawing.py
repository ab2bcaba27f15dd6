"""Withdrawing a grant: the contrat d’engagement républicain was not kept.

Loi n° 2000-321 du 12 avril 2000, art. 10-1: the authority withdraws the grant by a decision that gives its reason, once
the body was heard, and asks for what was paid. Décret n° 2021-1947 du 31 décembre 2021: for the part of the
period that was left on the day of the breach. What is proposed here is that part, in days; an officer may say
otherwise.
"""

import datetime
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.core.exceptions import ValidationError
from django.dispatch import Signal
from django.utils import timezone

from cohesion.audit import AuditKind, record
from cohesion.lib.dates import french_date
from cohesion.lib.people import Person
from cohesion.lib.text import count_phrase, euros
from projects.catalogue.models import Grant, Withdrawal
from projects.catalogue.signing import sign
from projects.paying.paying import writing
from projects.paying.standing import Standing, standing_of

# Sent within the transaction, with ``withdrawal``, the row that was written.
grant_withdrawn = Signal()
CENTS = Decimal("0.01")


@dataclass(frozen=True)
class GrantPeriod:
    """The days for which something was granted, both ends included."""

    starts_on: datetime.date
    ends_on: datetime.date

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days + 1

    def left_on(self, day: datetime.date) -> int:
        """The days that were left when that day began."""
        return min(max((self.ends_on - day).days + 1, 0), self.days)


@dataclass(frozen=True)
class WithdrawalProposal:
    """What a withdrawal comes to: the part of the grant, what is to be paid back of what was paid, and how it was
    found."""

    withdrawn: Decimal
    amount: Decimal
    computation: str


def period_of(grant: Grant) -> GrantPeriod:
    """That of the project; of the year of the grant, where the project does not say."""
    project = grant.project
    first = project.starts_on or datetime.date(grant.year, 1, 1)
    last = project.ends_on or datetime.date(grant.year, 12, 31)
    return GrantPeriod(first, max(first, last))


def proposal(grant: Grant, standing: Standing, breached_on: datetime.date) -> WithdrawalProposal:
    """The part of the grant that the days left make, to the cent; and what was paid beyond the rest."""
    period = period_of(grant)
    left = period.left_on(breached_on)
    withdrawn = (standing.granted * left / period.days).quantize(CENTS, ROUND_HALF_UP)
    due_share = standing.granted - withdrawn
    amount = max(Decimal(0), standing.net - due_share)
    computation = (
        f"Il restait {count_phrase(left, 'jour')} sur {count_phrase(period.days, 'jour')}, du "
        f"{french_date(period.starts_on)} au {french_date(period.ends_on)}, le jour du manquement "
        f"({french_date(breached_on)}). {euros(standing.granted)} × {left} ÷ {period.days} = {euros(withdrawn)} "
        f"retirés ; {euros(due_share)} restent acquis. {euros(standing.net)} versés, moins "
        f"{euros(min(due_share, standing.net))} acquis = {euros(amount)} à rembourser."
    )
    return WithdrawalProposal(withdrawn, amount, computation)


def withdraw(project: int, withdrawal: Withdrawal, *, by: Person, seen: int | None = None) -> Withdrawal:
    """Write the withdrawal of a grant; ``withdrawal`` is not saved yet, and its grant is that of the project.

    Raises:
        GrantConflict: somebody wrote about the grant since it was read.
        ValidationError: with what is wrong, by field.
    """
    with writing(project, by=by, seen=seen, done="Retirée") as grant:
        if hasattr(grant, "withdrawal"):
            raise ValidationError(f"Cette subvention est déjà retirée, le {french_date(grant.withdrawal.decided_on)}.")
        standing = standing_of(grant)
        if wrong := _refusal(standing, withdrawal):
            raise ValidationError(wrong)
        if not withdrawal.computation:
            withdrawal.computation = _in_words(proposal(grant, standing, withdrawal.breached_on), withdrawal)
        withdrawal.grant, withdrawal.by = grant, by
        withdrawal.full_clean(exclude=["by"])
        sign(withdrawal, by, "").save()
        after = {"retiré": str(withdrawal.withdrawn), "à rembourser": str(withdrawal.amount)}
        record(AuditKind.WITHDRAWAL, on=grant.project, by=by, before={"versé": str(standing.net)}, after=after)
        grant_withdrawn.send(sender=Withdrawal, withdrawal=withdrawal)
    return withdrawal


def _refusal(standing: Standing, withdrawal: Withdrawal) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if withdrawal.withdrawn > standing.granted:
        wrong["withdrawn"] = f"Il n’est accordé que {euros(standing.granted)}."
    if withdrawal.amount > standing.net:
        wrong["amount"] = f"Il n’y a que {euros(standing.net)} versés à rembourser."
    if withdrawal.decided_on > timezone.localdate():
        wrong["decided_on"] = "Ce jour n’est pas encore venu : un retrait se saisit une fois décidé."
    return wrong


def _in_words(proposed: WithdrawalProposal, withdrawal: Withdrawal) -> str:
    """How the amounts were found; where an officer said others, that too."""
    if (proposed.withdrawn, proposed.amount) == (withdrawal.withdrawn, withdrawal.amount):
        return proposed.computation
    return (
        f"{proposed.computation} La décision retient {euros(withdrawal.withdrawn)} retirés et "
        f"{euros(withdrawal.amount)} à rembourser."
    )
