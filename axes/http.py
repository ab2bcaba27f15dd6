"""What the public pages share: which versions anybody may read, and when a page changes."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from axes.models import Framework
from cohesion.context import is_demo
from cohesion.lib.http import etag, revalidated

View = Callable[..., HttpResponseBase]


class Versions(list[Framework]):
    """The public versions of the framework, the newest first."""

    @property
    def in_force(self) -> Framework | None:
        return next((version for version in self if version.status == "in_force"), None)

    def others(self, framework: Framework | None) -> list[Framework]:
        return [version for version in self if version != framework]

    @property
    def stamp(self) -> tuple[object, ...]:
        """Changes when any of them does: its name, its state, its tree or its links.

        The date stands beside the revision: a database restored from a backup may come to the same revision
        with other words.
        """
        return tuple((version.pk, version.revision, version.status, version.updated_at) for version in self)


def public_page(view: View) -> View:
    """A page about the framework: the view receives the public versions, read in one query.

    Who asks again for what has not changed costs that one query.
    """

    @require_safe
    @wraps(view)
    def page(request: HttpRequest, **kwargs: str) -> HttpResponseBase:
        versions = Versions(Framework.objects.public())
        tag = etag(request, (versions.stamp, is_demo()))
        return revalidated(request, tag, lambda: view(request, versions, **kwargs))

    return page
