"""What pages say of themselves to programs, as data of schema.org: ``{% linked_data described %}``."""

import json
from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString, mark_safe

from axes.models import Orientation
from projects.catalogue.models import Project
from projects.members.models import Organization
from projects.opendata import described
from projects.territory.models import Territory

register = template.Library()
# What could end the element, or begin another: as ``json_script`` has it.
_ESCAPED = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@register.simple_tag
def linked_data(whole: dict[str, Any] | None) -> SafeString:
    """Data that nothing executes: the policy of the page has nothing to say of it."""
    if not whole:
        return SafeString("")
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPED)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 — escaped just above


@register.simple_tag(takes_context=True)
def data_catalogue(context: Context, tables: list[Any], licence: object) -> SafeString:
    return linked_data(described.data_catalogue([table.dataset for table in tables], context["base_url"]))


@register.simple_tag(takes_context=True)
def linked_project(context: Context, project: Project) -> SafeString:
    """Of a project that anybody may read; nothing of another."""
    return linked_data(described.of_project(project, context["base_url"]) if project.is_public else None)


@register.simple_tag(takes_context=True)
def linked_orientation(context: Context, orientation: Orientation, above: list[Orientation]) -> SafeString:
    """Of an adopted text; nothing of one that is being prepared."""
    is_public = orientation.framework.is_public
    return linked_data(described.of_orientation(orientation, above, context["base_url"]) if is_public else None)


@register.simple_tag(takes_context=True)
def linked_territory(context: Context, territory: Territory) -> SafeString:
    return linked_data(described.of_territory(territory, context["base_url"]))


@register.simple_tag(takes_context=True)
def linked_organization(context: Context, organization: Organization) -> SafeString:
    return linked_data(described.of_organization(organization, context["base_url"]))


@register.simple_tag(takes_context=True)
def linked_site(context: Context) -> SafeString:
    return linked_data(described.of_site(context["base_url"]))
