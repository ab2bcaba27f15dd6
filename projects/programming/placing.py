"""In which envelope a grant counts: decided here once, as columns of a query (docs/decisions/25-envelopes.md).

- A grant is charged to one year: the one that its page says, else that of the call that it answers, else that in which
  its project begins, else that of its decision (:func:`projects.catalogue.granting.charged_year`).
- In that year it counts in one envelope, whole: where an officer put it, else in the most telling of those that hold
  it. An envelope holds a grant that has all that it asks: its scheme (that of the grant, else the only one of its
  project), the orientation under which its main one stands (or one that is the same in the framework that followed, or
  came before: :mod:`projects.programming.kinship`), its call (the one that it answers, else that of the
  committee that decided it). The scheme tells more than the orientation, which tells more than the call; what is as
  telling is taken from the council's own credits before delegated ones, then from the envelope that was made first.
- What none holds is counted on a line of its own, so that envelopes and that line add up to all that was granted.
"""

from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    Exists,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from projects.catalogue.granting import charged_year_expression
from projects.catalogue.models import Contribution, Project
from projects.catalogue.workflow import GRANTED
from projects.instructing.models import Decision
from projects.programming.kinship import trees_of
from projects.programming.models import BudgetEnvelope

NO_ENVELOPE = 0  # the envelope of a grant that none holds


def granted_projects() -> QuerySet[Project]:
    """What is granted, and not given up: each with an amount."""
    return Project.objects.with_grant()


def without_amount() -> QuerySet[Project]:
    """What is granted without saying how much: no envelope can count it."""
    return Project.objects.filter(status__in=GRANTED, granted=None)


def with_year(projects: QuerySet[Project]) -> QuerySet[Any]:
    """These projects with ``budget_year``: the year to which the grant is charged, or would be: as
    :func:`projects.catalogue.granting.charged_year` has it. None where nothing says one."""
    decisions = Decision.objects.filter(project=OuterRef("pk")).order_by("-pk")
    return projects.annotate(
        decided_for=Subquery(decisions.values("committee__campaign")[:1]),
        budget_year=charged_year_expression(),
    )


def placed(projects: QuerySet[Project], year: int) -> QuerySet[Any]:
    """Those of a year, with ``envelope``: the key of the one in which each counts (``NO_ENVELOPE``: in none)."""
    return in_envelopes(with_year(projects).filter(budget_year=year), year)


def in_envelopes(projects: QuerySet[Any], year: int) -> QuerySet[Any]:
    """Projects of :func:`with_year`, with the ``envelope`` of a year that holds each, were it charged to it."""
    own: Any = Project.schemes.through._default_manager.filter(project=OuterRef("pk")).order_by().values("project")
    only_scheme = own.annotate(number=Count("pk"), only=Min("scheme")).filter(number=1).values("only")
    of_year = projects.annotate(
        of_scheme=Coalesce(F("grant__scheme"), Subquery(only_scheme), output_field=BigIntegerField()),
        of_call=Coalesce(F("declaration__campaign"), F("decided_for"), output_field=BigIntegerField()),
    )
    chosen = Case(When(envelope_choice__envelope__year=year, then=F("envelope_choice__envelope")))
    by_rule = Subquery(_holding(year).values("pk")[:1])
    return of_year.annotate(
        envelope=Coalesce(chosen, by_rule, Value(NO_ENVELOPE), output_field=BigIntegerField()),
    )


def _holding(year: int) -> QuerySet[BudgetEnvelope]:
    """The envelopes of a year that hold the project of the query around, the most telling first."""
    envelopes = BudgetEnvelope.objects.filter(year=year)
    mains = Contribution.objects.filter(is_main=True, project=OuterRef(OuterRef("pk")))
    holds_main = Q(orientation=None)
    for key, trees in trees_of(envelopes).items():
        holds_main |= Q(pk=key) & Q(Exists(mains.filter(orientation__tree_id__in=trees)))
    return (
        envelopes.filter(Q(scheme=None) | Q(scheme=OuterRef("of_scheme")))
        .filter(Q(campaign=None) | Q(campaign=OuterRef("of_call")))
        .filter(holds_main)
        .annotate(telling=_weight("scheme", 4) + _weight("orientation", 2) + _weight("campaign", 1))
        .order_by("-telling", "is_delegated", "pk")
    )


def _weight(name: str, weight: int) -> Case:
    return Case(When(**{f"{name}__isnull": False}, then=Value(weight)), default=Value(0))
