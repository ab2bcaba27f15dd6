"""The file that people start from: the columns, an example of each type, and what may stand in each column."""

from django.utils import timezone

from cohesion.lib import spreadsheets
from cohesion.lib.spreadsheets import Table
from cohesion.lib.spreadsheets.headed import GUIDE_SHEET
from projects.exchange.columns import COLUMNS

FORMATS = tuple(spreadsheets.CONTENT_TYPES)
EXAMPLE = (  # its dates are of the years to come
    {
        "code": "EX-PST",
        "titre": "Exemple de PST, à remplacer",
        "type": "PST",
        "porteur": "Structure d’exemple",
        "date_debut": "{next}-{last}",
        "budget": "80 000",
        "statut": "Brouillon",
    },
    {
        "code": "EX-1",
        "titre": "Exemple d’action de PST",
        "type": "action",
        "porteur": "Structure d’exemple",
        "co_porteurs": "Autre structure d’exemple (nouvelle)",
        "date_debut": "01/09/{next}",
        "date_fin": "30/06/{after}",
        "budget": "12 500,50",
        "financeurs": "L’agglomération : 6 000|CAF : 2 500",
        "pst": "EX-PST",
        "resume": "Deux ateliers par semaine, ouverts à tous.",
        "partenaires": "L’école du quartier|Le centre social",
        "indicateurs": "Enfants accueillis : 40 enfants|Ateliers : 60",
        "statut": "Brouillon",
    },
    {
        "code": "EX-2",
        "titre": "Exemple hors PST",
        "type": "hors PST",
        "porteur": "Structure d’exemple",
        "date_debut": "septembre {next}",
        "date_fin": "juin {after}",
        "budget": "6 000",
        "statut": "Brouillon",
    },
)


def model_file(format: str) -> tuple[bytes, str, str]:
    """The file's bytes, its content type and its name. It can itself be imported.

    Raises:
        KeyError: the format is not one of ``FORMATS``.
    """
    headers = [column.header for column in COLUMNS]
    year = timezone.localdate().year
    years = {"next": year + 1, "after": year + 2, "last": year + 3}
    rows = [[project.get(header, "").format(**years) for header in headers] for project in EXAMPLE]
    example = Table("Projets", headers, rows, [column.width for column in COLUMNS])
    guide = Table(
        GUIDE_SHEET,
        ["Colonne", "Obligatoire", "Ce qu’on y écrit"],
        [(column.header, "oui" if column.mandatory else "non", column.expected) for column in COLUMNS],
        [22, 12, 100],
    )
    content_type = spreadsheets.CONTENT_TYPES[format]
    return spreadsheets.write(format, [example, guide]), content_type, f"modele-projets.{format}"
