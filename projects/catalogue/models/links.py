"""What hangs on a project: who else leads it, where it acts, which orientations it serves."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from axes.choices import FrameworkStatus
from axes.models import Framework, Orientation
from axes.models.programme import REFERENCE
from cohesion.lib.constraints import once
from cohesion.lib.text import validate_line
from projects.members.models.organization import Organization
from projects.territory.models import Territory

if TYPE_CHECKING:
    from collections.abc import Iterable


class CoLead(models.Model):
    """An organisation leads a project beside its first one: it reads of it what that one reads, and writes nothing."""

    project = models.ForeignKey(
        "projects.Project", on_delete=models.CASCADE, related_name="co_leaders", verbose_name="projet"
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="co_leaderships", verbose_name="structure"
    )

    history = HistoricalRecords(user_model=settings.AUTH_USER_MODEL)

    class Meta:
        verbose_name = "Structure associée au portage"
        verbose_name_plural = "Structures associées au portage"
        constraints = [
            once("projects_co_lead_once", "project", "organization", says="Cette structure est déjà indiquée.")
        ]

    def __str__(self) -> str:
        return f"{self.project} : {self.organization}"

    def clean(self) -> None:
        if self.organization_id and self.organization_id == self.project.organization_id:
            raise ValidationError({"organization": "Cette structure porte déjà le projet : indiquez-en une autre."})


class Place(models.Model):
    """A project acts in a territory."""

    project = models.ForeignKey(
        "projects.Project", on_delete=models.CASCADE, related_name="places", verbose_name="projet"
    )
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="places", verbose_name="territoire")

    history = HistoricalRecords(user_model=settings.AUTH_USER_MODEL)

    class Meta:
        verbose_name = "Lieu"
        verbose_name_plural = "Lieux"
        constraints = [once("projects_place_once", "project", "territory", says="Ce territoire est déjà indiqué.")]

    def __str__(self) -> str:
        return f"{self.project} : {self.territory}"

    def clean(self) -> None:
        if not self.territory.exists_during(self.project.starts_on, self.project.ends_on):
            raise ValidationError({"territory": f"« {self.territory} » n’existe pas aux dates de ce projet."})


class ContributionQuerySet(models.QuerySet["Contribution"]):
    """Links; each knows the framework of its orientation, whatever door it is written through."""

    def in_force(self) -> "ContributionQuerySet":
        """Those to the framework in force of the reference programme: what a project serves today."""
        return self.filter(
            orientation__framework__status=FrameworkStatus.IN_FORCE, orientation__framework__programme=REFERENCE
        )

    def of_reference(self) -> "ContributionQuerySet":
        """Those to the frameworks of the reference programme, in force or not."""
        return self.filter(orientation__framework__programme=REFERENCE)

    def of(self, framework: Framework | None) -> "ContributionQuerySet":
        return self.filter(orientation__framework=framework)

    def bulk_create(self, objs: "Iterable[Any]", *args: Any, **kwargs: Any) -> "list[Any]":  # type: ignore[override]
        links = list(objs)
        keys = {link.orientation_id for link in links if link.framework_id is None}
        frameworks = dict(Orientation.objects.filter(pk__in=keys).values_list("pk", "framework_id"))
        for link in links:
            link.framework_id = link.framework_id or frameworks[link.orientation_id]
        return super().bulk_create(links, *args, **kwargs)  # not the tree


class Contribution(models.Model):
    """A project serves an orientation: the link that the whole system is about.

    A project is linked to the orientations of each framework of its time: when another one comes into force, the links
    to the former stay as they were. In each framework exactly one is the main one; the others say why.
    """

    project = models.ForeignKey(
        "projects.Project", on_delete=models.CASCADE, related_name="contributions", verbose_name="projet"
    )
    orientation = models.ForeignKey(
        Orientation, on_delete=models.PROTECT, related_name="contributions", verbose_name="orientation"
    )
    # That of the orientation, repeated so that the database holds the rule of the main one. It may be blank while the
    # code that does not know it still runs beside ours: what is read asks the orientation.
    framework = models.ForeignKey(
        Framework, on_delete=models.PROTECT, null=True, editable=False, related_name="+", verbose_name="cadre"
    )
    is_main = models.BooleanField("principale", default=False)
    rationale = models.CharField("raison", max_length=300, blank=True, default="", validators=[validate_line])

    objects = ContributionQuerySet.as_manager()
    _history_user: Any  # who writes, and why, for the history
    _change_reason: str | None
    history = HistoricalRecords(excluded_fields=["framework"], user_model=settings.AUTH_USER_MODEL)

    class Meta:
        verbose_name = "Rattachement"
        verbose_name_plural = "Rattachements"
        constraints = [
            once(
                "projects_contribution_once",
                "project",
                "orientation",
                says="Ce projet est déjà rattaché à cette orientation.",
            ),
            once(
                "projects_contribution_main",
                "project",
                "framework",
                says="Un projet n’a qu’une orientation principale dans un cadre.",
                where=Q(is_main=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} → {self.orientation.code}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with the framework of the orientation."""
        self.framework_id = self.orientation.framework_id
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "framework"}
        super().save(*args, **kwargs)
