"""Making a convention, signing it, amending it, and putting a grant under it: each under the rows that it engages."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.dispatch import Signal
from django.utils import timezone

from cohesion.audit import AuditKind, record
from cohesion.lib.dates import french_date
from cohesion.lib.people import Person
from cohesion.lib.text import euros
from cohesion.together.states import ChangedMeanwhile, while_you_wrote
from projects.catalogue.granting import grant_of, left_of_year
from projects.catalogue.models import (
    Agreement,
    AgreementAmount,
    Amendment,
    AmendmentAmount,
    Grant,
    Instalment,
    Project,
)
from projects.catalogue.signing import sign
from projects.catalogue.workflow import GRANTED

ZERO = Decimal(0)
# Sent within the transaction, with ``agreement``, when one is there to be signed.
agreement_to_sign = Signal()


@dataclass(frozen=True)
class PlannedInstalment:
    """A line of a schedule as it is brought; ``grant``: the key of the one that it pays, None where there is one."""

    due_on: datetime.date
    amount: Decimal
    label: str = ""
    needs_report: bool = False
    grant: int | None = None


@dataclass(frozen=True)
class Terms:
    """What an agreement engages: the most for each year, and when it is paid."""

    amounts: Mapping[int, Decimal]
    instalments: Sequence[PlannedInstalment] = field(default_factory=tuple)


class AgreementConflict(ChangedMeanwhile):
    """Somebody wrote about the agreement since its page was read."""

    def __init__(self, agreement: Agreement) -> None:
        self.agreement = agreement
        last = agreement.history.select_related("history_user").first()
        author = last.history_user.display_name if last is not None and last.history_user else "quelqu’un"
        super().__init__(while_you_wrote(author, f"écrit sur la convention {agreement.number}"))


def next_number(year: int) -> str:
    """The number that is proposed: « 2026-CV-014 », after the highest of its kind."""
    prefix = f"{year}-CV-"
    taken = Agreement.objects.filter(number__startswith=prefix).values_list("number", flat=True)
    tails = [number.removeprefix(prefix) for number in taken]
    ranks = [int(tail) for tail in tails if tail.isdecimal()]
    return f"{prefix}{max(ranks, default=0) + 1:03}"


def make_agreement(agreement: Agreement, terms: Terms, *, projects: Sequence[int], by: Person) -> Agreement:
    """Write a new agreement, with the grants of these projects under it.

    Raises:
        ValidationError: with what is wrong, by field.
    """
    with transaction.atomic():
        owners = _granted(projects, agreement)
        grants = [grant_of(owner) for owner in owners]
        for grant in grants:
            if grant.agreement is not None:
                raise ValidationError(f"« {grant.project} » est déjà sous la convention {grant.agreement.number}.")
        agreement.full_clean(exclude=["organization"])
        _save_named(sign(agreement, by, "Créée"))
        _write_terms(agreement, terms, {grant.pk for grant in grants})
        for owner in owners:
            _put_under(agreement, owner, by)
        record(AuditKind.AGREEMENT, on=agreement, by=by, after=_words(agreement))
        if not agreement.is_signed:
            agreement_to_sign.send(sender=Agreement, agreement=agreement)
    return agreement


def _save_named(agreement: Agreement) -> None:
    """Save an agreement whose number may have been taken since it was looked for."""
    try:
        with transaction.atomic():
            agreement.save()
    except IntegrityError:
        raise ValidationError({"number": "Une autre convention porte déjà ce numéro."}) from None


def _granted(keys: Sequence[int], agreement: Agreement) -> list[Project]:
    """The projects, locked in one order for everybody; all are granted something, to the organisation that signs."""
    locked = Project.objects.select_for_update(of=("self",)).select_related("organization")
    owners = list(locked.filter(pk__in=list(keys)).order_by("pk"))
    if not owners:
        raise ValidationError("Choisissez au moins une subvention.")
    for owner in owners:
        if owner.status not in GRANTED or not owner.granted:
            raise ValidationError(f"Rien n’est accordé à « {owner} » : aucune convention ne peut l’engager.")
        if owner.organization_id != agreement.organization_id:
            raise ValidationError(
                f"« {owner} » est portée par {owner.organization.name}, et la convention est signée par "
                f"{agreement.organization.name} : une convention est d’une seule structure."
            )
    return owners


def _write_terms(agreement: Agreement, terms: Terms, grants: set[int]) -> None:
    """The amounts by year and the schedule, in the place of those that are there."""
    if not terms.amounts:
        raise ValidationError({"amounts": "Indiquez le montant d’une année au moins."})
    for year in terms.amounts:
        if not agreement.starts_on.year <= year <= agreement.ends_on.year:
            raise ValidationError({"amounts": f"{year} n’est pas dans la période de la convention."})
    for former in agreement.amounts.all():
        if former.year not in terms.amounts:
            if left_of_year(agreement, former.year) < former.amount:
                raise ValidationError({"amounts": f"{former.year} est déjà engagée : gardez son montant."})
            former.delete()
    for year, amount in sorted(terms.amounts.items()):
        left = left_of_year(agreement, year)
        agreed = agreement.amounts.filter(year=year).values_list("amount", flat=True).first() or ZERO
        if (engaged := agreed - left) > amount:
            raise ValidationError(
                {"amounts": f"Pour {year}, {euros(engaged)} sont déjà engagés : le montant ne peut être moindre."}
            )
        row = agreement.amounts.filter(year=year).first() or AgreementAmount(agreement=agreement, year=year)
        row.amount = amount
        row.full_clean()
        row.save()
    write_schedule(agreement, terms.instalments, grants)


def write_schedule(agreement: Agreement, instalments: Sequence[PlannedInstalment], grants: set[int]) -> None:
    """The schedule, in the place of the one that is there.

    Raises:
        ValidationError: it pays more than the agreement, or names a grant of another.
    """
    total = sum((planned.amount for planned in instalments), ZERO)
    agreed = sum(agreement.amounts.values_list("amount", flat=True), ZERO)
    if total > agreed:
        raise ValidationError(
            {"instalments": f"L’échéancier fait {euros(total)}, et la convention {euros(agreed)} : réduisez-le."}
        )
    agreement.instalments.all().delete()
    for planned in instalments:
        if planned.grant is not None and planned.grant not in grants:
            raise ValidationError({"instalments": "Une échéance nomme une subvention d’une autre convention."})
        row = Instalment(agreement=agreement, grant_id=planned.grant, due_on=planned.due_on, amount=planned.amount)
        row.label, row.needs_report = planned.label, planned.needs_report
        row.full_clean(exclude=["grant"])
        row.save()


def _put_under(agreement: Agreement, owner: Project, by: Person, *, is_late: bool = False) -> None:
    """The grant of a project that is locked goes under an agreement that is locked, or new."""
    grant = Grant.objects.select_for_update().get(project=owner)
    grant.project = owner
    left, granted = left_of_year(agreement, grant.year), owner.granted or ZERO
    if granted > left:
        raise ValidationError(
            {
                "amounts": f"Pour {grant.year}, la convention {agreement.number} laisse {euros(max(left, ZERO))}, et "
                f"« {owner} » reçoit {euros(granted)} : augmentez le montant de l’année."
            }
        )
    grant.agreement, grant.payment_terms, grant.joined_once_signed = agreement, agreement.terms, is_late
    grant.version += 1
    grant.full_clean(exclude=["project"])
    sign(grant, by, f"Sous la convention {agreement.number}").save()


def locked_agreement(agreement: int, seen: int | None, *, has_projects: bool = True) -> Agreement:
    """An agreement under its lock, after those of its projects; ``seen``: its version as the page showed it.

    Raises:
        AgreementConflict: somebody wrote about it since.
    """
    if has_projects:
        list(Project.objects.select_for_update().filter(grant__agreement=agreement).order_by("pk").values_list("pk"))
    locked = Agreement.objects.select_for_update().filter(pk=agreement).first()
    if locked is None:
        raise ValidationError("Cette convention a été supprimée entre-temps.", code="deleted")
    if seen is not None and locked.version != seen:
        raise AgreementConflict(locked)
    return locked


@contextmanager
def changing(
    agreement: int, *, by: Person, seen: int | None, done: str, has_projects: bool = True
) -> Iterator[Agreement]:
    """An agreement that is written under its lock, those of its projects taken first, and what of it is noted."""
    with transaction.atomic():
        locked = locked_agreement(agreement, seen, has_projects=has_projects)
        before = _words(locked)
        yield locked
        locked.version += 1
        locked.full_clean(exclude=["organization"])
        sign(locked, by, done).save()
        record(AuditKind.AGREEMENT, on=locked, by=by, before=before, after=_words(locked) | {"fait": done})


def rewrite(agreement: Agreement, terms: Terms, *, by: Person, seen: int | None) -> None:
    """Write anew an agreement that is not signed: ``agreement`` bears what its form says.

    Raises:
        AgreementConflict: somebody wrote about it since.
        ValidationError: it is signed, or a rule is broken; by field.
    """
    with changing(agreement.pk, by=by, seen=seen, done="Réécrite") as locked:
        if locked.is_signed:
            raise ValidationError("Cette convention est signée : elle se change par un avenant.")
        for name in WRITTEN:
            setattr(locked, name, getattr(agreement, name))
        locked.full_clean(exclude=["organization"])
        _save_named(locked)
        _write_terms(locked, terms, set(locked.grants.values_list("pk", flat=True)))
        locked.grants.update(payment_terms=locked.terms)


WRITTEN = (
    "number",
    "starts_on",
    "ends_on",
    "signed_for_authority",
    "signed_for_organization",
    "terms",
    "conditions",
)


def reschedule(agreement: int, instalments: Sequence[PlannedInstalment], *, by: Person, seen: int | None) -> None:
    """Say anew when it is paid, which no amendment asks for.

    Raises:
        AgreementConflict: somebody wrote about it since.
        ValidationError: the schedule pays more than the agreement.
    """
    with changing(agreement, by=by, seen=seen, done="Échéancier réécrit") as locked:
        write_schedule(locked, instalments, set(locked.grants.values_list("pk", flat=True)))


def sign_agreement(agreement: int, signed_on: datetime.date, *, by: Person, seen: int | None = None) -> None:
    """Note the day on which an agreement was signed: from then on something may be paid under it.

    Raises:
        AgreementConflict: somebody wrote about it since.
        ValidationError: it is signed already, or the day has not come.
    """
    with changing(agreement, by=by, seen=seen, done="Signée") as locked:
        if locked.signed_on is not None:
            raise ValidationError(f"Cette convention est déjà signée, le {french_date(locked.signed_on)}.")
        _check_day(signed_on)
        locked.signed_on = signed_on


def _check_day(day: datetime.date) -> None:
    if day > timezone.localdate():
        raise ValidationError({"signed_on": "Ce jour n’est pas encore venu : une signature se note une fois donnée."})


def join(project: int, agreement: int, *, by: Person, seen: int | None = None) -> None:
    """Put the grant of a project under an agreement of its organisation that is there: one of several years.

    Raises:
        ValidationError: it is under another, is another organisation's, or the year has not enough left.
    """
    with transaction.atomic():
        # Its own row and that of the agreement, in this order, and no other: of the projects that are under it, some
        # would be seen only once one of them had been waited for, out of their order.
        owner = Project.objects.select_for_update(of=("self",)).filter(pk=project).first()
        if owner is None:
            raise ValidationError("Ce dossier a été supprimé entre-temps.", code="deleted")
        done = f"Subvention de {owner.code} rattachée"
        with changing(agreement, by=by, seen=None, done=done, has_projects=False) as locked:
            _granted([project], locked)
            grant = grant_of(owner)
            if grant.agreement_id is not None:
                raise ValidationError("Cette subvention est déjà sous une convention.")
            if seen is not None and grant.version != seen:
                raise ChangedMeanwhile("Cette subvention a été modifiée entre-temps : relisez-la.")
            _put_under(locked, owner, by, is_late=locked.is_signed)


def draft_amendment(
    agreement: int,
    *,
    purpose: str,
    amounts: Mapping[int, Decimal],
    ends_on: datetime.date | None = None,
    by: Person,
    seen: int | None = None,
) -> Amendment:
    """Write an amendment, which changes nothing until it is signed.

    Raises:
        ValidationError: the agreement is not signed, another amendment waits, or nothing would change.
    """
    with changing(agreement, by=by, seen=seen, done="Avenant préparé") as locked:
        if not locked.is_signed:
            raise ValidationError("Cette convention n’est pas signée : elle se réécrit encore, sans avenant.")
        if locked.amendments.filter(signed_on=None).exists():
            raise ValidationError("Un avenant attend déjà sa signature : notez-la, ou supprimez-le.")
        current = dict(locked.amounts.values_list("year", "amount"))
        changed = {year: amount for year, amount in amounts.items() if current.get(year) != amount}
        if not changed and ends_on in (None, locked.ends_on) and not purpose.strip():
            raise ValidationError({"purpose": "Dites ce que l’avenant change."})
        number = locked.amendments.count() + 1
        amendment = Amendment(agreement=locked, number=number, purpose=purpose.strip(), ends_on=ends_on)
        amendment.full_clean(exclude=["agreement"])
        amendment.save()
        for year, amount in sorted(changed.items()):
            row = AmendmentAmount(amendment=amendment, year=year, amount=amount)
            row.full_clean()
            row.save()
        _check_amendment(locked, amendment)
    return amendment


def sign_amendment(amendment: Amendment, signed_on: datetime.date, *, by: Person, seen: int | None = None) -> None:
    """Note the day on which an amendment was signed: its amounts and its end are those of the agreement from then on.

    Raises:
        ValidationError: it is signed already, the day has not come, or a year is engaged beyond its new amount.
    """
    with changing(amendment.agreement_id, by=by, seen=seen, done=f"Avenant {amendment.number} signé") as locked:
        row = Amendment.objects.select_for_update().filter(pk=amendment.pk).first()
        if row is None or row.signed_on is not None:
            raise ValidationError("Cet avenant est déjà signé, ou a été supprimé.")
        _check_day(signed_on)
        if locked.signed_on is not None and signed_on < locked.signed_on:
            raise ValidationError({"signed_on": "Un avenant est signé après sa convention."})
        row.agreement = locked
        _check_amendment(locked, row)
        if row.ends_on is not None:
            row.former_end, locked.ends_on = locked.ends_on, row.ends_on
        for changed in row.amounts.all():
            _amend_year(locked, changed)
        row.signed_on = signed_on
        row.full_clean(exclude=["agreement"])
        row.save()


def _amend_year(agreement: Agreement, changed: AmendmentAmount) -> None:
    of_year = agreement.amounts.filter(year=changed.year).first()
    changed.former = of_year.amount if of_year is not None else None
    changed.save()
    of_year = of_year or AgreementAmount(agreement=agreement, year=changed.year)
    of_year.amount = changed.amount
    of_year.save()


def _check_amendment(agreement: Agreement, amendment: Amendment) -> None:
    """What is engaged stays under the new amounts, and each year is in the new period."""
    last = (amendment.ends_on or agreement.ends_on).year
    amounts = dict(agreement.amounts.values_list("year", "amount"))
    for changed in amendment.amounts.all():
        engaged = amounts.get(changed.year, ZERO) - left_of_year(agreement, changed.year)
        if changed.amount < engaged:
            sentence = f"Pour {changed.year}, {euros(engaged)} sont déjà engagés : le montant ne peut être moindre."
            raise ValidationError({"amounts": sentence})
        amounts[changed.year] = changed.amount
    outside = [year for year in amounts if not agreement.starts_on.year <= year <= last]
    if outside:
        raise ValidationError({"amounts": f"{outside[0]} n’est pas dans la période de la convention."})


def _words(agreement: Agreement) -> dict[str, Any]:
    signed = agreement.signed_on.isoformat() if agreement.signed_on else ""
    amounts = {str(year): str(amount) for year, amount in agreement.amounts.values_list("year", "amount")}
    return {
        "numéro": agreement.number,
        "signée le": signed,
        "fin": agreement.ends_on.isoformat(),
        "montants": amounts,
    }
