"""For whom: target groups, and how many people. Counts only, never names."""

from collections.abc import Iterator
from typing import ClassVar

from cohesion.lib.text import NBSP, number_fr
from projects.catalogue.models import PeopleCount
from projects.choices import TargetGroup
from projects.declaring.fields import count, several
from projects.declaring.forms import Correction, PageForm


class PeopleForm(PageForm):
    """How many people; shared with the report."""

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

    def unbalanced(self) -> Iterator[Correction]:
        people = self.answer("people")
        if people is None:
            return
        parts = (
            (("people_from_quarters",), "Les habitants de quartiers prioritaires"),
            (PeopleCount.SEXES, "Les femmes et les hommes"),
            (PeopleCount.AGES, "Les classes d’âge"),
        )
        for names, label in parts:
            total = sum(self.answer(name) or 0 for name in names)
            if total > people:
                yield Correction(
                    names[0],
                    f"{label} font {number_fr(total)}, plus que les {number_fr(people)}{NBSP}personnes indiquées.",
                )

    def counts(self) -> dict[str, int | None]:
        """The values of :class:`PeopleCount`."""
        names = ("people", "people_from_quarters", *PeopleCount.SEXES, *PeopleCount.AGES)
        return {name: self.answer(name) for name in names}


class AudienceForm(PeopleForm):
    NEEDED: ClassVar = {
        "target_groups": "Cochez au moins un public.",
        "people": "Indiquez combien de personnes vous pensez toucher.",
    }
    field_order = ("target_groups",)

    target_groups = several("Publics visés", TargetGroup.choices)

    @property
    def in_short(self) -> str:
        return f"{self.in_words('people')}{NBSP}personnes : {self.in_words('target_groups')}"
