"""Each step of the life of a project."""

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery

from cohesion.lib.text import validate_text
from projects.catalogue.models.project import Project
from projects.catalogue.workflow import UNTOLD
from projects.choices import ProjectStatus
from projects.members.models.organization import Organization


class TransitionLogQuerySet(models.QuerySet["TransitionLog"]):
    def heard(self) -> "TransitionLogQuerySet":
        """The steps that stand: what was asked of a lead and taken back unheard is left out, and its taking back."""
        later = Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), pk__gt=OuterRef("pk"))
        after = TransitionLog.objects.filter(later, project=OuterRef("project")).order_by("at", "pk")
        steps = self.exclude(transition__in=UNTOLD).alias(followed_by=Subquery(after.values("transition")[:1]))
        return steps.filter(Q(followed_by=None) | ~Q(followed_by__in=UNTOLD))

    def since(self) -> Subquery:
        """Of the project of each row: since when it is where it is, the moment of its last step that stands."""
        return Subquery(self.heard().filter(project=OuterRef("pk")).order_by("-at", "-pk").values("at")[:1])


class TransitionLog(models.Model):
    """One step of a project's life, written with it and never changed: what, by whom, for whom, when, why."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="log", verbose_name="projet")
    transition = models.CharField("étape", max_length=20)
    source = models.CharField("de", max_length=16, choices=ProjectStatus.choices)
    target = models.CharField("à", max_length=16, choices=ProjectStatus.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="par"
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="pour"
    )
    at = models.DateTimeField("le", auto_now_add=True)
    comment = models.TextField("commentaire", blank=True, default="", validators=[validate_text])

    objects = TransitionLogQuerySet.as_manager()

    class Meta:
        verbose_name = "Étape"
        verbose_name_plural = "Étapes"
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["project", "at"], name="projects_log_project_at")]

    def __str__(self) -> str:
        return f"{self.project} : {self.get_target_display()}"
