"""What belongs to a project or to an offer, in the history that an officer reads."""

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any

from django.db.models import Model
from simple_history.utils import get_history_manager_for_model

from axes.models import Framework, Orientation
from projects.catalogue.models import CoLead, Contribution, Offer, OfferSite, Place, Project
from projects.choices import ProjectKind
from projects.members.models import Organization
from projects.territory.models import Territory

Parts = Iterator[tuple[str, Iterable[Any]]]


def of_project(project: Project, names: dict[Any, str]) -> Parts:
    """Its links to the framework, its co-leads, its places and its offers, those that are gone included."""

    def orientation(record: Any) -> str:
        return names.get(("orientation", record.orientation_id), "une orientation supprimée depuis")

    def territory(record: Any) -> str:
        return names.get(("territory", record.territory_id), "un territoire supprimé depuis")

    def organization(record: Any) -> str:
        return names.get(("organization", record.organization_id), "supprimée depuis")

    yield from _parts(Contribution, lambda record: f"Rattachement à {orientation(record)}", project=project.pk)
    yield from _parts(CoLead, lambda record: f"Structure associée {organization(record)}", project=project.pk)
    yield from _parts(Place, lambda record: f"Lieu {territory(record)}", project=project.pk)
    yield from _parts(Offer, lambda record: f"Offre « {record.name} »", project=project.pk)


def of_offer(offer: Offer, names: dict[Any, str]) -> Parts:
    """Where it is given."""

    def site(record: Any) -> str:
        return f"Site {names.get(record.territory_id, 'supprimé depuis')}"

    yield from _parts(OfferSite, site, offer=offer.pk)


def _parts(model: type[Model], name: Callable[[Any], str], **owner: int) -> Parts:
    """The records of each row that belongs, or belonged, to an owner: one query for all."""
    records = get_history_manager_for_model(model).filter(**owner).select_related("history_user")
    ordered = records.order_by("id", "-history_date", "-history_id")
    for _, own in groupby(ordered, key=lambda record: record.id):
        rows = list(own)
        yield name(rows[0]), rows


def project_names() -> dict[Any, str]:
    """What the history of a project points at: several relations, whose keys may be the same numbers."""
    hosts = Project.objects.filter(kind=ProjectKind.PST).values_list("pk", "title")
    read = {
        "organization": ((row.pk, str(row)) for row in Organization.objects.all()),
        "host": hosts,
        "orientation": Orientation.objects.values_list("pk", "code"),
        "territory": Territory.objects.values_list("pk", "name"),
    }
    return {(field, pk): name for field, rows in read.items() for pk, name in rows}


def orientation_names() -> dict[int, str]:
    """The codes of the orientations of adopted frameworks, of every programme."""
    orientations = Orientation.objects.filter(framework__in=Framework.objects.public())
    return dict(orientations.values_list("pk", "code"))
