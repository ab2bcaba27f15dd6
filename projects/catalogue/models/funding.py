"""The budget of a project: what it costs by account, and who is asked for what. Amounts are in euros."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from cohesion.lib.constraints import always, once
from cohesion.lib.text import validate_line
from projects.catalogue import budget
from projects.catalogue.models.amounts import amount
from projects.catalogue.models.project import Project
from projects.choices import FunderKind, FundingClass, FundingState


class BudgetLine(models.Model):
    """What is planned on one line of the budget (:mod:`projects.catalogue.budget`)."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="budget_lines", verbose_name="projet")
    account = models.CharField("compte", max_length=20, choices=[*budget.LABELS.items()])
    amount = amount("montant")

    class Meta:
        verbose_name = "Ligne de budget"
        verbose_name_plural = "Lignes de budget"
        constraints = [
            once("projects_budget_line_once", "project", "account", says="Ce compte a déjà une ligne."),
            always("projects_budget_account_known", Q(account__in=budget.ACCOUNTS), "Ce compte n’existe pas."),
            always("projects_budget_amount_not_negative", Q(amount__gte=0), "Un montant n’est pas négatif."),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.get_account_display()}"


class BudgetYear(models.Model):
    """The part of a calendar year in what a project that runs over several plans: of its cost, and of what is asked of
    the agglomération. Those of a project added up to its totals when they were declared.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="budget_years", verbose_name="projet")
    year = models.PositiveSmallIntegerField("année")
    cost = amount("charges")
    requested = amount("demandé", null=True, blank=True)

    class Meta:
        verbose_name = "Budget d’une année"
        verbose_name_plural = "Budgets par année"
        ordering = ["year"]
        constraints = [
            once("projects_budget_year_once", "project", "year", says="Cette année a déjà sa part."),
            always(
                "projects_budget_year_not_negative",
                Q(cost__gte=0) & (Q(requested__isnull=True) | Q(requested__gte=0)),
                "Un montant n’est pas négatif.",
            ),
        ]

    def __str__(self) -> str:
        """As files write it: « 2027 (6000.00 / 3000.00) », charges and what is asked."""
        return f"{self.year} ({self.cost:.2f} / {self.requested or 0:.2f})"


class FundingLineQuerySet(models.QuerySet["FundingLine"]):
    def obtained(self) -> "models.QuerySet[Any]":
        """What others than the agglomération bring (``brought``, in euros): what a funder granted; else what it was
        asked, where it said yes. Lines that bring nothing are left out."""
        yes = Q(granted__isnull=False) | Q(state=FundingState.OBTAINED)
        others = self.filter(yes).exclude(kind=FunderKind.AGGLOMERATION)
        return others.annotate(brought=Coalesce("granted", "requested")).filter(brought__gt=0)


class FundingLine(models.Model):
    """A funder, and what it is asked for: a line of account 74. The agglomération has one line at the most, which does
    not say what it grants: the project does.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="funding_lines", verbose_name="projet")
    kind = models.CharField("nature", max_length=14, choices=FunderKind.choices)
    name = models.CharField("financeur", max_length=150, blank=True, default="", validators=[validate_line])
    requested = amount("demandé", null=True, blank=True)
    granted = amount("accordé", null=True, blank=True)
    funding_class = models.CharField("crédits", max_length=8, choices=FundingClass.choices, blank=True, default="")
    state = models.CharField("état", max_length=9, choices=FundingState.choices, blank=True, default="")

    objects = FundingLineQuerySet.as_manager()

    class Meta:
        verbose_name = "Financement"
        verbose_name_plural = "Financements"
        ordering = ["pk"]
        constraints = [
            once(
                "projects_funding_one_agglomeration",
                "project",
                says="L’agglomération n’a qu’une ligne.",
                where=Q(kind=FunderKind.AGGLOMERATION),
            ),
            always(
                "projects_funding_not_negative",
                (Q(requested__isnull=True) | Q(requested__gte=0)) & (Q(granted__isnull=True) | Q(granted__gte=0)),
                "Un montant n’est pas négatif.",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.get_kind_display()

    def clean(self) -> None:
        if self.kind == FunderKind.AGGLOMERATION and self.granted is not None:
            raise ValidationError(
                {"granted": "Ce que l’agglomération accorde se lit dans la décision : videz ce montant."}
            )
