"""What messages and e-mails say of each step: what happened, what is to be done, until when. A sentence of which a
fact is missing is left out. Reminders word theirs (:mod:`projects.messaging.reminders`), as accounts do
(:mod:`cohesion.accounts.wording`); what frames an e-mail stands in ``templates/mail``."""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter

from cohesion.lib.text import typographic

TITLE_LENGTH = 250


@dataclass(frozen=True)
class MessageWords:
    """A title and sentences, with the names of facts in braces."""

    title: str
    sentences: tuple[str, ...]

    def fill(self, facts: Mapping[str, str]) -> tuple[str, str]:
        """The title, and the sentences whose facts are all known, one a line."""
        title = typographic(self.title).format_map(facts)
        known = {name for name, fact in facts.items() if fact}
        kept = [sentence for sentence in self.sentences if known.issuperset(_names(sentence))]
        return cut(title), "\n".join(typographic(sentence).format_map(facts) for sentence in kept)


def _names(sentence: str) -> list[str]:
    return [name for _, name, _, _ in Formatter().parse(sentence) if name]


def cut(title: str) -> str:
    """A title that the column of a message holds."""
    return title if len(title) <= TITLE_LENGTH else f"{title[: TITLE_LENGTH - 1]}…"


WHY = "Motif : {comment}"
OBSERVATION = "Observation : {comment}"
NOTHING_TO_DO = "Vous n’avez rien à faire pour l’instant."
ASK = "Pour en parler, écrivez à {contact}."
REPORT_DUE = "Son bilan est attendu le {report_due} au plus tard."
LATE = "Sans suite le {late_on}, ce dossier sera compté en retard."
GRANTED = ("Montant accordé : {amount}.", "Délibération : {deliberation}.")

# To those who act for the lead, of what officers did. A comment is repeated where the step asks for one, saying that
# they will read it; elsewhere it is a note that stays among the steps.
TO_LEADS = {
    "return": MessageWords(
        "À compléter : {project}",
        (
            "Votre dossier est à compléter.",
            "{remarks}.",
            "Votre réponse est attendue le {complete_by} au plus tard.",
            "Répondez à chaque demande dans votre espace, puis déposez le dossier à nouveau ; "
            "son instruction attend votre réponse.",
            ASK,
        ),
    ),
    "admit": MessageWords(
        "Recevable : {project}",
        ("Votre dossier est complet : il est recevable et va être instruit.", NOTHING_TO_DO),
    ),
    "reject": MessageWords("Non recevable : {project}", ("Votre dossier n’est pas recevable.", WHY, ASK)),
    "reconsider": MessageWords(
        "Réexaminée : {project}",
        ("Votre dossier avait été déclaré non recevable : il est examiné à nouveau.", WHY, NOTHING_TO_DO),
    ),
    "review": MessageWords(
        "En instruction : {project}",
        (
            "L’instruction de votre dossier a commencé.",
            "Le comité est prévu le {committee_on}.",
            NOTHING_TO_DO,
        ),
    ),
    "propose": MessageWords(
        "Proposée au comité : {project}",
        (
            "L’instruction de votre dossier est terminée : il est présenté au comité.",
            "Le comité se réunit le {committee_on}.",
            "Vous serez prévenu de sa décision ; vous n’avez rien à faire d’ici là.",
        ),
    ),
    "withdraw": MessageWords(
        "Instruction reprise : {project}",
        ("L’instruction de votre dossier reprend, avant un autre passage en comité.", WHY, NOTHING_TO_DO),
    ),
    "retain": MessageWords(
        "Retenue : {project}",
        ("Votre action est retenue.", *GRANTED, REPORT_DUE, "La décision se lit dans votre espace."),
    ),
    "retain_partly": MessageWords(
        "Retenue partiellement : {project}",
        (
            "Votre action est retenue en partie : le montant accordé est inférieur à celui que vous demandiez.",
            *GRANTED,
            REPORT_DUE,
            "La décision se lit dans votre espace.",
            ASK,
        ),
    ),
    "adjourn": MessageWords(
        "Ajournée : {project}",
        ("Le comité n’a pas encore tranché : votre dossier lui sera présenté à nouveau.", WHY, NOTHING_TO_DO),
    ),
    "refuse": MessageWords("Refusée : {project}", ("Votre action n’est pas retenue.", WHY, ASK)),
    "start": MessageWords("En cours : {project}", ("Le démarrage de votre action est constaté.", REPORT_DUE)),
    "ask_report": MessageWords(
        "Bilan attendu : {project}",
        (
            "Le bilan de votre action vous est demandé.",
            "Remettez-le le {report_due} au plus tard.",
            "Vous pouvez le remplir en plusieurs fois dans votre espace.",
        ),
    ),
    "return_report": MessageWords(
        "Bilan à reprendre : {project}",
        (
            "Le bilan de votre action est à reprendre.",
            WHY,
            "Corrigez-le dans votre espace, puis remettez-le à nouveau.",
            "Il est attendu le {report_due} au plus tard.",
        ),
    ),
    "go_on": MessageWords(
        "Bilan vérifié : {project}",
        (
            "Le bilan de l’année est vérifié : votre action continue. Merci.",
            "Vous n’avez rien à faire d’ici le prochain.",
        ),
    ),
    "close": MessageWords(
        "Clôturée : {project}",
        ("Le bilan de votre action est vérifié : le dossier est clos. Merci.", "Vous n’avez plus rien à faire."),
    ),
    "amend": MessageWords(
        "Décision rectifiée : {project}",
        (
            "La décision prise pour votre action est rectifiée : « {decision} ».",
            *GRANTED,
            WHY,
            "Elle remplace la précédente.",
            ASK,
        ),
    ),
    "correct": MessageWords(
        "État corrigé : {project}",
        ("L’état de votre dossier était inexact : il est désormais « {state} ».", WHY, ASK),
    ),
    "abandon": MessageWords(
        "Abandonnée : {project}",
        ("Votre action est enregistrée comme abandonnée.", WHY, "Si c’est une erreur, écrivez à {contact}."),
    ),
}

# To those who act for the lead, of the money that was granted to it.
PAID = MessageWords(
    "Versement : {project}",
    (
        "{authority} vous a versé {amount} le {paid_on}.",
        "Référence : {reference}.",
        "Reste à verser : {left}.",
        "L’échéancier se lit dans votre espace, sur la page de l’action.",
    ),
)
BALANCE_PAID = MessageWords(
    "Solde versé : {project}",
    (
        "{authority} vous a versé le solde de votre subvention, {amount}, le {paid_on}.",
        "Référence : {reference}.",
        "En tout, {paid} vous ont été versés.",
    ),
)
GIVEN_BACK = MessageWords(
    "Remboursement reçu : {project}",
    (
        "{authority} a bien reçu votre remboursement de {amount}, le {paid_on}.",
        "Référence : {reference}.",
        "Précision : {note}",
    ),
)
AGREEMENT_TO_SIGN = MessageWords(
    "Convention à signer : {number}",
    (
        "Une convention est à signer entre votre structure et l’agglomération : {number}, {amount}.",
        "Elle couvre : {projects}.",
        "Rien n’est versé tant qu’elle n’est pas signée.",
        ASK,
    ),
)
WITHDRAWN = MessageWords(
    "Subvention retirée : {project}",
    (
        "Votre subvention est retirée pour le reste de sa période, par une décision du {decided_on}.",
        "Motif : {reason}",
        "{computation}",
        ASK,
    ),
)

# To officers, of what leads did.
TO_OFFICERS = {
    "submit": MessageWords(
        "Déposée : {project}",
        ("{organization} a déposé ce dossier.", "Appel : {campaign}.", "Dites s’il est recevable.", LATE),
    ),
    "resubmit": MessageWords(
        "Complétée : {project}",
        (
            "{organization} a répondu à vos demandes et déposé le dossier à nouveau.",
            OBSERVATION,
            "Relisez ce qui a changé, puis dites s’il est recevable.",
            LATE,
        ),
    ),
    "hand_report": MessageWords(
        "Bilan remis : {project}",
        (
            "{organization} a remis le bilan de cette action.",
            OBSERVATION,
            "Vérifiez-le, puis clôturez le dossier ou faites reprendre le bilan.",
            LATE,
        ),
    ),
    "abandon": MessageWords(
        "Abandonnée : {project}",
        ("{organization} abandonne cette action.", WHY, "Vous n’avez plus rien à faire pour ce dossier."),
    ),
}

# To all who act for the lead, its author included: the receipt of what was handed in.
RECEIPTS = {
    "submit": MessageWords(
        "Bien reçu : {project}",
        (
            "Le dossier {code} de {organization} est déposé, le {at}.",
            "Appel : {campaign}.",
            "Une copie figée de ce qui est déposé se relit dans votre espace.",
            "Vous serez prévenu de la suite.",
        ),
    ),
    "resubmit": MessageWords(
        "Bien reçu, complété : {project}",
        ("Le dossier {code} de {organization} est déposé à nouveau, le {at}.", "Vous serez prévenu de la suite."),
    ),
    "hand_report": MessageWords(
        "Bilan bien reçu : {project}",
        ("Le bilan de l’action {code} est remis, le {at}.", "Vous serez prévenu quand il sera vérifié."),
    ),
}

# To colleagues, of what one of them noted on a file.
NOTE = MessageWords("Note de {author} : {project}", ("{author} vous signale cette note :", "{text}"))

# To a colleague, of the files that another gave them.
ASSIGNED = MessageWords("{number} par {author}", ("{author} vous confie :", "{files}"))

UNREACHABLE = MessageWords(
    "Personne n’a pu être prévenu : {project}",
    (
        "Ce dossier a changé d’état (« {done} »), et {organization} n’a ni compte actif ni adresse électronique : "
        "personne n’a été prévenu.",
        "Prévenez la structure par un autre moyen, puis invitez l’un de ses membres ou donnez-lui une adresse.",
    ),
)

REFUSED = MessageWords(
    "Courriel refusé : {subject}",
    (
        "L’adresse {address} refuse les courriels : le message « {title} » n’y est pas arrivé ({organization}).",
        "Corrigez l’adresse, et prévenez la structure par un autre moyen si cela presse.",
    ),
)
