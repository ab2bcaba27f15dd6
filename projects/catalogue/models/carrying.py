"""What a change of framework left to decide."""

from django.conf import settings
from django.db import models

from projects.catalogue.models.links import Contribution


class UncarriedLinkQuerySet(models.QuerySet["UncarriedLink"]):
    def open(self) -> "UncarriedLinkQuerySet":
        """Those of which nobody said yet what becomes of them."""
        return self.filter(settled_at=None)


class UncarriedLink(models.Model):
    """A link whose orientation was not taken up when another framework came into force.

    The link itself stays, in the framework of its time. An officer says to which orientation of the framework in force
    the project is linked instead, or why to none.
    """

    link = models.OneToOneField(
        Contribution, on_delete=models.CASCADE, related_name="uncarried", verbose_name="rattachement"
    )
    noted_at = models.DateTimeField("relevé le", auto_now_add=True)
    settled_at = models.DateTimeField("réglé le", null=True, blank=True, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="réglé par",
    )
    outcome = models.CharField("ce qui a été décidé", max_length=500, blank=True, default="", editable=False)

    objects = UncarriedLinkQuerySet.as_manager()

    class Meta:
        verbose_name = "Rattachement à refaire"
        verbose_name_plural = "Rattachements à refaire"
        ordering = ["link__project__code", "-link__is_main", "link__orientation__lft"]

    def __str__(self) -> str:
        return str(self.link)
