"""For whom: target groups, and how many people. Counts only, never names."""

from collections.abc import Iterable
from typing import Any, ClassVar

from cohesion.lib.text import NBSP
from projects.catalogue.models import PeopleCount
from projects.choices import TargetGroup
from projects.declaring.contradictions import PEOPLE
from projects.declaring.fields import count, several
from projects.declaring.forms import PageForm

CLASSES = ("people_from_quarters", *PeopleCount.SEXES)
COUNTED = (*CLASSES, *PeopleCount.AGES)


class PeopleForm(PageForm):
    """How many people; shared with the report."""

    RULES: ClassVar = PEOPLE
    EXPLAINED: ClassVar = {"people_from_quarters": ("QPV",)}

    people = count("Nombre de personnes", help_text="Comptez chaque personne une fois, même si elle vient souvent.")
    people_from_quarters = count("dont habitants de quartiers prioritaires")
    women = count("dont femmes")
    men = count("dont hommes")
    age_0_2 = count("de 0 à 2 ans")
    age_3_5 = count("de 3 à 5 ans")
    age_6_11 = count("de 6 à 11 ans")
    age_12_17 = count("de 12 à 17 ans")
    age_18_25 = count("de 18 à 25 ans")
    age_26_59 = count("de 26 à 59 ans")
    age_60 = count("de 60 ans et plus")

    def is_optional(self, name: str) -> bool:
        """The legend of the classes says it for all of them."""
        return name not in COUNTED and super().is_optional(name)

    def counts(self) -> dict[str, int | None]:
        """The values of :class:`PeopleCount`."""
        return {name: self.answer(name) for name in ("people", *COUNTED)}

    @property
    def has_optional(self) -> bool:
        return True

    @property
    def classes(self) -> list[tuple[str, list[Any], bool]]:
        """The classes of people under their legends; whether one of them is given."""
        return [self._class("Parmi ces personnes", CLASSES), self._class("Par âge", PeopleCount.AGES)]

    def _class(self, legend: str, names: Iterable[str]) -> tuple[str, list[Any], bool]:
        fields = [self[name] for name in names]
        return legend, fields, any(field.value() for field in fields)


class AudienceForm(PeopleForm):
    NEEDED: ClassVar = {
        "target_groups": "Cochez au moins un public.",
        "people": "Indiquez combien de personnes vous pensez toucher.",
    }
    field_order = ("target_groups",)
    template = "space/audience_fields.html"

    target_groups = several("Publics visés", TargetGroup.choices)

    def build(self) -> None:
        self.fields["people"].label = "Nombre de personnes attendues"

    @property
    def in_short(self) -> str:
        return f"{self.in_words('people')}{NBSP}personnes : {self.in_words('target_groups')}"
