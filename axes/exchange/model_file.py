"""The file that people start from: the columns, an example of each level, and what may stand in each column."""

from axes.exchange.columns import COLUMNS
from axes.exchange.export import CONTENT_TYPES
from cohesion.lib import spreadsheets
from cohesion.lib.spreadsheets import Table
from cohesion.lib.spreadsheets.headed import GUIDE_SHEET

FORMATS = tuple(spreadsheets.CONTENT_TYPES)
EXAMPLE = (
    ("1", "", "axe", "Exemple d’axe : à remplacer", "", "", "", "", "AXE 1 :", None),
    ("1.E1", "1", "enjeu", "Exemple d’enjeu", "", "", "", "", "", None),
    ("1.1", "1.E1", "objectif stratégique", "Exemple d’objectif stratégique", "", "", "", "", "", None),
    ("1.1.1", "1.1", "objectif opérationnel", "Exemple d’objectif opérationnel", "", "", "", "", "", None),
    ("1.1.2", "1.1", "objectif opérationnel", "Un second objectif opérationnel", "", "", "", "", "", None),
    ("1.1-a", "1.1", "priorité", "Une priorité pour les deux", "", "thématique", "1.1.1|1.1.2", "", "", None),
)


def model_file(format: str) -> tuple[bytes, str, str]:
    """The file's bytes, its content type and its name. It can itself be imported.

    Raises:
        KeyError: the format is not one of ``FORMATS``.
    """
    headers = [column.header for column in COLUMNS]
    example = Table("Orientations", headers, EXAMPLE, [column.width for column in COLUMNS])
    guide = Table(
        GUIDE_SHEET,
        ["Colonne", "Obligatoire", "Ce qu’on y écrit"],
        [(column.header, "oui" if column.mandatory else "non", column.expected) for column in COLUMNS],
        [16, 12, 100],
    )
    return spreadsheets.write(format, [example, guide]), CONTENT_TYPES[format], f"modele-orientations.{format}"
