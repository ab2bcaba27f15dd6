"""Accounts, and what this installation is."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower


class User(AbstractUser):
    """Somebody who logs in. The e-mail address, where there is one, belongs to one account only."""

    class Meta(AbstractUser.Meta):
        verbose_name = "Compte"
        verbose_name_plural = "Comptes"
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=~models.Q(email=""),
                name="cohesion_user_email_unique",
                violation_error_message="Un compte existe déjà avec cette adresse électronique.",
            )
        ]


class DemoMark(models.Model):
    """Its one row says that this database is a demonstration: ``demo`` may write it, every page says so."""

    created_at = models.DateTimeField("créée le", auto_now_add=True)

    class Meta:
        verbose_name = "Marque de démonstration"
        verbose_name_plural = "Marques de démonstration"

    def __str__(self) -> str:
        return f"Base de démonstration créée le {self.created_at:%d/%m/%Y}"
