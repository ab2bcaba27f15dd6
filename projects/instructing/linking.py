"""Which orientations a file answers, written from the file: in the framework of reference and in each of the others."""

from collections.abc import Sequence

from django.db import transaction

from axes.models import Framework, Orientation
from cohesion.lib.people import Person
from cohesion.together.states import ChangedMeanwhile, State, differing, fingerprint, while_you_wrote
from projects.catalogue import actions
from projects.catalogue.models import Contribution, Project

PAGE = "links"  # what seals the state that the page showed
REASON = "Rattachements revus sur le dossier"
Links = tuple[Orientation | None, Sequence[tuple[Orientation, str]]]


def frameworks() -> list[Framework]:
    """Those in force, that of the reference programme first."""
    return [*Framework.objects.in_force().select_related("programme"), *beside()]


def beside() -> list[Framework]:
    return list(Framework.objects.beside().select_related("programme"))


def seen_links(project: Project, standing: Sequence[Framework]) -> State:
    """What the project serves in each of these frameworks, in a few signs."""
    rows: dict[int, list[object]] = {framework.pk: [] for framework in standing}
    links = Contribution.objects.filter(project=project, orientation__framework__in=rows).order_by("orientation_id")
    for framework, *values in links.values_list("orientation__framework_id", "orientation_id", "is_main", "rationale"):
        rows[framework].append(values)
    return {str(pk): fingerprint(repr(values)) for pk, values in rows.items()}


@transaction.atomic
def write_links(*, project: Project, chosen: Sequence[tuple[Framework, Links]], seen: State, by: Person) -> bool:
    """Write what the file answers in each framework that was shown, all or none; whether anything changed.

    Raises:
        ValidationError: as :func:`projects.catalogue.actions.set_contributions`.
        ChangedMeanwhile: somebody changed these links since the page was read.
    """
    Project.objects.select_for_update().get(pk=project.pk)
    shown = [framework for framework, _ in chosen]
    before = seen_links(project, shown)
    if differing({key: value for key, value in seen.items() if key in before}, before):
        raise ChangedMeanwhile(while_you_wrote("quelqu’un", "changé ces rattachements"))
    for framework, (main, secondary) in chosen:
        actions.set_contributions_beside(
            project=project, framework=framework, main=main, secondary=secondary, by=by, reason=REASON
        )
    return seen_links(project, shown) != before
