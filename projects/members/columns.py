"""The columns of a structure, declared once: what its files hold, in and out.

What may be about a person (how to reach it, who speaks for it, notes) stands in no file for everybody.
"""

from django.core.exceptions import ValidationError

from cohesion.imports.columns import (
    ChoiceWidget,
    ColumnField,
    LineWidget,
    ParagraphWidget,
    TableResource,
    WholeWidget,
    own_line,
)
from cohesion.lib.spreadsheets.expected import Holds
from projects.choices import LegalForm, OrganizationKind
from projects.members.models.organization import validate_siret
from projects.members.naming import digits_of, siret_damage
from projects.territory.models import Territory

KINDS = ChoiceWidget(OrganizationKind, "Cette nature n’existe pas", "Il manque la nature")
LEGAL_FORMS = ChoiceWidget(LegalForm, "Cette forme juridique n’existe pas")
NOTE_LENGTH = 5_000
HIGHEST_NUMBER = 10**15 - 1
NO_NUMBER = "Ce n’est pas un numéro de structure : reprenez celui de l’export, ou videz la cellule."


def _name(text: str) -> str:
    if not text:
        raise ValueError("Il manque le nom de la structure.")
    return text


def _siret(text: str) -> str:
    if not text:
        return ""
    if reason := siret_damage(text):
        raise ValueError(reason)
    try:
        validate_siret(digits_of(text))
    except ValidationError as error:
        raise ValueError(error.messages[0]) from None
    return digits_of(text)


def _rna(text: str) -> str:
    return text.replace(" ", "").upper()


def _commune_code(commune: Territory | None) -> str:
    """Its code: two communes may bear one name."""
    return commune.code if commune is not None else ""


class OrganizationResource(TableResource):
    """One row a structure, known by its number, its SIRET, its RNA or its name."""

    sheet = "Structures"
    nothing = "Le fichier n’a que des en-têtes : il faut au moins une ligne de structure."

    number = ColumnField(
        "identifiant",
        "pk",
        WholeWidget(HIGHEST_NUMBER, NO_NUMBER),
        help_text="le numéro de la structure sur ce site ; vide, elle est retrouvée par son SIRET, son RNA ou son nom",
        width=12,
        compared=(),
    )
    name = ColumnField(
        "nom",
        "name",
        LineWidget(_name),
        help_text="le nom, tel que le public le lit",
        width=40,
        mandatory=True,
        is_plain=True,
        aliases=("structure", "nom de la structure", "raison sociale", "dénomination", "association"),
        holds=Holds.NAME,
    )
    acronym = own_line("sigle", "acronym", "le sigle, s’il y en a un", aliases=("acronyme", "nom court"))
    kind = ColumnField(
        "nature",
        "kind",
        KINDS,
        help_text=f"la nature : {', '.join(KINDS.labels)} ; obligatoire pour une structure nouvelle",
        width=22,
        is_plain=True,
        aliases=("type", "type de structure", "catégorie"),
    )
    legal_form = ColumnField(
        "forme_juridique",
        "legal_form",
        LEGAL_FORMS,
        help_text=f"{', '.join(LEGAL_FORMS.labels)} ; ou rien",
        width=26,
        is_plain=True,
        aliases=("statut juridique", "statut"),
    )
    siret = ColumnField(
        "siret",
        "siret",
        LineWidget(_siret),
        help_text="14 chiffres ; vide, celui qui est connu reste",
        width=18,
        is_plain=True,
        aliases=("n° siret", "numéro siret"),
    )
    rna = ColumnField(
        "rna",
        "rna",
        LineWidget(_rna),
        help_text="d’une association : W et neuf chiffres ; vide, celui qui est connu reste",
        is_plain=True,
        aliases=("n° rna", "numéro rna"),
    )
    commune = ColumnField(
        "code_commune",
        "commune",
        LineWidget(write=_commune_code),
        help_text="la commune de son siège : son code INSEE ou son nom",
        aliases=("commune", "ville", "code insee"),
    )
    commune_name = ColumnField("commune", "commune__name", help_text="le nom de cette commune", width=24, readonly=True)
    siret_pending = own_line(
        "siret_en_cours", "siret_pending", "pourquoi le SIRET n’est pas encore attribué", width=24, is_public=False
    )
    address = own_line("adresse", "address", "le numéro, la rue, le code postal et la ville", width=40, is_public=False)
    email = own_line(
        "courriel",
        "email",
        "une adresse électronique",
        width=30,
        is_public=False,
        aliases=("email", "e-mail", "mail", "adresse électronique"),
    )
    phone = own_line("telephone", "phone", "un numéro de téléphone", width=16, is_public=False, aliases=("tél", "tel"))
    representative = own_line(
        "representant",
        "representative",
        "le représentant légal : prénom, nom et qualité",
        width=30,
        is_public=False,
        aliases=("représentant légal", "responsable", "président"),
    )
    note = ColumnField(
        "note",
        "note",
        ParagraphWidget(NOTE_LENGTH),
        help_text="pour les agents : personne d’autre ne la lit",
        width=40,
        is_public=False,
        is_plain=True,
    )


ORGANIZATIONS = OrganizationResource()
PUBLIC_COLUMNS = tuple(column for column in ORGANIZATIONS.columns if column.is_public)
