"""The import of territories: communes and quarters, known by their codes."""

from typing import Any

from django.core.exceptions import ValidationError

from cohesion.imports.importer import AGAIN
from cohesion.imports.rows import RowImporter
from cohesion.lib.spreadsheets.headed import Row
from cohesion.lib.text import fold
from projects.territory.columns import TERRITORIES
from projects.territory.models import Territory, TerritoryImport

EXAMPLE = (
    {"code": "27000", "nom": "Exemple de commune, à remplacer", "nature": "Commune", "habitants": "1 200"},
    {"code": "EX-1", "nom": "Exemple de quartier", "nature": "Quartier prioritaire", "commune": "27000"},
)


class TerritoryImporter(RowImporter[TerritoryImport]):
    """A quarter names its commune by its code or by its name."""

    model = TerritoryImport
    table = Territory
    resource = TERRITORIES
    related = ("parent",)
    changed_since = (
        "Des territoires ont été modifiés depuis l’aperçu, et l’import n’aurait plus le même effet : rien n’a été "
        "écrit. " + AGAIN
    )
    unit = ("territoire écrit", "territoires écrits")

    def resolve(self, instance: Territory, row: Row, there: dict[str, Any]) -> None:
        named = row.get("parent")
        if named is None:
            return
        if not named:
            instance.parent = None
            return
        bearers = [there[named]] if named in there else _called(named, there)
        if len(bearers) != 1:
            reason = "Plusieurs territoires portent ce nom" if bearers else "Aucun territoire n’a ce code ni ce nom"
            raise ValidationError({"parent": f"{reason} : écrivez le code de la commune."})
        instance.parent = bearers[0]

    def in_order(self, rows: list[Territory]) -> list[Territory]:
        """What contains others before what it contains."""
        return sorted(rows, key=_depth)


def model_file(format: str) -> tuple[bytes, str, str]:
    """The file that people start from: its bytes, its content type and its name.

    Raises:
        KeyError: the format is none of those of a table.
    """
    return TERRITORIES.model_file(format, EXAMPLE, "modele-territoires")


def _called(name: str, there: dict[str, Any]) -> list[Any]:
    return [territory for territory in there.values() if fold(territory.name) == fold(name)]


def _depth(territory: Territory) -> int:
    """How many territories contain it: none contains itself."""
    return 0 if territory.parent is None else 1 + _depth(territory.parent)
