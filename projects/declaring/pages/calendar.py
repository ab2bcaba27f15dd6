"""When the action takes place."""

import datetime
from collections.abc import Iterator
from typing import ClassVar

from projects.declaring.fields import day, line
from projects.declaring.forms import Gap, PageForm
from projects.models import Declaration


class CalendarForm(PageForm):
    NEEDED: ClassVar = {"starts_on": "Indiquez quand l’action commence.", "ends_on": "Indiquez quand elle finit."}

    starts_on = day("Début", help_text="Par exemple 12/03/2027 ; ou un mois : mars 2027, son premier jour.")
    ends_on = day("Fin", is_end=True, help_text="Par exemple 18/12/2027 ; ou un mois : juin 2028, son dernier jour.")
    frequency = line("Fréquence", 150, help_text="Par exemple : chaque mercredi, hors vacances scolaires.")

    @property
    def in_short(self) -> str:
        return f"Du {self.said('starts_on')} au {self.said('ends_on')}"

    def unbalanced(self) -> Iterator[Gap]:
        start, end = self.answer("starts_on"), self.answer("ends_on")
        if end < start:
            yield Gap("ends_on", "La fin précède le début : corrigez l’une des deux dates.")
        elif (campaign := self.declaration.campaign) and not start.year <= campaign.year <= end.year:
            yield Gap("starts_on", f"L’appel « {campaign.name} » porte sur {campaign.year} : ces dates n’y sont pas.")


def dates(declaration: Declaration) -> tuple[datetime.date | None, datetime.date | None]:
    """The dates that the declaration gives, where they can be read."""
    form = CalendarForm(declaration, declaration.answers.get("calendrier", {}))
    return form.answer("starts_on"), form.answer("ends_on")
