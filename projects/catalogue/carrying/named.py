"""The heirs of what names an orientation: needs, awaited documents, dated perimeters.

Nothing is written: what they name is read in the framework in force by what it became, and its archived pages keep it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from axes.adoption import Fate, Hanging, Say, Succession, Weight
from axes.models import Framework
from cohesion.lib.dates import french_date
from cohesion.lib.people import Person
from cohesion.lib.text import NBSP, count_phrase
from projects.catalogue.hanging import document_links, named_documents, named_needs, named_perimeters
from projects.catalogue.models import Need, Perimeter, ReferenceDocument
from projects.catalogue.models.perimeter import PerimeterQuerySet

Rows = Mapping[int, list[Hanging]]


@dataclass
class Following:
    """What names an orientation of the former framework, by what that one becomes; each is what the heir counts."""

    kept: list[int] = field(default_factory=list)
    taken_up: list[int] = field(default_factory=list)
    shared: list[int] = field(default_factory=list)
    orphaned: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, succession: Succession, named: Iterable[tuple[int, int]]) -> "Following":
        """``named``: the key of an orientation, then that of what names it."""
        fates = cls()
        for orientation, key in named:
            became = succession.lineage.get(orientation, ())
            if not became:
                fates.orphaned.append(key)
            elif len(became) > 1:
                fates.shared.append(key)
            else:
                fate = fates.kept if orientation in succession.still_there else fates.taken_up
                fate.append(key)
        return fates

    @property
    def followed(self) -> list[int]:
        return [*self.kept, *self.taken_up, *self.shared]


class NamingHeir:
    """An heir that writes nothing: what follows does so by itself, what is orphaned is listed."""

    single, several = "", ""  # what they are called, of one and of several

    def hold(self, former: Framework) -> None:
        """Nothing is written."""

    def forget(self, framework: Framework, by: Person) -> int:
        return 0  # nothing is decided of them one by one

    def foresee(self, succession: Succession) -> Fate:
        rows = self.rows(succession.former)
        left = {pk: hanging for pk, hanging in rows.items() if not succession.lineage.get(pk)}
        sentences = self.sentences(succession, Following.of(succession, self.named(succession.former)))
        return Fate(sentences, left, repr(sorted(rows.items())))

    def weigh(self, succession: Succession) -> dict[int, Weight]:
        rows = self.rows(succession.former)
        return {pk: Weight([count_phrase(len(hanging), self.single, self.several)]) for pk, hanging in rows.items()}

    def carry(self, succession: Succession, by: Person | None, say: Say) -> dict[str, int]:
        fates = Following.of(succession, self.named(succession.former))
        numbers = {
            self.several: len(set(fates.followed)),
            f"{self.several} sans suite": len(set(fates.orphaned)),
        }
        return {name: number for name, number in numbers.items() if number}

    def rows(self, former: Framework) -> Rows:
        """What names each orientation, by its key."""
        raise NotImplementedError

    def named(self, former: Framework) -> Iterable[tuple[int, int]]:
        """The key of an orientation, then that of what names it."""
        raise NotImplementedError

    def sentences(self, succession: Succession, fates: Following) -> list[str]:
        """What an officer reads before the adoption."""
        raise NotImplementedError


class NamingNeeds(NamingHeir):
    single, several = "besoin", "besoins"

    def rows(self, former: Framework) -> Rows:
        return named_needs(self._needs(former))

    def named(self, former: Framework) -> Iterable[tuple[int, int]]:
        return self._needs(former).values_list("orientation_id", "pk")

    def sentences(self, succession: Succession, fates: Following) -> list[str]:
        follow = count_phrase(len(fates.followed), "besoin suit", "besoins suivent")
        lose = count_phrase(len(fates.orphaned), "besoin n’a", "besoins n’ont")
        sentences = [f"{follow} ce que leur orientation devient."] if fates.followed else []
        if fates.orphaned:
            theirs = "la sienne disparaît" if len(fates.orphaned) == 1 else "les leurs disparaissent"
            sentences.append(f"{lose} plus d’orientation dans ce cadre{NBSP}: {theirs}.")
        return sentences

    def _needs(self, former: Framework) -> QuerySet[Need]:
        return Need.objects.filter(orientation__framework=former).order_by("pk")


class NamingDocuments(NamingHeir):
    """Documents, each with who answers for it and the day of looking at it again: until it is approved, what is done
    for the orientations that wait for it is provisional."""

    single, several = "document", "documents"

    def rows(self, former: Framework) -> Rows:
        return named_documents(self._links(former), "document")

    def named(self, former: Framework) -> Iterable[tuple[int, int]]:
        return self._links(former).values_list("orientation_id", "referencedocument_id")

    def sentences(self, succession: Succession, fates: Following) -> list[str]:
        everything = [*fates.followed, *fates.orphaned]
        documents = ReferenceDocument.objects.filter(pk__in=everything).select_related("owner", "followed_by")
        return [
            f"{_waiting(document, fates.followed.count(document.pk), everything.count(document.pk))} {_care(document)}"
            for document in documents
        ]

    def _links(self, former: Framework) -> QuerySet[Any]:
        """In one order whatever the database: what an officer has read of an adoption is compared with it."""
        return document_links().filter(orientation__framework=former).order_by("orientation_id", "referencedocument_id")


def _waiting(document: ReferenceDocument, followed: int, everything: int) -> str:
    """What becomes of the orientations that refer to a document."""
    name = f"«{NBSP}{document}{NBSP}», {'approuvé' if document.is_settled else 'attendu'}"
    several = everything > 1
    all_of_them = f"les {everything} orientations qui y renvoient" if several else "l’orientation qui y renvoie"
    if not followed:
        return f"{name}{NBSP}: {all_of_them} {'disparaissent' if several else 'disparaît'}."
    provisional = "" if document.is_settled else ", et ce qui y est rattaché reste provisoire"
    have = "a une suite" if followed == 1 else "ont une suite"
    if followed < everything:
        all_of_them = f"des {everything} orientations qui y renvoient, {followed}"
    return f"{name}{NBSP}: {all_of_them} {have}{provisional}."


def _care(document: ReferenceDocument) -> str:
    """Who answers for it, who follows it, when to look at it again."""
    owner = f"Responsable{NBSP}: {document.owner.name if document.owner else 'non dit'}"
    followed = f"suivi par {document.followed_by.display_name}" if document.followed_by else "personne ne le suit"
    if document.is_settled:
        return f"{owner}\u202f; {followed}."
    review = f"à revoir le {french_date(document.review_on)}" if document.review_on else "sans jour de le revoir"
    return f"{owner}\u202f; {followed}\u202f; {review}."


class NamingPerimeters(NamingHeir):
    """Where orientations apply, and from when to when: those that are over are told apart."""

    single, several = "périmètre daté", "périmètres datés"

    def rows(self, former: Framework) -> Rows:
        return named_perimeters(self._in_time(former))

    def named(self, former: Framework) -> Iterable[tuple[int, int]]:
        return self._in_time(former).values_list("orientation_id", "pk")

    def sentences(self, succession: Succession, fates: Following) -> list[str]:
        over = self._perimeters(succession.former).count() - self._in_time(succession.former).count()
        numbers = [
            (len(fates.kept), "suit son orientation, gardée", "suivent leur orientation, gardée"),
            (
                len(fates.taken_up),
                "va à l’orientation qui reprend la sienne",
                "vont à l’orientation qui reprend la leur",
            ),
            (
                len(fates.shared),
                "vaut pour chacune des orientations entre lesquelles la sienne se partage",
                "valent pour chacune des orientations entre lesquelles la leur se partage",
            ),
            (
                len(fates.orphaned),
                "n’a plus d’orientation dans ce cadre et ne s’y appliquera pas",
                "n’ont plus d’orientation dans ce cadre et ne s’y appliqueront pas",
            ),
            (over, "est terminé et reste dans l’histoire", "sont terminés et restent dans l’histoire"),
        ]
        return [
            f"{count_phrase(number, self.single, self.several)} {alone if number == 1 else together}."
            for number, alone, together in numbers
            if number
        ]

    def _in_time(self, former: Framework) -> PerimeterQuerySet:
        return self._perimeters(former).not_over(timezone.localdate())

    def _perimeters(self, former: Framework) -> PerimeterQuerySet:
        return Perimeter.objects.filter(orientation__framework=former).order_by("pk")
