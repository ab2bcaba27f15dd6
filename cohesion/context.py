"""What every page needs to know of the site."""

from functools import cache

from django.conf import settings
from django.http import HttpRequest

from cohesion.lib.http import base_url, somebody
from cohesion.models import DemoMark


@cache
def is_demo() -> bool:
    """Whether this database is a demonstration; asked once a process, since the mark is never taken back."""
    return DemoMark.objects.exists()


def site(request: HttpRequest) -> dict[str, object]:
    return {
        "site_name": settings.SITE_NAME,
        "site_authority": settings.SITE_AUTHORITY,
        "somebody": somebody(request),
        "is_demo": is_demo(),
        "base_url": base_url(request),
    }
