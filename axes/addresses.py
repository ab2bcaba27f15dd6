"""Where a framework and its orientations stand on the site.

What is in force of the reference programme has the short addresses, which deliberations cite; every version also has
its own.
"""

from datetime import date
from functools import lru_cache

from django.urls import reverse

from axes.models import Framework, Orientation


def framework_address(framework: Framework) -> str:
    if framework.evening is not None:
        return evening_address(framework, framework.evening)
    if framework.is_reference:
        return reverse("axes:cadre")
    return version_address(framework)


def version_address(framework: Framework) -> str:
    """The address of this very version, whatever its state becomes."""
    return reverse("axes:version", args=[framework.slug])


def evening_address(framework: Framework, evening: date) -> str:
    """The address of this version as it stood on an evening, whatever either becomes."""
    return reverse("axes:as_it_stood", args=[framework.slug, evening.isoformat()])


def orientation_address(orientation: Orientation) -> str:
    framework = orientation.framework
    if framework.evening is not None:
        return _past_path(framework.slug, framework.evening, orientation.code)
    slug = "" if framework.is_reference else framework.slug
    return _orientation_path(slug, orientation.code)


def version_orientation_address(orientation: Orientation) -> str:
    """The address of this orientation in this very version, whatever its state becomes."""
    return _orientation_path(orientation.framework.slug, orientation.code)


def export_address(framework: Framework, format: str) -> str:
    return _export_path("" if framework.is_reference else framework.slug, format)


@lru_cache(maxsize=100)
def _export_path(slug: str, format: str) -> str:
    return reverse("axes:version_export", args=[slug, format]) if slug else reverse("axes:export", args=[format])


@lru_cache(maxsize=5_000)
def _past_path(slug: str, evening: date, code: str) -> str:
    return reverse("axes:orientation_as_it_stood", args=[slug, evening.isoformat(), code])


@lru_cache(maxsize=20_000)
def _orientation_path(slug: str, code: str) -> str:
    return reverse("axes:version_orientation", args=[slug, code]) if slug else reverse("axes:orientation", args=[code])
