"""Writes about projects that a person decides: atomic, keyword-only, each recorded with who and why."""

from collections.abc import Iterable, Sequence
from operator import attrgetter

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, ProtectedError, Q

from axes.choices import FrameworkStatus
from axes.models import Framework, Orientation
from cohesion.lib.people import Person
from cohesion.together.states import ChangedMeanwhile
from projects.catalogue import deletion, stamps
from projects.catalogue.models import Contribution, Place, Project
from projects.catalogue.signing import sign
from projects.catalogue.writing import HangingRows, Signature, links_to
from projects.territory.models import Territory


class ProjectConflict(ChangedMeanwhile):
    """Somebody changed the project since it was read. ``current`` is the project as it is now."""

    def __init__(self, current: Project) -> None:
        self.current = current
        super().__init__(
            f"« {current} » a été modifié entre-temps par quelqu’un d’autre : relisez-le avant d’enregistrer."
        )


@transaction.atomic
def save_project(*, project: Project, by: Person, reason: str = "") -> Project:
    """Write a new or edited project; its row is locked before its version is compared.

    The state of a project that is there is changed by a step (:func:`projects.instructing.moving.move`).

    Raises:
        ValidationError: a rule is broken, its state is another, or the project was deleted since it was read.
        ProjectConflict: somebody else changed it since it was read.
    """
    seen = project.version
    if not project._state.adding:
        current = Project.objects.select_for_update().filter(pk=project.pk).first()
        if current is None:
            raise ValidationError("Ce projet a été supprimé entre-temps.", code="deleted")
        if current.version != seen:
            raise ProjectConflict(current)
        if current.status != project.status:
            raise ValidationError({"status": "L’état d’un dossier change par une étape, qui demande ce qu’il y faut."})
        project.version = seen + 1
    try:
        project.full_clean()
        sign(project, by, reason).save()
    except BaseException:
        project.version = seen
        raise
    return project


@transaction.atomic
def set_contributions(
    *,
    project: Project,
    main: Orientation,
    secondary: Sequence[tuple[Orientation, str]] = (),
    main_rationale: str | None = None,
    by: Person | None = None,
    reason: str = "",
) -> None:
    """Say which orientations a project serves: exactly one main, and the others each with its reason.

    ``main_rationale`` is the reason of the main one; None keeps the one it has.

    Its links to the orientations of other frameworks stay as they are.

    Raises:
        ValidationError: an orientation is given twice, they are not all of one framework, or another framework came
            into force since they were chosen.
    """
    Project.objects.select_for_update().get(pk=project.pk)
    # Whoever puts another framework in force holds this row until the links are carried.
    framework = Framework.objects.select_for_update(no_key=True).get(pk=main.framework_id)
    if framework.status == FrameworkStatus.ARCHIVED:
        raise ValidationError(
            "Un autre cadre est entré en vigueur entre-temps : choisissez à nouveau les orientations de ce projet.",
            code="archived",
        )
    _link(project, framework, _links(project, main, main_rationale, secondary), Signature(by, reason))


def set_contributions_beside(
    *,
    project: Project,
    framework: Framework,
    main: Orientation | None,
    secondary: Sequence[tuple[Orientation, str]] = (),
    main_rationale: str | None = None,
    by: Person | None = None,
    reason: str = "",
) -> None:
    """The same, for a framework that a project need not serve: without a main orientation, it serves it no more.

    Raises:
        ValidationError: as :func:`set_contributions`.
    """
    if main is not None:
        set_contributions(
            project=project, main=main, secondary=secondary, main_rationale=main_rationale, by=by, reason=reason
        )
    else:
        with transaction.atomic():
            Project.objects.select_for_update().get(pk=project.pk)
            _link(project, framework, [], Signature(by, reason))


def _link(project: Project, framework: Framework, links: Sequence[Contribution], signature: Signature) -> None:
    rows = links_to({project.pk: links}, Q(orientation__framework=framework), signature)
    rows.put()
    if rows.has_changed:
        stamps.project_written(project)


def _links(
    project: Project, main: Orientation, main_rationale: str | None, secondary: Sequence[tuple[Orientation, str]]
) -> list[Contribution]:
    """The links that are wanted, checked, the main one first."""
    if main_rationale is None:
        present = project.contributions.filter(orientation=main)
        main_rationale = present.values_list("rationale", flat=True).first() or ""
    links = [Contribution(project=project, orientation=main, is_main=True, rationale=main_rationale.strip())]
    for orientation, rationale in secondary:
        if any(link.orientation_id == orientation.pk for link in links):
            raise ValidationError(f"L’orientation {orientation.code} est indiquée deux fois.")
        if orientation.framework_id != main.framework_id:
            raise ValidationError("Les orientations d’un projet sont toutes du même cadre.")
        links.append(Contribution(project=project, orientation=orientation, rationale=rationale.strip()))
    for link in links:
        link.clean_fields()
    return links


@transaction.atomic
def set_places(
    *, project: Project, territories: Iterable[Territory], by: Person | None = None, reason: str = ""
) -> None:
    """Say where a project acts: those that are left out are taken away, those that stay keep their history."""
    places = [Place(project=project, territory=territory) for territory in territories]
    wanted = {project.pk: places}
    rows = HangingRows(Place, wanted, attrgetter("territory_id"), (), signature=Signature(by, reason))
    rows.put()
    if rows.has_changed:
        stamps.project_written(project)


@transaction.atomic
def delete_row(*, row: Model, by: Person, reason: str = "") -> None:
    """Delete a draft, or an organisation, a territory, a scheme… on which nothing hangs. Its history stays.

    Raises:
        ValidationError: it is no draft any more, or something hangs on it.
    """
    current = type(row)._default_manager.select_for_update().filter(pk=row.pk).first()
    if current is None:
        return
    if sentence := deletion.refusal(current):
        raise ValidationError(sentence)
    try:
        sign(current, by, reason).delete()
    except ProtectedError as error:  # attached since it was looked at
        named = sorted({str(type(attached)._meta.verbose_name_plural).lower() for attached in error.protected_objects})
        raise ValidationError(
            f"« {row} » ne peut pas être supprimé. Il faut d’abord rattacher ailleurs : {', '.join(named)}."
        ) from error
