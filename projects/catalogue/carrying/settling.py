"""What a change of framework left to decide, decided after it."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from axes.choices import FrameworkStatus
from axes.models import Framework, Orientation
from cohesion.lib.people import Person
from projects.catalogue import stamps
from projects.catalogue.carrying.deciding import SAY_WHY
from projects.catalogue.models import Contribution, Project, UncarriedLink
from projects.catalogue.signing import sign


@transaction.atomic
def settle(*, pending: UncarriedLink, orientations: Sequence[Orientation], reason: str, by: Person) -> UncarriedLink:
    """Say what becomes of a link that was not carried: linked to ``orientations`` instead, or to nothing.

    The project takes the first new link as the former was, main or secondary, unless it has a main one already; the
    others are secondary.

    Raises:
        ValidationError: somebody settled it before, an orientation is not of the framework in force, or no reason is
            given for linking it to nothing.
    """
    project = Project.objects.select_for_update().get(pk=pending.link.project_id)
    current = (
        UncarriedLink.objects.select_for_update(of=("self",))
        .select_related("link__orientation__framework")
        .get(pk=pending.pk)
    )
    if current.settled_at is not None:
        raise ValidationError(
            f"Quelqu’un a déjà décidé de ce rattachement : {current.outcome} Rechargez la page.", code="settled"
        )
    reason = reason.strip()
    if not orientations:
        if not reason:
            raise ValidationError({"reason": SAY_WHY})
        outcome = f"Non repris : {reason}"
    else:
        codes = [_relink(project, current.link, orientation, reason, by) for orientation in orientations]
        outcome = f"Rattaché à {', '.join(codes)}.{f' {reason}' if reason else ''}"
    current.settled_at, current.settled_by, current.outcome = timezone.now(), by, outcome[:500]
    current.save()
    stamps.raise_revision()
    # Whoever has the project's form open must see the link that came.
    Project.objects.filter(pk=project.pk).update(version=F("version") + 1, updated_at=timezone.now())
    return current


def _relink(project: Project, former: Contribution, orientation: Orientation, reason: str, by: Person) -> str:
    """Link the project to an orientation; returns its code, and whether it is now the main one."""
    framework = Framework.objects.select_for_update(no_key=True).get(pk=orientation.framework_id)
    is_of_another = framework.programme_id != former.orientation.framework.programme_id
    if framework.status != FrameworkStatus.IN_FORCE or is_of_another:
        raise ValidationError({"orientation": "Choisissez une orientation du cadre en vigueur."})
    present = project.contributions.of(framework)
    link = present.filter(orientation=orientation).first()
    if link is None:
        link = Contribution(project=project, orientation=orientation, rationale=former.rationale)
    link.is_main = link.is_main or (former.is_main and not present.filter(is_main=True).exists())
    link.full_clean()
    sign(link, by, reason or f"Prend la suite de {former.orientation.code}").save()
    return f"{orientation.code}{' (principale)' if link.is_main else ''}"
