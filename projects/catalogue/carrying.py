"""What becomes of the links of projects when a framework takes the place of another.

A link to an orientation that is kept is repeated in the framework that comes; one to an orientation that goes is noted,
and waits for an officer (:class:`UncarriedLink`). The links to the former framework stay as they were: its pages keep
their counts. Needs and documents keep the orientation that they named: it is read in the framework in force by its
``uid``.
"""

from collections import Counter
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from axes import adoption
from axes.adoption import Fate, Hanging, Succession
from axes.choices import FrameworkStatus
from axes.models import Framework, Orientation
from cohesion.lib.people import Person
from cohesion.lib.text import count_phrase
from projects.catalogue import stamps
from projects.catalogue.models import Contribution, Need, Project, ReferenceDocument, UncarriedLink
from projects.catalogue.signing import sign

BATCH = 500
REASON_LENGTH = 300  # characters


class ProjectLinks:
    """The heir of the links of projects."""

    def hold(self, former: Framework) -> None:
        """Whoever links a project to the former framework ends first, or waits until it is archived."""
        linked = Contribution.objects.of(former).values("project")
        list(Project.objects.select_for_update(no_key=True).filter(pk__in=linked).order_by("pk").values_list("pk"))

    def foresee(self, succession: Succession) -> Fate:
        links = list(_links(succession.former).select_related("project"))
        carried = [link for link in links if link.orientation_id in succession.successors]
        left = [link for link in links if link.orientation_id not in succession.successors]
        hanging: dict[int, list[Hanging]] = {}
        for link in left:
            hanging.setdefault(link.orientation_id, []).append(_hanging(link))
        return Fate(_foreseen(carried, left), hanging)

    def carry(self, succession: Succession, by: Person) -> dict[str, int]:
        successors = succession.successors
        there = set(_links(succession.framework).values_list("project_id", "orientation_id"))
        with_main = set(_links(succession.framework).filter(is_main=True).values_list("project_id", flat=True))
        carried: list[Contribution] = []
        left: list[UncarriedLink] = []
        numbers: Counter[str] = Counter()
        for link in _links(succession.former).iterator(BATCH):
            orientation = successors.get(link.orientation_id)
            if orientation is None:
                left.append(UncarriedLink(link=link))
                numbers["à refaire"] += 1
            elif (link.project_id, orientation) not in there:
                carried.append(_twin(link, orientation, succession.framework, with_main))
            numbers["rattachements"] += 1
            _write(carried, left, succession.former, by, at_least=BATCH)
        _write(carried, left, succession.former, by)
        return {"rattachements": numbers["rattachements"], "à refaire": numbers["à refaire"]}


class NamedOrientations:
    """The heir of needs and documents: nothing is written, what they name is read by its ``uid``."""

    def hold(self, former: Framework) -> None:
        """Nothing is written."""

    def foresee(self, succession: Succession) -> Fate:
        left: dict[int, list[Hanging]] = {}
        gone = [node.pk for node in succession.gone]
        for need in Need.objects.filter(orientation__in=gone):
            address = reverse("admin:projects_need_change", args=[need.pk])
            left.setdefault(need.orientation_id or 0, []).append(Hanging(f"besoin « {need.wording} »", address))
        named = ReferenceDocument.orientations.through._base_manager.filter(orientation__in=gone)
        for link in named.select_related("referencedocument"):
            address = reverse("admin:projects_referencedocument_change", args=[link.referencedocument_id])
            left.setdefault(link.orientation_id, []).append(Hanging(f"document « {link.referencedocument} »", address))
        return Fate(left=left)

    def carry(self, succession: Succession, by: Person) -> dict[str, int]:
        return {}


def connect() -> None:
    for heir in (ProjectLinks(), NamedOrientations()):
        adoption.register(heir)


def _links(framework: Framework) -> QuerySet[Contribution]:
    return Contribution.objects.of(framework).order_by("project__code", "-is_main", "orientation__lft", "pk")


def _foreseen(carried: list[Contribution], left: list[Contribution]) -> list[str]:
    if not carried and not left:
        return ["Aucun projet n’est rattaché au cadre en vigueur."]
    sentences = [
        f"{count_phrase(len(carried), 'rattachement est repris', 'rattachements sont repris')} "
        f"({count_phrase(_projects(carried), 'projet')}) : leur orientation est gardée."
    ]
    if left:
        public = _projects(link for link in left if link.project.is_public)
        sentences.append(
            f"{count_phrase(len(left), 'rattachement reste', 'rattachements restent')} à refaire "
            f"({count_phrase(_projects(left), 'projet')}, dont {count_phrase(public, 'public')}) : leur orientation "
            "disparaît. Ils vous attendront dans « Rattachements à refaire » ; les pages publiques diront le nombre "
            "des projets publics."
        )
    return [
        *sentences,
        "Les projets gardent aussi leurs rattachements au cadre archivé, dont les pages restent lisibles.",
    ]


def _projects(links: Iterable[Contribution]) -> int:
    return len({link.project_id for link in links})


def _hanging(link: Contribution) -> Hanging:
    kind = "principale" if link.is_main else "secondaire"
    address = reverse(f"admin:projects_{link.project.kind}_change", args=[link.project_id])
    return Hanging(f"{link.project.code} {link.project.title} ({kind})", address)


def _twin(link: Contribution, orientation: int, framework: Framework, with_main: set[int]) -> Contribution:
    """The same link in the framework that comes; it is not the main one where the project has one there already."""
    is_main = link.is_main and link.project_id not in with_main
    return Contribution(
        project_id=link.project_id,
        orientation_id=orientation,
        framework=framework,
        is_main=is_main,
        rationale=link.rationale,
    )


def _write(
    carried: list[Contribution], left: list[UncarriedLink], former: Framework, by: Person, *, at_least: int = 1
) -> None:
    """Write what has gathered, once it is so many, and begin again."""
    if len(carried) >= at_least:
        reason = f"Repris du cadre « {former.slug} »"[:100]
        bulk_create_with_history(carried, Contribution, default_user=by, default_change_reason=reason)
        carried.clear()
    if len(left) >= at_least:
        UncarriedLink.objects.bulk_create(left)  # not the tree
        left.clear()


# --- what was left --------------------------------------------------------------------------------------------


@transaction.atomic
def settle(*, pending: UncarriedLink, orientation: Orientation | None, reason: str, by: Person) -> UncarriedLink:
    """Say what becomes of a link that was not carried: linked to ``orientation`` instead, or (None) to nothing.

    The project takes the new link as the former was, main or secondary, unless it has a main one already.

    Raises:
        ValidationError: somebody settled it before, the orientation is not of the framework in force, or no reason is
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
    if orientation is None:
        if not reason:
            raise ValidationError(
                {"reason": "Dites pourquoi ce rattachement n’est pas repris : le motif est conservé."}
            )
        outcome = f"Non repris : {reason}"
    else:
        outcome = _relink(project, current.link, orientation, reason, by)
    current.settled_at, current.settled_by, current.outcome = timezone.now(), by, outcome
    current.save()
    stamps.raise_revision()
    # Whoever has the project's form open must see the link that came.
    Project.objects.filter(pk=project.pk).update(version=F("version") + 1, updated_at=timezone.now())
    return current


def _relink(project: Project, former: Contribution, orientation: Orientation, reason: str, by: Person) -> str:
    framework = Framework.objects.select_for_update(no_key=True).get(pk=orientation.framework_id)
    if framework.status != FrameworkStatus.IN_FORCE:
        raise ValidationError({"orientation": "Choisissez une orientation du cadre en vigueur."})
    present = project.contributions.of(framework)
    link = present.filter(orientation=orientation).first()
    if link is None:
        link = Contribution(project=project, orientation=orientation, rationale=former.rationale)
    link.is_main = link.is_main or (former.is_main and not present.filter(is_main=True).exists())
    link.full_clean()
    sign(link, by, reason or f"Prend la suite de {former.orientation.code}").save()
    return f"Rattaché à {orientation.code}{' (principale)' if link.is_main else ''}.{f' {reason}' if reason else ''}"
