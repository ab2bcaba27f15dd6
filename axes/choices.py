"""Closed vocabularies of the framework (a leaf module: it imports nothing of ours)."""

from django.db import models


class FrameworkStatus(models.TextChoices):
    DRAFT = "draft", "En préparation"
    IN_FORCE = "in_force", "En vigueur"
    ARCHIVED = "archived", "Archivé"


class PriorityType(models.TextChoices):
    """What a priority is: a subject, a perimeter, or a reference to another document that it waits for."""

    THEMATIC = "thematic", "Thématique"
    TERRITORIAL = "territorial", "Territoriale"
    REFERENCE = "reference", "Renvoi"
