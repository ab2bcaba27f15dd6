"""What somebody follows: the places and the orientations that their own page shows first."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from cohesion.lib.constraints import always
from projects.territory.models import Territory


class Followed(models.Model):
    """A place or an orientation that somebody follows: an elected official's commune, the subject of a delegation.

    An orientation is named by its ``uid``, which it keeps from one version of the framework to the next.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="followed", verbose_name="compte"
    )
    territory = models.ForeignKey(
        Territory, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name="territoire"
    )
    orientation_uid = models.UUIDField("orientation", null=True, blank=True)

    class Meta:
        verbose_name = "Sujet suivi"
        verbose_name_plural = "Sujets suivis"
        default_permissions = ()
        constraints = [
            always(
                "projects_followed_one_subject",
                Q(territory__isnull=False, orientation_uid__isnull=True)
                | Q(territory__isnull=True, orientation_uid__isnull=False),
                "On suit un territoire ou une orientation.",
            ),
            models.UniqueConstraint(fields=["user", "territory"], name="projects_followed_territory_once"),
            models.UniqueConstraint(fields=["user", "orientation_uid"], name="projects_followed_orientation_once"),
        ]

    def __str__(self) -> str:
        return str(self.territory) if self.territory_id else f"Orientation {self.orientation_uid}"
