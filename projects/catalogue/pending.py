"""Orientations that wait for another document: what is done for them is provisional until it is approved."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import OuterRef, Prefetch, Q, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse

from axes import adoption, hanging
from axes.adoption import Hanging
from axes.choices import FrameworkStatus
from axes.models import Framework, Orientation
from projects.catalogue.models import ReferenceDocument
from projects.catalogue.models.reference import ReferenceDocumentQuerySet


def awaited_name() -> Subquery:
    """For a query of orientations: the name of the first document that each still waits for, in whichever version of
    the framework it was named; that of what it took up, too, when its framework was adopted. Nothing is read apart:
    :func:`waits`, which follows every adoption since, is the page of officers."""
    own = Q(orientations__uid=OuterRef("uid"))
    adopted = Q(orientations__descents__framework__status__in=(FrameworkStatus.IN_FORCE, FrameworkStatus.ARCHIVED))
    taken_up = adopted & Q(orientations__descents__successor__uid=OuterRef("uid"))
    name = Coalesce(NullIf("acronym", Value("")), "title")
    documents = ReferenceDocument.objects.awaited().filter(own | taken_up).order_by("title", "pk")
    return Subquery(documents.annotate(name=name).values("name")[:1])


def with_waiting_keys(documents: ReferenceDocumentQuerySet) -> list[tuple[ReferenceDocument, set[int]]]:
    """Documents with the keys of what the orientations that name them are in the frameworks in force."""
    read = documents.prefetch_related(Prefetch("orientations", Orientation.objects.only("pk")))
    named = [(document, _keys(document.orientations.all())) for document in read]
    keys = set().union(*(own for _, own in named))
    here: dict[int, set[int]] = {key: set() for key in keys}
    for framework in Framework.objects.standing() if keys else ():
        for key, successors in adoption.became(keys, framework).items():
            here[key].update(successors)
    return [(document, set().union(*map(here.__getitem__, own))) for document, own in named]


def _keys(orientations: Iterable[Orientation]) -> set[int]:
    return {node.pk for node in orientations}


@dataclass(frozen=True)
class Wait:
    """A document, and the orientations in force that name it, each with what hangs on it."""

    document: ReferenceDocument
    orientations: list[tuple[Orientation, list[Hanging]]]


def waits() -> list[Wait]:
    """The documents that orientations in force name, in a constant number of queries."""
    documents = ReferenceDocument.objects.with_orientations().select_related("owner", "followed_by")
    followed = with_waiting_keys(documents)
    keys = set().union(*(became for _, became in followed))
    here = list(Orientation.objects.filter(pk__in=keys).select_related("framework").in_order())
    rows = {node.pk: hung for node, hung in hanging.burden(here).here.listed}
    lines = []
    for document, became in followed:
        own = reverse("admin:projects_referencedocument_change", args=[document.pk])
        nodes = [(node, _but(rows.get(node.pk, []), own)) for node in here if node.pk in became]
        if nodes:
            lines.append(Wait(document, nodes))
    return lines


def _but(rows: list[Hanging], address: str) -> list[Hanging]:
    return [row for row in rows if row.address != address]
