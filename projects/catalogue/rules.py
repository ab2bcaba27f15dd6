"""Who may see and do what with projects, as sentences that are put together (table in ``docs/operations.md``)."""

from typing import TYPE_CHECKING

import rules

from cohesion.lib.people import Visitor
from projects.choices import ProjectStatus
from projects.members.rules import is_elected, is_officer, memberships

if TYPE_CHECKING:
    from projects.catalogue.models import Project

# The rights to read what officers write of a project, and to write it.
READ_INSTRUCTION, WRITE_INSTRUCTION = "projects.view_review", "projects.change_review"


@rules.predicate
def is_own(user: Visitor, project: "Project") -> bool:
    """The project of an organisation for which they act."""
    return project.organization_id in memberships(user)


@rules.predicate
def is_co_led(user: Visitor, project: "Project") -> bool:
    """The project that an organisation for which they act leads beside another: they read it, and write nothing."""
    mine = memberships(user)
    return bool(mine) and project.co_leaders.filter(organization__in=mine).exists()


@rules.predicate
def is_public(user: Visitor, project: "Project") -> bool:
    return project.is_public


@rules.predicate
def is_draft(user: Visitor, project: "Project") -> bool:
    return project.status == ProjectStatus.DRAFT


# A draft is its lead's, and the officers' who help: elected officials read from the day it is handed in.
reads_all = is_officer | (is_elected & ~is_draft)
# Somebody to whom this says no is told that there is no such project.
may_read = is_public | reads_all | is_own | is_co_led
may_read_money = reads_all | is_own | is_co_led
