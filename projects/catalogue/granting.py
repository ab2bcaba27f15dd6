"""What a project is granted, in words that are true of where it stands; and the grant that follows from it. The amount
itself is ``Project.granted``: that of its last decision, which the database holds; a project that no decision here
granted keeps its own."""

from collections.abc import Collection
from decimal import Decimal

from django.db.models import F, IntegerField, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce, ExtractYear
from django.utils import timezone

from cohesion.lib.queries import bare
from cohesion.lib.text import euros
from projects.catalogue.models import Agreement, Grant, Payment, Project
from projects.catalogue.models.amounts import signed_amount
from projects.catalogue.models.project import ProjectQuerySet
from projects.catalogue.workflow import GRANTED
from projects.choices import ProjectStatus

CENTS = Decimal("0.01")

NOT_GRANTED = {
    ProjectStatus.REFUSED: "rien\u00a0: action refusée",
    ProjectStatus.INADMISSIBLE: "rien\u00a0: action non recevable",
    ProjectStatus.ABANDONED: "rien\u00a0: action abandonnée",
}


def granted_in_words(project: Project) -> str:
    """« 6 600 € », or why there is none: not decided yet, refused, given up, never written down."""
    status, amount = ProjectStatus(project.status), project.granted
    if amount is not None and status in GRANTED:
        return euros(amount)
    if amount is not None and status == ProjectStatus.ABANDONED:
        verb = "avaient été accordés" if amount >= 2 else "avait été accordé"
        return f"{euros(amount)} {verb}\u202f; action abandonnée"
    if status in NOT_GRANTED:
        return NOT_GRANTED[status]
    return "montant non renseigné" if status in GRANTED else "pas encore décidé"


def grant_of(project: Project) -> Grant:
    """The grant of a project that is granted something, made when it is first needed.

    A decision that grants makes it. Of what was brought here already decided, nobody has said more than the amount:
    a row that holds nothing yet would add nothing, and each way in would have to remember to make it.
    """
    grant, _ = Grant.objects.get_or_create(project=project, defaults={"year": charged_year(project)})
    return grant


def hold_agreements(projects: Collection[int]) -> None:
    """Wait for the agreements of the grants of these projects, whose rows are held already: in one order for everybody.
    The database takes that of each project as it is written; without this, two committees each wait for the other's."""
    keys = Grant.objects.filter(project__in=projects, agreement__isnull=False).values("agreement")
    list(Agreement.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))


def charged_year(project: Project) -> int:
    """The year to which its amount is charged, until an officer says another: that of its call, else that in which it
    begins, else that of its last decision."""
    declaration = getattr(project, "declaration", None)
    if declaration is not None and declaration.campaign is not None:
        return int(declaration.campaign.year)
    if project.starts_on is not None:
        return project.starts_on.year
    decision = project.decisions.order_by("-pk").first()
    return decision.decided_on.year if decision is not None else timezone.localdate().year


def charged_year_expression() -> Coalesce:
    """As :func:`charged_year`, of a project in the database; None where nothing says a year."""
    decided = Project.objects.filter(pk=OuterRef("pk")).order_by("-decisions__pk").values("decisions__decided_on")
    return Coalesce(
        F("grant__year"),
        F("declaration__campaign__year"),
        ExtractYear("starts_on"),
        ExtractYear(Subquery(decided[:1])),
        output_field=IntegerField(),
    )


def change_refusal(project: Project, amount: Decimal | None) -> str:
    """Why what a project is granted may not become this amount; nothing when it may."""
    grant = Grant.objects.filter(project=project).select_related("agreement").first()
    if grant is None:
        return ""
    paid = grant.paid()
    if paid > (amount or 0):
        return (
            f"{euros(paid)} sont déjà versés\u00a0: le montant accordé ne descend pas dessous. Saisissez d’abord le "
            "remboursement, sur la page de la subvention."
        )
    if grant.agreement is None or amount is None or amount <= (project.granted or 0):
        return ""
    left = left_of_year(grant.agreement, grant.year, besides=project)
    if amount <= left:
        return ""
    return (
        f"La convention {grant.agreement.number} ne laisse que {euros(max(left, Decimal(0)))} à cette action pour "
        f"{grant.year}\u00a0: il faut d’abord un avenant signé."
    )


def return_refusal(project: Project) -> str:
    """Why a project that was given up is not granted again what it was; nothing when it may be. Under its lock."""
    grant = Grant.objects.filter(project=project).select_related("agreement").first()
    if project.status in GRANTED or grant is None or grant.agreement is None or not project.granted:
        return ""
    left = left_of_year(grant.agreement, grant.year, besides=project)
    if project.granted <= left:
        return ""
    return (
        f"Ce que cette action libérait est accordé à une autre : la convention {grant.agreement.number} ne laisse que "
        f"{euros(max(left, Decimal(0)))} pour {grant.year}, il lui en faut {euros(project.granted)}. Il faut d’abord "
        "un avenant signé, ou sortir sa subvention de la convention."
    )


def year_refusal(grant: Grant, year: int) -> str:
    """Why a grant may not be charged to this year; nothing when it may."""
    if grant.agreement is None or year == grant.year:
        return ""
    left = max(left_of_year(grant.agreement, year), Decimal(0))
    if (grant.project.granted or 0) <= left:
        return ""
    return (
        f"La convention {grant.agreement.number} ne laisse que {euros(left)} pour {year}\u00a0: il faut d’abord un "
        "avenant signé."
    )


def left_of_year(agreement: Agreement, year: int, besides: Project | None = None) -> Decimal:
    """What an agreement still lets be granted for a year; ``besides``: as if this project were granted nothing."""
    return agreement.left_of_year(year, besides.pk if besides is not None else None)


def paid(projects: ProjectQuerySet) -> dict[int, Decimal]:
    """What was paid of each of these projects, in euros, by its key; those of which nothing was are left out."""
    keys = projects.order_by().values("pk")
    sums = Payment.objects.filter(grant__project__in=keys).order_by().values("grant__project_id")
    rows = bare(sums.annotate(total=Sum(signed_amount())).values_list("grant__project_id", "total"))
    return {pk: Decimal(str(total)).quantize(CENTS) for pk, total in rows if total}
