"""What may be deleted, and what hangs on it: a row that others name stays, and its history stays always."""

from typing import Any

from django.db.models import Model

from cohesion.lib.text import count_phrase
from projects.catalogue.models import Project, Scheme
from projects.members.models import Organization
from projects.territory.models import Territory

# By model, each relation that keeps a row from being deleted, and what stands there in words.
HANGING: dict[type[Any], dict[str, tuple[str, str]]] = {
    Project: {
        "hosted": ("PRH ou action de ce PST", "PRH et actions de ce PST"),
        "needs": ("besoin entendu", "besoins entendus"),
        "renewals": ("déclaration qui la reconduit", "déclarations qui la reconduisent"),
        "papers": ("document émis", "documents émis"),
    },
    Organization: {
        "projects": ("projet porté", "projets portés"),
        "co_leaderships": ("projet porté avec une autre structure", "projets portés avec une autre structure"),
        "agreements": ("convention", "conventions"),
        "papers": ("document émis", "documents émis"),
        "partnerships": ("partenariat", "partenariats"),
        "documents": ("document de référence", "documents de référence"),
        "memberships": ("compte", "comptes"),
        "invitations": ("invitation", "invitations"),
        "attachments": ("pièce", "pièces"),
        "late_leaves": ("autorisation de dépôt tardif", "autorisations de dépôt tardif"),
        "late_report_leaves": ("dispense de bilan", "dispenses de bilan"),
        "declared_partnerships": ("partenariat déclaré", "partenariats déclarés"),
    },
    Territory: {
        "parts": ("territoire qui s’y trouve", "territoires qui s’y trouvent"),
        "places": ("projet", "projets"),
        "organizations": ("structure", "structures"),
        "perimeters": ("périmètre d’une orientation", "périmètres d’orientations"),
        "needs": ("besoin entendu", "besoins entendus"),
        "offer_sites": ("site d’une offre", "sites d’offres"),
    },
    Scheme: {
        "projects": ("projet", "projets"),
        "grants": ("subvention", "subventions"),
        "envelopes": ("enveloppe", "enveloppes"),
    },
}


def hanging(row: Model) -> list[str]:
    """What is attached to a row, in words: « 3 projets portés »; one query a relation."""
    relations = next((names for model, names in HANGING.items() if isinstance(row, model)), {})
    counts = {words: getattr(row, name).count() for name, words in relations.items()}
    return [count_phrase(number, *words) for words, number in counts.items() if number]


def refusal(row: Model) -> str:
    """Why a row is not deleted; nothing when it may be."""
    if isinstance(row, Project) and not row.is_draft:
        return (
            f"« {row} » n’est plus un brouillon ({row.get_status_display().lower()}) : un projet déposé se garde, "
            "il peut être abandonné."
        )
    if attached := hanging(row):
        listed = attached[0] if len(attached) == 1 else f"{', '.join(attached[:-1])} et {attached[-1]}"
        return f"« {row} » ne peut pas être supprimé. Il faut d’abord rattacher ailleurs : {listed}."
    return ""
