"""The file that people start from: the columns, an example of each type, and what may stand in each column."""

from django.utils import timezone

from cohesion.lib import spreadsheets
from cohesion.lib.spreadsheets import Table
from cohesion.lib.spreadsheets.headed import GUIDE_SHEET
from projects.exchange.columns import COLUMNS

FORMATS = tuple(spreadsheets.CONTENT_TYPES)
_NOWHERE = ("Structure d’exemple", "", "", "", "")
EXAMPLE = (  # its dates are of the years to come
    (
        "EX-PST",
        "Exemple de PST, à remplacer",
        "PST",
        *_NOWHERE,
        "01/01/{next}",
        "31/12/{last}",
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
        "01/09/{next}",
        "30/06/{after}",
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
        "1er septembre {next}",
        "30/06/{after}",
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
    year = timezone.localdate().year
    years = {"next": year + 1, "after": year + 2, "last": year + 3}
    rows = [tuple(cell.format(**years) for cell in row) for row in EXAMPLE]
    example = Table("Projets", headers, rows, [column.width for column in COLUMNS])
    guide = Table(
        GUIDE_SHEET,
        ["Colonne", "Obligatoire", "Ce qu’on y écrit"],
        [(column.header, "oui" if column.mandatory else "non", column.expected) for column in COLUMNS],
        [22, 12, 100],
    )
    content_type = spreadsheets.CONTENT_TYPES[format]
    return spreadsheets.write(format, [example, guide]), content_type, f"modele-projets.{format}"
