"""With whom. Those who pay are said once, in the budget: they are partners by it."""

from typing import Any, ClassVar

from cohesion.lib.french import shortened
from projects.choices import PartnerRole
from projects.declaring.contradictions import PARTNERS
from projects.declaring.fields import line, listed, tick
from projects.declaring.forms import IN_SHORT
from projects.declaring.pages.budget import BudgetForm
from projects.declaring.row_forms import RowsForm


class PartnersForm(RowsForm):
    RULES: ClassVar = PARTNERS
    ROW: ClassVar = "Partenaire"
    ADD: ClassVar = "Ajouter un partenaire"
    ROW_NEEDED: ClassVar = {"name": "Nommez le partenaire {}, ou videz sa ligne."}
    template = "space/partners_fields.html"

    def row_fields(self, rank: int | str) -> dict[str, Any]:
        roles = [
            choice
            for choice in PartnerRole.choices
            if choice[0] != PartnerRole.FUNDING or self.typed.get(f"role-{rank}") == PartnerRole.FUNDING
        ]
        return {
            "name": line("Structure", 200),
            "role": listed("Rôle", roles),
            "confirmed": tick("Acquis", help_text="Laissez vide si c’est à confirmer."),
        }

    @property
    def funders(self) -> list[str]:
        """Those that the budget names."""
        money = BudgetForm(self.declaration, self.declaration.answers.get("budget", {}))
        return [funder.name for funder in money.co_funders]

    @property
    def in_short(self) -> str:
        return shortened(", ".join(row["name"] for _, row in self.filled_rows() if row["name"]), IN_SHORT)
