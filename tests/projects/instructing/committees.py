"""What the tests of a committee ask and read."""

import datetime

from projects.models import Decision

DAY = datetime.date(2026, 4, 14)


def address(committee, rest=""):
    return f"/instruction/comite/{committee.pk}/{rest}"


def decisions():
    return sorted(Decision.objects.values_list("project__code", "outcome", "amount", "deliberation"))


def line(project, outcome="", amount="", deliberation="", reason=""):
    """What one line of the form posts."""
    typed = {"outcome": outcome, "amount": amount, "deliberation": deliberation, "reason": reason}
    return {f"p{project.pk}-{name}": value for name, value in typed.items()}
