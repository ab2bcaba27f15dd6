"""Where the action takes place."""

from collections.abc import Iterator
from typing import ClassVar

from django.utils import timezone

from cohesion.lib.queries import InFrench
from cohesion.lib.text import fold
from projects.choices import Scale
from projects.declaring.fields import one_of, several
from projects.declaring.forms import Correction, PageForm
from projects.declaring.pages.calendar import dates
from projects.territory.models import Territory

NO_QUARTER = (
    "Aucun quartier n’est enregistré pour ces dates : cochez la commune, et nommez le quartier dans la description."
)


class TerritoryForm(PageForm):
    NEEDED: ClassVar = {"scale": "Dites à quelle échelle l’action se déroule."}

    scale = one_of("Échelle", Scale.choices)
    communes = several("Communes", [])
    quarters = several("Quartiers", [], help_text="Les quartiers prioritaires où l’action se déroule.")

    def build(self) -> None:
        communes = Territory.objects.communes().values_list("code", "name")
        self.fields["communes"].choices = sorted(communes, key=lambda commune: fold(commune[1]))  # type: ignore[attr-defined]
        start, _ = dates(self.declaration)
        quarters = Territory.objects.quarters().on(start or timezone.localdate()).order_by(InFrench("name"))
        self.known_quarters = [(str(quarter.pk), quarter.name) for quarter in quarters]
        self.fields["quarters"].choices = self.known_quarters  # type: ignore[attr-defined]
        if not self.known_quarters:
            self.fields["quarters"].help_text = NO_QUARTER

    def needed(self) -> dict[str, str]:
        scale = self.answer("scale")
        if scale == Scale.QUARTER and self.known_quarters:
            return self.NEEDED | {"quarters": "Cochez le quartier où l’action se déroule."}
        if scale in (Scale.QUARTER, Scale.COMMUNE, Scale.COMMUNES):
            return self.NEEDED | {"communes": "Cochez la ou les communes où l’action se déroule."}
        return self.NEEDED

    def unbalanced(self) -> Iterator[Correction]:
        number = len(self.answer("communes") or [])
        if self.answer("scale") == Scale.COMMUNE and number > 1:
            yield Correction(
                "communes", f"L’échelle est « Une commune », et {number} sont cochées : corrigez l’une ou l’autre."
            )
        if self.answer("scale") == Scale.COMMUNES and number == 1:
            yield Correction("communes", "L’échelle est « Plusieurs communes », et une seule est cochée.")
        start, end = dates(self.declaration)
        for place in self.places():
            if not place.exists_during(start, end):
                yield Correction("quarters", f"« {place.name} » n’existe pas aux dates de l’action : décochez-le.")

    def places(self) -> list[Territory]:
        """The territories that are ticked; for the whole agglomération, its communes are not named one by one."""
        communes, quarters = self.answer("communes") or [], self.answer("quarters") or []
        places = list(Territory.objects.defer("outline").communes().filter(code__in=communes))
        return places + list(Territory.objects.defer("outline").filter(pk__in=[int(pk) for pk in quarters]))
