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


QUARTERS = (TerritoryKind.PRIORITY_QUARTER, TerritoryKind.SENSITIVE_ZONE)


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


class SearchKind(models.TextChoices):
    """What a search of the site finds, in the order in which equals are shown. ``FILE``: a project that is not public,
    to those who may read it; ``PERSON``: to officers only."""

    ORIENTATION = "orientation", "Orientation"
    TERRITORY = "territory", "Territoire"
    PST = "pst", "PST ou PRH"
    PROJECT = "project", "Projet"
    ORGANIZATION = "organization", "Structure"
    OFFER = "offer", "Offre"
    NEED = "need", "Besoin entendu"
    DOCUMENT = "document", "Document de référence"
    PAGE = "page", "Page du site"
    FILE = "file", "Dossier"
    PERSON = "person", "Personne"


# --- the declaration ------------------------------------------------------------------------------------------


class RequestKind(models.TextChoices):
    NEW = "new", "Nouvelle"
    RENEWED = "renewed", "Reconduite"
    EXTENDED = "extended", "Extension"


class Setting(models.TextChoices):
    """Where an action stands: the answer that a lead gives, before the PST itself is named."""

    PST = "pst", "Dans un projet social de territoire (PST)"
    OUTSIDE = "outside", "Hors PST"


class ResidentsPart(models.TextChoices):
    """The part that residents take, from the least to the most."""

    INFORMATION = "information", "Information"
    CONSULTATION = "consultation", "Consultation"
    CO_CONSTRUCTION = "co_construction", "Co-construction"
    BEARING = "bearing", "Portage"


class Scale(models.TextChoices):
    QUARTER = "quarter", "Un quartier"
    COMMUNE = "commune", "Une commune"
    COMMUNES = "communes", "Plusieurs communes"
    AGGLOMERATION = "agglomeration", "L’agglomération"


class TargetGroup(models.TextChoices):
    RESIDENTS = "residents", "Tous les habitants"
    EARLY_CHILDHOOD = "early_childhood", "Petite enfance"
    CHILDREN = "children", "Enfants"
    TEENAGERS = "teenagers", "Adolescents"
    YOUNG_ADULTS = "young_adults", "Jeunes adultes"
    PARENTS = "parents", "Parents et familles"
    SENIORS = "seniors", "Personnes âgées"
    WOMEN = "women", "Femmes"
    JOB_SEEKERS = "job_seekers", "Personnes en recherche d’emploi"
    NEWCOMERS = "newcomers", "Personnes nouvellement arrivées en France"
    DISABLED = "disabled", "Personnes en situation de handicap"
    PRECARIOUS = "precarious", "Personnes en situation de précarité"


class PartnerRole(models.TextChoices):
    STEERING = "steering", "Pilotage"
    FUNDING = "funding", "Cofinancement"
    TECHNICAL = "technical", "Appui technique"
    REFERRAL = "referral", "Orientation du public"
    RESOURCES = "resources", "Mise à disposition"


class IndicatorKind(models.TextChoices):
    OUTPUT = "output", "Réalisation"
    RESULT = "result", "Résultat"
    IMPACT = "impact", "Impact"


class IndicatorDirection(models.TextChoices):
    """Which way an indicator goes when things get better."""

    MORE = "more", "Une hausse"
    LESS = "less", "Une baisse"


class LegalForm(models.TextChoices):
    ASSOCIATION = "association", "Association loi 1901"
    FOUNDATION = "foundation", "Fondation ou fonds de dotation"
    COOPERATIVE = "cooperative", "Coopérative"
    MUNICIPALITY = "municipality", "Commune ou CCAS"
    PUBLIC_BODY = "public_body", "Établissement public"
    COMPANY = "company", "Société"
    OTHER = "other", "Autre"


# Who signs the contrat d’engagement républicain (loi 2000-321, art. 10-1).
REPUBLICAN_COMMITMENT = (LegalForm.ASSOCIATION, LegalForm.FOUNDATION)


class FunderKind(models.TextChoices):
    """Who is asked: the lines of account 74, one funder each."""

    AGGLOMERATION = "agglomeration", "L’agglomération"
    STATE = "state", "État (ministère, direction, service déconcentré)"
    REGION = "region", "Région"
    DEPARTMENT = "department", "Département"
    OTHER_EPCI = "other_epci", "Autre intercommunalité"
    COMMUNE = "commune", "Commune"
    SOCIAL_BODY = "social_body", "Organisme social (CAF, MSA…)"
    EUROPE = "europe", "Fonds européens (FSE, FEDER…)"
    EMPLOYMENT_AID = "employment_aid", "Agence de services et de paiement (emplois aidés)"
    PUBLIC_BODY = "public_body", "Autre établissement public, bailleur"
    PRIVATE = "private", "Aide privée (fondation)"

    @property
    def short(self) -> str:
        """Its name as the head of a column: « État », « Organisme social »."""
        return str(self.label).partition(" (")[0]


class FundingClass(models.TextChoices):
    ORDINARY = "ordinary", "Droit commun"
    SPECIFIC = "specific", "Crédits spécifiques"


class FundingState(models.TextChoices):
    ENVISAGED = "envisaged", "Envisagé"
    ASKED = "asked", "Demandé"
    OBTAINED = "obtained", "Obtenu"
    REFUSED = "refused", "Refusé"


class MoneyItem(models.TextChoices):
    """What is added up of projects. ``COFUNDING``: what is obtained; ``OWN``: what the lead brings, its sales included.

    Their names are those of the setting ``PUBLIC_AMOUNTS``.
    """

    COST = "cost", "Coût"
    REQUESTED = "requested", "Demandé"
    PROPOSED = "proposed", "Proposé"
    GRANTED = "granted", "Accordé"
    PAID = "paid", "Payé"
    COFUNDING = "cofunding", "Cofinancements obtenus"
    OWN = "own", "Ressources propres"
    VOLUNTARY = "voluntary", "Contributions volontaires"


class AttachmentKind(models.TextChoices):
    """What a file is. The first four belong to the organisation and serve all its declarations."""

    STATUTES = "statutes", "Statuts"
    BANK_DETAILS = "bank_details", "Relevé d’identité bancaire"
    ACCOUNTS = "accounts", "Comptes du dernier exercice"
    ACTIVITY_REPORT = "activity_report", "Rapport d’activité"
    LAST_REPORT = "last_report", "Bilan de l’action de l’an dernier"
    FINANCIAL_REPORT = "financial", "Compte rendu financier de l’action"
    MANDATE = "mandate", "Pouvoir donné au signataire"
    OTHER = "other", "Autre pièce"


ORGANIZATION_ATTACHMENTS = (
    AttachmentKind.STATUTES,
    AttachmentKind.BANK_DETAILS,
    AttachmentKind.ACCOUNTS,
    AttachmentKind.ACTIVITY_REPORT,
)


# What may be joined to a report.
REPORT_ATTACHMENTS = (
    AttachmentKind.FINANCIAL_REPORT,
    AttachmentKind.ACCOUNTS,
    AttachmentKind.ACTIVITY_REPORT,
    AttachmentKind.OTHER,
)


class PieceMoment(models.TextChoices):
    """When a call expects a piece."""

    REQUEST = "request", "Pour la demande"
    REPORT = "report", "Pour le bilan"


class PieceRule(models.TextChoices):
    """What becomes of a request, or of a report, without a piece that the call expects."""

    REFUSE = "refuse", "Sans elle, rien n’est reçu"
    REASON = "reason", "Sans elle, un motif est demandé"


class LateReportRule(models.TextChoices):
    """What a call does of a request whose structure owes a report that is late."""

    WARN = "warn", "Avertir"
    BLOCK = "block", "Bloquer"
    IGNORE = "ignore", "Ne rien dire"


# --- instruction and report -----------------------------------------------------------------------------------


class Criterion(models.TextChoices):
    """The shared grid of instruction."""

    OPERATOR = "operator", "Capacité et présence de l’opérateur dans le quartier"
    FEASIBILITY = "feasibility", "Faisabilité et calendrier"
    AUDIENCE = "audience", "Public visé, et capacité à le mobiliser"
    FIT = "fit", "Adéquation aux priorités"
    PARTNERSHIP = "partnership", "Partenariat"
    BUDGET = "budget", "Budget et cofinancements"
    EVALUATION = "evaluation", "Évaluation"


class Opinion(models.TextChoices):
    FAVOURABLE = "favourable", "Favorable"
    RESERVED = "reserved", "Favorable avec réserves"
    UNFAVOURABLE = "unfavourable", "Défavorable"


class ObjectivesMet(models.TextChoices):
    MET = "met", "Atteints"
    PARTLY = "partly", "Partiellement atteints"
    NOT_MET = "not_met", "Non atteints"


class WhatNext(models.TextChoices):
    RENEW = "renew", "Reconduire"
    EVOLVE = "evolve", "Faire évoluer"
    STOP = "stop", "Arrêter"


# --- what follows a decision that grants ---------------------------------------------------------------------


class PaymentTerms(models.TextChoices):
    SINGLE = "single", "Unique"
    STAGGERED = "staggered", "Échelonné"
    OTHER = "other", "Autre"


class PaymentKind(models.TextChoices):
    """What is paid, and what comes back."""

    PAYMENT = "payment", "Versement"
    BALANCE = "balance", "Solde"
    REFUND = "refund", "Remboursement"


class AidKind(models.TextChoices):
    MONEY = "money", "En numéraire"
    KIND = "kind", "En nature"
    BOTH = "both", "En numéraire et en nature"


class MailFrequency(models.TextChoices):
    """How often somebody wants to be written to; everything stays readable in the application."""

    SOON = "soon", "À chaque événement, groupés s’ils se suivent"
    DAILY = "daily", "Un courriel par jour au plus"
    NEVER = "never", "Aucun courriel : je lis mes messages ici"


class PaperKind(models.TextChoices):
    """What a document that the agglomération issues is; what each needs is in ``projects/correspondence/kinds.py``."""

    NOTIFICATION = "notification", "Notification"
    REFUSAL = "refusal", "Refus"
    CONVENTION = "convention", "Convention"
    AMENDMENT = "amendment", "Avenant"
    REQUEST = "request", "Demande de pièces"
    SUMMONS = "summons", "Convocation au comité"


class LetterKind(models.TextChoices):
    """From which model a message to several leads was written."""

    REPORT = "report", "Rappel de bilan"
    OPENING = "opening", "Ouverture d’un appel"
    PIECES = "pieces", "Demande de compléments"
    FREE = "free", "Message libre"
