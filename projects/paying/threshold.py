"""When a convention is due: above an amount granted in one year to one private body.

Loi n° 2000-321 du 12 avril 2000, art. 10, and décret n° 2001-495 du 6 juin 2001, art. 1er: an authority that grants a
private body more than 23 000 € makes a convention with it. What is granted to it over the year is added up: it is the
body that the threshold speaks of, not the action. The amount is the setting ``AGREEMENT_THRESHOLD``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Case, F, QuerySet, Sum, When
from django.utils import timezone

from cohesion.lib.text import euros
from projects.catalogue.granting import charged_year_expression
from projects.catalogue.models import Grant, Project
from projects.catalogue.models.project import ProjectQuerySet
from projects.choices import LegalForm, OrganizationKind, ProjectStatus
from projects.members.models import Organization

PRIVATE_FORMS = (LegalForm.ASSOCIATION, LegalForm.FOUNDATION, LegalForm.COOPERATIVE, LegalForm.COMPANY)
PRIVATE_KINDS = (OrganizationKind.ASSOCIATION, OrganizationKind.SOCIAL_CENTRE)  # where its legal form is not said
ZERO = Decimal(0)


def threshold() -> Decimal:
    return Decimal(settings.AGREEMENT_THRESHOLD)


def is_private(organization: Organization) -> bool:
    """Whether it is a private body: by its legal form, else by what it is."""
    if organization.legal_form and organization.legal_form != LegalForm.OTHER:
        return organization.legal_form in PRIVATE_FORMS
    return organization.kind in PRIVATE_KINDS


def counted() -> QuerySet[Any]:
    """What the sums of a year are of: what is granted something, each with the ``year`` to which it is charged."""
    return Project.objects.with_grant().annotate(year=charged_year_expression())


def granted_in_year(organization: Organization, year: int) -> Decimal:
    """All that is granted to an organisation for a year."""
    own = counted().filter(organization=organization, year=year).order_by()
    return own.aggregate(total=Sum("granted"))["total"] or ZERO


def above(organizations: Iterable[int] | None = None) -> dict[tuple[int, int], Decimal]:
    """What is granted above the threshold, by key of the private organisation and by year, in one query."""
    rows = counted().order_by().filter(is_private_expression())
    if organizations is not None:
        rows = rows.filter(organization__in=list(organizations))
    sums = rows.values_list("organization_id", "year").annotate(total=Sum("granted"))
    return {(pk, year): total for pk, year, total in sums if total > threshold()}


def is_private_expression() -> Case:
    """As :func:`is_private`, of the organisation of a project, in the database."""
    of_form = When(organization__legal_form__in=PRIVATE_FORMS, then=True)
    of_kind = When(organization__legal_form__in=["", LegalForm.OTHER], organization__kind__in=PRIVATE_KINDS, then=True)
    return Case(of_form, of_kind, default=False)


def asks_agreement(grant: Grant, over: Mapping[tuple[int, int], Decimal] | None = None) -> Decimal | None:
    """What the organisation is granted in the year of this grant, where that asks for a convention and there is none;
    None otherwise. ``over``: of all of a list, what :func:`above` says of them."""
    if grant.agreement_id is not None or not is_private(grant.project.organization):
        return None
    if over is not None:
        return over.get((grant.project.organization_id, grant.year))
    total = granted_in_year(grant.project.organization, grant.year)
    return total if total > threshold() else None


def sentence(organization: Organization, year: int, total: Decimal) -> str:
    """Why a convention is due, in words."""
    return (
        f"{organization.name} reçoit {euros(total)} pour {year}\u00a0: au-dessus de {euros(threshold())} dans l’année, "
        "la loi demande une convention."
    )


def without_agreement() -> ProjectQuerySet:
    """The projects whose organisation is above the threshold in their year, and which no convention covers."""
    over = above()
    due = counted().filter(grant__agreement=None, organization__in={pk for pk, _ in over})
    keys = [pk for pk, owner, year in due.values_list("pk", "organization_id", "year") if (owner, year) in over]
    named = Project.objects.filter(pk__in=keys).annotate(year=charged_year_expression())
    return named.order_by(F("organization__name"), "code_key")


@dataclass
class AgreementDue:
    """A convention that is due to an organisation for a year: ``total``, all that it is granted in that year;
    ``projects``, what no convention covers of it."""

    organization: Organization
    year: int
    total: Decimal
    projects: list[Project]

    @property
    def uncovered(self) -> Decimal:
        return sum((project.granted or ZERO for project in self.projects), ZERO)


def agreements_due() -> tuple[list[AgreementDue], list[AgreementDue]]:
    """Those of this year and of the next ones; then those of past years, the last one first. What is over (closed, or
    settled) asks for nothing any more."""
    over, this = above(), timezone.localdate().year
    due: dict[tuple[int, int], AgreementDue] = {}
    rows_of: Any = without_agreement().select_related("organization", "grant")
    for project in rows_of:
        year = project.year
        is_over = project.status == ProjectStatus.CLOSED or (hasattr(project, "grant") and project.grant.is_settled)
        if is_over and year < this:
            continue
        key = (project.organization_id, year)
        row = due.setdefault(key, AgreementDue(project.organization, year, over[key], []))
        row.projects.append(project)
    rows = sorted(due.values(), key=lambda row: abs(row.year - this))  # by name within a year
    return [row for row in rows if row.year >= this], [row for row in rows if row.year < this]
