"""Where the action takes place."""

import datetime
from typing import ClassVar

from django.utils import timezone
from django.utils.functional import cached_property

from cohesion.lib.forms import offer
from cohesion.lib.nouns import Noun
from cohesion.lib.queries import InFrench
from cohesion.lib.text import fold, whole_number
from projects.choices import Scale
from projects.declaring.contradictions import TERRITORY
from projects.declaring.fields import one_of, several, several_of_many
from projects.declaring.forms import PageForm
from projects.declaring.pages.calendar import dates
from projects.territory.models import Territory

QUARTERS = "Ceux où l’action se déroule. Nécessaires si l’échelle est un quartier."
NO_QUARTER = (
    "Aucun quartier n’est enregistré pour ces dates : cochez la commune, et nommez le quartier dans la description."
)


class TerritoryForm(PageForm):
    NEEDED: ClassVar = {"scale": "Dites à quelle échelle l’action se déroule."}
    CONDITIONAL: ClassVar = ("communes", "quarters")
    RULES: ClassVar = TERRITORY
    EXPLAINED: ClassVar = {"quarters": ("QPV",)}

    scale = one_of("Échelle", Scale.choices)
    communes = several_of_many(
        "Communes", Noun("commune", "communes"), help_text="Nécessaires, sauf pour toute l’agglomération."
    )
    quarters = several("Quartiers", [], help_text=QUARTERS)

    def build(self) -> None:
        communes = Territory.objects.communes().values_list("code", "name")
        offer(self, "communes", sorted(communes, key=lambda commune: fold(commune[1])))
        start, _ = dates(self.declaration)
        there = Territory.objects.quarters().on(start or timezone.localdate())
        # What was ticked before the dates changed is shown, to be unticked.
        ticked = [whole_number(str(pk)) for pk in self.typed.get("quarters", [])]
        quarters = there | Territory.objects.quarters().filter(pk__in=[pk for pk in ticked if pk is not None])
        named = quarters.order_by(InFrench("name")).values_list("pk", "name")
        self.known_quarters = [(str(pk), name) for pk, name in named]
        offer(self, "quarters", self.known_quarters)
        if not self.known_quarters:
            self.fields["quarters"].help_text = NO_QUARTER

    def needed(self) -> dict[str, str]:
        scale = self.answer("scale")
        if scale == Scale.QUARTER and self.known_quarters:
            return self.NEEDED | {"quarters": "Cochez le quartier où l’action se déroule."}
        if scale in (Scale.QUARTER, Scale.COMMUNE, Scale.COMMUNES):
            return self.NEEDED | {"communes": "Cochez la ou les communes où l’action se déroule."}
        return self.NEEDED

    @property
    def dates(self) -> tuple[datetime.date | None, datetime.date | None]:
        """Those of the action, where the calendar says them."""
        return dates(self.declaration)

    @cached_property
    def _places(self) -> list[Territory]:
        communes, quarters = self.answer("communes") or [], self.answer("quarters") or []
        places = list(Territory.objects.defer("outline").communes().filter(code__in=communes))
        return places + list(Territory.objects.defer("outline").filter(pk__in=[int(pk) for pk in quarters]))

    def places(self) -> list[Territory]:
        """The territories that are ticked; for the whole agglomération, its communes are not named one by one."""
        return self._places
