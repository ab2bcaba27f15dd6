"""The codes that projects had: addresses that were printed or cited with one lead to the project still."""

from django.db import models


class FormerCode(models.Model):
    """A code that a project no longer bears. The database writes it whenever a code changes, whoever changes it
    (``migrations/_former_codes.py``): the last project that had a code keeps it here."""

    code = models.CharField(
        "ancien code",
        max_length=30,
        unique=True,
        error_messages={"unique": "Cet ancien code mène déjà à un projet."},
    )
    project = models.ForeignKey(
        "projects.Project", on_delete=models.CASCADE, related_name="former_codes", verbose_name="projet"
    )

    class Meta:
        verbose_name = "Ancien code"
        verbose_name_plural = "Anciens codes"

    def __str__(self) -> str:
        return self.code
