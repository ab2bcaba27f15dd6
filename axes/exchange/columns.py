"""The columns of an orientation's row, declared once for the export, the model file and the import."""

from collections.abc import Callable
from dataclasses import dataclass

from axes.choices import PriorityType
from axes.levels import Level
from axes.models import Orientation
from axes.models.orientation import CODE_PATTERN as CODE_PATTERN
from axes.vocabulary import PRIORITY_TYPE_WORDS
from cohesion.lib.spreadsheets.expected import Holds

SEPARATOR = "|"  # between the items of a list in one cell
LISTS = ("s_applique_a", "colonnes")


@dataclass(frozen=True)
class OrientationColumn:
    """A column: its header, the model's field, the cell of an orientation, and what may stand in it."""

    header: str
    field: str
    value: Callable[[Orientation], str | int | None]
    expected: str
    width: int
    mandatory: bool = False
    aliases: tuple[str, ...] = ()
    holds: Holds = Holds.TEXT


def _applies_to(orientation: Orientation) -> str:
    targets = sorted(orientation.applies_to.all(), key=lambda target: (target.tree_id, target.lft))
    return SEPARATOR.join(target.code for target in targets)


COLUMNS = (
    OrientationColumn(
        "code",
        "code",
        lambda o: o.code,
        "une lettre sans accent ou un chiffre, puis au plus 19 lettres sans accent, chiffres, points ou tirets",
        12,
        mandatory=True,
        aliases=("identifiant", "id", "numéro", "n°", "référence", "réf"),
        holds=Holds.CODES,
    ),
    OrientationColumn(
        "parent_code",
        "parent",
        lambda o: o.parent.code if o.parent else "",
        "le code de l’orientation qui la contient ; rien pour un axe",
        12,
        mandatory=True,
        aliases=("parent", "code parent", "code du parent", "rattachement", "placée sous"),
        holds=Holds.CODES,
    ),
    OrientationColumn(
        "niveau",
        "level",
        lambda o: Level(o.level).word,
        "axe, enjeu, objectif stratégique, objectif opérationnel ou priorité",
        22,
        mandatory=True,
        aliases=("échelon", "type de niveau"),
    ),
    OrientationColumn(
        "titre",
        "title",
        lambda o: o.title,
        "le texte adopté, à la lettre, de 1 à 500 caractères",
        70,
        mandatory=True,
        aliases=("intitulé", "libellé", "nom", "texte", "texte adopté", "orientation", "titre de l’orientation"),
        holds=Holds.NAME,
    ),
    OrientationColumn(
        "titre_corrige",
        "corrected_title",
        lambda o: o.corrected_title,
        "la forme affichée, si le texte adopté a une coquille ; au plus 500 caractères",
        70,
        aliases=("forme affichée", "titre affiché"),
    ),
    OrientationColumn(
        "type_priorite",
        "priority_type",
        lambda o: PRIORITY_TYPE_WORDS[PriorityType(o.priority_type)] if o.priority_type else "",
        "thématique, territoriale ou renvoi, pour une priorité seulement",
        16,
        aliases=("type de priorité", "type"),
    ),
    OrientationColumn(
        "s_applique_a",
        "applies_to",
        _applies_to,
        "les codes des objectifs qu’une cellule fusionnée concerne, séparés par |",
        24,
        aliases=("concerne",),
        holds=Holds.CODES,
    ),
    OrientationColumn(
        "colonnes",
        "columns",
        lambda o: SEPARATOR.join(Level(level).word for level in o.columns),
        "les niveaux dont la cellule couvre la colonne, séparés par | ; rien si elle ne couvre que la sienne",
        30,
        aliases=("colonnes couvertes",),
    ),
    OrientationColumn(
        "mention",
        "label",
        lambda o: o.label,
        "ce que le document imprime devant le titre, au plus 40 caractères",
        12,
        aliases=("mention imprimée",),
    ),
    OrientationColumn(
        "ligne_source",
        "source_line",
        lambda o: o.source_line,
        "le numéro de la ligne dans le document, en chiffres",
        12,
        aliases=("ligne", "n° de ligne", "ligne du document"),
    ),
)
BY_HEADER = {column.header: column for column in COLUMNS}
