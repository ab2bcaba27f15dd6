"""What may stand in each cell of a file of projects. Nothing is asked of the database here.

Values are plain data (JSON): days are ISO texts, amounts are texts with a point, lists keep their order.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from cohesion.lib.french import meant
from cohesion.lib.spreadsheets import Cell, damage
from cohesion.lib.spreadsheets.amounts import euros
from cohesion.lib.spreadsheets.days import end_of_span, first_day, last_day, start_of_span
from cohesion.lib.spreadsheets.headed import (
    Choices,
    Expected,
    Holds,
    Reading,
    at_most,
    items,
    line_of,
    read_rows,
    text_of,
)
from cohesion.lib.text import fold
from projects.catalogue import listed
from projects.catalogue.models.project import DESCRIPTION_LENGTH, SUMMARY_LENGTH, TITLE_LENGTH
from projects.choices import ProjectKind, ProjectStatus

CODE = re.compile(r"^[0-9A-Za-z][0-9A-Za-z._\-]{0,29}\Z")
OUTSIDE = "hors PST"  # an action without a PST
TYPES = {"pst": ProjectKind.PST, "prh": ProjectKind.PRH, "action": ProjectKind.ACTION, "hors pst": OUTSIDE}
STATUSES = {str(status.label): status.value for status in ProjectStatus}
NAME_LENGTH = 200
NOTHING = "Le fichier n’a que des en-têtes : il faut au moins une ligne de projet."
_DECIMAL_CODE = re.compile(r"\d+,\d+")


def _code(text: str) -> str:
    if not text:
        raise ValueError("Il manque le code : chaque projet en a un, par exemple « 2026-014 ».")
    return _existing_code(text)


def _existing_code(text: str) -> str:
    if not CODE.match(text):
        raise ValueError(
            "Ce n’est pas un code : 30 signes au plus, lettres sans accent, chiffres, points, tirets, sans espace."
        )
    return text


def _title(text: str) -> str:
    if not text:
        raise ValueError("Il manque le titre : écrivez le nom du projet.")
    return at_most(text, TITLE_LENGTH)


def _type(text: str) -> str:
    found = TYPES.get(fold(text).replace("-", " "))
    if found is None:
        missing = "Il manque le type" if not text else "Ce type n’existe pas"
        raise ValueError(f"{missing} : écrivez PST, PRH, action ou hors PST.")
    return str(found)


def _lead(text: str) -> str:
    """One organisation, or several with a bar between them: which they are is asked later, of what is known."""
    if not text:
        raise ValueError("Il manque la structure porteuse : écrivez son nom, son sigle ou son SIRET.")
    return " | ".join(organizations(text))


def organizations(text: str) -> list[str]:
    """The names of a cell.

    Raises:
        ValueError: one is too long.
    """
    return [at_most(name, NAME_LENGTH) for name in items(text, "|\n")]


def _partners(text: str) -> list[str]:
    """Names of all kinds, for a partner may be « les écoles du quartier »."""
    names = items(text, "|\n")
    for name in names:
        if damage.is_error_word(name) or damage.is_placeholder(name):
            raise ValueError(f"« {name[:40]} » n’est pas un nom : écrivez celui du partenaire, ou retirez-le.")
    return names


def _status(text: str) -> str:
    """A state; nothing leaves the one that is there, and makes a new project a draft."""
    if not text:
        return ""
    if (found := meant(text, STATUSES)) is None:
        known = ", ".join(status.label for status in ProjectStatus)
        raise ValueError(f"Cet état n’existe pas. Les états sont : {known}.")
    return found


def _codes(text: str) -> list[str]:
    """The codes in their order; one that is said twice is refused later, where it is compared.

    Raises:
        ValueError: a spreadsheet may have written « 3.1 » as « 3,1 ».
    """
    if _DECIMAL_CODE.fullmatch(text):
        point, bar = text.replace(",", "."), text.replace(",", "|")
        raise ValueError(f"« {text} » : écrivez {point} pour une orientation, {bar} pour deux.")
    return items(text)


def _places(text: str) -> list[str]:
    return items(text, "|;\n")


@dataclass(frozen=True)
class ProjectColumn:
    """A column: its header, the name of its value, how a cell is read, and what is written in it.

    ``aliases``, ``holds`` and ``fills`` are those of :class:`Expected`.
    """

    header: str
    field: str
    read: Callable[[Cell | None], Any]
    expected: str
    width: int
    mandatory: bool = False
    aliases: Sequence[str] = ()
    holds: Holds = Holds.TEXT
    fills: tuple[str, Callable[[Cell | None], Any]] | None = None


def _of_line(reader: Callable[[str], Any]) -> Callable[[Cell | None], Any]:
    return lambda cell: reader(line_of(cell))


def _of_text(reader: Callable[[str], Any]) -> Callable[[Cell | None], Any]:
    """For lists: some write one item on a line."""
    return lambda cell: reader(text_of(cell))


def _long(length: int) -> Callable[[Cell | None], str]:
    return lambda cell: at_most(text_of(cell).strip(), length)


COLUMNS = (
    ProjectColumn(
        "code",
        "code",
        _of_line(_code),
        "le code du projet : lettres, chiffres, points, tirets",
        14,
        mandatory=True,
        aliases=("identifiant", "id", "numero", "n", "reference", "ref", "code_projet", "code_action", "numero_action"),
        holds=Holds.CODES,
    ),
    ProjectColumn(
        "titre",
        "title",
        _of_line(_title),
        f"de 1 à {TITLE_LENGTH} caractères",
        60,
        mandatory=True,
        aliases=("nom", "intitule", "libelle", "titre_du_projet", "titre_de_l_action", "nom_du_projet", "projet"),
    ),
    ProjectColumn(
        "type",
        "kind",
        _of_line(_type),
        "PST, PRH, action ou hors PST (une action sans PST)",
        12,
        mandatory=True,
        aliases=("nature", "type_de_projet", "categorie"),
    ),
    ProjectColumn(
        "porteur",
        "lead",
        _of_text(_lead),
        "la structure : son nom, son sigle ou son SIRET ; plusieurs se séparent par |, la première d’abord. Un nom "
        "inconnu crée la structure, ce que l’aperçu dit ; s’il ressemble à un autre, l’aperçu demande : « (nouvelle) » "
        "après le nom y répond d’avance",
        30,
        mandatory=True,
        aliases=("structure_porteuse", "structure", "porteur_de_projet", "porteur_du_projet", "organisme", "pilote"),
    ),
    ProjectColumn(
        "co_porteurs",
        "co_leads",
        _of_text(organizations),
        "les autres structures qui portent le projet, séparées par | ; elles le lisent, sans l’écrire",
        30,
        aliases=("coporteurs", "co_porteur", "co_pilotes", "structures_associees", "copilotes"),
    ),
    ProjectColumn(
        "objectifs",
        "objectives",
        _of_text(_codes),
        "les codes des orientations, séparés par | ; la première est la principale. Vide, le projet est « sans "
        "rattachement ». Un code d’un autre cadre que celui en vigueur s’écrit 4.1@ce-cadre",
        24,
        mandatory=True,
        aliases=("objectif", "orientations", "orientation", "objectif_principal", "rattachement"),
        holds=Holds.CODES,
    ),
    ProjectColumn(
        "objectifs_secondaires",
        "secondary",
        _of_text(_codes),
        "d’autres codes d’orientations, séparés par |",
        24,
        aliases=("objectif_secondaire", "orientations_secondaires"),
        holds=Holds.CODES,
    ),
    ProjectColumn(
        "communes",
        "communes",
        _of_text(_places),
        "noms ou codes INSEE, séparés par |",
        30,
        aliases=("commune", "ville", "villes", "lieu", "lieux"),
    ),
    ProjectColumn(
        "autres_territoires",
        "others",
        _of_text(_places),
        "quartiers ou autres, par leur nom ou leur code",
        24,
        aliases=("quartiers", "quartier", "territoires", "autre_territoire"),
    ),
    ProjectColumn(
        "date_debut",
        "starts_on",
        first_day,
        "une date : 01/09/2026, 1ᵉʳ septembre 2026 ; ou septembre 2026, T1 2026, 2026 (leur premier jour), "
        "2026-2028 (le début et la fin)",
        12,
        aliases=("date_de_debut", "debut", "date_de_demarrage", "demarrage", "commence_le"),
        holds=Holds.DAYS,
        fills=("ends_on", end_of_span),
    ),
    ProjectColumn(
        "date_fin",
        "ends_on",
        last_day,
        "une date, la même ou plus tard ; d’un mois ou d’une année, le dernier jour",
        12,
        aliases=("date_de_fin", "fin", "echeance", "date_d_echeance", "finit_le"),
        holds=Holds.DAYS,
        fills=("starts_on", start_of_span),
    ),
    ProjectColumn(
        "budget",
        "total_cost",
        euros,
        "le coût total en euros : 12 500 ou 12 500,50",
        14,
        aliases=("cout", "cout_total", "montant", "budget_total", "montant_total", "cout_previsionnel"),
    ),
    ProjectColumn(
        "financeurs",
        "funders",
        listed.funders,
        "qui est sollicité, pour combien, et ce qui est accordé : CAF : 5 000|Région : 3 000 / 2 500. Ce qu’est un "
        "financeur se dit entre parenthèses : Les Amis (aide privée) : 500",
        40,
        aliases=("financeur", "financements", "cofinanceurs", "plan_de_financement"),
    ),
    ProjectColumn(
        "pst",
        "host",
        _of_line(lambda text: _existing_code(text) if text else ""),
        "le code du PST, déjà là ou dans le fichier ; vide, le PST reste ce qu’il est (« hors PST » l’en sort)",
        14,
        aliases=("code_pst", "pst_de_rattachement"),
        holds=Holds.CODES,
    ),
    ProjectColumn(
        "dispositifs",
        "schemes",
        _of_text(items),
        "les sigles des dispositifs, séparés par |",
        14,
        aliases=("dispositif",),
    ),
    ProjectColumn(
        "resume",
        "summary",
        _long(SUMMARY_LENGTH),
        f"le résumé public, {SUMMARY_LENGTH} caractères au plus",
        60,
        aliases=("synthese", "presentation", "resume_public"),
    ),
    ProjectColumn(
        "description",
        "description",
        _long(DESCRIPTION_LENGTH),
        "le texte long, public, en paragraphes et en listes (un tiret en début de ligne)",
        60,
        aliases=("descriptif", "contenu", "description_longue", "description_de_l_action"),
    ),
    ProjectColumn(
        "partenaires",
        "partners",
        _of_text(_partners),
        "les structures qui y prennent part, séparées par | ; celles qui ne sont pas connues restent des noms",
        40,
        aliases=("partenaire", "partenariats", "partenariat"),
    ),
    ProjectColumn(
        "indicateurs",
        "indicators",
        listed.measures,
        "ce qui sera mesuré, avec sa cible : Enfants accueillis : 40 enfants|Ateliers : 12",
        40,
        aliases=("indicateur", "indicateurs_d_evaluation", "evaluation"),
    ),
    ProjectColumn(
        "statut",
        "status",
        _of_line(_status),
        "l’état : Brouillon, Retenue, En cours… ; vide, l’état ne change pas et un projet nouveau est un brouillon",
        20,
        aliases=("etat", "avancement"),
    ),
)
# What an export says to people beside the codes, and an import leaves.
TOLD = frozenset({"objectifs_en_clair", "lieux_en_clair", "pst_en_clair", "page_du_site", "derniere_modification"})
EXPECTED = tuple(
    Expected(
        one.header,
        one.field,
        one.read,
        mandatory=one.mandatory,
        aliases=one.aliases,
        holds=one.holds,
        fills=one.fills,
    )
    for one in COLUMNS
)


def read(data: bytes, filename: str, choices: Choices | None = None) -> Reading:
    """Read a file of projects; ``choices`` are those that somebody made about its sheet and its columns.

    Raises:
        Refused: nothing can be read in it (format, bounds, headers).
    """
    return read_rows(data, filename, EXPECTED, NOTHING, choices, TOLD)
