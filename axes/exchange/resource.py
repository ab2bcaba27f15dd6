"""The columns of an orientation, declared once: what its files hold, in and out."""

import re
from collections.abc import Collection

from axes.choices import PriorityType
from axes.levels import COLUMN_LEVELS, ROOT_LEVELS, Level
from axes.models.orientation import CODE_PATTERN, TITLE_LENGTH
from axes.vocabulary import PRIORITY_TYPE_WORDS, level_from_word, priority_type_from_word
from cohesion.imports.columns import SEPARATOR, ColumnField, LineWidget, ListWidget, TableResource, WholeWidget
from cohesion.lib.spreadsheets.cells import at_most, items
from cohesion.lib.spreadsheets.expected import Holds
from cohesion.lib.text import capital

LABEL_LENGTH = 40
LAST_SOURCE_LINE = 2_147_483_647
# What one writes in the columns whose errors say it too.
A_CODE = "une lettre sans accent ou un chiffre, puis au plus 19 lettres sans accent, chiffres, points ou tirets"
A_LEVEL = "axe, enjeu, objectif stratégique, objectif opérationnel ou priorité"
A_PRIORITY_TYPE = "thématique, territoriale ou renvoi, pour une priorité seulement"
TARGET_CODES = "les codes des objectifs qu’une cellule fusionnée concerne, séparés par |"
COVERED_LEVELS = "les niveaux dont la cellule couvre la colonne, séparés par | ; rien si elle ne couvre que la sienne"
A_SOURCE_LINE = "le numéro de la ligne dans le document, en chiffres"


def _code(text: str) -> str:
    if not text:
        raise ValueError("Il manque le code : chaque orientation en a un, par exemple « 1.2 ».")
    return _existing_code(text)


def _existing_code(text: str) -> str:
    if not re.match(CODE_PATTERN, text):
        raise ValueError(f"Ce n’est pas un code. Un code, c’est {A_CODE}.")
    return text


def _parent(text: str) -> str:
    return _existing_code(text) if text else ""


def _level(text: str) -> str:
    if not text:
        raise ValueError(f"Il manque le niveau : écrivez {A_LEVEL}.")
    try:
        return level_from_word(text)
    except ValueError:
        raise ValueError(f"Ce niveau n’existe pas : écrivez {A_LEVEL}.") from None


def _level_word(level: str) -> str:
    return Level(level).word


def _title(text: str) -> str:
    if not text:
        raise ValueError("Il manque le titre : écrivez le texte adopté.")
    return at_most(text, TITLE_LENGTH)


def _corrected_title(text: str) -> str:
    return at_most(text, TITLE_LENGTH)


def _priority_type(text: str) -> str:
    try:
        return priority_type_from_word(text)
    except ValueError:
        raise ValueError(f"Ce type n’existe pas : écrivez {A_PRIORITY_TYPE}, ou laissez vide.") from None


def _priority_type_word(priority_type: str) -> str:
    return PRIORITY_TYPE_WORDS[PriorityType(priority_type)] if priority_type else ""


def _targets(text: str) -> list[str]:
    targets = list(dict.fromkeys(items(text)))
    for target in targets:
        if not re.match(CODE_PATTERN, target):
            raise ValueError(f"« {target[:40]} » n’est pas un code. Écrivez {TARGET_CODES}.")
    return targets


def _covered_levels(text: str) -> list[str]:
    try:
        levels = {level_from_word(item) for item in items(text)}
    except ValueError as error:
        raise ValueError(f"{capital(str(error))[:80]}. Écrivez {COVERED_LEVELS}.") from None
    if levels & ROOT_LEVELS:
        raise ValueError("Un axe n’a pas de colonne : il occupe une bande entière.")
    return [level.value for level in COLUMN_LEVELS if level in levels]


def _level_words(levels: Collection[str]) -> str:
    return SEPARATOR.join(map(_level_word, levels))


def _label(text: str) -> str:
    return at_most(text, LABEL_LENGTH)


class OrientationResource(TableResource):
    """One row an orientation, in document order."""

    sheet = "Orientations"
    nothing = "Le fichier n’a que des en-têtes : il faut au moins une ligne d’orientation."

    code = ColumnField(
        "code",
        "code",
        LineWidget(_code),
        help_text=A_CODE,
        width=12,
        mandatory=True,
        compared=(),
        aliases=("identifiant", "id", "numéro", "n°", "référence", "réf"),
        holds=Holds.CODES,
    )
    parent = ColumnField(
        "parent_code",
        "parent",
        LineWidget(_parent),
        help_text="le code de l’orientation qui la contient ; rien pour un axe",
        width=12,
        mandatory=True,
        compared=(),  # it is a move, told apart
        filled_down=True,
        aliases=("parent", "code parent", "code du parent", "rattachement", "placée sous"),
        holds=Holds.CODES,
    )
    level = ColumnField(
        "niveau",
        "level",
        LineWidget(_level, _level_word, (level.word for level in Level)),
        help_text=A_LEVEL,
        width=22,
        mandatory=True,
        filled_down=True,
        aliases=("échelon", "type de niveau"),
    )
    title = ColumnField(
        "titre",
        "title",
        LineWidget(_title),
        help_text="le texte adopté, à la lettre, de 1 à 500 caractères",
        width=70,
        mandatory=True,
        aliases=("intitulé", "libellé", "nom", "texte", "texte adopté", "orientation", "titre de l’orientation"),
        holds=Holds.NAME,
    )
    corrected_title = ColumnField(
        "titre_corrige",
        "corrected_title",
        LineWidget(_corrected_title),
        help_text="la forme affichée, si le texte adopté a une coquille ; au plus 500 caractères",
        width=70,
        aliases=("forme affichée", "titre affiché"),
    )
    priority_type = ColumnField(
        "type_priorite",
        "priority_type",
        LineWidget(_priority_type, _priority_type_word, ("", *PRIORITY_TYPE_WORDS.values())),
        help_text=A_PRIORITY_TYPE,
        width=16,
        filled_down=True,
        aliases=("type de priorité", "type"),
    )
    applies_to = ColumnField(
        "s_applique_a",
        "applies_to",
        ListWidget(_targets),
        help_text=TARGET_CODES,
        width=24,
        filled_down=True,
        aliases=("concerne",),
        holds=Holds.CODES,
    )
    columns_covered = ColumnField(
        "colonnes",
        "columns",
        ListWidget(_covered_levels, _level_words),
        help_text=COVERED_LEVELS,
        width=30,
        aliases=("colonnes couvertes",),
    )
    label = ColumnField(
        "mention",
        "label",
        LineWidget(_label),
        help_text="ce que le document imprime devant le titre, au plus 40 caractères",
        width=12,
        aliases=("mention imprimée",),
    )
    source_line = ColumnField(
        "ligne_source",
        "source_line",
        WholeWidget(LAST_SOURCE_LINE, f"Ce n’est pas un numéro de ligne : écrivez {A_SOURCE_LINE}."),
        help_text=A_SOURCE_LINE,
        width=12,
        aliases=("ligne", "n° de ligne", "ligne du document"),
    )


ORIENTATIONS = OrientationResource()
