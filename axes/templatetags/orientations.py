"""Landmarks of orientations in templates: their address and the hue of their axis."""

from datetime import date

from django import template

from axes import addresses
from axes.choices import PriorityType
from axes.hues import hue
from axes.levels import Level
from axes.models import Framework, Orientation
from axes.vocabulary import PRIORITY_KINDS
from cohesion.lib.text import NBSP, count_phrase

register = template.Library()
register.filter("hue", hue)


@register.filter
def address(target: Orientation | Framework) -> str:
    """The page of an orientation or of a framework."""
    if isinstance(target, Framework):
        return addresses.framework_address(target)
    return addresses.orientation_address(target)


@register.filter
def version_address(framework: Framework) -> str:
    """The page of this very version, whatever its state becomes."""
    return addresses.version_address(framework)


@register.filter
def evening_address(framework: Framework, evening: date) -> str:
    """The page of this version as it stood on an evening."""
    return addresses.evening_address(framework, evening)


@register.filter
def export_address(framework: Framework, format: str) -> str:
    return addresses.export_address(framework, format)


@register.filter
def kind_of_priority(orientation: Orientation) -> str:
    """« thématique », « attend un autre document »; nothing where no type is told."""
    return PRIORITY_KINDS[PriorityType(orientation.priority_type)] if orientation.priority_type else ""


@register.filter
def of_level(number: int, level: str) -> str:
    """« 19 objectifs opérationnels », « 1 axe »."""
    return count_phrase(number, Level(level).word, Level(level).facts.plural)


@register.filter
def level_noun(number: int, level: str) -> str:
    """The level alone, agreeing with the number: « objectifs opérationnels », « axe »."""
    return of_level(number, level).partition(NBSP)[2]
