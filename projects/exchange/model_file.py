"""The file that people start from: the columns, an example of each type, and what may stand in each column."""

from cohesion.lib import spreadsheets
from cohesion.lib.spreadsheets import Table
from cohesion.lib.spreadsheets.headed import GUIDE_SHEET
from projects.exchange.columns import COLUMNS

FORMATS = tuple(spreadsheets.CONTENT_TYPES)
_NOWHERE = ("Structure d’exemple", "", "", "", "")
EXAMPLE = (
    (
        "EX-PST",
        "Exemple de PST, à remplacer",
        "PST",
        *_NOWHERE,
        "01/01/2027",
        "31/12/2029",
        "80 000",
        "",
        "",
        "",
        "Brouillon",
    ),
    (
        "EX-1",
        "Exemple d’action de PST",
        "action",
        *_NOWHERE,
        "01/09/2027",
        "30/06/2028",
        "12 500,50",
        "EX-PST",
        "",
        "",
        "Brouillon",
    ),
    (
        "EX-2",
        "Exemple hors PST",
        "hors PST",
        *_NOWHERE,
        "1er septembre 2027",
        "30/06/2028",
        "6 000",
        "",
        "",
        "",
        "Brouillon",
    ),
)


def model_file(format: str) -> tuple[bytes, str, str]:
    """The file's bytes, its content type and its name. It can itself be imported.

    Raises:
        KeyError: the format is not one of ``FORMATS``.
    """
    headers = [column.header for column in COLUMNS]
    example = Table("Projets", headers, EXAMPLE, [column.width for column in COLUMNS])
    guide = Table(
        GUIDE_SHEET,
        ["Colonne", "Obligatoire", "Ce qu’on y écrit"],
        [(column.header, "oui" if column.mandatory else "non", column.expected) for column in COLUMNS],
        [22, 12, 100],
    )
    content_type = spreadsheets.CONTENT_TYPES[format]
    return spreadsheets.write(format, [example, guide]), content_type, f"modele-projets.{format}"
