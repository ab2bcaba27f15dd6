"""The colour by which an axis is known on every page."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from axes.models import Orientation

HUES = 8  # in static/cohesion.css


def hue(axis: Orientation) -> str:
    """The style class of an axis, ``ax1`` to ``ax8``, by its code: a ninth axis takes the first hue again.

    What stands under an axis, and bears its code before a point, has its hue.
    """
    code = axis.code.partition(".")[0]
    number = int(code) if code.isdecimal() else sum(map(ord, code))
    return f"ax{(number - 1) % HUES + 1}"


def badge(orientation: Orientation) -> SafeString:
    """The code of an orientation in the hue of its axis; its wording, for whoever points at it."""
    return format_html(
        '<span class="code {}" title="{}">{}</span>', hue(orientation), orientation.display_title, orientation.code
    )
