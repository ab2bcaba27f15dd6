"""Who somebody is, and for whom they act (the table is in the README)."""

from typing import Any

import rules

from cohesion.lib.people import Visitor
from cohesion.roles import ELECTED, OFFICER


@rules.predicate
def is_administrator(user: Visitor) -> bool:
    return user.is_active and user.is_superuser


is_officer = is_administrator | (rules.is_active & rules.is_group_member(OFFICER.name))
is_elected = rules.is_active & rules.is_group_member(ELECTED.name)


def memberships(user: Visitor) -> dict[int, str]:
    """For whom somebody acts, and as what: role by organisation, asked once a request."""
    if not user.is_authenticated:
        return {}
    account: Any = user  # it bears what was asked
    if not hasattr(account, "_memberships"):
        account._memberships = dict(user.memberships.values_list("organization_id", "role"))
    return account._memberships
