"""The file that people start from: the columns, an example of each type, and what may stand in each column."""

from django.utils import timezone

from cohesion.lib import spreadsheets
from projects.catalogue.columns import PROJECTS

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
        "indicateurs": "Enfants accueillis : de 25 à 40 enfants|Ateliers : 60",
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
    year = timezone.localdate().year
    years = {"next": year + 1, "after": year + 2, "last": year + 3}
    rows = [_dated(project, years) for project in EXAMPLE]
    return PROJECTS.model_file(format, rows, "modele-projets")


def _dated(project: dict[str, str], years: dict[str, int]) -> dict[str, str]:
    """A project of the example, its dates told from the year that it is."""
    return {header: cell.format(**years) for header, cell in project.items()}
