"""Closed vocabularies of what is done on the ground (a leaf module: it imports nothing of ours)."""

from django.db import models


class ProjectKind(models.TextChoices):
    """A PST is a container; a PRH is a place of service; an action without a PST is « hors PST »."""

    PST = "pst", "PST"
    PRH = "prh", "PRH"
    ACTION = "action", "Action"


class ProjectStatus(models.TextChoices):
    """The states of a declared project, in the words of the field and in their order."""

    DRAFT = "draft", "Brouillon"
    SUBMITTED = "submitted", "Déposée"
    TO_COMPLETE = "to_complete", "À compléter"
    ADMISSIBLE = "admissible", "Recevable"
    INADMISSIBLE = "inadmissible", "Non recevable"
    IN_REVIEW = "in_review", "En instruction"
    PROPOSED = "proposed", "Proposée au comité"
    RETAINED = "retained", "Retenue"
    PARTLY_RETAINED = "partly_retained", "Retenue partiellement"
    ADJOURNED = "adjourned", "Ajournée"
    REFUSED = "refused", "Refusée"
    RUNNING = "running", "En cours"
    REPORT_DUE = "report_due", "Bilan attendu"
    REPORT_RECEIVED = "report_received", "Bilan reçu"
    CLOSED = "closed", "Clôturée"
    ABANDONED = "abandoned", "Abandonnée"


# What the council has said yes to: the only states that anybody may read, and that count on public pages.
PUBLIC_STATUSES = (
    ProjectStatus.RETAINED,
    ProjectStatus.PARTLY_RETAINED,
    ProjectStatus.RUNNING,
    ProjectStatus.REPORT_DUE,
    ProjectStatus.REPORT_RECEIVED,
    ProjectStatus.CLOSED,
)


class PstStage(models.TextChoices):
    EMERGENCE = "emergence", "Émergence"
    DIAGNOSIS = "diagnosis", "Diagnostic"
    PLANNING = "planning", "Projet"
    IMPLEMENTATION = "implementation", "Mise en œuvre"
    EVALUATION = "evaluation", "Évaluation"


class OrganizationKind(models.TextChoices):
    ASSOCIATION = "association", "Association"
    SOCIAL_CENTRE = "social_centre", "Centre social"
    MUNICIPALITY = "municipality", "Commune"
    PUBLIC_BODY = "public_body", "Organisme public"
    FUNDER = "funder", "Financeur"
    OBSERVATORY = "observatory", "Observatoire"
    REP = "rep", "Réseau d’éducation prioritaire"
    OTHER = "other", "Autre"


class MembershipRole(models.TextChoices):
    DECLARANT = "declarant", "Déclarant"
    SIGNATORY = "signatory", "Signataire"


class InvitationRole(models.TextChoices):
    """What an invitation gives: to act for an organisation, or a role of the agglomération."""

    DECLARANT = MembershipRole.DECLARANT.value, "Déclarant de la structure"
    SIGNATORY = MembershipRole.SIGNATORY.value, "Signataire de la structure"
    OFFICER = "officer", "Chargé de mission"
    ELECTED = "elected", "Élu"


LEAD_ROLES = (InvitationRole.DECLARANT, InvitationRole.SIGNATORY)


class TerritoryKind(models.TextChoices):
    AGGLOMERATION = "agglomeration", "Agglomération"
    COMMUNE = "commune", "Commune"
    PRIORITY_QUARTER = "qpv", "Quartier prioritaire"
    SENSITIVE_ZONE = "zus", "Zone urbaine sensible"
    OTHER = "other", "Autre"


class DocumentStatus(models.TextChoices):
    IN_PROGRESS = "in_progress", "En cours"
    APPROVED = "approved", "Approuvé"
    EXPIRED = "expired", "Échu"


class OfferKind(models.TextChoices):
    """The offers whose « maillage » the framework asks for."""

    LANGUAGE = "language", "Ateliers de vie sociaux linguistiques (AVSL)"
    TUTORING = "tutoring", "Accompagnement scolaire"
    EARLY_CHILDHOOD = "early_childhood", "Petite enfance"
    RECEPTION = "reception", "Accueil et orientation"
    OTHER = "other", "Autre"
