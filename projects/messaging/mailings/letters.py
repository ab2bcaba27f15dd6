"""The models that a message to several begins with, and the fields that each reader sees filled in."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode

from cohesion.lib import braces
from cohesion.lib.text import NBSP
from projects.choices import LetterKind
from projects.messaging.wording import cut

# What stands in braces, and what it becomes.
FIELDS = {
    "personne": "le prénom et le nom de la personne, ou le nom de la structure quand elle n’a pas de compte",
    "structure": "la structure pour laquelle elle agit",
    "action": "le titre de l’action concernée, ou les titres s’il y en a plusieurs",
    "echeance": "le jour où le bilan est attendu, le plus proche s’il y en a plusieurs",
    "appel": "le nom de l’appel ouvert, sinon du prochain",
    "ouverture": "le jour où il ouvre",
    "cloture": "le jour et l’heure où il est clos",
    "contact": "l’adresse à laquelle répondre",
}


@dataclass(frozen=True)
class Letter:
    """A title and a text with fields in braces, as an officer types them."""

    title: str = ""
    text: str = ""

    @property
    def fields(self) -> list[str]:
        """The names in braces, each once."""
        return list(dict.fromkeys(map(braces.key_of, braces.field_names(f"{self.title}\n{self.text}"))))

    def filled(self, facts: Mapping[str, str]) -> "Letter":
        """The letter as somebody reads it."""

        def fact(name: str) -> str:
            return facts[braces.key_of(name)]

        return Letter(cut(braces.fill(self.title, fact)), braces.fill(self.text, fact))


def fields_refusal(text: str) -> str:
    """What is wrong with the braces of a text; nothing when it can be filled in."""
    return next(braces.refusals(text, FIELDS), "")


MODELS = {
    LetterKind.REPORT: Letter(
        f"Rappel{NBSP}: le bilan de {{action}}",
        "Le bilan de {action} était attendu le {echeance}, et nous ne l’avons pas encore reçu.\n\n"
        "Vous pouvez le remplir en plusieurs fois dans votre espace, puis le remettre.\n\n"
        "En cas de difficulté, écrivez à {contact}.",
    ),
    LetterKind.OPENING: Letter(
        "{appel}",
        "L’appel à projets «\u00a0{appel}\u00a0» est ouvert du {ouverture} au {cloture}.\n\n"
        "{structure} peut y déclarer une action, ou en reconduire une, depuis votre espace.\n\n"
        "Pour en parler, écrivez à {contact}.",
    ),
    LetterKind.PIECES: Letter(
        f"À compléter{NBSP}: {{action}}",
        "Votre dossier, {action}, est à compléter.\n\n"
        "Chaque demande se lit dans votre espace, dans la partie qu’elle concerne. Répondez-y, puis déposez le "
        f"dossier à nouveau{NBSP}: son instruction attend votre réponse.\n\n"
        "En cas de difficulté, écrivez à {contact}.",
    ),
    LetterKind.FREE: Letter(),
}


def writing_address(situation: str, kind: LetterKind) -> str:
    """The page where a message to several is written, its readers chosen.

    ``situation``: one of :data:`projects.messaging.mailings.audience.SITUATIONS`.
    """
    query = urlencode({"situation": situation, "modele": kind.value})
    return f"{reverse('projects:instruction_mailing_write')}?{query}"
