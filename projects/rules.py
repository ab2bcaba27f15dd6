"""Who may see and do what with projects, as sentences that are put together (table in ``docs/operations.md``)."""

from typing import TYPE_CHECKING, Any

import rules

from cohesion.roles import ELECTED, OFFICER
from projects.choices import MembershipRole, ProjectStatus

if TYPE_CHECKING:
    from projects.models import Organization, Project


@rules.predicate
def is_administrator(user: Any) -> bool:
    return user.is_active and user.is_superuser


is_officer = is_administrator | (rules.is_active & rules.is_group_member(OFFICER.name))
is_elected = rules.is_active & rules.is_group_member(ELECTED.name)


def memberships(user: Any) -> dict[int, str]:
    """For whom somebody acts, and as what: role by organisation, asked once a request."""
    if not user.is_authenticated:
        return {}
    if not hasattr(user, "_memberships"):
        user._memberships = dict(user.memberships.values_list("organization_id", "role"))
    return user._memberships


@rules.predicate
def is_member_of(user: Any, organization: "Organization") -> bool:
    """A declarant or a signatory of the organisation."""
    return organization.pk in memberships(user)


@rules.predicate
def is_signatory_of(user: Any, organization: "Organization") -> bool:
    return memberships(user).get(organization.pk) == MembershipRole.SIGNATORY


@rules.predicate
def is_own(user: Any, project: "Project") -> bool:
    """The project of an organisation for which they act."""
    return project.organization_id in memberships(user)


@rules.predicate
def is_co_led(user: Any, project: "Project") -> bool:
    """The project that an organisation for which they act leads beside another: they read it, and write nothing."""
    mine = memberships(user)
    return bool(mine) and project.co_leaders.filter(organization__in=mine).exists()


@rules.predicate
def is_public(user: Any, project: "Project") -> bool:
    return project.is_public


@rules.predicate
def is_draft(user: Any, project: "Project") -> bool:
    return project.status == ProjectStatus.DRAFT


# A draft is its lead's, and the officers' who help: elected officials read from the day it is handed in.
reads_all = is_officer | (is_elected & ~is_draft)
# Somebody to whom this says no is told that there is no such project.
may_read = is_public | reads_all | is_own | is_co_led
may_read_money = reads_all | is_own | is_co_led
may_read_instruction = reads_all
may_write_draft = is_own & is_draft
