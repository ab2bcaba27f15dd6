"""The file that people start from: the columns, an example of each level, and what may stand in each column."""

from axes.exchange.resource import ORIENTATIONS
from cohesion.lib import spreadsheets

FORMATS = tuple(spreadsheets.CONTENT_TYPES)
EXAMPLE = (
    {"code": "1", "niveau": "axe", "titre": "Exemple d’axe : à remplacer", "mention": "AXE 1 :"},
    {"code": "1.E1", "parent_code": "1", "niveau": "enjeu", "titre": "Exemple d’enjeu"},
    {"code": "1.1", "parent_code": "1.E1", "niveau": "objectif stratégique", "titre": "Exemple d’objectif stratégique"},
    {
        "code": "1.1.1",
        "parent_code": "1.1",
        "niveau": "objectif opérationnel",
        "titre": "Exemple d’objectif opérationnel",
    },
    {
        "code": "1.1.2",
        "parent_code": "1.1",
        "niveau": "objectif opérationnel",
        "titre": "Un second objectif opérationnel",
    },
    {
        "code": "1.1-a",
        "parent_code": "1.1",
        "niveau": "priorité",
        "titre": "Une priorité pour les deux",
        "type_priorite": "thématique",
        "s_applique_a": "1.1.1|1.1.2",
    },
)


def model_file(format: str) -> tuple[bytes, str, str]:
    """The file's bytes, its content type and its name. It can itself be imported.

    Raises:
        KeyError: the format is not one of ``FORMATS``.
    """
    return ORIENTATIONS.model_file(format, EXAMPLE, "modele-orientations")
