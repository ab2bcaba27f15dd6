"""Orientations that wait for another document: what is done for them is provisional until it is approved."""

from dataclasses import dataclass

from django.db.models import OuterRef, Prefetch, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse

from axes import hanging
from axes.adoption import Hanging
from axes.models import Orientation
from projects.catalogue.models import ReferenceDocument


def awaited_name() -> Subquery:
    """For a query of orientations: the name of the first document that each still waits for, in whichever version of
    the framework it was named."""
    documents = ReferenceDocument.objects.awaited().filter(orientations__uid=OuterRef("uid")).order_by("title", "pk")
    name = Coalesce(NullIf("acronym", Value("")), "title")
    return Subquery(documents.annotate(name=name).values("name")[:1])


@dataclass(frozen=True)
class Wait:
    """A document, and the orientations in force that name it, each with what hangs on it."""

    document: ReferenceDocument
    orientations: list[tuple[Orientation, list[Hanging]]]


def waits() -> list[Wait]:
    """The documents that orientations in force name, in a constant number of queries."""
    named = Prefetch("orientations", Orientation.objects.only("pk", "uid"))
    documents = ReferenceDocument.objects.with_orientations().select_related("owner", "followed_by")
    read = list(documents.prefetch_related(named))
    uids = {node.uid for document in read for node in document.orientations.all()}
    in_force = Orientation.objects.in_force().filter(uid__in=uids).select_related("framework")
    here = {node.uid: node for node in in_force.in_order()}
    rows = {node.pk: hung for node, hung in hanging.burden(here.values()).here.listed}
    lines = []
    for document in read:
        wanted = {node.uid for node in document.orientations.all()}
        own = reverse("admin:projects_referencedocument_change", args=[document.pk])
        nodes = [(node, _but(rows.get(node.pk, []), own)) for uid, node in here.items() if uid in wanted]
        if nodes:
            lines.append(Wait(document, nodes))
    return lines


def _but(rows: list[Hanging], address: str) -> list[Hanging]:
    return [row for row in rows if row.address != address]
