"""The yearly report (bilan): what was done, for how many, at what cost, and what next."""

from typing import Any

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from cohesion.lib.constraints import always, not_negative, once
from cohesion.lib.text import validate_line, validate_text
from projects.catalogue import budget
from projects.catalogue.models.amounts import amount
from projects.catalogue.models.project import Project
from projects.catalogue.models.results import Indicator, PeopleCount
from projects.choices import ObjectivesMet, WhatNext


class Report(PeopleCount):
    """The report of one year of a project. ``answers`` is what the lead typed; handing in writes it out in rows.

    ``frozen`` is what its paper says, as it was when it was handed in: nothing of it follows what is changed later.

    It is the lead's until ``handed_at``; an officer checks it (``checked_at``) or returns it with a ``remark``.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="reports", verbose_name="projet")
    year = models.PositiveSmallIntegerField("année")
    due_on = models.DateField("attendu le")
    done = models.TextField("ce qui a été fait", blank=True, default="", validators=[validate_text])
    objectives_met = models.CharField("objectifs", max_length=7, choices=ObjectivesMet.choices, blank=True, default="")
    objectives_why = models.TextField("pourquoi", blank=True, default="", validators=[validate_text])
    gaps = models.TextField("écarts expliqués", blank=True, default="", validators=[validate_text])
    what_next = models.CharField("et ensuite", max_length=6, choices=WhatNext.choices, blank=True, default="")
    what_next_why = models.TextField("précisions", blank=True, default="", validators=[validate_text])
    answers = models.JSONField("réponses", default=dict, blank=True, editable=False)
    frozen: Any = models.JSONField("tel que remis", null=True, blank=True, editable=False)
    saved_at = models.DateTimeField(null=True, blank=True, editable=False)
    handed_at = models.DateTimeField("remis le", null=True, blank=True, editable=False)
    handed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    checked_at = models.DateTimeField("vérifié le", null=True, blank=True, editable=False)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    remark = models.TextField("à reprendre", blank=True, default="", validators=[validate_text])

    class Meta:
        verbose_name = "Bilan"
        verbose_name_plural = "Bilans"
        ordering = ["year"]
        constraints = [once("projects_report_once_a_year", "project", "year", says="Cette année a déjà un bilan.")]

    def __str__(self) -> str:
        return f"Bilan {self.year} de {self.project}"


class IndicatorResult(models.Model):
    """What an indicator came to, beside its target."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="results", verbose_name="bilan")
    indicator = models.ForeignKey(
        Indicator, on_delete=models.CASCADE, related_name="results", verbose_name="indicateur"
    )
    actual = models.DecimalField(
        "réalisé", max_digits=12, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    comment = models.CharField("observation", max_length=300, blank=True, default="", validators=[validate_line])

    class Meta:
        verbose_name = "Résultat d’un indicateur"
        verbose_name_plural = "Résultats des indicateurs"
        constraints = [
            once("projects_indicator_result_once", "report", "indicator", says="Cet indicateur a déjà un résultat."),
            not_negative("projects_indicator_result_not_negative", "actual", "Un résultat n’est pas négatif."),
        ]

    def __str__(self) -> str:
        return str(self.indicator)


class ReportLine(models.Model):
    """What was spent or received on one line of the budget; ``account`` 74 stands for all grants."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="lines", verbose_name="bilan")
    account = models.CharField(
        "compte", max_length=20, choices=[*budget.LABELS.items(), (budget.GRANTS, "Subventions d’exploitation")]
    )
    amount = amount("montant")

    class Meta:
        verbose_name = "Ligne du bilan financier"
        verbose_name_plural = "Lignes du bilan financier"
        constraints = [
            once("projects_report_line_once", "report", "account", says="Ce compte a déjà une ligne."),
            always("projects_report_amount_not_negative", Q(amount__gte=0), "Un montant n’est pas négatif."),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.get_account_display()}"
