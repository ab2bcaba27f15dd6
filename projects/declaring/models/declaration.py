"""What a lead declares of a project beyond what its public sheet shows, and the copies of what was handed in."""

from typing import Any

from django.conf import settings
from django.db import models

from cohesion.lib.constraints import once
from cohesion.lib.text import validate_text
from projects.catalogue.models.project import Project
from projects.catalogue.models.results import PeopleCount
from projects.choices import RequestKind, ResidentsPart, Scale
from projects.declaring.models.campaign import Campaign
from projects.members.models.organization import Organization


class Declaration(PeopleCount):
    """The file of a project: what its lead answers, page by page.

    ``answers`` is what the lead typed, to the letter: ``{page: {field: text, or list of texts}}``. Nothing of it is
    refused, so that nothing typed is lost; handing in checks it and writes it out in rows
    (:mod:`projects.declaring`): the project's own, its links, its places, its budget, and the columns below.
    ``to_review`` names the pages filled in from what was known (last year, the PST) and not looked at since.
    """

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="declaration", verbose_name="projet")
    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, null=True, blank=True, related_name="declarations", verbose_name="appel"
    )
    previous = models.ForeignKey(
        Project,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="renewals",
        verbose_name="action précédente",
    )
    answers = models.JSONField("réponses", default=dict, blank=True, editable=False)
    to_review = models.JSONField("à revoir", default=list, blank=True, editable=False)
    request_kind = models.CharField(
        "nature de la demande", max_length=8, choices=RequestKind.choices, blank=True, default=""
    )
    residents_part = models.CharField(
        "part des habitants", max_length=15, choices=ResidentsPart.choices, blank=True, default=""
    )
    scale = models.CharField("échelle", max_length=13, choices=Scale.choices, blank=True, default="")
    target_groups = models.JSONField("publics visés", default=list, blank=True)
    saved_at = models.DateTimeField("enregistré le", null=True, blank=True, editable=False)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )

    class Meta:
        verbose_name = "Déclaration"
        verbose_name_plural = "Déclarations"

    def __str__(self) -> str:
        return str(self.project)


class Submission(models.Model):
    """What was handed in, frozen: every page as it stood, with who handed it in, for whom and when.

    ``answers`` is the copy of those of the declaration, ``shown`` the same in words, in the order of the form:
    ``[[page, title, [[label, words], …]], …]``; ``digest`` is the SHA-256 of its canonical JSON. ``late_reports``: what
    its organisation owed at that moment (``[[code, title, day], …]``; None: nobody looked). ``heading``: what its paper
    says above the pages, by name (title, code, organization, call); None: it was handed in before that was kept.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="submissions", verbose_name="projet")
    number = models.PositiveSmallIntegerField("numéro")
    answers = models.JSONField("réponses")
    shown = models.JSONField("contenu")
    digest = models.CharField("empreinte SHA-256", max_length=64)
    heading: Any = models.JSONField("en-tête", null=True, editable=False)
    late_reports: Any = models.JSONField("bilans alors en retard", null=True, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="par")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+", verbose_name="pour")
    at = models.DateTimeField("déposé le", auto_now_add=True)

    class Meta:
        verbose_name = "Dépôt"
        verbose_name_plural = "Dépôts"
        ordering = ["number"]
        constraints = [once("projects_submission_number_once", "project", "number", says="Ce dépôt existe déjà.")]

    def __str__(self) -> str:
        return f"{self.project}, dépôt n° {self.number}"


class Remark(models.Model):
    """What an officer asks to be completed on one page of the form, and what the lead answers to it.

    ``page`` is the address part of the page. A remark is open until the declaration is handed in again; ``due_on`` is
    the last day on which its answer is expected, the same for all that is asked at once.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="remarks", verbose_name="projet")
    page = models.CharField("partie", max_length=20)
    text = models.TextField("à compléter", validators=[validate_text])
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="par")
    at = models.DateTimeField("le", auto_now_add=True)
    due_on = models.DateField("attendue le", null=True, blank=True)
    answer = models.TextField("réponse", blank=True, default="", validators=[validate_text])
    closed_at = models.DateTimeField("close le", null=True, blank=True)

    class Meta:
        verbose_name = "Demande de complément"
        verbose_name_plural = "Demandes de complément"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text
