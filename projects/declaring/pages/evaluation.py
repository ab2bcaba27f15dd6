"""By what one will know that the action did what it was for."""

from decimal import Decimal
from typing import Any, ClassVar

from projects.choices import IndicatorDirection, IndicatorKind
from projects.declaring.contradictions import EVALUATION
from projects.declaring.fields import line, listed, number
from projects.declaring.row_forms import RowsForm

MORE, LESS = IndicatorDirection.MORE, IndicatorDirection.LESS
FIRST = "Décrivez au moins un indicateur."


class EvaluationForm(RowsForm):
    RULES: ClassVar = EVALUATION
    ROW: ClassVar = "Indicateur"
    ADD: ClassVar = "Ajouter un indicateur"
    MOST: ClassVar = 10
    ROW_NEEDED: ClassVar = {
        "name": "Dites ce que mesure l’indicateur {}, ou videz sa ligne.",
        "kind": "Choisissez la nature de l’indicateur {}.",
        "target": "Donnez la cible de l’indicateur {}.",
    }
    ROW_EXPLAINED: ClassVar = ("Réalisation, résultat, impact", "Cible")

    def row_fields(self, rank: int | str) -> dict[str, Any]:
        return {
            "name": line("Ce que vous mesurerez", 200),
            "kind": listed("Nature", IndicatorKind.choices),
            "baseline": number("Point de départ", help_text="La mesure d’aujourd’hui, si vous l’avez."),
            "target": number("Cible", help_text="Un nombre."),
            "unit": line("Unité", 40, help_text="Personnes, ateliers, %…"),
            "direction": listed("Vous visez", [(LESS.value, LESS.label)], empty=MORE.label),
            "method": line("Mesuré comment", 200),
        }

    def needed(self) -> dict[str, str]:
        return super().needed() or {"name-0": FIRST}

    def in_words(self, name: str) -> str:
        value = self.answer(name)
        if name.startswith(("target-", "baseline-")) and isinstance(value, Decimal):
            return f"{value.normalize():f}".replace(".", ",")
        return super().in_words(name)
