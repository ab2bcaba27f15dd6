"""The lists of officers: conventions, what is to be paid, what was paid."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from cohesion.lib.dates import known_year
from cohesion.lib.states import holds
from projects.catalogue.granting import charged_year_expression
from projects.catalogue.models import Agreement, AgreementAmount, Grant, Payment, Project
from projects.catalogue.models.project import ProjectQuerySet
from projects.catalogue.workflow import GRANTED
from projects.paying.standing import DueLine, Standing, schedules, standings

ZERO = Decimal(0)
SIGNED, UNSIGNED = "signees", "a-signer"
STATES = {"": "Toutes", UNSIGNED: "À signer", SIGNED: "Signées"}
DUE, PAID = "a-verser", "verses"
ASSUMED = "Cette valeur ne désigne rien, ce filtre est laissé de côté."


def offered(organization: int) -> ProjectQuerySet:
    """What a new convention of an organisation may cover: what it is granted, and no convention covers; each with the
    ``year`` to which it is charged."""
    own = Project.objects.with_grant().filter(organization=organization)
    uncovered = own.filter(Q(grant=None) | Q(grant__agreement=None)).annotate(year=charged_year_expression())
    return uncovered.select_related("grant").order_by("code_key", "code")


@dataclass(frozen=True)
class AgreementQuestion:
    """The conventions that an address asks for."""

    state: str
    year: int | None
    ignored: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "AgreementQuestion":
        state, raw = query.get("etat", ""), query.get("annee", "")
        year = known_year(raw) if raw else None
        ignored = ASSUMED if state not in STATES or (raw and year is None) else ""
        return cls(state if state in STATES else "", year, ignored)

    def rows(self) -> QuerySet[Agreement]:
        rows = Agreement.objects.select_related("organization").order_by("-starts_on", "number")
        if self.state:
            rows = rows.filter(signed_on__isnull=self.state == UNSIGNED)
        if self.year is not None:
            rows = rows.filter(pk__in=AgreementAmount.objects.filter(year=self.year).values("agreement"))
        return rows

    @property
    def choices(self) -> dict[str, str]:
        return STATES

    @property
    def years(self) -> dict[str, str]:
        known = AgreementAmount.objects.order_by("-year").values_list("year", flat=True).distinct()
        return {"": "Toutes"} | {str(year): str(year) for year in known}

    @property
    def chosen_year(self) -> str:
        return "" if self.year is None else str(self.year)

    @property
    def address(self) -> str:
        parts = {"etat": self.state, "annee": self.chosen_year}
        query = "&".join(f"{name}={value}" for name, value in parts.items() if value)
        return f"?{query}" if query else ""


@dataclass(frozen=True)
class AgreementYear:
    """What an agreement lets be granted in a year, and what is."""

    year: int
    amount: Decimal
    engaged: Decimal

    @property
    def left(self) -> Decimal:
        return self.amount - self.engaged


@dataclass(frozen=True)
class CoveredAgreement:
    """An agreement with its years, its grants and where they stand, their schedules."""

    agreement: Agreement
    years: list[AgreementYear]
    grants: list[tuple[Grant, Standing]]
    lines: list[DueLine]

    @property
    def amount(self) -> Decimal:
        return sum((line.amount for line in self.years), ZERO)

    @property
    def paid(self) -> Decimal:
        return sum((standing.net for _, standing in self.grants), ZERO)

    @property
    def left(self) -> Decimal:
        return sum((standing.left for _, standing in self.grants), ZERO)


def covered(rows: list[Agreement]) -> list[CoveredAgreement]:
    """In a fixed number of queries, whatever their number."""
    under = Grant.objects.filter(agreement__in=rows).select_related("project__organization", "withdrawal", "agreement")
    grants = list(under.order_by("year", "project__code_key", "project__code"))
    places, plans = standings(grants), schedules(grants)
    amounts: dict[int, list[AgreementAmount]] = {}
    for amount in AgreementAmount.objects.filter(agreement__in=rows):
        amounts.setdefault(amount.agreement_id, []).append(amount)
    made = []
    for row in rows:
        own = [grant for grant in grants if grant.agreement_id == row.pk]
        engaged = _engaged_by_year(own, places)
        years = [AgreementYear(year.year, year.amount, engaged[year.year]) for year in amounts.get(row.pk, [])]
        lines = sorted([line for grant in own for line in plans[grant.pk]], key=_by_day)
        made.append(CoveredAgreement(row, years, [(grant, places[grant.pk]) for grant in own], lines))
    return made


def _engaged_by_year(grants: Iterable[Grant], places: Mapping[int, Standing]) -> dict[int, Decimal]:
    """As :meth:`Agreement.engaged_in`, of grants and where they stand."""
    engaged: dict[int, Decimal] = defaultdict(Decimal)
    for grant in grants:
        place = places[grant.pk]
        engaged[grant.year] += place.granted if grant.project.status in GRANTED else place.net
    return engaged


# --- what is to be paid -----------------------------------------------------------------------------------------


def to_pay() -> list[DueLine]:
    """What is due, or late, the oldest first: of what is granted and not settled, in a fixed number of queries."""
    open_grants = Grant.objects.filter(settled_on=None, project__status__in=GRANTED, project__granted__gt=0)
    rows = list(open_grants.select_related("project__organization", "agreement", "withdrawal"))
    lines = [line for own in schedules(rows).values() for line in own if line.is_due]
    return sorted(lines, key=_by_day)


def _by_day(line: DueLine) -> tuple[datetime.date, str]:
    return line.due_on or datetime.date.max, line.grant.project.code_key


@dataclass(frozen=True)
class PaymentQuestion:
    """What an address asks for: what is to be paid, or what was paid (of a year)."""

    view: str
    year: int | None

    is_due = holds("view", DUE)

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "PaymentQuestion":
        view = query.get("voir", DUE)
        return cls(view if view in (DUE, PAID) else DUE, known_year(query.get("annee", "")))

    def rows(self) -> QuerySet[Payment]:
        rows = Payment.objects.select_related("grant__project__organization", "grant__agreement", "by")
        rows = rows.order_by(F("paid_on").desc(), "-pk")
        return rows.filter(paid_on__year=self.year) if self.year is not None else rows

    @property
    def years(self) -> dict[str, str]:
        days = Payment.objects.dates("paid_on", "year", order="DESC")
        return {"": "Toutes"} | {str(day.year): str(day.year) for day in days}

    @property
    def chosen_year(self) -> str:
        return "" if self.year is None else str(self.year)


def counts() -> dict[str, Any]:
    """What the desk and the queue say: what is to be paid, what is late, what waits for a signature."""
    lines = to_pay()
    today = timezone.localdate()
    late = [line for line in lines if line.due_on is not None and line.due_on < today]
    return {
        "due": len(lines),
        "late": len(late),
        "unsigned": Agreement.objects.filter(signed_on=None).count(),
    }
