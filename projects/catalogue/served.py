"""What a project serves, framework by framework: today, beside, and in the frameworks of its time."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Exists, OuterRef

from axes import adoption
from axes.choices import FrameworkStatus
from axes.models import Framework
from projects.catalogue.models import Contribution, Project, UncarriedLink

ARCHIVED = FrameworkStatus.ARCHIVED


def links_in_force(project: Project) -> list[Contribution]:
    """Its links to the framework in force of the reference programme, the main one first."""
    links = Contribution.objects.in_force().filter(project=project).select_related("orientation__framework__programme")
    return list(links.order_by("-is_main", "orientation__tree_id", "orientation__lft"))


def links_beside(project: Project, frameworks: Sequence[Framework]) -> list[Contribution]:
    """Its links to the frameworks in force of other programmes, the main one of each first; no query without any."""
    if not frameworks:
        return []
    links = Contribution.objects.filter(project=project, orientation__framework__in=frameworks)
    ranks = {framework.pk: rank for rank, framework in enumerate(frameworks)}
    ordered = links.select_related("orientation__framework__programme").order_by("-is_main", "orientation__lft")
    return sorted(ordered, key=lambda link: ranks[link.orientation.framework_id])


def has_former_links(project: Project) -> bool:
    return Contribution.objects.filter(project=project, orientation__framework__status=ARCHIVED).exists()


def former_links(project: Project, present: Iterable[Contribution]) -> list[Any]:
    """Its links to the frameworks of its time that are no longer in force, whatever their programme; ``waits``: an
    officer has to decide; ``now``: what each orientation became, of what the project serves at ``present``."""
    links = Contribution.objects.filter(project=project, orientation__framework__status=ARCHIVED)
    waits = UncarriedLink.objects.open().filter(link=OuterRef("pk"))
    order = ("-orientation__framework__ends_on", "orientation__framework", "-is_main", "orientation__lft")
    ordered = links.annotate(waits=Exists(waits)).select_related("orientation__framework__programme").order_by(*order)
    former: list[Any] = list(ordered.prefetch_related("decisions"))
    if not former:
        return former
    standing = list(present)
    became: dict[int, set[int]] = {link.orientation_id: set() for link in former}
    for framework in {link.orientation.framework for link in standing}:
        for pk, successors in adoption.became(became, framework).items():
            became[pk].update(successors)
    for link in former:
        went = {decision.orientation_id for decision in link.decisions.all()} | became[link.orientation_id]
        link.now = [own.orientation for own in standing if own.orientation_id in went]
    return former
