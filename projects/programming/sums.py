"""What each envelope of a year has: voted, engaged, paid, left. The database adds up, in a constant number of queries.

*Voted* is what the council gave. *Engaged* is what was granted of it: the amount of each decision, whole. *Paid* is
what was paid of these very grants, whenever it was, refunds taken off. Each sum is that of the list that it opens.
*Promised* is what signed conventions still let be granted of the year beyond what is: it is part of
what is left to engage, and no decision has taken it yet.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from cohesion.lib.text import count_phrase, euros
from projects.catalogue.granting import CENTS, paid
from projects.catalogue.models import AgreementAmount, Grant, Project
from projects.catalogue.models.amounts import signed_amount
from projects.catalogue.workflow import GRANTED
from projects.declaring.models import Campaign
from projects.instructing.envelope import in_words
from projects.programming.kinship import trees_of, unfollowed
from projects.programming.models import BudgetEnvelope
from projects.programming.placing import NO_ENVELOPE, granted_projects, in_envelopes, placed, with_year, without_amount

ZERO = Decimal(0)


def promised_by_envelope(year: int) -> dict[int, Decimal]:
    """By key of the envelope (``NO_ENVELOPE``: no envelope of the year would hold it), in a constant number of
    queries. Nothing is promised of a year that is over.

    What a convention promises counts whole in one envelope: that which would hold the last grant under it, were it
    charged to that year.
    """
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


@dataclass(frozen=True)
class EnvelopeSums:
    """A line: an envelope, or what none of them holds (``envelope`` None). Amounts in euros."""

    envelope: BudgetEnvelope | None
    engaged: Decimal
    paid: Decimal
    grants: int
    promised: Decimal = ZERO

    @property
    def key(self) -> str:
        """How the address of its list names it."""
        return str(self.envelope.pk) if self.envelope else "aucune"

    @property
    def label(self) -> str:
        return self.envelope.label if self.envelope else "Hors enveloppe"

    @property
    def voted(self) -> Decimal | None:
        return self.envelope.voted if self.envelope else None

    @property
    def left_to_engage(self) -> Decimal | None:
        """What may still be granted; below nothing where more was granted than voted."""
        return None if self.envelope is None else self.envelope.voted - self.engaged

    @property
    def left_in_words(self) -> str:
        """What may still be granted, or by how much it is exceeded: as of the envelope of a call."""
        return "" if self.left_to_engage is None else in_words(self.left_to_engage)

    @property
    def left_to_pay(self) -> Decimal:
        return self.engaged - self.paid

    @property
    def is_over(self) -> bool:
        return self.left_to_engage is not None and self.left_to_engage < 0

    @property
    def sentence(self) -> str:
        """What is wrong with it, in a sentence; nothing where nothing is."""
        if self.left_to_engage is not None and self.left_to_engage < 0:
            return (
                f"« {self.label} » est dépassée de {euros(-self.left_to_engage)} : {euros(self.engaged)} accordés pour "
                f"{euros(self.envelope.voted if self.envelope else ZERO)} votés."
            )
        if self.left_to_engage is not None and self.promised > self.left_to_engage:
            return (
                f"« {self.label} » ne suffit pas à ce que des conventions signées promettent : "
                f"{euros(self.promised)}, et il en reste {euros(self.left_to_engage)}."
            )
        return ""


@dataclass(frozen=True)
class YearSums:
    """All the lines of a year: its envelopes, then what is outside; ``undated``: grants without a year."""

    year: int
    lines: Sequence[EnvelopeSums]
    outside: EnvelopeSums
    calls: Sequence[str]
    unfollowed: Sequence[BudgetEnvelope]
    unsaid: int
    undated: int
    given_up: Decimal  # paid to what is not granted any more, and did not come back

    @property
    def all_lines(self) -> list[EnvelopeSums]:
        return [*self.lines, self.outside] if self.has_outside else list(self.lines)

    @property
    def has_outside(self) -> bool:
        return bool(self.outside.grants or self.outside.promised)

    @property
    def groups(self) -> list[tuple[str, list[EnvelopeSums], "EnvelopeTotal"]]:
        """The council's own credits and delegated ones apart, each with its total, where both are there."""
        own = [line for line in self.lines if line.envelope and not line.envelope.is_delegated]
        delegated = [line for line in self.lines if line.envelope and line.envelope.is_delegated]
        named = (("Crédits propres", own), ("Crédits délégués", delegated))
        return [(name, lines, EnvelopeTotal.of(lines)) for name, lines in named if lines]

    @property
    def total(self) -> "EnvelopeTotal":
        return EnvelopeTotal.of([*self.lines, self.outside])

    @property
    def sentences(self) -> list[str]:
        """What is to be looked at: what is exceeded, what no envelope holds, calls that say another amount."""
        sentences = [line.sentence for line in self.lines if line.sentence]
        if self.outside.grants and self.lines:
            number = count_phrase(self.outside.grants, "subvention n’est", "subventions ne sont")
            sentences.append(f"{number} dans aucune enveloppe : {euros(self.outside.engaged)}.")
        if self.given_up:
            sentences.append(
                f"{euros(self.given_up)} restent versés à des actions qui ne sont plus retenues : aucune enveloppe ne "
                "les compte. Saisissez ce qui est remboursé sur la page de chaque subvention."
            )
        for envelope in self.unfollowed:
            sentences.append(
                f"« {envelope.label} » porte sur une orientation de « {envelope.orientation.framework.name} », "
                "que rien ne suit dans le cadre en vigueur : ce qui n’est rattaché qu’à celui-ci n’y compte pas. "
                "Donnez-lui l’orientation du cadre en vigueur."
                if envelope.orientation
                else ""
            )
        return [*sentences, *self.calls]


@dataclass(frozen=True)
class EnvelopeTotal:
    """The sum of some lines. What is outside is engaged and paid, and voted by nobody."""

    voted: Decimal
    engaged: Decimal
    paid: Decimal
    grants: int
    left_to_engage: Decimal  # of the envelopes: what is outside takes nothing from them
    promised: Decimal

    @classmethod
    def of(cls, lines: Sequence[EnvelopeSums]) -> "EnvelopeTotal":
        return cls(
            sum((line.voted or ZERO for line in lines), ZERO),
            sum((line.engaged for line in lines), ZERO),
            sum((line.paid for line in lines), ZERO),
            sum(line.grants for line in lines),
            sum((line.left_to_engage or ZERO for line in lines), ZERO),
            sum((line.promised for line in lines), ZERO),
        )

    @property
    def left_to_pay(self) -> Decimal:
        return self.engaged - self.paid


def grants_of(year: int, envelope: int | None = None) -> QuerySet[Any]:
    """What was granted of a year, each with its ``envelope``; of one alone, or of none (``NO_ENVELOPE``): the list of a
    number is that from which it was added up."""
    grants = placed(granted_projects(), year)
    return grants if envelope is None else grants.filter(envelope=envelope)


def year_sums(year: int) -> YearSums:
    """The lines of a year."""
    envelopes = list(
        BudgetEnvelope.objects.filter(year=year)
        .select_related("scheme", "orientation__framework", "campaign")
        .order_by("is_delegated", "label", "pk")
    )
    rows = grants_of(year).order_by().values("envelope").annotate(grants=Count("pk"), engaged=Sum("granted"))
    engaged = {row["envelope"]: (row["engaged"] or ZERO, row["grants"]) for row in rows}
    paid, promised = paid_by_envelope(year), promised_by_envelope(year)

    def line(envelope: BudgetEnvelope | None) -> EnvelopeSums:
        key = envelope.pk if envelope else NO_ENVELOPE
        amount, number = engaged.get(key, (ZERO, 0))
        return EnvelopeSums(envelope, amount, paid.get(key, ZERO), number, promised.get(key, ZERO))

    lines = [line(envelope) for envelope in envelopes]
    unsaid = with_year(without_amount()).filter(budget_year=year).count()
    undated = with_year(granted_projects()).filter(budget_year=None).count()
    calls, alone = _calls_otherwise(envelopes, year), unfollowed(envelopes, trees_of(envelopes))
    return YearSums(year, lines, line(None), calls, alone, unsaid, undated, _given_up(year))


def _given_up(year: int) -> Decimal:
    """What was paid, of a year, to what was given up since."""
    gone = with_year(Project.objects.exclude(status__in=GRANTED)).filter(budget_year=year).order_by()
    total = gone.aggregate(total=Sum(signed_amount("grant__payments__")))["total"] or 0
    return Decimal(str(total)).quantize(CENTS)


def paid_of(projects: Collection[int]) -> Mapping[int, Decimal]:
    """What was paid of the grants of these projects, by key; nothing is said of those of which nothing was."""
    return paid(Project.objects.filter(pk__in=projects))


def paid_by_envelope(year: int) -> dict[int, Decimal]:
    """What was paid of the grants of a year, by the envelope in which each counts; one query."""
    rows = grants_of(year).filter(grant__payments__isnull=False).order_by().values("envelope")
    summed = rows.annotate(total=Sum(signed_amount("grant__payments__"))).values_list("envelope", "total")
    return {key: Decimal(str(total)).quantize(CENTS) for key, total in summed if total}


def _calls_otherwise(envelopes: Sequence[BudgetEnvelope], year: int) -> list[str]:
    """The calls of which the envelope and the envelopes that pay it say different amounts."""
    by_call: dict[int, Decimal] = {}
    for envelope in envelopes:
        if envelope.campaign_id is not None:
            by_call[envelope.campaign_id] = by_call.get(envelope.campaign_id, ZERO) + envelope.voted
    calls = Campaign.objects.filter(year=year, budget__isnull=False, pk__in=by_call)
    return [
        f"L’appel « {call.name} » annonce {euros(call.budget or ZERO)}, et ses enveloppes font "
        f"{euros(by_call[call.pk])}."
        for call in calls.order_by("pk")
        if call.budget != by_call[call.pk]
    ]


def years() -> list[int]:
    """The years that have an envelope or a grant, in order."""
    grants: Any = with_year(granted_projects()).exclude(budget_year=None)
    of_grants = grants.order_by().values_list("budget_year", flat=True).distinct()
    of_envelopes = BudgetEnvelope.objects.order_by().values_list("year", flat=True).distinct()
    return sorted({*of_grants, *of_envelopes})
