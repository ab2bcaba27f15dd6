"""Closed vocabularies of the framework (a leaf module: it imports nothing of ours)."""

from django.db import models


class Level(models.TextChoices):
    """The five levels of a framework, from the widest to the narrowest. A child is always narrower."""

    AXIS = "axis", "Axe"
    CHALLENGE = "challenge", "Enjeu"
    STRATEGIC = "strategic", "Objectif stratégique"
    OPERATIONAL = "operational", "Objectif opérationnel"
    PRIORITY = "priority", "Priorité"

    @property
    def rank(self) -> int:
        """0 for an axis to 4 for a priority."""
        return list(Level).index(self)

    @property
    def noun(self) -> str:
        """The level with its article, for a sentence: « un axe », « une priorité »."""
        return f"une {self.label.lower()}" if self is Level.PRIORITY else f"un {self.label.lower()}"

    @property
    def below(self) -> "list[Level]":
        """The levels that may stand under this one."""
        return [level for level in Level if level.rank > self.rank]

    @property
    def above(self) -> "list[Level]":
        """The levels that this one may stand under."""
        return [level for level in Level if level.rank < self.rank]


class FrameworkStatus(models.TextChoices):
    DRAFT = "draft", "En préparation"
    IN_FORCE = "in_force", "En vigueur"
    ARCHIVED = "archived", "Archivé"


class PriorityType(models.TextChoices):
    """What a priority is: a subject, a perimeter, or a reference to another document that it waits for."""

    THEMATIC = "thematic", "Thématique"
    TERRITORIAL = "territorial", "Territoriale"
    REFERENCE = "reference", "Renvoi"
