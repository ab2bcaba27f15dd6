"""With whom."""

from typing import Any, ClassVar

from cohesion.lib.french import shortened
from projects.choices import PartnerRole
from projects.declaring.fields import line, listed, tick
from projects.declaring.forms import IN_SHORT, RowsForm


class PartnersForm(RowsForm):
    ROW: ClassVar = "Partenaire"

    def row_fields(self, rank: int) -> dict[str, Any]:
        return {
            "name": line("Structure", 200),
            "role": listed("Rôle", PartnerRole.choices),
            "confirmed": tick("Acquis", help_text="Laissez vide si c’est à confirmer."),
        }

    @property
    def in_short(self) -> str:
        return shortened(", ".join(row["name"] for _, row in self.filled_rows() if row["name"]), IN_SHORT)

    def needed(self) -> dict[str, str]:
        return {f"name-{rank}": "Nommez ce partenaire, ou videz la ligne." for rank, _ in self.filled_rows()}
