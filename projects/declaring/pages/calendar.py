"""When the action takes place."""

import datetime
from typing import ClassVar

from django.utils import timezone

from projects.declaring.contradictions import CALENDAR
from projects.declaring.fields import day, line
from projects.declaring.forms import PageForm
from projects.declaring.models import Declaration


class CalendarForm(PageForm):
    NEEDED: ClassVar = {"starts_on": "Indiquez quand l’action commence.", "ends_on": "Indiquez quand elle finit."}

    RULES: ClassVar = CALENDAR

    starts_on = day("Début")
    ends_on = day("Fin", is_end=True)
    frequency = line("Fréquence", 150, help_text="Par exemple : chaque mercredi, hors vacances scolaires.")

    def build(self) -> None:
        """The examples are of the year of the call, or of the next."""
        campaign = self.declaration.campaign
        year = campaign.year if campaign else timezone.localdate().year + 1
        self.fields[
            "starts_on"
        ].help_text = (
            f"Par exemple 12/03/{year}. Si vous n’écrivez que le mois (mars {year}), ce sera son premier jour."
        )
        self.fields[
            "ends_on"
        ].help_text = (
            f"Par exemple 18/12/{year}. Si vous n’écrivez que le mois (décembre {year}), ce sera son dernier jour."
        )

    @property
    def in_short(self) -> str:
        return f"Du {self.in_words('starts_on')} au {self.in_words('ends_on')}"


def dates(declaration: Declaration) -> tuple[datetime.date | None, datetime.date | None]:
    """The dates that the declaration gives, where they can be read."""
    form = CalendarForm(declaration, declaration.answers.get("calendrier", {}))
    return form.answer("starts_on"), form.answer("ends_on")
