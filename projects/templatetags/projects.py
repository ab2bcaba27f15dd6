"""Tags of the pages about projects: their states and their money, and what their reader has not read yet."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.template import Context

from axes.models import Orientation
from cohesion.lib.file_types import TYPES
from cohesion.lib.people import Person
from cohesion.lib.states import holds
from cohesion.lib.text import NBSP, fold
from cohesion.lib.uploads import MAX_BYTES
from projects.browsing.reader import reader
from projects.catalogue import rules
from projects.catalogue.granting import granted_in_words
from projects.catalogue.models import Project
from projects.choices import ProjectStatus
from projects.declaring.attachments import TOO_LARGE
from projects.figures.addresses import list_address, named
from projects.messaging.models import Message
from projects.paying import listing, summary
from projects.paying.summary import GrantSummary
from projects.paying.threshold import agreements_due

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


@register.simple_tag(takes_context=True)
def grant_summary(context: Context, project: Project) -> GrantSummary | None:
    """A grant in short, to those who read the money of its project; None to others."""
    if project.granted is None or not rules.may_read_money(reader(context["request"]), project):
        return None
    return summary.summary(project)


@register.simple_tag
def agreement_due(project: Project) -> str:
    return summary.agreement_due(project)


@register.simple_tag
def money_to_do() -> dict[str, Any]:
    """What officers have to pay, to sign and to agree, in numbers."""
    due, _ = agreements_due()
    return listing.counts() | {"without": len(due)}


@register.simple_tag
def unread_count(user: Person) -> int:
    """For somebody who is logged in; asked once a request."""
    account: Any = user  # it bears what was asked
    if not hasattr(account, "_unread"):
        account._unread = Message.objects.unread().filter(user=user).count()
    return account._unread
