"""The register of what is kept about people: one treatment each, with its purpose, its basis, who reads it and for how
long (RGPD, article 30). The page « Données personnelles » is made of it; a test compares it with the models.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.conf import settings

from cohesion.lib.text import count_phrase

MISSION = "mission d’intérêt public (RGPD, article 6, 1, e)"
DUTY = "obligation légale (RGPD, article 6, 1, c)"
SAFETY = "sécurité du site (RGPD, articles 6, 1, e et 32)"
ADMINISTRATORS, OFFICERS = "les administrateurs", "les agents qui instruisent"
LEADS = "les porteurs de la structure"
EVERYTHING = ("*",)
ACCOUNT_LIFE = "Jusqu’à l’effacement du compte"
NUMBERED = "sous un numéro une fois le compte effacé"


@dataclass(frozen=True)
class Treatment:
    """``columns``: by model, the columns that it accounts for (``*``: all those of the model)."""

    title: str
    details: str
    people: str
    purpose: str
    basis: str
    recipients: str
    retention: Callable[[], str]
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)


def years(number: int) -> str:
    return count_phrase(number, "an", "ans")


def days(number: int) -> str:
    return count_phrase(number, "jour", "jours")


def _until(number: int, words: Callable[[int], str], after: str, otherwise: str) -> str:
    """« 3 ans après … », or what holds where nothing goes by itself."""
    return f"{words(number)} {after}".rstrip() if number else otherwise


def _always(words: str) -> Callable[[], str]:
    return lambda: words


def _sessions() -> str:
    lead, staff = settings.LEAD_SESSION[1] // 3600, settings.STAFF_SESSION[1] // 3600
    hours = count_phrase(lead, "heure", "heures"), count_phrase(staff, "heure", "heures")
    return f"{hours[0]} au plus pour un porteur, {hours[1]} pour un agent"


def _files() -> str:
    kept = settings.RETENTION
    ended = _until(kept.files_years, years, "après la fin du dossier", "Aussi longtemps que le dossier")
    refused = _until(
        kept.refused_years,
        years,
        "s’il est refusé, ou abandonné sans convention ni versement",
        "de même s’il est refusé",
    )
    return f"{ended} ; {refused}"


ACTS = "Les montants et les versements restent, et les documents émis avec ce qu’ils disent : ce sont des archives"


def _conventions() -> str:
    kept = settings.RETENTION.files_years
    signed = _until(kept, years, "après la fin de tous ses dossiers", "aussi longtemps que la convention")
    return f"Noms des signataires : {signed}. {ACTS} ; qui les a saisis, {NUMBERED}"


def _drafts() -> str:
    kept = settings.RETENTION.drafts_years
    return f"{_files()} ; {_until(kept, years, 'pour un brouillon que personne ne reprend', 'un brouillon, de même')}"


def _contacts() -> str:
    return _until(settings.RETENTION.contacts_years, years, "après son dernier dossier", "Aussi longtemps que sa fiche")


def _bank() -> str:
    kept = settings.RETENTION.bank_years
    return _until(kept, years, "sans dossier en cours, ou jusqu’à son retrait par la structure", "Jusqu’à son retrait")


def _messages() -> str:
    kept = settings.RETENTION.messages_years
    return f"{_until(kept, years, '', 'Aussi longtemps que le dossier')} ; {NUMBERED}"


def _invitations() -> str:
    kept = _until(
        settings.RETENTION.invitations_days, days, "si elle n’est pas acceptée", "Aussi longtemps que la fiche"
    )
    return f"{kept} ; sans l’adresse une fois le compte effacé"


def _imports() -> str:
    kept = _until(settings.RETENTION.imports_days, days, "pour le fichier", "Aussi longtemps que l’import")
    return f"{kept}, qui part aussi avec le compte ; ses lignes, {NUMBERED}"


def _log() -> str:
    return f"{days(settings.AUDIT_RETENTION_DAYS)} ; {NUMBERED}"


def _server() -> str:
    kept = settings.LOG_RETENTION_DAYS
    return days(kept) if kept else "Le temps que fixe le service qui héberge le site"


def _backups() -> str:
    return f"{days(settings.BACKUP_RETENTION_DAYS)} : ce qui est effacé du site disparaît alors d’elles aussi"


TREATMENTS = (
    Treatment(
        "Compte",
        "nom, adresse électronique, rôle, structures, dernière connexion, mot de passe chiffré à sens unique",
        "Porteurs de projets, élus, agents et administrateurs",
        "Ouvrir les écrans réservés",
        MISSION,
        ADMINISTRATORS,
        _always(ACCOUNT_LIFE),
        {
            "cohesion.User": EVERYTHING,
            "account.EmailAddress": EVERYTHING,
            "projects.Membership": EVERYTHING,
            "admin.LogEntry": EVERYTHING,
        },
    ),
    Treatment(
        "Sessions",
        "cookie de connexion, qui ne contient qu’un numéro ; adresse de l’appareil, navigateur, heure",
        "Personnes connectées",
        "Rester connecté, protéger le compte",
        SAFETY,
        "la personne elle-même",
        _sessions,
        {"usersessions.UserSession": EVERYTHING, "sessions.Session": EVERYTHING},
    ),
    Treatment(
        "Saisie en cours",
        "ce qui est écrit dans un formulaire et n’est pas encore enregistré",
        "Personnes connectées",
        "Ne rien perdre si la connexion ou la session s’interrompt",
        MISSION,
        "la personne elle-même",
        _always(
            "7 jours dans le navigateur de l’appareil, jusqu’à l’enregistrement ou la déconnexion ; 1 heure sur le "
            "site, pour un formulaire envoyé une fois la session fermée"
        ),
        {"cohesion.SentForm": EVERYTHING},
    ),
    Treatment(
        "Second facteur",
        "clé de l’application de codes, ou clé d’accès",
        "Agents, et porteurs qui le souhaitent",
        "Protéger le compte",
        SAFETY,
        "personne : le site seul la lit",
        _always("Jusqu’à son retrait ou l’effacement du compte"),
        {"mfa.Authenticator": EVERYTHING},
    ),
    Treatment(
        "Préférences",
        "filtres gardés, sujets suivis, rythme des courriels, adresse secrète du calendrier, étapes de la visite",
        "Personnes qui ont un compte",
        "Retrouver les mêmes réglages",
        MISSION,
        "la personne elle-même",
        _always("Jusqu’à leur retrait ou l’effacement du compte ; un filtre qui nomme une personne effacée est retiré"),
        {
            "cohesion.SavedFilter": EVERYTHING,
            "projects.Followed": EVERYTHING,
            "projects.MailChoice": EVERYTHING,
            "projects.EnvelopeChoice": EVERYTHING,
        },
    ),
    Treatment(
        "Jetons de l’interface pour programmes, et appels sortants",
        "nom du jeton, qui l’a créé, dernier usage, sans le secret ; adresse du service prévenu, ce qui lui est dit",
        "Agents et partenaires",
        "Laisser un programme lire ou écrire à la place de quelqu’un, et le prévenir",
        MISSION,
        ADMINISTRATORS,
        _always("Jusqu’à leur retrait, leur échéance ou l’effacement du compte"),
        {
            "cohesion.ApiToken": EVERYTHING,
            "projects.Webhook": EVERYTHING,
            "projects.WebhookDelivery": EVERYTHING,
        },
    ),
    Treatment(
        "Invitation",
        "adresse électronique, structure ou rôle, qui a invité, quand",
        "Personnes invitées",
        "Ouvrir un compte",
        MISSION,
        f"{OFFICERS} et {ADMINISTRATORS}",
        _invitations,
        {"projects.Invitation": EVERYTHING},
    ),
    Treatment(
        "Représentant et contacts d’une structure",
        "nom, qualité, courriel, téléphone, adresse, note des agents, historique compris",
        "Personnes que les structures nomment, avec ou sans compte",
        "Joindre la structure, vérifier qui l’engage",
        MISSION,
        f"{OFFICERS}, {LEADS}",
        _contacts,
        {"projects.Organization": ("representative", "email", "phone", "address", "note")},
    ),
    Treatment(
        "Dossier d’une demande",
        "représentant, personne à joindre, réponses, copies déposées, notes entre agents, avis, décisions, bilans",
        "Personnes que la structure nomme ; porteurs et agents qui y travaillent",
        "Instruire, décider, rendre compte d’une subvention",
        MISSION,
        f"{OFFICERS}, les élus, {LEADS}",
        _drafts,
        {
            "projects.Declaration": EVERYTHING,
            "projects.Submission": EVERYTHING,
            "projects.Remark": EVERYTHING,
            "projects.Review": EVERYTHING,
            "projects.FileNote": EVERYTHING,
            "projects.Decision": EVERYTHING,
            "projects.Report": EVERYTHING,
            "projects.TransitionLog": EVERYTHING,
            "projects.LateLeave": EVERYTHING,
            "projects.LateReportLeave": EVERYTHING,
            "projects.UncarriedLink": EVERYTHING,
            "projects.LinkDecision": EVERYTHING,
            "projects.Campaign": ("contact_email",),
            "projects.ReferenceDocument": EVERYTHING,
            "projects.Scenario": EVERYTHING,
        },
    ),
    Treatment(
        "Pièces jointes",
        "statuts, comptes, pouvoir du signataire, bilans : ce qu’elles disent de personnes n’est ni lu ni extrait",
        "Structures, et personnes que ces pièces nomment",
        "Instruire une demande",
        MISSION,
        f"{OFFICERS}, {LEADS} ; chaque lecture est notée au journal",
        _files,
        {"projects.Attachment": EVERYTHING},
    ),
    Treatment(
        "Coordonnées bancaires",
        "relevé d’identité bancaire d’une structure, nom du titulaire",
        "Structures, et titulaires du compte",
        "Verser une subvention",
        DUTY,
        f"{OFFICERS}, {LEADS}",
        _bank,
    ),
    Treatment(
        "Conventions et versements",
        "noms et qualités des signataires, montants, dates, qui les a saisis",
        "Signataires, agents",
        "Tenir les engagements pris, en justifier devant le comptable public",
        DUTY,
        f"{OFFICERS}, {LEADS} ; les montants sont publics, sans les signataires",
        _conventions,
        {
            "projects.Grant": EVERYTHING,
            "projects.Agreement": EVERYTHING,
            "projects.Amendment": EVERYTHING,
            "projects.Payment": EVERYTHING,
            "projects.Withdrawal": EVERYTHING,
        },
    ),
    Treatment(
        "Courriers et papiers",
        "notifications, conventions, convocations : à qui, quand, par qui, et le papier lui-même",
        "Représentants des structures, agents",
        "Notifier une décision et en garder la preuve",
        DUTY,
        f"{OFFICERS}, {LEADS}",
        _always(
            "Un document émis est un acte : il n’est ni effacé ni récrit, pas même quand un compte l’est, et suit le "
            f"sort que le service d’archives lui donne. Qui l’a fait ou envoyé, {NUMBERED}"
        ),
        {
            "projects.PaperModel": EVERYTHING,
            "projects.Paper": EVERYTHING,
            "projects.Issuing": EVERYTHING,
            "projects.IssuingLine": EVERYTHING,
        },
    ),
    Treatment(
        "Messages",
        "ce qui est dit de chaque dossier, ce qu’un agent écrit à plusieurs porteurs, quand cela est lu ou envoyé",
        "Porteurs de projets et agents",
        "Prévenir à chaque étape d’un dossier, et de ses échéances",
        MISSION,
        f"la personne elle-même ; {OFFICERS}, pour savoir si c’est parti",
        _messages,
        {
            "projects.Message": EVERYTHING,
            "projects.Mailing": EVERYTHING,
            "cohesion.KeptMail": EVERYTHING,  # of a demonstration
        },
    ),
    Treatment(
        "Fichiers importés",
        "le tableur ou le document tel qu’il est venu, ses lignes lues, qui l’a apporté",
        "Agents, et personnes que ces fichiers nomment",
        "Comparer, appliquer, savoir d’où vient une ligne",
        MISSION,
        OFFICERS,
        _imports,
        {
            "projects.ProjectImport": EVERYTHING,
            "projects.DecisionImport": EVERYTHING,
            "projects.TerritoryImport": EVERYTHING,
            "projects.OrganizationImport": EVERYTHING,
            "axes.ImportJob": EVERYTHING,
            "axes.DocumentReading": EVERYTHING,
        },
    ),
    Treatment(
        "Préparation du cadre",
        "notes, réponses, liens de relecture, qui a décidé de ce que devient une orientation, historique des textes",
        "Agents et élus",
        "Écrire le cadre à plusieurs et garder la trace de ses changements",
        MISSION,
        "les agents et les relecteurs invités",
        _always(f"Aussi longtemps que le cadre ; {NUMBERED}"),
        {
            "axes.Descent": EVERYTHING,
            "axes.DraftLink": EVERYTHING,
            "axes.NodeNote": EVERYTHING,
        },
    ),
    Treatment(
        "Recherche",
        "le nom de ceux qui agissent pour une structure, dans l’index ; le texte des recherches n’est pas enregistré",
        "Porteurs de projets",
        "Trouver à qui s’adresser",
        MISSION,
        OFFICERS,
        _always("Tant que le compte agit pour une structure"),
        {"projects.SearchEntry": EVERYTHING},
    ),
    Treatment(
        "Journal des événements",
        "qui, depuis quelle adresse réseau, quand, quoi : connexions, droits, étapes, imports, exports, pièces lues",
        "Personnes connectées ; visiteurs qui téléchargent un export ou manquent une connexion",
        "Protéger les données et pouvoir expliquer un incident",
        SAFETY,
        ADMINISTRATORS,
        _log,
        {"cohesion.AuditEvent": EVERYTHING},
    ),
    Treatment(
        "Compte des demandes d’une adresse réseau",
        "recherches, exports, connexions manquées, sans l’adresse en clair",
        "Tout visiteur",
        "Empêcher les abus",
        SAFETY,
        "personne : le site seul compte",
        _always("Une heure, puis il ne sert plus"),
    ),
    Treatment(
        "Journal technique",
        "erreurs et adresses des pages demandées",
        "Tout visiteur",
        "Réparer et protéger le site",
        SAFETY,
        "ceux qui hébergent le site",
        _server,
    ),
    Treatment(
        "Sauvegardes",
        "tout ce qui précède",
        "Toutes ces personnes",
        "Remettre le site en marche après une panne",
        SAFETY,
        "ceux qui hébergent le site",
        _backups,
    ),
)
