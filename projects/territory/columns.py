"""The columns of a territory, declared once: what its files hold, in and out. Its outline has a file of its own."""

from cohesion.imports.columns import (
    CellWidget,
    ChoiceWidget,
    ColumnField,
    LineWidget,
    TableResource,
    WholeWidget,
    own_line,
)
from cohesion.lib.spreadsheets.days import first_day, last_day
from cohesion.lib.spreadsheets.expected import Holds
from cohesion.lib.text import fold
from projects.choices import TerritoryKind
from projects.territory.models import Territory

KINDS = ChoiceWidget(TerritoryKind, "Cette nature n’existe pas", "Il manque la nature")
YES, NO = "oui", "non"
HIGHEST_POPULATION = 2_147_483_647
NO_POPULATION = "Ce n’est pas un nombre d’habitants : écrivez un nombre entier, par exemple 12 500."


def _code(text: str) -> str:
    if not text:
        raise ValueError("Il manque le code : chaque territoire en a un, par exemple le code INSEE d’une commune.")
    return text


def _name(text: str) -> str:
    if not text:
        raise ValueError("Il manque le nom du territoire.")
    return text


def _parent_code(parent: Territory | None) -> str | None:
    """Its code: two communes may bear one name."""
    return parent.code if parent is not None else None


def _yes_or_no(text: str) -> bool:
    answer = fold(text)
    if answer not in ("", YES, NO):
        raise ValueError(f"Écrivez {YES} ou {NO}.")
    return answer == YES


def _yes_or_no_word(answer: bool) -> str:
    return YES if answer else NO


class TerritoryResource(TableResource):
    """One row a territory."""

    sheet = "Territoires"
    nothing = "Le fichier n’a que des en-têtes : il faut au moins une ligne de territoire."

    code = ColumnField(
        "code",
        "code",
        LineWidget(_code),
        help_text="le code INSEE d’une commune ; pour un quartier sans code officiel, un code à vous",
        width=12,
        mandatory=True,
        compared=(),
        aliases=("code insee", "insee", "identifiant"),
        holds=Holds.CODES,
    )
    name = ColumnField(
        "nom",
        "name",
        LineWidget(_name),
        help_text="le nom, tel que le public le lit",
        width=30,
        mandatory=True,
        is_plain=True,
        aliases=("libellé", "territoire", "nom du territoire"),
        holds=Holds.NAME,
    )
    kind = ColumnField(
        "nature",
        "kind",
        KINDS,
        help_text=f"la nature : {', '.join(KINDS.labels)}",
        width=22,
        mandatory=True,
        is_plain=True,
        aliases=("type", "type de territoire"),
    )
    parent = ColumnField(
        "commune",
        "parent",
        LineWidget(write=_parent_code),
        help_text="d’un quartier, la commune où il se trouve : son code ou son nom, déjà là ou dans le fichier",
        width=24,
        aliases=("se trouve dans", "code commune", "commune de rattachement"),
        holds=Holds.CODES,
    )
    valid_from = ColumnField(
        "depuis_le",
        "valid_from",
        CellWidget(first_day),
        help_text="une date ; vide, sans limite",
        width=12,
        is_plain=True,
        aliases=("existe depuis", "début"),
        holds=Holds.DAYS,
    )
    valid_to = ColumnField(
        "jusqu_au",
        "valid_to",
        CellWidget(last_day),
        help_text="une date, comprise ; vide, sans limite",
        width=12,
        is_plain=True,
        aliases=("fin",),
        holds=Holds.DAYS,
    )
    population = ColumnField(
        "habitants",
        "population",
        WholeWidget(HIGHEST_POPULATION, NO_POPULATION, is_spaced=True),
        help_text="la population municipale (INSEE), en chiffres",
        width=12,
        is_plain=True,
        aliases=("population", "population municipale"),
    )
    is_in_perimeter = ColumnField(
        "dans_le_perimetre",
        "is_in_perimeter",
        LineWidget(_yes_or_no, _yes_or_no_word),
        help_text="oui ou non : le programme s’y applique, et il compte dans les taux de couverture",
        width=12,
        is_public=False,
        is_plain=True,
        aliases=("périmètre",),
    )
    siren = own_line("siren", "siren", "neuf chiffres", width=12, is_public=False, holds=Holds.CODES)
    postcodes = own_line(
        "codes_postaux",
        "postcodes",
        "le code postal, ou plusieurs",
        width=16,
        is_public=False,
        aliases=("code postal",),
    )
    source = own_line("source", "source", "d’où l’on tient ce que dit cette ligne", width=40, is_public=False)


TERRITORIES = TerritoryResource()
PUBLIC_COLUMNS = tuple(column for column in TERRITORIES.columns if column.is_public)
