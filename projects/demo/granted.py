"""The money of the invented programme: grants, conventions, schedules and payments, of which some are late."""

import datetime
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction
from django.db.models import F

from cohesion.models import User
from projects.catalogue.granting import charged_year
from projects.catalogue.models import Agreement, AgreementAmount, Grant, Instalment, Payment, Project
from projects.catalogue.signing import sign
from projects.catalogue.stamps import raise_revision
from projects.choices import LegalForm, OrganizationKind, PaymentKind, PaymentTerms
from projects.demo.calendar import DAY, Calendar
from projects.demo.rows import write, write_at
from projects.members.models import Organization
from projects.paying.threshold import is_private, threshold

AUTHORITY = "La présidente de l’agglomération (démonstration)"
FIRST_PART = Decimal("0.7")
CENTS = Decimal("0.01")
REASON = "Données inventées pour la démonstration"
LATE, WHOLE, COMING = range(1, 4)  # how a grant of this year is paid, by its rank; 0: its first part, on time


@transaction.atomic
def load_demo_grants(calendar: Calendar, *, officer: User) -> int:
    """Write what follows the decisions that grant; returns the number of payments."""
    granted = Project.objects.with_grant().select_related("organization", "declaration")
    money = _DemoMoney(calendar, officer)
    for rank, project in enumerate(granted.order_by("code_key", "code")):
        money.follow(project, rank)
    money.agree()
    payments = [(payment, payment.paid_on) for payment in money.payments]
    write_at(Payment, sorted(payments, key=_by_day))
    raise_revision()
    return len(payments)


def _by_day(dated: tuple[Payment, datetime.date]) -> datetime.date:
    return dated[1]


class _DemoMoney:
    """The grants as they are made, and what is paid of them."""

    def __init__(self, calendar: Calendar, officer: User) -> None:
        self.today, self.officer = calendar.today, officer
        self.grants: list[Grant] = []
        self.payments: list[Payment] = []
        self.plans: dict[int, list[tuple[datetime.date, Decimal, str, bool]]] = {}

    def follow(self, project: Project, rank: int) -> None:
        """A grant, notified three weeks after its decision, and what was paid of it."""
        decision = project.decisions.order_by("pk").first()
        decided_on = decision.decided_on if decision else project.starts_on or self.today
        notified_on = min(decided_on + 21 * DAY, self.today)
        grant = Grant(
            project=project,
            year=charged_year(project),
            notified_on=notified_on,
            payment_terms=PaymentTerms.STAGGERED if project.granted and project.granted > 5000 else PaymentTerms.SINGLE,
            scheme=project.schemes.order_by("code").first(),
        )
        sign(grant, self.officer, REASON).save()
        self.grants.append(grant)
        if grant.year < self.today.year:
            self._pay_past(grant, rank)
        else:
            self._pay_present(grant, rank)

    def _parts(self, grant: Grant) -> tuple[Decimal, Decimal]:
        whole = grant.project.granted or Decimal(0)
        first = (whole * FIRST_PART).quantize(CENTS, ROUND_HALF_UP)
        return first, whole - first

    def _pay_past(self, grant: Grant, rank: int) -> None:
        """A first part, then the balance once the report was handed in; of one in ten, some came back."""
        first, rest = self._parts(grant)
        handed = grant.project.reports.exclude(handed_at=None).order_by("year").first()
        start = (grant.notified_on or self.today) + 40 * DAY
        balance_due = datetime.date(grant.year + 1, 7, 31)
        self.plans[grant.pk] = [(start, first, "Acompte", False), (balance_due, rest, "Solde", True)]
        self._paid(grant, PaymentKind.PAYMENT, first, start, rank)
        if handed is None or handed.handed_at is None:
            return
        day = max(handed.handed_at.date() + 25 * DAY, start)
        if not self._paid(grant, PaymentKind.BALANCE, rest, day, rank):
            return
        grant.settled_on = day
        sign(grant, self.officer, REASON).save()
        if rank % 10 == 0:
            back = min(Decimal(400), first)
            self._paid(grant, PaymentKind.REFUND, back, day + 30 * DAY, rank, note="Action moins coûteuse que prévu.")

    def _pay_present(self, grant: Grant, rank: int) -> None:
        first, rest = self._parts(grant)
        notified_on = grant.notified_on or self.today
        way = rank % 4
        start = {LATE: self.today - 24 * DAY, COMING: self.today + 12 * DAY}.get(way, notified_on + 30 * DAY)
        start = max(start, notified_on)
        self.plans[grant.pk] = [(start, first, "Acompte", False)]
        self.plans[grant.pk].append((datetime.date(grant.year + 1, 3, 31), rest, "Solde", True))
        if way in (LATE, COMING):
            grant.pays_from = start
            sign(grant, self.officer, REASON).save()
            return
        self._paid(grant, PaymentKind.PAYMENT, first + rest if way == WHOLE else first, start, rank)

    def _paid(
        self, grant: Grant, kind: PaymentKind, amount: Decimal, day: datetime.date, rank: int, note: str = ""
    ) -> bool:
        """A payment, where its day has come."""
        if day > self.today or amount <= 0:
            return False
        letter = "T" if kind == PaymentKind.REFUND else "M"
        reference = f"{letter}-{day:%Y}-{100 + rank}"
        by = self.officer
        self.payments.append(
            Payment(grant=grant, kind=kind, amount=amount, paid_on=day, reference=reference, note=note, by=by)
        )
        return True

    def agree(self) -> None:
        """A convention for each private organisation above the threshold of a year, but for the last: it is to be
        made, and nothing is paid of it."""
        members: dict[tuple[int, int], list[Grant]] = defaultdict(list)
        for grant in self.grants:
            if is_private(grant.project.organization):
                members[grant.year, grant.project.organization_id].append(grant)
        above = {key: own for key, own in sorted(members.items()) if _total(own) > threshold()}
        if not above:
            return
        *agreed, waiting = above
        ranks: dict[int, int] = defaultdict(int)
        for key in agreed:
            ranks[key[0]] += 1
            self._agreement(key[0], ranks[key[0]], above[key], is_signed=key != agreed[-1])
        self._drop_payments(above[waiting])

    def _agreement(self, year: int, rank: int, grants: list[Grant], *, is_signed: bool) -> None:
        first = min(grant.notified_on or self.today for grant in grants)
        agreement = Agreement(
            organization=grants[0].project.organization,
            number=f"{year}-CV-{rank:03}",
            starts_on=datetime.date(year, 1, 1),
            ends_on=datetime.date(year, 12, 31),
            signed_on=first if is_signed else None,
            signed_for_authority=AUTHORITY,
            signed_for_organization=grants[0].project.organization.representative,
            terms=PaymentTerms.STAGGERED,
            conditions="70 % à la notification, le solde après le bilan. Convention inventée pour la démonstration.",
        )
        sign(agreement, self.officer, REASON).save()
        write(AgreementAmount, [AgreementAmount(agreement=agreement, year=year, amount=_total(grants))])
        planned = []
        for grant in grants:
            grant.agreement, grant.payment_terms = agreement, agreement.terms
            sign(grant, self.officer, REASON).save()
            for due_on, amount, label, needs_report in self.plans[grant.pk]:
                what = {"due_on": due_on, "amount": amount, "label": label, "needs_report": needs_report}
                planned.append(Instalment(agreement=agreement, grant=grant, **what))
        write(Instalment, planned)
        if not is_signed:
            self._drop_payments(grants)

    def _drop_payments(self, grants: list[Grant]) -> None:
        """Nothing is paid while the convention is to be made or signed."""
        keys = {grant.pk for grant in grants}
        self.payments = [payment for payment in self.payments if payment.grant_id not in keys]
        for grant in grants:
            if grant.settled_on is not None:
                grant.settled_on = None
                sign(grant, self.officer, REASON).save()


def _total(grants: list[Grant]) -> Decimal:
    return sum((grant.project.granted or Decimal(0) for grant in grants), Decimal(0))


# As one of the Eure would be, of a sub-prefecture that it has not: of the right form, and given to nobody.
INVENTED = "W279{:06d}"
NUMBER_NOTE = "Le numéro RNA de cette structure est inventé pour la démonstration : il n’a été donné à personne."
LEGAL_FORMS = {
    OrganizationKind.ASSOCIATION: LegalForm.ASSOCIATION,
    OrganizationKind.SOCIAL_CENTRE: LegalForm.ASSOCIATION,
    OrganizationKind.MUNICIPALITY: LegalForm.MUNICIPALITY,
    OrganizationKind.PUBLIC_BODY: LegalForm.PUBLIC_BODY,
}
ADDRESS = "1, rue de la Démonstration (adresse inventée)"
LACKING = 7  # one grant in so many is left as officers have to complete it


def publish_demo_grants() -> int:
    """Complete most grants; returns how many. All structures have what a convention says, one in three no number."""
    for kind, legal_form in LEGAL_FORMS.items():
        Organization.objects.filter(kind=kind, legal_form="").update(legal_form=legal_form)
        Organization.objects.filter(kind=kind, address="").update(address=ADDRESS)
    for rank, structure in enumerate(Organization.objects.filter(siret="", rna="").order_by("pk")):
        if rank % 3 < 2:
            Organization.objects.filter(pk=structure.pk).update(
                rna=INVENTED.format(structure.pk), note=structure.note or NUMBER_NOTE
            )
    grants = Grant.objects.order_by("pk").values_list("pk", flat=True)
    complete = Grant.objects.filter(pk__in=[pk for rank, pk in enumerate(grants) if rank % LACKING])
    complete.filter(pays_from=None).update(pays_from=F("notified_on"))
    number = complete.update(is_eu_notified=False)
    raise_revision()
    return number
