"""The files of a page of the dashboard: the same question, in each format."""

from django.http import HttpRequest
from django.urls import reverse

from cohesion.lib.http import changed_address
from projects.browsing.exports import FORMATS


def files(request: HttpRequest, name: str, *without: str) -> list[tuple[str, str]]:
    """Each format and the address of the file; ``name``: of its address, ``without``: the parameters of the page that
    it does not have."""
    query = changed_address(request, **dict.fromkeys(without)).partition("?")[2]
    suffix = f"?{query}" if query else ""
    return [(format.upper(), f"{reverse(name, args=[format])}{suffix}") for format in FORMATS]
