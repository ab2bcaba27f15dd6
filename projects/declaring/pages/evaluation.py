"""By what one will know that the action did what it was for."""

from decimal import Decimal
from typing import Any, ClassVar

from projects.choices import IndicatorKind
from projects.declaring.fields import amount, line, listed
from projects.declaring.forms import RowsForm

FIRST = "Décrivez au moins un indicateur."


class EvaluationForm(RowsForm):
    ROW: ClassVar = "Indicateur"
    MOST: ClassVar = 10

    def row_fields(self, rank: int) -> dict[str, Any]:
        return {
            "name": line("Ce que vous mesurerez", 200),
            "kind": listed("Nature", IndicatorKind.choices),
            "target": amount("Cible", help_text="Un nombre."),
            "unit": line("Unité", 40, help_text="Personnes, ateliers, %…"),
            "method": line("Mesuré comment", 200),
        }

    def needed(self) -> dict[str, str]:
        rows = self.filled_rows()
        if not rows:
            return {"name-0": FIRST}
        needed: dict[str, str] = {}
        for rank, _ in rows:
            needed |= {
                f"name-{rank}": f"Dites ce que mesure l’indicateur {rank + 1}, ou videz sa ligne.",
                f"kind-{rank}": f"Choisissez la nature de l’indicateur {rank + 1}.",
                f"target-{rank}": f"Donnez la cible de l’indicateur {rank + 1}.",
            }
        return needed

    def in_words(self, name: str) -> str:
        value = self.answer(name)
        if name.startswith("target-") and isinstance(value, Decimal):
            return f"{value.normalize():f}".replace(".", ",")
        return super().in_words(name)
