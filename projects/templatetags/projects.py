"""Tags of the pages about projects."""

from dataclasses import dataclass

from django import template

from axes.models import Orientation
from cohesion.lib.file_types import TYPES
from cohesion.lib.states import holds
from cohesion.lib.text import NBSP, fold
from cohesion.lib.uploads import MAX_BYTES
from projects.catalogue.granting import granted_in_words
from projects.catalogue.models import Project
from projects.choices import ProjectStatus
from projects.declaring.attachments import TOO_LARGE
from projects.figures.addresses import list_address, named

register = template.Library()

# The shape that goes with a state, so that colour is never needed: going on, waiting, over, or to be acted on.
SHAPES = {
    ProjectStatus.DRAFT: "todo",
    ProjectStatus.SUBMITTED: "wait open",
    ProjectStatus.TO_COMPLETE: "stop call",
    ProjectStatus.ADMISSIBLE: "go check",
    ProjectStatus.IN_REVIEW: "wait",
    ProjectStatus.PROPOSED: "go half",
    ProjectStatus.ADJOURNED: "wait open",
    ProjectStatus.RUNNING: "go",
    ProjectStatus.RETAINED: "go half",
    ProjectStatus.PARTLY_RETAINED: "wait",
    ProjectStatus.REPORT_DUE: "wait",
    ProjectStatus.REPORT_RECEIVED: "done",
    ProjectStatus.CLOSED: "done",
}


@register.simple_tag
def orientation_list(orientation: Orientation, **parameters: str) -> str:
    """The projects that serve an orientation, or what follows from it; its framework stands with it, once read."""
    return list_address(orientation=orientation.code, **named(orientation.framework), **parameters)


@register.simple_tag
def file_limits() -> dict[str, str | int]:
    """What the browser may know of the files that are taken: their names, the most bytes, what is said beyond."""
    names = [f".{kind.extension}" for kind in TYPES]
    return {"accept": ",".join([*names, ".jpeg"]), "most": MAX_BYTES, "too_large": TOO_LARGE}


@register.filter
def budget_account(account: str) -> str:
    """The number of an account before its label, as accountants write it; nothing for a line without one."""
    return f"{account}{NBSP}– " if account.isdecimal() else ""


@register.filter
def kind_before(project: Project) -> str:
    """Its kind, to stand before its title: nothing where the title begins with it (« PRH La Boussole »)."""
    kind = project.get_kind_display()
    return "" if fold(project.title).startswith(fold(kind)) else f"{kind} "


@register.filter
def granted(project: Project) -> str:
    return granted_in_words(project)


@dataclass(frozen=True)
class StateShape:
    """How a state is drawn: the classes of its style, and what they make of the drawing."""

    style: str

    is_full = holds("style", "go")
    is_half = holds("style", "wait", "go half")
    is_empty = holds("style", "todo", "wait open")
    is_checked = holds("style", "go check")
    is_call = holds("style", "stop call")


@register.filter
def shape(status: str) -> StateShape:
    return StateShape(SHAPES.get(ProjectStatus(status), "stop"))
