"""Orientations that wait for another document: what is done for them is provisional until it is approved."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, CharField, Prefetch, Q, Value, When
from django.urls import reverse
from django.utils import timezone

from axes import adoption, hanging
from axes.adoption import Hanging
from axes.choices import FrameworkStatus
from axes.models import Framework, Orientation
from cohesion.lib.kept import Kept
from projects.catalogue.models import Perimeter, ReferenceDocument
from projects.catalogue.models.reference import ReferenceDocumentQuerySet


def awaited_name(framework: Framework | None) -> Case:
    """For a query of orientations: the name of the first document that each of a framework waits for, « » of none.

    A document waits for what became of the orientations that it names, through every adoption since.
    """
    names = _names(framework) if framework else {}
    by_name: dict[str, list[int]] = {}
    for pk, name in names.items():
        by_name.setdefault(name, []).append(pk)
    cases = [When(pk__in=keys, then=Value(name)) for name, keys in by_name.items()]
    return Case(*cases, default=Value(""), output_field=CharField())


_kept_names: Kept[dict[int, str]] = Kept(4)


def _names(framework: Framework) -> dict[int, str]:
    """The first document that each orientation waits for, by its key; kept while a framework in force stays as it is,
    for documents raise its revision."""
    if not framework.is_in_force:
        return _read_names(framework)
    return _kept_names.get(framework.state, lambda: _read_names(framework))


def _read_names(framework: Framework) -> dict[int, str]:
    names: dict[int, str] = {}
    for document, keys in with_waiting_keys(ReferenceDocument.objects.awaited().order_by("title", "pk"), [framework]):
        for pk in keys:
            names.setdefault(pk, str(document))
    return names


def with_waiting_keys(
    documents: ReferenceDocumentQuerySet, frameworks: Iterable[Framework] | None = None
) -> list[tuple[ReferenceDocument, set[int]]]:
    """Documents with the keys of what the orientations that name them are in these frameworks (None: all that are in
    force)."""
    read = documents.prefetch_related(Prefetch("orientations", Orientation.objects.only("pk")))
    named = [(document, _keys(document.orientations.all())) for document in read]
    keys = set().union(*(own for _, own in named))
    here: dict[int, set[int]] = {key: set() for key in keys}
    standing = Framework.objects.standing() if frameworks is None else frameworks
    for framework in standing if keys else ():
        for key, successors in adoption.became(keys, framework).items():
            here[key].update(successors)
    return [(document, set().union(*map(here.__getitem__, own))) for document, own in named]


def _keys(orientations: Iterable[Orientation]) -> set[int]:
    return {node.pk for node in orientations}


def orphaned() -> tuple[list[ReferenceDocument], list[Perimeter]]:
    """The awaited documents and the perimeters that hold, or shall, of which no orientation in force is what the one
    that they name became. Two queries where there are none."""
    standing = Q(framework__in=Framework.objects.standing())
    gone = Orientation.objects.exclude(standing | Q(framework__status=FrameworkStatus.DRAFT)).values("pk")
    here = Orientation.objects.filter(standing).values("pk")
    documents = ReferenceDocument.objects.awaited().filter(orientations__in=gone).exclude(orientations__in=here)
    perimeters = Perimeter.objects.not_over(timezone.localdate()).filter(orientation__in=gone)
    lost = [document for document, keys in with_waiting_keys(documents.distinct()) if not keys]
    named = list(perimeters)
    became: set[int] = set()
    for framework in Framework.objects.standing() if named else ():
        lineage = adoption.became((perimeter.orientation_id for perimeter in named), framework)
        became |= {key for key, successors in lineage.items() if successors}
    return lost, [perimeter for perimeter in named if perimeter.orientation_id not in became]


@dataclass(frozen=True)
class Wait:
    """A document, and the orientations in force that wait for it, each with what hangs on it; without any, those that
    named it have no future there."""

    document: ReferenceDocument
    orientations: list[tuple[Orientation, list[Hanging]]]


def waits() -> list[Wait]:
    """The documents that orientations name, in a constant number of queries."""
    documents = ReferenceDocument.objects.with_orientations().select_related("owner", "followed_by")
    followed = with_waiting_keys(documents)
    keys = set().union(*(became for _, became in followed))
    here = list(Orientation.objects.filter(pk__in=keys).select_related("framework").in_order())
    rows = {node.pk: hung for node, hung in hanging.burden(here).here.listed}
    lines = []
    for document, became in followed:
        own = reverse("admin:projects_referencedocument_change", args=[document.pk])
        nodes = [(node, _but(rows.get(node.pk, []), own)) for node in here if node.pk in became]
        lines.append(Wait(document, nodes))
    return lines


def _but(rows: list[Hanging], address: str) -> list[Hanging]:
    return [row for row in rows if row.address != address]
