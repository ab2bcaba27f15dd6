"""What an officer decides of links before the framework that comes is adopted: written, and undone as if never said."""

from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from simple_history.utils import bulk_create_with_history

from axes.choices import FrameworkStatus
from axes.models import Framework, Orientation
from cohesion.lib.people import Person
from cohesion.lib.text import squeeze, validate_line
from cohesion.together.states import ChangedMeanwhile, State, fingerprint
from projects.catalogue.carrying.planning import Destination
from projects.catalogue.models import Contribution, LinkDecision
from projects.catalogue.models.carrying import REASON_LENGTH
from projects.catalogue.signing import sign

SAY_WHY = "Dites pourquoi ce rattachement n’est pas repris : le motif est conservé."


@transaction.atomic
def decide(
    *, framework: Framework, destinations: Mapping[int, Destination], by: Person, seen: State | None = None
) -> int:
    """Say where links go (by their keys), instead of what was said before; returns how many were decided.

    ``seen`` is the :func:`decision_states` that the officer read; None compares nothing.

    Raises:
        ValidationError: the framework is no longer in preparation, an orientation is not of it, a link is not of the
            framework in force, or no reason is given for one that goes nowhere.
        ChangedMeanwhile: somebody else decided of one of these links since it was read.
    """
    framework = _held(framework)
    former = Framework.objects.before(framework).first()
    links = Contribution.objects.of(former).filter(pk__in=destinations).in_bulk()
    _check(framework, destinations, links)
    _compare(framework, destinations, seen)
    _remove(framework, destinations, by)
    rows = []
    for pk, destination in destinations.items():
        for orientation in dict.fromkeys(destination.orientations) or [None]:
            row = LinkDecision(
                framework=framework,
                link=links[pk],
                orientation_id=orientation,
                reason=squeeze(destination.reason),
                decided_by=by,
            )
            rows.append(row)
    bulk_create_with_history(rows, LinkDecision, batch_size=500, default_user=by)
    return len(destinations)


@transaction.atomic
def undo(*, framework: Framework, links: Iterable[int] | None, by: Person, seen: State | None = None) -> int:
    """Take back what was decided of these links (None: of all); returns of how many something was.

    Raises:
        ValidationError: the framework is no longer in preparation.
        ChangedMeanwhile: somebody else decided of one of these links since it was read.
    """
    framework = _held(framework)
    keys = None if links is None else list(links)
    if keys is not None:
        _compare(framework, keys, seen)
    return _remove(framework, keys, by)


def decision_states(framework: Framework, links: Iterable[int]) -> State:
    """What is decided of each of these links, in a few signs: the same as long as nobody decides otherwise."""
    rows: dict[int, list[object]] = {pk: [] for pk in links}
    decided = LinkDecision.objects.filter(framework=framework, link__in=list(rows)).order_by("pk")
    for pk, *values in decided.values_list("link_id", "pk", "orientation_id", "reason"):
        rows[pk].append(values)
    return {str(pk): fingerprint(repr(values)) for pk, values in rows.items()}


def _held(framework: Framework) -> Framework:
    present = Framework.objects.select_for_update(no_key=True).filter(pk=framework.pk).first()
    if present is None or present.status != FrameworkStatus.DRAFT:
        raise ValidationError(
            "Ce cadre n’est plus en préparation : ce qui reste à décider est dans « Rattachements à refaire »."
        )
    return present


def _check(framework: Framework, destinations: Mapping[int, Destination], links: Mapping[int, Contribution]) -> None:
    if destinations.keys() - links.keys():
        raise ValidationError("Un de ces rattachements a été retiré entre-temps : rechargez la page.")
    named = {pk for destination in destinations.values() for pk in destination.orientations}
    if Orientation.objects.filter(framework=framework, pk__in=named).count() != len(named):
        raise ValidationError({"orientation": "Choisissez des orientations du cadre qui vient."})
    for destination in destinations.values():
        if not destination.orientations and not destination.reason.strip():
            raise ValidationError({"reason": SAY_WHY})
        validate_line(destination.reason)
        if len(destination.reason) > REASON_LENGTH:
            raise ValidationError({"reason": f"Le motif a plus de {REASON_LENGTH} caractères : raccourcissez-le."})


def _compare(framework: Framework, links: Iterable[int], seen: State | None) -> None:
    if seen is None:
        return
    now = decision_states(framework, links)
    if any(seen.get(key) != value for key, value in now.items()):
        raise ChangedMeanwhile(
            "Quelqu’un a décidé entre-temps d’un de ces rattachements : rien n’a été fait. Relisez, puis décidez."
        )


def _remove(framework: Framework, links: Iterable[int] | None, by: Person) -> int:
    rows = LinkDecision.objects.filter(framework=framework)
    kept = list(rows if links is None else rows.filter(link__in=list(links)))
    for row in kept:
        sign(row, by, "Revenu sur cette décision").delete()
    return len({row.link_id for row in kept})
