"""What pages of other rooms say of a grant: to its lead, and to officers."""

from typing import Any

from django import template

from projects.browsing.reader import reader
from projects.catalogue import rules
from projects.catalogue.models import Project
from projects.paying import listing, summary
from projects.paying.summary import GrantSummary
from projects.paying.threshold import agreements_due

register = template.Library()


@register.simple_tag(takes_context=True)
def grant_summary(context: Any, project: Project) -> GrantSummary | None:
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
